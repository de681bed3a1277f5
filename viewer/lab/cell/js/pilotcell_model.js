// What the panels of a workcell's page share: what it is, how it is, its live values, one way to act.
//
// Live values come from the stream, which the 3D view holds (`window.pilotline`). What changes seldom
// (forces, owner, soft PLC, incidents) is asked for twice a second.

const POLL_MS = 500;
const SOON_MS = 120;

let made;
const ready = new Promise((resolve) => (made = resolve));

// The workcell of this page, once its hub has been mounted.
export const theCell = () => ready;

export class CellModel extends EventTarget {
  constructor(options, send) {
    super();
    Object.assign(this, options); // base, id, language, points, bodies, views, may, words, parts
    this.byName = Object.fromEntries(this.points.map((point) => [point.name, point]));
    this.byBody = Object.fromEntries(this.bodies.map((body) => [body.id, body]));
    this.send = send;
    this.status = null;
    this.incidents = [];
    this.charted = new Set();
    this.poll();
    made(this);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
  }

  // A text of the page, with values put in: `t("io.forced", {count: 3})`.
  t(key, values = {}) {
    const text = this.words[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  // ---- values

  reading(name) {
    return window.pilotline?.signals?.[this.byName[name]?.path];
  }

  value(name) {
    return this.status?.sliding[name] ?? this.reading(name)?.[0];
  }

  text(point, value) {
    if (value === undefined || value === null) return "–";
    if (point.type === "BOOL") return value ? "TRUE" : "FALSE";
    return point.type === "REAL" ? realText(value) : String(value);
  }

  get time_s() {
    return window.pilotline?.time_s ?? this.status?.time_s ?? 0;
  }

  // ---- state

  async poll() {
    clearTimeout(this.timer);
    // One question at a time: two answers would tell the same incidents twice.
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    const last = this.incidents.at(-1)?.number ?? 0;
    try {
      const response = await fetch(`${this.base}/status?after=${last}`);
      if (response.ok) this.hear(await response.json());
    } catch {
      // The server is gone; the banner above says so, and the next poll asks again.
    }
    this.asking = false;
    const wait_ms = this.again ? 0 : POLL_MS;
    this.again = false;
    if (!this.closed) this.timer = setTimeout(() => this.poll(), wait_ms);
  }

  hear(status) {
    if (status.count < (this.incidents.at(-1)?.number ?? 0)) this.incidents = [];
    this.incidents = [...this.incidents, ...status.incidents].slice(-200);
    this.status = status;
    this.dispatchEvent(new Event("status"));
  }

  // ---- acting

  act(wish) {
    this.send(wish);
    setTimeout(() => this.poll(), SOON_MS);
  }

  releaseAll() {
    for (const point of Object.keys(this.status?.forced ?? {})) this.act({ verb: "release", point });
  }

  // ---- between panels

  choose(body) {
    this.chosen = body;
    this.tell("choose", body);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  on(name, hear) {
    const listener = (event) => hear(event.detail);
    this.addEventListener(name, listener);
    return () => this.removeEventListener(name, listener);
  }
}

export function realText(value) {
  if (typeof value !== "number") return String(value);
  if (value === 0) return "0.0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
  return value.toFixed(size >= 100 ? 1 : size >= 1 ? 2 : 3);
}

export function clockText(time_s) {
  const two = (number) => String(number).padStart(2, "0");
  const whole = Math.max(0, Math.floor(time_s));
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

export function typed(point, text) {
  const trimmed = String(text).trim();
  if (point.type === "BOOL") return /^(1|true|on)$/i.test(trimmed);
  const value = Number(trimmed.replace(",", "."));
  if (trimmed === "" || !Number.isFinite(value)) return undefined;
  return point.type === "REAL" ? value : Math.trunc(value);
}

// What every panel has: the cell, its texts, its status, and an end of all it began.
export const panel = {
  data: () => ({ ready: false, status: null }),

  async mounted() {
    this.ends = [];
    this.cell = await theCell();
    if (this.gone) return;
    this.status = this.cell.status;
    this.ends.push(this.cell.on("status", () => (this.status = this.cell.status)));
    this.ready = true;
    await this.$nextTick();
    this.begin?.();
  },

  beforeUnmount() {
    this.gone = true;
    for (const end of this.ends ?? []) end();
  },

  methods: {
    t(key, values) {
      return this.cell.t(key, values);
    },

    every(period_ms, act) {
      const timer = setInterval(() => {
        if (!document.hidden) act();
      }, period_ms);
      this.ends.push(() => clearInterval(timer));
      act();
    },
  },
};
