// The run as the stream tells it: connection, state, simulation clock, and where bodies are.

const SILENCE_MS = 3500; // the server speaks at least every second
const LONGEST_WAIT_MS = 5000;
const FAST_RATE = 20; // from here on motions are shorter than messages apart: no queueing

// Place along the path, 0 to 1, of a motion [asset, slot, s0, s1, t0, t1].
export function along(motion, time_s) {
  const [, , s0, s1, t0, t1] = motion;
  if (time_s >= t1) return s1;
  if (time_s <= t0) return s0;
  return s0 + ((s1 - s0) * (time_s - t0)) / (t1 - t0);
}

// Place on a path of pieces [t0, p, v, a, j]: each holds until the next begins, the last for ever.
export function onPath(path, time_s) {
  if (time_s <= path[0][0]) return path[0][1];
  for (let k = path.length - 1; k >= 0; k--) {
    const [t0, p, v = 0, a = 0, j = 0] = path[k];
    if (time_s < t0) continue;
    const dt = time_s - t0;
    return p + dt * (v + dt * (a / 2 + (dt * j) / 6));
  }
  return path[0][1];
}

// Whether a movement on a path has ended by then.
export function atRest(path, time_s) {
  const [t0, , v = 0, a = 0, j = 0] = path[path.length - 1];
  return time_s >= t0 && v === 0 && a === 0 && j === 0;
}

// A ride is [frame, x, y, z, heading, dx, dy, dz, path]; a motion is shorter.
export const isRide = (motion) => motion.length === 9;

const beginOf = (motion) => (isRide(motion) ? motion[8][0][0] : motion[4]);

// Simulation time between messages: runs on at the rate, is corrected gently, and stands still
// when the server falls silent.
export class SimClock {
  constructor() {
    this.shown_s = null;
    this.rate = 0;
    this.said_s = 0;
    this.said_ms = 0;
    this.looked_ms = 0;
  }

  hear(time_s, rate, now_ms, fresh) {
    this.said_s = time_s;
    this.said_ms = now_ms;
    this.rate = rate;
    if (fresh || this.shown_s === null) {
      this.shown_s = time_s;
      this.looked_ms = now_ms;
    }
  }

  now(now_ms) {
    if (this.shown_s === null) return 0;
    const since_s = Math.min((now_ms - this.said_ms) / 1000, 1.5);
    const step_s = Math.max(0, (now_ms - this.looked_ms) / 1000);
    this.looked_ms = now_ms;
    if (!Number.isFinite(this.rate) || this.rate === 0) {
      this.shown_s = this.said_s;
      return this.shown_s;
    }
    const due_s = this.said_s + since_s * this.rate;
    const error_s = due_s - this.shown_s;
    if (Math.abs(error_s) > 2 * Math.max(1, this.rate)) this.shown_s = due_s;
    else if (since_s < 1.5) {
      const next_s = this.shown_s + step_s * this.rate + error_s * Math.min(1, 2 * step_s);
      this.shown_s = Math.max(this.shown_s, next_s);
    }
    return this.shown_s;
  }
}

// What it shows now, and what begins later than the time shown.
class Tracked {
  constructor(entry) {
    this.waiting = [];
    this.become(entry);
  }

  expect(entry, at_s) {
    this.waiting.push({ entry, at_s });
    if (this.waiting.length > 16) this.become(this.waiting.shift().entry);
  }

  // Returns false when it has gone.
  advance(time_s) {
    while (this.waiting.length && this.waiting[0].at_s <= time_s) {
      const { entry } = this.waiting.shift();
      if (entry === null) return this.waiting.length > 0;
      this.become(entry);
    }
    return true;
  }
}

class TrackedBody extends Tracked {
  become([type, motion, good]) {
    this.type = type;
    this.motion = motion;
    this.good = good;
  }
}

class TrackedJoint extends Tracked {
  become(path) {
    this.path = path;
  }
}

export class RunStream extends EventTarget {
  constructor(path) {
    super();
    this.path = path;
    this.seq = null;
    this.state = { signals: {}, alarms: {}, kpis: {}, run: "", line: "" };
    this.bodies = new Map();
    this.joints = new Map();
    this.clock = new SimClock();
    this.connected = false;
    this.stale = true;
    this.messages = 0;
    this.gaps = 0;
    this.wait_ms = 400;
    this.heard_ms = 0;
    this.closed = false;
    this.watch = setInterval(() => this.checkSilence(), 500);
    this.open();
  }

