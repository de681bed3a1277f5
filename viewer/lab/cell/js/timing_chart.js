// Points over time, as a logic analyser shows them: exact edges, two cursors and what lies between.

import { panel } from "pilotcell_model";

const ASK_MS = 300;
const DRAW_MS = 66;
const BIT_PX = 24;
const CURVE_PX = 46;
const AXIS_PX = 20;
const KEPT = 6000;
const SNAP_PX = 7;
const FIRST = 10;
const WINDOWS_S = [1, 2, 5, 10, 30, 60, 300];
const STEPS_S = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300];

export default {
  mixins: [panel],

  template: `
    <div class="timing" v-if="ready">
      <div class="timing-bar" role="toolbar" :aria-label="t('tab.timing')">
        <button type="button" class="cell-button" data-act="hold" :aria-pressed="String(held)" @click="hold">
          <q-icon :name="held ? 'play_arrow' : 'pause'" />{{ t(held ? "timing.go" : "timing.hold") }}</button>
        <label class="timing-window"><span class="soft">{{ t("timing.window") }}</span>
          <select class="cell-input" v-model.number="choice" :aria-label="t('timing.window')">
            <option v-if="!windows.includes(choice)" :value="choice">{{ spanText(choice) }}</option>
            <option v-for="span in windows" :key="span" :value="span">{{ spanText(span) }}</option></select></label>
        <button type="button" class="cell-button" data-act="points"><q-icon name="checklist" />{{ t("timing.points") }}
          <q-menu><div class="timing-menu">
            <label v-for="point in cell.points" :key="point.name"><input type="checkbox" :checked="names.includes(point.name)"
              @change="toggle(point.name)"> <span class="mono">{{ point.name }}</span></label>
          </div></q-menu></button>
        <span class="timing-cursors mono" data-cursors>{{ cursorText }}</span>
        <button v-if="marks.length" type="button" class="cell-button small" @click="marks = []; dirty = true">{{ t("timing.clear") }}</button>
        <span class="strip-gap"></span>
        <span class="soft timing-hint">{{ t("timing.hint") }}</span>
      </div>
      <div class="timing-body">
        <canvas ref="axis" class="timing-axis" aria-hidden="true"></canvas>
        <div ref="scroll" class="timing-scroll">
          <div class="timing-names">
            <div v-for="row in rows" :key="row.point.name" class="timing-name" :style="{ height: row.height + 'px' }"
              :data-row="row.point.name">
              <span class="mono" :title="row.point.comment">{{ row.point.name }}</span>
              <span class="timing-value mono" :ref="(el) => keep(row.point.name, el)"></span>
              <button type="button" :aria-label="t('timing.remove', { name: row.point.name })" @click="toggle(row.point.name)">✕</button>
            </div>
          </div>
          <canvas ref="chart" class="timing-chart" tabindex="0" role="img" :aria-label="t('timing.about')"
            @pointerdown="down" @pointermove="move" @pointerup="up" @pointerleave="leave" @wheel.prevent="zoom"
            @keydown="key"></canvas>
        </div>
        <div v-if="!rows.length" class="cell-none">{{ t("timing.none") }}</div>
      </div>
    </div>`,

  data: () => ({ names: [], held: false, choice: 10, windows: WINDOWS_S, marks: [], cursorText: "" }),

  computed: {
    rows() {
      let top = 0;
      return this.names
        .filter((name) => name in this.cell.byName)
        .map((name) => {
          const point = this.cell.byName[name];
          const height = point.type === "BOOL" ? BIT_PX : CURVE_PX;
          top += height;
          return { point, height, top: top - height };
        });
    },
  },

  watch: {
    choice() {
      this.dirty = true;
    },

    names() {
      this.$nextTick(() => this.resize());
    },
  },

  methods: {
    begin() {
      this.samples = new Map(); // name -> [[time, value], …]
      this.epoch = null;
      this.keptAs = `pilotcell_chart ${this.cell.base}`;
      const kept = JSON.parse(localStorage.getItem(this.keptAs) ?? "null");
      this.cell.charted = new Set(kept ?? this.firstChoice());
      this.ends.push(this.cell.on("charted", () => this.take()));
      this.cell.tell("charted");
      const sizes = new ResizeObserver(() => this.resize());
      sizes.observe(this.$refs.scroll);
      const themes = new MutationObserver(() => this.colours());
      themes.observe(document.body, { attributes: true, attributeFilter: ["class"] });
      this.ends.push(() => sizes.disconnect(), () => themes.disconnect());
      this.colours();
      this.every(ASK_MS, () => this.ask());
      this.every(DRAW_MS, () => this.draw());
    },

    // At first: what moves and what senses, rather than the buttons.
    firstChoice() {
      const kinds = new Set(["panel", "door", "stack_light"]);
      const bits = this.cell.points.filter((p) => p.type === "BOOL" && !kinds.has(this.cell.byBody[p.body].kind));
      return (bits.length ? bits : this.cell.points).slice(0, FIRST).map((point) => point.name);
    },

    take() {
      this.names = this.cell.points.filter(({ name }) => this.cell.charted.has(name)).map(({ name }) => name);
      localStorage.setItem(this.keptAs, JSON.stringify(this.names));
      for (const name of [...this.samples.keys()]) if (!this.cell.charted.has(name)) this.samples.delete(name);
      this.ask();
    },

    toggle(name) {
      if (!this.cell.charted.delete(name)) this.cell.charted.add(name);
      this.cell.tell("charted");
    },

    colours() {
      const style = getComputedStyle(document.body);
      const ofName = (name) => style.getPropertyValue(name).trim();
      this.paint = {
        ink: ofName("--ink"),
        soft: ofName("--soft"),
        rule: ofName("--rule"),
        high: ofName("--busy"),
        curve: ofName("--focus"),
        mark: ofName("--down"),
        forced: "#d98200",
      };
      this.dirty = true;
    },

    // ---- data

    async ask() {
      if (!this.names.length || this.asking || !this.$el.offsetParent) return;
      this.asking = true;
      const fresh = this.names.filter((name) => !this.samples.has(name));
      const since = fresh.length ? 0 : Math.min(...this.names.map((name) => this.samples.get(name).at(-1)[0]));
      try {
        const query = new URLSearchParams({ points: this.names.join(","), since: String(since) });
        const response = await fetch(`${this.cell.base}/trace?${query}`);
        if (response.ok) this.hear(await response.json());
      } catch {
        // Lost servers are told of elsewhere.
      } finally {
        this.asking = false;
      }
    },

    hear({ epoch, points, time_s, since_s }) {
      if (epoch !== this.epoch) {
        this.samples.clear();
        this.epoch = epoch;
        this.marks = [];
        this.held = false;
      }
      this.known_s = time_s;
      this.since_s = since_s;
      for (const [name, news] of Object.entries(points)) {
        const old = this.samples.get(name) ?? [];
        // What comes begins with a sample that is known already, or replaces what came at that time.
        while (old.length && old.at(-1)[0] >= news[0][0]) old.pop();
        old.push(...news);
        this.samples.set(name, old.length > KEPT ? old.slice(-KEPT) : old);
      }
      this.dirty = true;
    },

    valueAt(name, time_s) {
      const place = this.placeAt(name, time_s);
      return place < 0 ? undefined : this.samples.get(name)[place][1];
    },

    // Place of the last sample at or before a time; -1 before the first.
    placeAt(name, time_s) {
      const samples = this.samples.get(name) ?? [];
      let low = 0;
      let high = samples.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (samples[middle][0] <= time_s) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    },

    // ---- time and place

    end() {
      return this.held ? this.end_s : this.cell.time_s;
    },

    timeAt(x) {
      return this.end() - this.choice * (1 - x / this.width);
    },

    xAt(time_s) {
      return this.width * (1 - (this.end() - time_s) / this.choice);
    },

    hold() {
      this.end_s = this.cell.time_s;
      this.held = !this.held;
      this.dirty = true;
    },

    zoom(event) {
      const factor = event.deltaY > 0 ? 1.25 : 0.8;
      const wanted = Math.min(600, Math.max(0.02, this.choice * factor));
      if (this.held) {
        const at_s = this.timeAt(event.offsetX);
        this.end_s = at_s + (this.end_s - at_s) * (wanted / this.choice);
      }
      this.choice = Number(wanted.toPrecision(3));
    },

    down(event) {
      this.drag = { x: event.offsetX, end_s: this.end(), moved: false };
      event.target.setPointerCapture(event.pointerId);
    },

    move(event) {
      this.hover = [event.offsetX, event.offsetY];
      if (this.drag) {
        const moved = event.offsetX - this.drag.x;
        if (Math.abs(moved) > 4) {
          this.drag.moved = true;
          this.held = true;
          this.end_s = this.drag.end_s - (moved / this.width) * this.choice;
        }
      }
      this.dirty = true;
    },

    up(event) {
      if (this.drag && !this.drag.moved) this.mark(this.snapped(event.offsetX, event.offsetY));
      this.drag = null;
    },

    leave() {
      this.hover = null;
      this.drag = null;
      this.dirty = true;
    },

    key(event) {
      const steps = { ArrowLeft: -0.1, ArrowRight: 0.1 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      this.end_s = this.end() + steps[event.key] * this.choice;
      this.held = true;
      this.dirty = true;
    },

    // The time at a place of the chart, or of the edge next to it in that row.
    snapped(x, y) {
      const row = this.rows.find(({ top, height }) => y >= top && y < top + height);
      const samples = (row && this.samples.get(row.point.name)) ?? [];
      let best = null;
      for (const [time_s] of samples) {
        const away = Math.abs(this.xAt(time_s) - x);
        if (away <= SNAP_PX && (best === null || away < Math.abs(this.xAt(best) - x))) best = time_s;
      }
      return best ?? this.timeAt(x);
    },

    mark(time_s) {
      this.marks = this.marks.length === 1 ? [this.marks[0], time_s] : [time_s];
      this.dirty = true;
    },

    spanText(span_s) {
      return span_s < 1 ? `${Number((span_s * 1000).toPrecision(3))} ms` : `${Number(span_s.toPrecision(3))} s`;
    },

    // ---- drawing

    keep(name, el) {
      this.labels ??= new Map();
      if (el) this.labels.set(name, el);
      else this.labels.delete(name);
    },

    resize() {
      const { chart, axis, scroll } = this.$refs;
      if (!chart || !scroll.clientWidth) return;
      this.width = scroll.clientWidth - chart.offsetLeft;
      const tall = this.rows.reduce((sum, { height }) => sum + height, 0);
      this.height = Math.max(tall, scroll.clientHeight);
      fit(chart, this.width, this.height);
      fit(axis, this.width, AXIS_PX);
      axis.style.left = `${chart.offsetLeft}px`;
      this.dirty = true;
    },

    draw() {
      if (!this.$el.offsetParent || !this.rows.length) return;
      if (!this.width) this.resize();
      const live = !this.held && this.cell.time_s !== this.drawn_s;
      if (!this.width || !(this.dirty || live)) return;
      this.dirty = false;
      this.drawn_s = this.cell.time_s;
      const context = this.$refs.chart.getContext("2d");
      const ratio = window.devicePixelRatio || 1;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, this.width, this.height);
      this.drawAxis(context);
      for (const row of this.rows) this.drawRow(context, row);
      this.drawMarks(context);
      this.tellValues();
    },

    drawAxis(context) {
      const axis = this.$refs.axis.getContext("2d");
      const ratio = window.devicePixelRatio || 1;
      axis.setTransform(ratio, 0, 0, ratio, 0, 0);
      axis.clearRect(0, 0, this.width, AXIS_PX);
      axis.font = "11px ui-monospace, monospace";
      axis.fillStyle = this.paint.soft;
      axis.textAlign = "center";
      const step = STEPS_S.find((s) => (s / this.choice) * this.width >= 62) ?? STEPS_S.at(-1);
      const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
      context.strokeStyle = this.paint.rule;
      context.lineWidth = 1;
      const last = Math.floor(this.end() / step);
      for (let n = last; n * step > this.timeAt(0); n--) {
        const x = Math.round(this.xAt(n * step)) + 0.5;
        line(context, x, 0, x, this.height);
        if (x > 20 && n >= 0) axis.fillText(`${(n * step).toFixed(digits)}`, Math.min(x, this.width - 24), 14);
      }
    },

    drawRow(context, { point, top, height }) {
      const samples = this.samples.get(point.name);
      context.strokeStyle = this.paint.rule;
      line(context, 0, top + height - 0.5, this.width, top + height - 0.5);
      if (!samples?.length) return;
      const ends = Math.min(this.end(), this.cell.time_s);
      const from = Math.max(0, this.placeAt(point.name, this.timeAt(0)));
      const to = this.placeAt(point.name, ends);
      if (to < 0) return;
      if (point.type === "BOOL") this.drawBit(context, samples, from, to, ends, top, height);
      else this.drawCurve(context, samples, from, to, ends, top, height, point);
    },

    drawBit(context, samples, from, to, ends, top, height) {
      const high = top + 4.5;
      const low = top + height - 5.5;
      context.fillStyle = this.paint.high;
      context.strokeStyle = this.paint.high;
      context.lineWidth = 1.5;
      context.beginPath();
      for (let place = from; place <= to; place++) {
        const [time_s, value] = samples[place];
        const x = Math.max(0, this.xAt(time_s));
        const next = place < to ? this.xAt(samples[place + 1][0]) : this.xAt(ends);
        const y = value ? high : low;
        if (value) {
          context.globalAlpha = 0.22;
          context.fillRect(x, high, next - x, low - high);
          context.globalAlpha = 1;
        }
        if (place === from) context.moveTo(x, y);
        else context.lineTo(x, y);
        context.lineTo(next, y);
      }
      context.stroke();
    },

    drawCurve(context, samples, from, to, ends, top, height, point) {
      let low = Infinity;
      let high = -Infinity;
      for (let place = from; place <= to; place++) {
        low = Math.min(low, samples[place][1]);
        high = Math.max(high, samples[place][1]);
      }
      const room = Math.max(high - low, 1e-9);
      const y = (value) => top + height - 7 - ((value - low) / room) * (height - 14);
      context.strokeStyle = this.paint.curve;
      context.lineWidth = 1.5;
      context.beginPath();
      for (let place = from; place <= to; place++) {
        const [time_s, value] = samples[place];
        const x = Math.max(0, this.xAt(time_s));
        const next = place < to ? this.xAt(samples[place + 1][0]) : this.xAt(ends);
        if (place === from) context.moveTo(x, y(value));
        else context.lineTo(x, y(value));
        // What changes between events is sampled: a line joins the samples.
        if (!point.sliding || place === to) context.lineTo(next, y(value));
      }
      context.stroke();
      context.fillStyle = this.paint.soft;
      context.font = "10px ui-monospace, monospace";
      context.textAlign = "left";
      context.fillText(this.cell.text(point, high), 3, top + 10);
      if (high > low) context.fillText(this.cell.text(point, low), 3, top + height - 3);
    },

    drawMarks(context) {
      context.lineWidth = 1;
      if (this.hover && !this.drag?.moved) {
        const at = this.xAt(this.snapped(...this.hover));
        context.strokeStyle = this.paint.soft;
        context.setLineDash([3, 3]);
        line(context, at, 0, at, this.height);
        context.setLineDash([]);
      }
      const xs = this.marks.map((time_s) => this.xAt(time_s));
      if (xs.length === 2) {
        context.fillStyle = this.paint.mark;
        context.globalAlpha = 0.1;
        context.fillRect(Math.min(...xs), 0, Math.abs(xs[1] - xs[0]), this.height);
        context.globalAlpha = 1;
      }
      context.strokeStyle = this.paint.mark;
      context.fillStyle = this.paint.mark;
      context.font = "bold 11px sans-serif";
      xs.forEach((x, place) => {
        line(context, x, 0, x, this.height);
        context.fillText("AB"[place], x + 3, 11);
      });
    },

    tellValues() {
      const at_s = this.hover ? this.snapped(...this.hover) : this.marks.at(-1) ?? this.end();
      for (const { point } of this.rows) {
        const el = this.labels?.get(point.name);
        const value = this.valueAt(point.name, at_s);
        const text = point.type === "BOOL" ? (value === undefined ? "" : value ? "1" : "0") : this.cell.text(point, value);
        if (el && el.textContent !== text) el.textContent = text;
        if (el) el.dataset.on = String(value === true);
      }
      const texts = this.marks.map((time_s, place) => `${"AB"[place]} ${time_s.toFixed(4)} s`);
      if (this.marks.length === 2) texts.push(`Δ ${Math.abs(this.marks[1] - this.marks[0]).toFixed(4)} s`);
      else if (this.hover) {
        const away = this.marks.length ? `   Δ ${Math.abs(at_s - this.marks[0]).toFixed(4)} s` : "";
        texts.push(`${this.t("timing.at")} ${at_s.toFixed(4)} s${away}`);
      }
      this.cursorText = texts.join("   ");
    },
  },
};

function line(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

function fit(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}
