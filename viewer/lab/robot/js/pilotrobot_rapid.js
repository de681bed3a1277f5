// RAPID for the editor: colours, breakpoints in the gutter, the line of the program pointer.

import * as CM from "nicegui-codemirror";
import { lineBefore, suggestions } from "pilotcell_language";

// The words of a text: as they are written, by themselves in capitals.
const words = (text) => new Map(text.split(" ").map((word) => [word.toUpperCase(), word]));
const KEYWORDS = words(
  "MODULE ENDMODULE PROC ENDPROC FUNC ENDFUNC LOCAL TASK CONST VAR PERS IF THEN ELSEIF ELSE ENDIF WHILE DO ENDWHILE FOR FROM " +
    "TO STEP ENDFOR TEST CASE DEFAULT ENDTEST GOTO RETURN ERROR RAISE RETRY TRYNEXT EXIT RECORD ENDRECORD ALIAS INOUT SWITCH",
);
const OPERATORS = words("AND OR XOR NOT DIV MOD");
const TYPES = words(
  "num dnum bool string pos orient pose robtarget jointtarget tooldata wobjdata speeddata zonedata loaddata confdata extjoint " +
    "robjoint byte rawbytes socketdev clock errnum",
);
const CALLS = words(
  "MoveJ MoveL MoveC MoveAbsJ Offs RelTool SetDO SetGO SetAO Set Reset PulseDO WaitDI WaitDO WaitUntil WaitTime WaitWObj DropWObj " +
    "TPWrite TPErase Stop CRobT CJointT CPos PoseMult PoseInv OrientZYX EulerZYX Abs Sqrt Sin Cos ACos ASin ATan2 Round Trunc " +
    "ValToStr NumToStr StrToVal StrLen StrPart DOutput GOutput SocketCreate SocketConnect SocketSend SocketReceive SocketClose " +
    "PackRawBytes UnpackRawBytes RawBytesLen ClearRawBytes AccSet VelSet ConfL ConfJ",
);
const ATOMS = words("TRUE FALSE fine");

function token(stream) {
  if (stream.eatSpace()) return null;
  if (stream.match("!")) {
    stream.skipToEnd();
    return "comment";
  }
  if (stream.match(/^"(?:[^"]|"")*"?/)) return "string";
  if (stream.match(/^\d+(\.\d+)?([eE][-+]?\d+)?/)) return "number";
  if (stream.match(/^\\[A-Za-z]\w*/)) return "labelName";
  if (stream.match(/^[A-Za-z_]\w*/)) {
    const word = stream.current().toUpperCase();
    if (KEYWORDS.has(word)) return "keyword";
    if (OPERATORS.has(word)) return "operatorKeyword";
    if (TYPES.has(word)) return "typeName";
    if (ATOMS.has(word) || /^(v|z)\d+$/i.test(word)) return "atom";
    return CALLS.has(word) ? "variableName.standard" : "variableName";
  }
  stream.next();
  return "operator";
}

export function rapid() {
  return CM.StreamLanguage.define({
    name: "RAPID",
    token,
    indent(_state, after, context) {
      const before = lineBefore(context);
      const deep = /^\s*/.exec(before)[0].length;
      const opens = /^\s*(LOCAL\s+)?(MODULE|PROC|FUNC|IF.*THEN|ELSE|WHILE|FOR|TEST|CASE|DEFAULT|ERROR)\b[^;]*$/i.test(before);
      const closes = /^\s*(END\w+|ELSEIF|ELSE|CASE|DEFAULT)\b/i.test(after);
      return Math.max(0, deep + (opens ? context.unit : 0) - (closes ? context.unit : 0));
    },
    languageData: { commentTokens: { line: "!" }, indentOnInput: /^\s*(END\w+|ELSEIF|ELSE)$/i },
  });
}

// What can be written at a place: the words of the language, the points and data of the program.
export function rapidWords(namesOf) {
  const known = [KEYWORDS, CALLS, TYPES].flatMap((each) => [...each.values()]).map((label) => ({ label, type: "keyword" }));
  return suggestions(() => [...namesOf().map((label) => ({ label, type: "variable", boost: 2 })), ...known]);
}

// ---- breakpoints and pointer

const setMarks = CM.StateEffect.define();

class Dot extends CM.GutterMarker {
  constructor(kind, title) {
    super();
    this.kind = kind;
    this.title = title;
  }

  eq(other) {
    return other.kind === this.kind;
  }

  toDOM() {
    const dom = document.createElement("div");
    dom.className = `rapid-${this.kind}`;
    dom.textContent = this.kind === "pointer" ? "▶" : "";
    return dom;
  }
}

function drawn(doc, { breakpoints, line }) {
  const dots = [];
  const ranges = [];
  const lines = new Set([...breakpoints, line].filter((number) => number >= 1 && number <= doc.lines));
  for (const number of [...lines].sort((a, b) => a - b)) {
    const { from } = doc.line(number);
    if (breakpoints.includes(number)) dots.push(new Dot("break").range(from));
    else dots.push(new Dot("pointer").range(from));
    if (number === line) ranges.push(CM.Decoration.line({ class: "st-line st-line-pointer" }).range(from));
  }
  return { dots: CM.RangeSet.of(dots), decorations: CM.Decoration.set(ranges) };
}

const field = CM.StateField.define({
  create: () => ({ dots: CM.RangeSet.empty, decorations: CM.Decoration.none }),
  update(value, change) {
    for (const effect of change.effects) if (effect.is(setMarks)) return drawn(change.state.doc, effect.value);
    if (!change.docChanged) return value;
    return { dots: value.dots.map(change.changes), decorations: value.decorations.map(change.changes) };
  },
  provide: (own) => CM.EditorView.decorations.from(own, (value) => value.decorations),
});

// `onClick(line)` hears of a click on the gutter.
export function runMarks(onClick) {
  return [
    field,
    CM.gutter({
      class: "rapid-gutter",
      renderEmptyElements: true,
      markers: (view) => view.state.field(field).dots,
      initialSpacer: () => new Dot("space"),
      domEventHandlers: {
        mousedown(view, block) {
          onClick(view.state.doc.lineAt(block.from).number);
          return true;
        },
      },
    }),
  ];
}

export function markRun(view, breakpoints, line) {
  view.dispatch({ effects: setMarks.of({ breakpoints, line }) });
}
