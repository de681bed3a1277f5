// The page around the line: fills what is marked with data-… from the stream, in the browser.
//
//   data-live="clock | alarms | connection"     data-kpi="NAME" [data-digits data-scale]
//   data-asset-state="ASSET"  (also sets data-state)      data-signal="PATH" [data-digits]
//   data-rate="0 | 1 | … | max"  (pressed or not)

const TREND_POINTS = 240;
const TREND_EVERY_MS = 1000;

export function clockText(time_s) {
  const whole = Math.max(0, Math.floor(time_s));
  const days = Math.floor(whole / 86400);
  const two = (number) => String(number).padStart(2, "0");
  const text = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return days ? `${days} d ${text}` : text;
}

export function numberText(value, digits) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  return value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: Math.abs(value) >= 10000,
  });
}

export class Panel {
  constructor(stream, options) {
    this.stream = stream;
    this.words = options.words;
    this.signals = options.signals; // path -> {unit, names, label, writable}
    this.assets = options.assets; // id -> prefix of its signals
    this.kinds = options.kinds; // id -> kind of asset
    this.gridId = options.gridId;
    this.chartId = options.chartId;
    this.trend = [];
    this.sampled_ms = 0;
    this.dirty = new Set();
    this.gridReady = false;
  }

  stateOf(asset) {
    const reading = this.stream.state.signals[`${this.assets[asset] ?? `${asset}/`}state`];
    if (!reading) return "";
    return reading[1] === "bad" ? "unknown" : (this.words.states[reading[0]] ?? "");
  }

  stateWord(asset, state) {
    const own = this.words.kind_states[this.kinds[asset]] ?? {};
    return own[state] ?? this.words.state_names[state] ?? "";
  }

  valueText(path, digits) {
    const reading = this.stream.state.signals[path];
    if (!reading) return "–";
    const about = this.signals[path] ?? {};
    const [value, quality] = reading;
    if (quality === "bad") return this.words.no_value;
    if (value === "" || value === null) return "–";
    if (about.names) return about.names[value] ?? String(value);
    if (typeof value === "boolean") return value ? this.words.on : this.words.off;
    if (typeof value === "number") {
      const text = numberText(value, digits ?? (Number.isInteger(value) ? 0 : 2));
      return about.unit ? `${text} ${about.unit}` : text;
    }
    return String(value);
  }

  hear(message) {
    if (message.type === "snapshot") {
      this.fillGrid();
      this.trend = this.trend.filter(([time_s]) => time_s < message.time_s);
    } else for (const path of Object.keys(message.signals ?? {})) this.dirty.add(path);
  }

  // Called a few times a second.
  paint(time_s) {
    this.paintMarks(time_s);
    this.paintStates();
    this.updateGrid();
    this.sample(time_s);
  }

  paintMarks(time_s) {
    const { kpis } = this.stream.state;
    put('[data-live="clock"]', () => clockText(time_s));
    put("[data-kpi]", (el) => {
      const value = kpis[el.dataset.kpi];
      const scaled = typeof value === "number" ? value * Number(el.dataset.scale ?? 1) : value;
      return numberText(scaled, Number(el.dataset.digits ?? 1));
    });
    put("[data-signal]", (el) =>
      this.valueText(
        el.dataset.signal,
        el.dataset.digits === undefined ? undefined : Number(el.dataset.digits),
      ),
    );
    const { rate } = this.stream;
    const shown = Number.isFinite(rate) ? String(rate) : "max";
    for (const el of document.querySelectorAll("[data-rate]")) {
      el.setAttribute("aria-pressed", String(el.dataset.rate === shown));
    }
    const run = !this.stream.connected || this.stream.stale ? "lost" : rate === 0 ? "paused" : "runs";
    for (const el of document.querySelectorAll('[data-live="run"]')) {
      el.dataset.run = run;
      write(el, this.words[`run_${run}`]);
    }
  }

  paintStates() {
    for (const el of document.querySelectorAll("[data-asset-state]")) {
      const mode = this.stream.state.signals[`${this.assets[el.dataset.assetState]}mode`]?.[0] ?? "";
      if (el.dataset.mode !== mode) el.dataset.mode = mode;
      const state = this.stateOf(el.dataset.assetState);
      if (el.dataset.state === state) continue;
      el.dataset.state = state;
      const label = el.querySelector("[data-state-word]");
      if (label) write(label, this.stateWord(el.dataset.assetState, state));
    }
  }

  paintConnection() {
    const lost = this.stream.stale || !this.stream.connected;
    for (const el of document.querySelectorAll('[data-live="connection"]')) {
      el.dataset.lost = String(lost);
    }
    document.body.dataset.stream = lost ? "lost" : "live";
  }

  row(path) {
    const [value, quality, time_s] = this.stream.state.signals[path];
    const about = this.signals[path] ?? {};
    return {
      path,
      label: about.label ?? "",
      value: this.valueText(path).replace(about.unit ? ` ${about.unit}` : "\u0000", ""),
      raw: value,
      unit: about.unit ?? "",
      quality: this.words.quality[quality] ?? quality,
      time: clockText(time_s),
      writable: Boolean(about.writable),
    };
  }

  grid() {
    const api = this.gridId ? getElement(this.gridId)?.api : undefined;
    return api && !api.isDestroyed?.() ? api : undefined;
  }

  fillGrid() {
    const api = this.grid();
    this.dirty.clear();
    this.gridReady = Boolean(api);
    api?.setGridOption("rowData", Object.keys(this.stream.state.signals).sort().map((p) => this.row(p)));
  }

  updateGrid() {
    if (!this.gridReady) {
      if (Object.keys(this.stream.state.signals).length) this.fillGrid();
      return;
    }
    const api = this.grid();
    if (!api || !this.dirty.size) return;
    const update = [...this.dirty].filter((path) => api.getRowNode(path)).map((p) => this.row(p));
    const add = [...this.dirty].filter((path) => !api.getRowNode(path)).map((p) => this.row(p));
    this.dirty.clear();
    api.applyTransactionAsync({ update, add });
  }

  sample(time_s) {
    const now_ms = performance.now();
    if (now_ms - this.sampled_ms < TREND_EVERY_MS || this.stream.stale) return;
    this.sampled_ms = now_ms;
    const { throughput_per_h, wip } = this.stream.state.kpis;
    const last = this.trend.at(-1);
    if (throughput_per_h !== undefined && (!last || time_s > last[0])) {
      this.trend.push([time_s, throughput_per_h, wip]);
      if (this.trend.length > TREND_POINTS) this.trend.shift();
    }
    const chart = this.chartId ? getElement(this.chartId)?.chart : undefined;
    chart?.setOption({
      series: [
        { data: this.trend.map(([t, rate]) => [t, rate]) },
        { data: this.trend.map(([t, , wip_now]) => [t, wip_now]) },
      ],
    });
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function put(selector, text) {
  for (const element of document.querySelectorAll(selector)) write(element, text(element));
}
