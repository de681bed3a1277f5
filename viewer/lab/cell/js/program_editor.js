// The program of the soft PLC: text, problems at their lines, run and stop, online values.

import * as CM from "nicegui-codemirror";
import {
  completions,
  lineValues,
  markProblems,
  problemMarks,
  showValues,
  spanOf,
  structuredText,
} from "pilotcell_language";
import { FileMenu } from "pilotcell_files";
import { panel, realText, typed } from "pilotcell_model";

const CHECK_MS = 500;
const VALUES_MS = 500;
const LARGEST = 60_000;

export default {
  mixins: [panel],

  components: { FileMenu },

  template: `
    <div class="program" v-if="ready">
      <div class="program-bar" role="toolbar" :aria-label="t('tab.program')">
        <button type="button" class="cell-button primary" data-act="load" :disabled="!may"
          :title="t('plc.load_about')" @click="load"><q-icon name="file_download" />{{ t("plc.load") }}</button>
        <button type="button" class="cell-button" data-act="check" :disabled="!may" :title="t('plc.check_about')"
          @click="check"><q-icon name="rule" />{{ t("plc.check") }}</button>
        <span class="bar-rule"></span>
        <button type="button" class="cell-button run" data-act="run" :disabled="!may || mode === 'run' || mode === 'empty'"
          :title="t('plc.run_about')" @click="cell.act({ verb: 'plc_run' })"><q-icon name="play_arrow" />{{ t("plc.run_it") }}</button>
        <button type="button" class="cell-button halt" data-act="stop" :disabled="!may || mode !== 'run'"
          :title="t('plc.stop_about')" @click="cell.act({ verb: 'plc_stop' })"><q-icon name="stop" />{{ t("plc.stop_it") }}</button>
        <button type="button" class="cell-button icon" data-act="scan" :disabled="!may || mode === 'run' || mode === 'empty'"
          :title="t('plc.step_about')" :aria-label="t('plc.step_about')"
          @click="cell.act({ verb: 'plc_step' })"><q-icon name="skip_next" /></button>
        <button type="button" class="cell-button icon" data-act="restart" :disabled="!may || mode === 'empty'"
          :title="t('plc.restart')" :aria-label="t('plc.restart')"><q-icon name="restart_alt" />
          <q-menu><q-list dense>
            <q-item clickable v-close-popup @click="cell.act({ verb: 'plc_restart', cold: false })">
              <q-item-section>{{ t("plc.warm") }}</q-item-section></q-item>
            <q-item clickable v-close-popup @click="cell.act({ verb: 'plc_restart', cold: true })">
              <q-item-section>{{ t("plc.cold") }}</q-item-section></q-item>
          </q-list></q-menu></button>
        <span class="plc-chip" :data-plc="mode" data-plc-mode>{{ t("plc." + mode) }}</span>
        <span v-if="status?.plc" class="soft plc-scan" :title="t('plc.scans', { count: status.plc.scans })">{{ period }}</span>
        <span class="strip-gap"></span>
        <button type="button" class="cell-button icon" data-act="values" :aria-pressed="String(online)"
          :title="t('plc.online')" :aria-label="t('plc.online')" @click="online = !online"><q-icon name="visibility" /></button>
        <FileMenu :said="t" :may="may" :changed="changed" :own="cell.reference" :name="cell.id + '.st'"
          accept=".st,.txt,.iecst,text/plain" :text="text" @replace="replace($event)" @revert="revert" />
      </div>
      <div v-if="status?.plc?.fault" class="program-fault" role="alert">
        <strong>{{ t("plc.fault") }}</strong> <span>{{ status.plc.fault[cell.language] }}</span>
        <button v-if="status.plc.fault_line" type="button" class="cell-button small" @click="goTo(status.plc.fault_line)">
          {{ t("plc.go_line", { line: status.plc.fault_line }) }}</button>
      </div>
      <div v-if="foreign" class="program-note" role="status">{{ t("plc.foreign") }}</div>
      <div class="program-body" :class="{ online }">
        <div ref="editor" class="program-text" data-editor></div>
        <aside v-if="online" class="program-values" :aria-label="t('plc.values')">
          <input class="cell-input" type="search" v-model="find" :placeholder="t('plc.find_value')" :aria-label="t('plc.find_value')">
          <div class="values-scroll"><table>
            <tr v-for="entry in shownVariables" :key="entry.path" :data-variable="entry.path">
              <td class="mono value-name" :title="entry.path + ' : ' + entry.type">{{ shortName(entry.path) }}</td>
              <td class="value-cell">
                <button v-if="entry.type === 'BOOL'" type="button" class="io-live mono" data-type="BOOL" :disabled="!may"
                  :data-on="String(entry.value === true)" :title="t('plc.write_bool')"
                  @click="write(entry, !entry.value)">{{ entry.value ? "TRUE" : "FALSE" }}</button>
                <input v-else class="cell-input mono value-input" :readonly="!may || !writable(entry)" :title="entry.type + ': ' + valueText(entry)"
                  :aria-label="entry.path" :value="editing === entry.path ? typing : valueText(entry)"
                  @focus="typing = valueText(entry); editing = entry.path" @blur="editing = null"
                  @input="typing = $event.target.value" @keydown.enter="writeText(entry, $event)"></td>
            </tr></table>
            <div v-if="!shownVariables.length" class="cell-none">{{ t("plc.no_values") }}</div></div>
        </aside>
      </div>
      <div class="program-problems" :data-problems="errors.length" role="status" aria-live="polite">
        <div class="problems-head" :data-grade="grade">{{ summary }}</div>
        <button v-for="(problem, index) in problems" :key="index" type="button" class="problem" :data-severity="problem.severity"
          :data-line="problem.line" @click="goTo(problem.line, problem)">
          <span class="problem-mark">{{ problem.severity === "warning" ? "!" : "✕" }}</span>
          <span class="mono problem-line">{{ t("plc.line", { line: problem.line }) }}</span>
          <span>{{ problem.text }}</span></button>
      </div>
    </div>`,

  data: () => ({
    problems: [],
    variables: [],
    find: "",
    online: true,
    editing: null, // path of the variable whose value is being typed, and what was typed so far
    typing: "",
    changed: false,
    loaded: null,
    checked: false,
    foreign: false,
  }),

  computed: {
    may() {
      return this.cell.may.operate;
    },

    mode() {
      return this.status?.plc?.mode ?? "empty";
    },

    period() {
      const { period_s } = this.status.plc;
      return `${Number((period_s * 1000).toPrecision(4))} ms`;
    },

    errors() {
      return this.problems.filter((problem) => problem.severity !== "warning");
    },

    grade() {
      return this.errors.length ? "error" : this.problems.length ? "warning" : this.checked ? "good" : "none";
    },

    summary() {
      const changed = this.changed ? ` · ${this.t("plc.changed")}` : "";
      if (this.errors.length) return this.t("plc.errors", { count: this.errors.length }) + changed;
      if (this.problems.length) return this.t("plc.warnings", { count: this.problems.length }) + changed;
      return this.t(this.checked ? "plc.no_errors" : "plc.not_checked") + changed;
    },

    // What all paths of the program begin with: its name, when there is one program.
    prefix() {
      const own = this.variables.filter(({ path }) => !(path in this.cell.byName));
      const first = own[0]?.path.split(".")[0] ?? "";
      return own.length && own.every(({ path }) => path.startsWith(`${first}.`)) ? `${first}.` : "";
    },

    shownVariables() {
      const wanted = this.find.trim().toLowerCase();
      return this.variables.filter(({ path }) => path.toLowerCase().includes(wanted));
    },
  },

  watch: {
    "status.plc.program"() {
      if (this.view) this.fetchProgram();
    },

    "status.plc.fault_line"() {
      this.mark();
    },

    online(shown) {
      if (!shown) showValues(this.view, null);
      else this.fetchValues();
    },
  },

  methods: {
    async begin() {
      this.draftKey = `pilotcell_draft ${this.cell.base}`;
      this.theme = new CM.Compartment();
      this.view = new CM.EditorView({
        parent: this.$refs.editor,
        extensions: [
          CM.basicSetup,
          CM.keymap.of([
            CM.indentWithTab,
            { key: "Mod-s", run: () => (this.load(), true), preventDefault: true },
          ]),
          structuredText(),
          completions(this.cell.points),
          problemMarks(),
          lineValues(),
          CM.indentUnit.of("  "),
          CM.EditorState.readOnly.of(!this.may),
          CM.EditorView.contentAttributes.of({ "aria-label": this.t("tab.program") }),
          this.theme.of([]),
          CM.EditorView.updateListener.of((update) => update.docChanged && this.edited()),
        ],
      });
      this.ends.push(() => this.view.destroy(), this.cell.on("insert", (name) => this.insert(name)));
      this.followTheme();
      const draft = sessionStorage.getItem(this.draftKey);
      await this.fetchProgram();
      if (draft !== null && this.may) this.replace(draft);
      this.every(VALUES_MS, () => this.online && this.$el.offsetParent && this.fetchValues());
    },

    followTheme() {
      const apply = () => {
        const dark = document.body.classList.contains("body--dark");
        this.view.dispatch({ effects: this.theme.reconfigure(dark ? CM.oneDark : []) });
      };
      const themes = new MutationObserver(apply);
      themes.observe(document.body, { attributes: true, attributeFilter: ["class"] });
      this.ends.push(() => themes.disconnect());
      apply();
    },

    text() {
      return this.view.state.doc.toString();
    },

    // ---- the text and the PLC's

    async fetchProgram() {
      const answer = await this.ask("program");
      if (!answer) return;
      const own = this.changed;
      this.loaded = answer.text;
      if (!own) this.replace(answer.text, answer.diagnostics);
      this.compare();
      this.mark();
      // Somebody else has loaded another program while this text was being worked on.
      this.foreign = own && this.changed && answer.text !== this.sent;
    },

    compare() {
      const text = this.text();
      this.changed = this.loaded !== null && text !== this.loaded;
      if (this.changed) sessionStorage.setItem(this.draftKey, text);
      else sessionStorage.removeItem(this.draftKey);
    },

    replace(text, diagnostics = null) {
      this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
      if (diagnostics) this.take(diagnostics);
    },

    revert() {
      this.foreign = false;
      this.replace(this.loaded ?? "");
    },

    edited() {
      this.compare();
      clearTimeout(this.pause);
      this.checked = false;
      if (this.may) this.pause = setTimeout(() => this.check(), CHECK_MS);
    },

    async check() {
      clearTimeout(this.pause);
      const text = this.text();
      if (text.length > LARGEST) {
        this.take([this.problem(this.t("plc.too_long", { most: LARGEST }))]);
        return;
      }
      const found = text.trim() ? await this.ask("program/check", { text }) : [];
      if (found && text === this.text()) this.take(found);
    },

    problem(text) {
      const words = Object.fromEntries([[this.cell.language, text]]);
      return { severity: "error", line: 1, column: 1, end_line: 1, end_column: 2, text: words };
    },

    take(diagnostics) {
      this.problems = diagnostics.map((entry) => ({ ...entry, text: entry.text[this.cell.language] }));
      this.checked = true;
      this.mark();
      // The list below has grown: the line that is being written stays in sight.
      if (this.view.hasFocus) this.$nextTick(() => this.keepInSight());
    },

    keepInSight() {
      const { head } = this.view.state.selection.main;
      this.view.dispatch({ effects: CM.EditorView.scrollIntoView(head, { y: "nearest", yMargin: 24 }) });
    },

    mark() {
      const { fault, fault_line: line } = this.status?.plc ?? {};
      const at = { severity: "fault", line, column: 1, end_line: line, end_column: 1 };
      const stopped = fault && line && !this.changed ? [{ ...at, text: fault[this.cell.language] }] : [];
      if (this.view) markProblems(this.view, [...this.problems, ...stopped]);
    },

    load() {
      if (!this.may) return;
      this.foreign = false;
      this.sent = this.text();
      this.cell.act({ verb: "load_program", text: this.sent });
      this.check();
    },

    goTo(line, problem = null) {
      const { doc } = this.view.state;
      const [from, to] = problem ? spanOf(doc, problem) : [doc.line(Math.min(line, doc.lines)).from];
      this.view.dispatch({
        selection: { anchor: from, head: to ?? from },
        effects: CM.EditorView.scrollIntoView(from, { y: "center" }),
      });
      this.view.focus();
    },

    insert(name) {
      if (!this.may) return;
      this.cell.tell("show", "program");
      this.view.dispatch(this.view.state.replaceSelection(name));
      setTimeout(() => this.view.focus(), 100);
    },

    // ---- values

    async fetchValues() {
      const variables = await this.ask("variables");
      if (!variables) return;
      // What the program declares before the points, which the table of points shows as well.
      const isPoint = ({ path }) => path in this.cell.byName;
      this.variables = [...variables.filter((v) => !isPoint(v)), ...variables.filter(isPoint)];
      if (this.online) this.paintValues();
    },

    paintValues() {
      if (this.changed) {
        showValues(this.view, null);
        return;
      }
      const values = new Map();
      for (const entry of this.variables) {
        const text = entry.type === "BOOL" ? (entry.value ? "TRUE" : "FALSE") : this.valueText(entry);
        values.set(entry.path.toUpperCase(), text);
        const short = entry.path.slice(entry.path.indexOf(".") + 1).toUpperCase();
        if (!values.has(short)) values.set(short, text);
      }
      showValues(this.view, (name) => values.get(name.toUpperCase()));
    },

    shortName(path) {
      return this.prefix && path.startsWith(this.prefix) ? path.slice(this.prefix.length) : path;
    },

    valueText({ type, value }) {
      if (/TIME$/.test(type) && typeof value === "number") return timeText(value);
      return typeof value === "number" && !Number.isInteger(value) ? realText(value) : String(value);
    },

    writable: ({ type, value }) => ["number", "boolean"].includes(typeof value) && !/TIME$/.test(type),

    write({ path }, value) {
      this.cell.act({ verb: "plc_write", path, value });
      setTimeout(() => this.fetchValues(), 200);
    },

    writeText(entry, event) {
      const type = typeof entry.value === "number" && /REAL/.test(entry.type) ? "REAL" : "DINT";
      const value = typed({ type }, event.target.value);
      if (value !== undefined) this.write(entry, value);
      event.target.blur();
    },

    async ask(path, body = undefined) {
      const options = body && {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      };
      try {
        const response = await fetch(`${this.cell.base}/${path}`, options);
        return response.ok ? await response.json() : null;
      } catch {
        return null;
      }
    },
  },
};

// A duration in nanoseconds as Structured Text writes it.
function timeText(value_ns) {
  const value_ms = value_ns / 1e6;
  if (Math.abs(value_ms) < 1000) return `T#${Number(value_ms.toFixed(3))}ms`;
  return `T#${Number((value_ms / 1000).toFixed(3))}s`;
}
