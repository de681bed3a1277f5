// The program of a robot: text, problems at their lines, run, stop, step, breakpoints, variables.

import * as CM from "nicegui-codemirror";
import { markProblems, problemMarks, spanOf } from "pilotcell_language";
import { FileMenu } from "pilotcell_files";
import { robotPanel } from "pilotrobot_model";
import { markRun, rapid, rapidWords, runMarks } from "pilotrobot_rapid";
import { sentence, telling } from "pilotrobot_told";

const CHECK_MS = 500;
const LONG = 14;

export default {
  mixins: [robotPanel, telling],

  components: { FileMenu },

  template: `
    <div class="program" v-if="ready">
      <div class="program-bar" role="toolbar" :aria-label="r('tab.rapid')">
        <span v-if="all.length > 1" class="seg" role="group">
          <button v-for="one in all" :key="one.id" type="button" :data-choose="one.id" :aria-pressed="String(one.id === chosen)"
            @click="model.choose(one.id)">{{ one.title }}</button></span>
        <button type="button" class="cell-button primary" data-rapid="load" :disabled="!may || mode === 'run'" :title="r('load_about')"
          @click="load"><q-icon name="file_download" />{{ r("load") }}</button>
        <span class="bar-rule"></span>
        <button type="button" class="cell-button run" data-rapid="run" :disabled="!may || !canRun" :title="r(manual ? 'run_hold_about' : 'run_about')"
          @contextmenu.prevent @click="atOnce('rapid_run')" @pointerdown="byHand('rapid_run', $event)" @pointerup="ungrasp" @pointercancel="ungrasp"
          @pointerleave="ungrasp" @keydown.enter="byHand('rapid_run', $event)" @keyup.enter="ungrasp" @blur="ungrasp"><q-icon name="play_arrow" />{{ r("run") }}</button>
        <button type="button" class="cell-button halt" data-rapid="stop" :disabled="!may || mode !== 'run'" :title="r('stop_about')"
          @click="act('rapid_stop')"><q-icon name="stop" />{{ r("stop") }}</button>
        <button type="button" class="cell-button icon" data-rapid="step" :disabled="!may || !canRun" :title="r('step_about')" :aria-label="r('step_about')"
          @contextmenu.prevent @click="atOnce('rapid_step')" @pointerdown="byHand('rapid_step', $event)" @pointerup="ungrasp" @pointercancel="ungrasp"
          @pointerleave="ungrasp" @keydown.enter="byHand('rapid_step', $event)" @keyup.enter="ungrasp" @blur="ungrasp"><q-icon name="skip_next" /></button>
        <button type="button" class="cell-button" data-rapid="main" :disabled="!may || mode === 'run' || mode === 'empty'" :title="r('main_about')"
          @click="act('rapid_main')">{{ r("main") }}</button>
        <GripSwitch v-if="manual" :model="model" :may="may" :manual="manual" :held="held || robot.enabling" :one-hand="oneHand" :said="r" />
        <span class="plc-chip" :data-plc="chip" :data-rapid-mode="mode" :title="mode === 'run' ? waitText : ''">{{ programText }}</span>
        <span v-if="changed" class="soft" data-rapid-changed>{{ r("changed") }}</span>
        <button v-if="changed" type="button" class="cell-button small" data-rapid="revert" @click="revert">{{ r("revert") }}</button>
        <span class="strip-gap"></span>
        <FileMenu :said="t" :may="may" :changed="changed" :own="own" :keys="{ own: 'robot.own_program', revert: 'robot.back_to_loaded' }"
          :name="chosen + '.mod'" accept=".mod,.prg,.sys,.txt,text/plain" :text="text" @replace="replace($event)" @revert="revert" />
      </div>
      <div v-if="note" class="program-note" role="status" data-rapid-why>{{ note }}</div>
      <div v-if="program?.error" class="program-fault" role="alert" data-rapid-error>
        <strong>{{ r(mode === "error" ? "error" : "stopped_why") }}</strong> <span>{{ program.error }}</span>
        <button v-if="program.error_line" type="button" class="cell-button small" @click="goTo(program.error_line)">
          {{ t("plc.go_line", { line: program.error_line }) }}</button></div>
      <div class="program-body online">
        <div ref="editor" class="program-text" data-rapid-editor></div>
        <aside class="program-values" :aria-label="r('variables')">
          <div class="values-scroll"><table>
            <tr v-for="entry in variables" :key="entry.module + '.' + entry.name" :data-rapid-variable="entry.name">
              <td class="mono value-name" :colspan="long(entry) ? 2 : 1" :title="entry.kind + ' ' + entry.type + ' ' + entry.name">{{ entry.name }}
                <div v-if="long(entry)" class="value-long" :title="entry.type + ': ' + entry.value">{{ entry.value }}</div></td>
              <td v-if="!long(entry)" class="value-cell"><input class="cell-input mono value-input" :readonly="!may || !entry.writable" :title="entry.type + ': ' + entry.value"
                :aria-label="entry.name" :value="editing === entry.name ? typing : entry.value"
                @focus="typing = entry.value; editing = entry.name" @blur="editing = null" @input="typing = $event.target.value"
                @keydown.enter="write(entry, $event)"></td></tr></table>
            <div v-if="!variables.length" class="cell-none">{{ r("no_variables") }}</div>
            <div v-if="program?.messages.length" class="rapid-screen mono" data-rapid-messages :aria-label="r('messages')">
              <div v-for="(line, index) in program.messages" :key="index">{{ line }}</div></div></div>
        </aside>
      </div>
      <div class="program-problems" :data-rapid-problems="errors" role="status" aria-live="polite">
        <div class="problems-head" :data-grade="errors ? 'error' : problems.length ? 'warning' : program?.error ? 'none' : 'good'">
          {{ errors ? t("plc.errors", { count: errors }) : problems.length ? t("plc.warnings", { count: problems.length }) : r("break_about") }}</div>
        <button v-for="(problem, index) in problems" :key="index" type="button" class="problem" :data-severity="problem.severity"
          :data-line="problem.line" @click="goTo(problem.line, problem)">
          <span class="problem-mark">{{ problem.severity === "warning" ? "!" : "✕" }}</span>
          <span class="mono problem-line">{{ t("plc.line", { line: problem.line }) }}</span><span>{{ problem.text }}</span></button>
      </div>
    </div>`,

  data: () => ({ problems: [], changed: false, editing: null, typing: "" }),

  computed: {
    mode() {
      return this.program?.mode ?? "empty";
    },

    chip() {
      return { run: "run", error: "fault", stopped: "stop" }[this.mode] ?? "empty";
    },

    canRun() {
      // A button that is held stays a button: a disabled one loses the hand that is on it.
      if (this.held && this.model.grip.hands.has("button")) return true;
      return ["ready", "stopped", "error"].includes(this.mode) && (this.manual ? this.canMove : Boolean(this.robot?.ready)) && !this.changed;
    },

    // Why it cannot run now, and what to do.
    note() {
      const { robot } = this;
      if (!robot) return "";
      const again = this.mode === "error" && !this.changed ? this.r("again", { line: this.program.line }) : "";
      if (robot.ready) return again;
      if (!this.manual || robot.fault || !robot.powered || !robot.motors) return sentence(robot.why_not?.[this.cell.language] ?? "");
      return `${again} ${this.r(this.oneHand ? "rapid_one_hand" : "rapid_enabling")}`.trim();
    },

    own() {
      return this.all.find(({ id }) => id === this.chosen)?.own ?? null;
    },

    errors() {
      return this.problems.filter((problem) => problem.severity !== "warning").length;
    },

    variables() {
      return this.program?.variables ?? [];
    },
  },

  methods: {
    started() {
      this.loaded = null;
      this.theme = new CM.Compartment();
      this.view = new CM.EditorView({
        parent: this.$refs.editor,
        extensions: [
          runMarks((line) => this.toggleBreak(line)),
          CM.basicSetup,
          CM.keymap.of([CM.indentWithTab, { key: "Mod-s", run: () => (this.load(), true), preventDefault: true }]),
          rapid(),
          rapidWords(() => [...this.variables, ...(this.program?.points ?? [])].map(({ name }) => name)),
          problemMarks(),
          CM.indentUnit.of("  "),
          CM.EditorState.readOnly.of(!this.may),
          CM.EditorView.contentAttributes.of({ "aria-label": this.r("tab.rapid") }),
          this.theme.of([]),
          CM.EditorView.updateListener.of((update) => update.docChanged && this.edited()),
        ],
      });
      const apply = () => {
        const dark = document.body.classList.contains("body--dark");
        this.view.dispatch({ effects: this.theme.reconfigure(dark ? CM.oneDark : []) });
      };
      const themes = new MutationObserver(apply);
      themes.observe(document.body, { attributes: true, attributeFilter: ["class"] });
      this.ends.push(() => themes.disconnect(), () => this.view.destroy());
      apply();
      this.changed_state();
    },

    // In automatic a click is enough; by hand the program goes on while the switch is held.
    atOnce(verb) {
      if (!this.manual) this.act(verb);
    },

    byHand(verb, event) {
      if (this.manual && this.canRun && this.grasp(event)) this.act(verb);
    },

    // What only a wider field would show whole, and nobody can change here.
    long({ value, writable }) {
      return value.length > LONG && !(this.may && writable);
    },

    text() {
      return this.view.state.doc.toString();
    },

    changed_state() {
      if (!this.view || !this.program) return;
      const key = `${this.chosen} ${this.program.text}`;
      if (key !== this.loaded) {
        const other = this.loaded === null || !this.loaded.startsWith(`${this.chosen} `);
        const own = this.changed && !other;
        this.loaded = key;
        // Points that were taught come into the text; what somebody is writing stays.
        if (!own) this.replace((other && this.may && sessionStorage.getItem(this.draftKey())) || this.program.text);
        this.changed = this.text() !== this.program.text;
      }
      this.mark();
    },

    draftKey() {
      return `pilotrobot_draft ${this.model.chosen.base}`;
    },

    replace(text) {
      if (text === this.text()) return;
      this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    },

    revert() {
      this.replace(this.program?.text ?? "");
    },

    edited() {
      this.changed = this.program !== null && this.text() !== this.program.text;
      if (this.changed) sessionStorage.setItem(this.draftKey(), this.text());
      else sessionStorage.removeItem(this.draftKey());
      clearTimeout(this.pause);
      if (this.may) this.pause = setTimeout(() => this.check(), CHECK_MS);
    },

    async check() {
      const text = this.text();
      const found = text.trim() ? await this.model.ask("check", { text }) : [];
      if (!found || text !== this.text()) return;
      this.problems = found.map((entry) => ({ ...entry, text: entry.text[this.cell.language] }));
      this.mark();
    },

    mark() {
      const { error, error_line: line, breakpoints, line: pointer } = this.program;
      const at = { severity: "fault", line, column: 1, end_line: line, end_column: 1, text: error };
      markProblems(this.view, [...this.problems, ...(error && line && !this.changed ? [at] : [])]);
      markRun(this.view, breakpoints, this.changed ? 0 : pointer);
      this.follow(pointer);
    },

    // The line that is being worked on stays in sight, unless somebody reads or writes elsewhere.
    follow(line) {
      if (line === this.followed) return;
      this.followed = line;
      if (!line || this.changed || this.view.hasFocus) return;
      const { doc } = this.view.state;
      const { from } = doc.line(Math.min(line, doc.lines));
      this.view.dispatch({ effects: CM.EditorView.scrollIntoView(from, { y: "nearest", yMargin: 48 }) });
    },

    toggleBreak(line) {
      if (!this.may || this.changed || !this.program) return;
      this.act("rapid_break", { line, on: !this.program.breakpoints.includes(line) });
    },

    load() {
      if (this.may) this.act("rapid_load", { text: this.text() });
    },

    write({ name, type }, event) {
      const text = event.target.value.trim();
      const number = Number(text);
      const value = /^bool$/i.test(type) ? /^true$/i.test(text) : type === "num" && text !== "" && Number.isFinite(number) ? number : text;
      this.act("rapid_write", { name, value });
      event.target.blur();
    },

    goTo(line, problem = null) {
      const { doc } = this.view.state;
      const [from, to] = problem ? spanOf(doc, problem) : [doc.line(Math.min(line, doc.lines)).from];
      this.view.dispatch({ selection: { anchor: from, head: to ?? from }, effects: CM.EditorView.scrollIntoView(from, { y: "center" }) });
      this.view.focus();
    },
  },
};
