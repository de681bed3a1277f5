// The sorting cell's control program, as somebody writes it who has only the I/O list.
"use strict";

const HIGH_FROM_MM = 80;
const RED_FROM_PERCENT = 12;

// One scan after the other; `settleMs` is how long a block stands before it is measured.
class Sorting {
  constructor(settleMs, now = () => Date.now()) {
    Object.assign(this, { settleMs, now, gate: false, kind: "", pushed: false, pushing: "" });
    Object.assign(this, { passing: false, atEnd: false, since: null, counts: {} });
  }

  scan(i) {
    if (!(i.s_stop && i.stopper_extended)) this.since = null;
    else if (this.since === null) this.since = this.now();
    const measured = this.since !== null && this.now() - this.since >= this.settleMs;
    const back = i.red_pusher_retracted && i.blue_pusher_retracted;

    if (this.gate) {
      // One block is through when it has left the sensor behind the stopper.
      if (this.passing && !i.s_passed) this.gate = false;
    } else if (!this.kind && measured && back) {
      this.kind = i.height >= HIGH_FROM_MM ? "high" : i.colour >= RED_FROM_PERCENT ? "red" : "blue";
      this.pushed = false;
      this.gate = true;
    }
    const low = this.kind === "red" || this.kind === "blue";
    if (this.kind === "high" && this.atEnd && !i.s_end) this.done();
    else if (low) this.push(i);
    this.passing = i.s_passed;
    this.atEnd = i.s_end;
    const waits = (this.kind === "red" || this.kind === "blue") && i[`s_${this.kind}`] && !this.pushed;
    return {
      infeed_run: !(this.gate && i.s_passed),
      sortbelt_run: !waits,
      stopper_extend: !this.gate,
      red_pusher_extend: this.pushing === "red",
      blue_pusher_extend: this.pushing === "blue",
      light_green: true,
    };
  }

  push(i) {
    if (i[`${this.kind}_pusher_extended`]) this.pushed = true;
    if (this.pushed) {
      this.pushing = "";
      if (i[`${this.kind}_pusher_retracted`]) this.done();
    } else if (i[`s_${this.kind}`] && !i[`${this.kind}_full`]) {
      this.pushing = this.kind;
    }
  }

  done() {
    this.counts[this.kind] = (this.counts[this.kind] || 0) + 1;
    this.kind = "";
  }
}

module.exports = { Sorting };