  get rate() {
    return this.clock.rate;
  }

  open() {
    if (this.closed) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const from = this.seq === null ? "" : `?from_seq=${this.seq}`;
    const socket = new WebSocket(`${scheme}//${location.host}${this.path}${from}`);
    this.socket = socket;
    socket.onmessage = (event) => {
      if (socket === this.socket) this.take(JSON.parse(event.data));
    };
    socket.onclose = () => {
      if (socket !== this.socket || this.closed) return;
      this.connected = false;
      this.dispatchEvent(new Event("connection"));
      setTimeout(() => this.open(), this.wait_ms);
      this.wait_ms = Math.min(this.wait_ms * 1.7, LONGEST_WAIT_MS);
    };
  }

  close() {
    this.closed = true;
    clearInterval(this.watch);
    this.socket?.close();
  }

  // Begin anew from a Snapshot.
  reopen() {
    this.seq = null;
    const old = this.socket;
    this.socket = null;
    old?.close();
    this.open();
  }

  checkSilence() {
    const stale = performance.now() - this.heard_ms > SILENCE_MS;
    if (stale !== this.stale) {
      this.stale = stale;
      this.dispatchEvent(new Event("connection"));
    }
    if (stale && this.connected) {
      this.connected = false;
      this.socket.close();
    }
  }

  take(message) {
    const now_ms = performance.now();
    const fresh = message.type === "snapshot";
    if (!fresh && (message.since ?? message.seq - 1) > this.seq) {
      this.gaps += 1;
      this.reopen();
      return;
    }
    this.messages += 1;
    this.heard_ms = now_ms;
    this.seq = message.seq;
    this.wait_ms = 400;
    const rate = message.rate === "max" ? Infinity : message.rate;
    this.clock.hear(message.time_s, rate, now_ms, fresh);
    if (fresh) {
      this.state = { signals: {}, alarms: {}, kpis: {}, run: message.run, line: message.line };
      this.bodies.clear();
      this.joints.clear();
    }
    Object.assign(this.state.signals, message.signals);
    Object.assign(this.state.kpis, message.kpis);
    for (const alarm of message.alarms ?? []) this.state.alarms[alarm.id] = alarm;
    this.takeBodies(message.bodies ?? {}, message.time_s);
    this.takeJoints(message.joints ?? {}, message.time_s);
    if (!this.connected || this.stale) {
      this.connected = true;
      this.stale = false;
      this.dispatchEvent(new Event("connection"));
    }
    this.dispatchEvent(new CustomEvent(fresh ? "snapshot" : "delta", { detail: message }));
  }

  takeBodies(bodies, time_s) {
    const at_once = !(this.rate > 0 && this.rate < FAST_RATE);
    for (const [id, entry] of Object.entries(bodies)) {
      const body = this.bodies.get(id);
      if (body === undefined) {
        if (entry !== null) this.bodies.set(id, new TrackedBody(entry));
      } else if (at_once) {
        body.waiting.length = 0;
        if (entry === null) this.bodies.delete(id);
        else body.become(entry);
      } else {
        body.expect(entry, entry === null ? time_s : Math.min(beginOf(entry[1]), time_s));
      }
    }
  }

  takeJoints(joints, time_s) {
    const at_once = !(this.rate > 0 && this.rate < FAST_RATE);
    for (const [id, path] of Object.entries(joints)) {
      const joint = this.joints.get(id);
      if (joint === undefined) this.joints.set(id, new TrackedJoint(path));
      else if (at_once) {
        joint.waiting.length = 0;
        joint.become(path);
      } else joint.expect(path, Math.min(path[0][0], time_s));
    }
  }

  // Bring every body and joint to the time shown; call once a frame.
  advance(time_s) {
    for (const joint of this.joints.values()) {
      if (joint.waiting.length) joint.advance(time_s);
    }
    for (const [id, body] of this.bodies) {
      if (body.waiting.length && !body.advance(time_s)) this.bodies.delete(id);
    }
  }
}
