// Structured Text for the editor: colours, completions, problems at their lines, values beside.

import * as CM from "nicegui-codemirror";

const words = (text) => new Set(text.split(" "));
const KEYWORDS = words(
  "PROGRAM END_PROGRAM FUNCTION END_FUNCTION FUNCTION_BLOCK END_FUNCTION_BLOCK VAR VAR_INPUT VAR_OUTPUT " +
    "VAR_IN_OUT VAR_TEMP VAR_GLOBAL VAR_EXTERNAL END_VAR CONSTANT RETAIN NON_RETAIN AT IF THEN ELSIF ELSE END_IF CASE OF " +
    "END_CASE FOR TO BY DO END_FOR WHILE END_WHILE REPEAT UNTIL END_REPEAT EXIT CONTINUE RETURN TYPE END_TYPE " +
    "STRUCT END_STRUCT ARRAY CONFIGURATION END_CONFIGURATION RESOURCE END_RESOURCE ON TASK WITH",
);
const OPERATORS = words("AND OR XOR NOT MOD");
const TYPES = words(
  "BOOL SINT INT DINT LINT USINT UINT UDINT ULINT REAL LREAL TIME STRING BYTE WORD DWORD LWORD DATE TOD DT",
);
const BLOCKS = words(
  "TON TOF TP CTU CTD CTUD R_TRIG F_TRIG SR RS ABS SQRT MIN MAX LIMIT SEL MUX TRUNC ROUND LN LOG EXP SIN COS TAN " +
    "INT_TO_REAL REAL_TO_INT DINT_TO_REAL REAL_TO_DINT INT_TO_DINT DINT_TO_INT BOOL_TO_INT TIME_TO_REAL MOVE",
);
const ATOMS = words("TRUE FALSE");

