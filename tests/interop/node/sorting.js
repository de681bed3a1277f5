// The sorting cell's control program, as somebody writes it who has only the I/O list.
"use strict";

const HIGH_FROM_MM = 80;
const RED_FROM_PERCENT = 32;

// One scan after the other; `settleMs` is how long a block stands before it is measured.
class Sorting {
  constructor(settleMs, now = () => Date.now()) {
    Object.assign(this, { settleMs, now, running: false, gate: false, kind: "", pushed: false });
    Object.assign(this, { startWas: false, endWas: false, since: null, counts: {} });
  }

  scan(i) {
    const start = i.panel_start && !this.startWas;
    this.startWas = i.panel_start;
    if (start && i.panel_auto) this.running = true;
    if (!i.panel_stop || !i.panel_power || !i.panel_auto) this.running = false;

    if (!(i.s_stop && i.stopper_extended)) this.since = null;
    else if (this.since === null) this.since = this.now();
    const measured = this.since !== null && this.now() - this.since >= this.settleMs;
    const leftEnd = this.endWas && !i.s_end;
    this.endWas = i.s_end;

    if (this.running) this.gatekeeping(i, measured);
    this.pushing(i, leftEnd);

    const push = (kind, here, full) => this.running && this.kind === kind && !this.pushed && here && !full;
    const redHere = this.kind === "red" && (i.s_red || this.redOut);
    const blueHere = this.kind === "blue" && (i.s_blue || this.blueOut);
    this.redOut = push("red", redHere, i.red_full && !this.redOut);
    this.blueOut = push("blue", blueHere, i.blue_full && !this.blueOut);
    const held = !this.pushed && ((this.kind === "red" && i.s_red) || (this.kind === "blue" && i.s_blue));
    return {
      infeed_run: this.running,
      sortbelt_run: this.running && !held && !this.redOut && !this.blueOut,
      stopper_extend: !this.gate,
      red_pusher_extend: this.redOut,
      blue_pusher_extend: this.blueOut,
      panel_start_lamp: this.running,
      light_green: this.running,
    };
  }

  gatekeeping(i, measured) {
    if (this.gate) {
      if (i.s_passed) this.gate = false;
    } else if (!this.kind && measured && i.red_pusher_retracted && i.blue_pusher_retracted) {
      this.kind = i.height >= HIGH_FROM_MM ? "high" : i.colour >= RED_FROM_PERCENT ? "red" : "blue";
      this.pushed = false;
      this.gate = true;
    }
  }

  pushing(i, leftEnd) {
    if (this.kind === "high" ? leftEnd : this.pushed && i[`${this.kind}_pusher_retracted`]) {
      this.counts[this.kind] = (this.counts[this.kind] || 0) + 1;
      this.kind = "";
    } else if (this.kind && this.kind !== "high" && i[`${this.kind}_pusher_extended`]) {
      this.pushed = true;
    }
  }
}

module.exports = { Sorting };