function token(stream, state) {
  if (state.comment) {
    const [end] = state.comment;
    while (!stream.eol()) {
      if (stream.match(end)) {
        state.comment = null;
        break;
      }
      stream.next();
    }
    return "comment";
  }
  if (stream.eatSpace()) return null;
  if (stream.match("//")) {
    stream.skipToEnd();
    return "comment";
  }
  for (const [begin, end] of [["(*", "*)"], ["/*", "*/"]]) {
    if (stream.match(begin)) {
      state.comment = [end];
      return "comment";
    }
  }
  if (stream.match(/^'(?:[^'$]|\$.)*'?/)) return "string";
  if (stream.match(/^\{[^}]*\}?/)) return "meta";
  if (stream.match(/^%[IQM][XBWDL]?\d+(\.\d+)*/i)) return "labelName";
  if (stream.match(/^(T|TIME|LTIME|D|DATE|TOD|DT)#[-\w.:]+/i)) return "number";
  if (stream.match(/^(\w+#)?\d[\d_]*(\.\d[\d_]*)?([eE][-+]?\d+)?/)) return "number";
  if (stream.match(/^[A-Za-z_]\w*/)) {
    const word = stream.current().toUpperCase();
    if (KEYWORDS.has(word)) return "keyword";
    if (OPERATORS.has(word)) return "operatorKeyword";
    if (TYPES.has(word)) return "typeName";
    if (ATOMS.has(word)) return "atom";
    return BLOCKS.has(word) ? "variableName.standard" : "variableName";
  }
  stream.next();
  return "operator";
}

export function structuredText() {
  return CM.StreamLanguage.define({
    name: "structured text",
    startState: () => ({ comment: null }),
    copyState: (state) => ({ ...state }),
    token,
    indent(_state, after, context) {
      const before = lineBefore(context);
      const deep = /^\s*/.exec(before)[0].length;
      const opens = /\b(THEN|ELSE|DO|OF|REPEAT|VAR\w*)\s*(\(\*.*\*\)|\/\/.*)?\s*$/i.test(before);
      const closes = /^\s*(END_\w+|ELSIF|ELSE|UNTIL)\b/i.test(after);
      return Math.max(0, deep + (opens ? context.unit : 0) - (closes ? context.unit : 0));
    },
    languageData: {
      commentTokens: { line: "//", block: { open: "(*", close: "*)" } },
      indentOnInput: /^\s*(END_\w+|ELSIF|ELSE|UNTIL)$/i,
    },
  });
}

// The text of the line before the one that is indented, also where that is only about to be begun.
export function lineBefore(context) {
  const { from } = context.lineAt(context.pos, 1);
  if (from === 0) return "";
  const line = context.state.doc.lineAt(from - 1);
  return line.text.slice(0, from - line.from);
}

// What can be written at a place: points of the cell, words of the language.
export function completions(points) {
  const known = [
    ...points.map(({ name, address, comment }) => ({ label: name, type: "variable", detail: address, info: comment, boost: 2 })),
    ...[...KEYWORDS].map((label) => ({ label, type: "keyword" })),
    ...[...TYPES].map((label) => ({ label, type: "type" })),
    ...[...BLOCKS].map((label) => ({ label, type: "function" })),
  ];
  return suggestions(() => known);
}

// Suggests words while one is written. One that is written out needs none: Enter is a new line then.
export function suggestions(optionsOf) {
  const source = (context) => {
    const word = context.matchBefore(/\w+/);
    if (!word || (word.to - word.from < 2 && !context.explicit)) return null;
    const options = optionsOf();
    const whole = new Set(options.map(({ label }) => label.toUpperCase()));
    const unfinished = (text) => /^\w*$/.test(text) && !whole.has(text.toUpperCase());
    return unfinished(word.text) || context.explicit ? { from: word.from, options, validFor: unfinished } : null;
  };
  return CM.EditorState.languageData.of(() => [{ autocomplete: source }]);
}

// ---- problems

const setProblems = CM.StateEffect.define();

class ProblemMarker extends CM.GutterMarker {
  constructor(severity, text) {
    super();
    this.severity = severity;
    this.text = text;
  }

  eq(other) {
    return other.severity === this.severity && other.text === this.text;
  }

  toDOM() {
    const dom = document.createElement("div");
    dom.className = `st-mark st-mark-${this.severity}`;
    dom.textContent = this.severity === "warning" ? "!" : "✕";
    dom.title = this.text;
    return dom;
  }
}

const bounded = (doc, line) => doc.line(Math.min(Math.max(line, 1), doc.lines));

export function spanOf(doc, problem) {
  const first = bounded(doc, problem.line);
  const last = bounded(doc, problem.end_line);
  const from = Math.min(first.from + problem.column - 1, first.to);
  const to = Math.min(last.from + problem.end_column - 1, last.to);
  // Something must be seen, also of what is missing at the end of a line.
  return to > from ? [from, to] : from > first.from ? [from - 1, from] : [from, Math.min(from + 1, first.to)];
}

function drawn(state, problems) {
  const ranges = [];
  const markers = new Map();
  for (const problem of problems) {
    const line = bounded(state.doc, problem.line);
    const worst = markers.get(line.from);
    if (!worst || (worst.severity === "warning" && problem.severity !== "warning")) {
      markers.set(line.from, new ProblemMarker(problem.severity, problem.text));
      ranges.push(CM.Decoration.line({ class: `st-line st-line-${problem.severity}` }).range(line.from));
    }
    const [from, to] = spanOf(state.doc, problem);
    if (to > from && problem.severity !== "fault")
      ranges.push(CM.Decoration.mark({ class: `st-wave st-wave-${problem.severity}` }).range(from, to));
  }
  return {
    problems,
    decorations: CM.Decoration.set(ranges, true),
    markers: CM.RangeSet.of([...markers].map(([at, marker]) => marker.range(at)), true),
  };
}

const problemField = CM.StateField.define({
  create: (state) => drawn(state, []),
  update(value, change) {
    for (const effect of change.effects) if (effect.is(setProblems)) return drawn(change.state, effect.value);
    if (!change.docChanged) return value;
    return {
      problems: value.problems,
      decorations: value.decorations.map(change.changes),
      markers: value.markers.map(change.changes),
    };
  },
  provide: (field) => CM.EditorView.decorations.from(field, (value) => value.decorations),
});

const hover = CM.hoverTooltip((view, at) => {
  const line = view.state.doc.lineAt(at).number;
  const here = view.state.field(problemField).problems.filter((p) => p.line <= line && line <= p.end_line);
  if (!here.length) return null;
  return {
    pos: at,
    above: true,
    create() {
      const dom = document.createElement("div");
      dom.className = "st-tip";
      for (const problem of here) {
        const entry = document.createElement("div");
        entry.textContent = problem.text;
        dom.append(entry);
      }
      return { dom };
    },
  };
});

export function problemMarks() {
  return [
    problemField,
    hover,
    CM.gutter({ class: "st-gutter", markers: (view) => view.state.field(problemField).markers }),
  ];
}

// Mark problems: [{severity, line, column, end_line, end_column, text}].
export function markProblems(view, problems) {
  view.dispatch({ effects: setProblems.of(problems) });
}

// ---- values beside the lines in which they are used

const setValues = CM.StateEffect.define();

class ValueWidget extends CM.WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }

  eq(other) {
    return other.text === this.text;
  }

  toDOM() {
    const dom = document.createElement("span");
    dom.className = "st-values";
    dom.setAttribute("aria-hidden", "true");
    for (const [name, value] of JSON.parse(this.text)) {
      const chip = document.createElement("span");
      chip.dataset.value = value;
      const text = document.createElement("strong");
      text.textContent = value;
      chip.append(`${name} `, text);
      dom.append(chip);
    }
    return dom;
  }
}

const valueField = CM.StateField.define({
  create: () => CM.Decoration.none,
  update(value, change) {
    for (const effect of change.effects) if (effect.is(setValues)) return effect.value;
    return change.docChanged ? value.map(change.changes) : value;
  },
  provide: (field) => CM.EditorView.decorations.from(field),
});

export const lineValues = () => valueField;

// Show the values of the names used in each visible line behind it; `valueOf(NAME)` returns a text, or nothing.
export function showValues(view, valueOf) {
  const ranges = [];
  if (valueOf) {
    const { doc } = view.state;
    const first = doc.lineAt(view.viewport.from).number;
    const last = doc.lineAt(view.viewport.to).number;
    for (let number = first; number <= last; number++) {
      const line = doc.line(number);
      const code = line.text.replace(/\/\/.*|\(\*.*?(\*\)|$)|'[^']*'/g, "");
      if (/^\s*VAR|^\s*\w+(\s*,\s*\w+)*\s*:(?!=)/i.test(code)) continue;
      const found = new Map();
      for (const [name] of code.matchAll(/[A-Za-z_][\w.]*/g)) {
        if (!found.has(name)) found.set(name, valueOf(name));
      }
      if (![...found.values()].some((value) => value !== undefined)) continue;
      const text = JSON.stringify([...found].filter(([, value]) => value !== undefined));
      ranges.push(CM.Decoration.widget({ widget: new ValueWidget(text), side: 1 }).range(line.to));
    }
  }
  view.dispatch({ effects: setValues.of(CM.Decoration.set(ranges)) });
}
