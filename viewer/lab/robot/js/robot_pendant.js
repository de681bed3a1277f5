// The pendant of a robot: mode, motors, enabling switch, jogging, readouts, points.

import { jogging } from "pilotrobot_jog";
import { robotPanel } from "pilotrobot_model";
import { PointList } from "pilotrobot_points";
import { eulerOf } from "pilotrobot_pose";
import { fixed, sentence, telling } from "pilotrobot_told";

const FRAMES = ["joint", "world", "tool", "wobj"];
const NEAR_M = 0.1;
const LIMIT = { turn: 0.05, slide: 0.0005 }; // as near as that is at the limit: degrees, m

export default {
  mixins: [robotPanel, jogging, telling],

  components: { PointList },

  template: `
    <div class="pendant" v-if="ready && robot">
      <div v-if="robot.fault" class="pendant-fault" role="alert" data-robot-fault>
        <q-icon name="front_hand" /><div><strong>{{ r("fault") }}</strong> <span>{{ sentence(robot.fault[cell.language]) }}</span></div>
        <button type="button" class="cell-button" data-robot="reset" :disabled="!may" @click="act('reset')">{{ r("reset") }}</button>
      </div>
      <div class="pendant-bar">
        <span v-if="all.length > 1" class="seg" role="group">
          <button v-for="one in all" :key="one.id" type="button" :data-choose="one.id" :aria-pressed="String(one.id === chosen)"
            @click="model.choose(one.id)">{{ one.title }}</button></span>
        <span class="seg" role="group" :aria-label="r('mode')">
          <button v-for="mode in ['auto', 'manual']" :key="mode" type="button" :data-mode="mode" :disabled="!may" :title="r('mode_' + mode + '_about')"
            :aria-pressed="String(robot.mode === mode)" @click="act('mode', { mode })">{{ r("mode_" + mode) }}</button></span>
        <span class="pendant-motors" :data-on="String(robot.motors)"><i></i>{{ r(robot.motors ? "motors_are_on" : "motors_are_off") }}
          <button type="button" class="cell-button small" data-robot="motors" :disabled="!may" :aria-pressed="String(robot.motors)" :title="r(robot.motors ? 'motors_on_about' : 'motors_off_about')"
            @click="act('motors', { on: !robot.motors })">{{ r(robot.motors ? "switch_off" : "switch_on") }}</button></span>
        <GripSwitch :model="model" :may="may" :manual="manual" :held="held || robot.enabling && manual" :one-hand="oneHand" :said="r" />
      </div>
      <div class="pendant-why" data-robot-state :data-ready="String(robot.ready)" role="status">
        <span class="plc-chip" :data-plc="robot.fault ? 'fault' : robot.moving || canGo ? 'run' : 'stop'">{{ stateText }}</span>
        <span v-if="limit" class="pendant-limit" data-robot-limit>{{ limit }}</span>
        <span v-else data-robot-hint>{{ hint }}</span>
      </div>
      <div class="pendant-body">
        <section class="pendant-jog">
          <div class="pendant-row">
            <span class="seg small-text" role="group"><button v-for="name in frames" :key="name" type="button" :data-frame="name" :aria-pressed="String(frame === name)"
              @click="letGo(); frame = name">{{ r("frame_" + name) }}</button></span>
            <select class="cell-input" data-robot="step" :aria-label="r('step')" v-model="step">
              <option value="hold">{{ r("step_hold") }}</option>
              <option v-for="size in steps" :key="size" :value="size">{{ stepText(size) }}</option></select>
          </div>
          <label class="pendant-speed" :title="r('speed_about')">{{ r("speed") }}
            <input type="range" min="1" max="100" data-robot="speed" :disabled="!may" :value="robot.override" @change="act('speed', { percent: Number($event.target.value) })">
            <b>{{ robot.override }} %</b></label>
          <div v-for="axis in axes" :key="axis.name" class="jog-row" :data-axis="axis.name">
            <button type="button" class="jog" :data-jog="axis.name + '-'" :disabled="!canMove" :aria-label="axis.label + ' −'"
              @contextmenu.prevent @pointerdown="press(axis.index, -1, $event)" @pointerup="letGo" @pointercancel="letGo" @pointerleave="letGo"
              @keydown.enter.prevent="press(axis.index, -1, $event)" @keyup.enter="letGo" @blur="letGo">−</button>
            <span class="jog-name">{{ axis.label }}</span>
            <span class="jog-value mono" :data-value="axis.name">{{ axis.value }}</span>
            <span v-if="axis.share !== null" class="jog-range"><i :style="{ left: axis.share + '%' }"></i></span>
            <button type="button" class="jog" :data-jog="axis.name + '+'" :disabled="!canMove" :aria-label="axis.label + ' +'"
              @contextmenu.prevent @pointerdown="press(axis.index, 1, $event)" @pointerup="letGo" @pointercancel="letGo" @pointerleave="letGo"
              @keydown.enter.prevent="press(axis.index, 1, $event)" @keyup.enter="letGo" @blur="letGo">+</button>
          </div>
        </section>
        <section class="pendant-side">
          <div class="pendant-row"><span class="pendant-name">{{ r("tool") }}</span>
            <select class="cell-input" data-robot="tool" :disabled="!may" :value="robot.tool" @change="act('tool', { name: $event.target.value })">
              <option v-for="name in named('tools', 'tool0')" :key="name">{{ name }}</option></select>
            <span class="pendant-name">{{ r("wobj") }}</span>
            <select class="cell-input" data-robot="wobj" :disabled="!may" :value="robot.wobj" @change="act('wobj', { name: $event.target.value })">
              <option v-for="name in named('wobjs', 'wobj0')" :key="name">{{ name }}</option></select></div>
          <div v-if="bare" class="pendant-bare" data-robot-bare>{{ r("tool0_about", { tool: program.tools[0] }) }}</div>
          <div v-if="robot.nearest" class="pendant-near" :data-near="String(robot.nearest.distance_m < near)" data-robot-near>
            <q-icon name="straighten" />{{ r("near", { mm: Math.round(robot.nearest.distance_m * 1000), mine: robot.nearest.mine_text[cell.language], other: robot.nearest.other_text[cell.language] }) }}</div>
          <div v-if="robot.singularity" class="pendant-near" data-near="true">{{ r("singular", { kind: robot.singularity[0] }) }}</div>
          <div class="pendant-show" role="group" :aria-label="r('show')"><span class="pendant-name">{{ r("show") }}</span>
            <button v-for="name in ['axes', 'trace', 'ghost']" :key="name" type="button" class="cell-button small" :data-show="name"
              :aria-pressed="String(shown[name])" :title="r('show_' + name + '_about')" @click="toggle(name)">{{ r("show_" + name) }}</button>
            <button type="button" class="cell-button small icon" data-robot="look" :title="r('look')" :aria-label="r('look')"
              @click="cell.tell('look', 'body:' + cell.id + '/' + chosen)"><q-icon name="center_focus_strong" /></button></div>
          <PointList :robot="robot" :program="program" :may="may" :can-move="canMove" :said="r" :act="act" :go="go" :drop="ungrasp" />
        </section>
      </div>
    </div>`,

  data: () => ({ frames: FRAMES, near: NEAR_M, shown: { axes: true, trace: true, ghost: false } }),

  computed: {
    // Ready, or nothing is missing but the hand on the switch that a button brings along.
    canGo() {
      return this.robot.ready || (this.manual && this.oneHand && this.canMove);
    },

    stateText() {
      const { fault, moving, doing } = this.robot;
      if (fault) return this.r("state_fault");
      if (this.runs) return this.r("state_program");
      if (moving) return this.r(doing === "jog" ? "state_jog" : "state_moving");
      return this.r(this.canGo ? "state_ready" : "state_not_ready");
    },

    runs() {
      return this.program?.mode === "run";
    },

    // The tool's flange is in hand, though the program has tools of its own.
    bare() {
      return this.robot.tool === "tool0" && this.program?.tools.length > 0;
    },

    // Where a joint can go no further.
    limit() {
      const { fault, joints } = this.robot;
      if (fault || !this.manual || this.runs) return "";
      const at = joints.findIndex(({ kind, value, low, high }) => Math.min(Math.abs(value - low), Math.abs(high - value)) < LIMIT[kind]);
      if (at < 0) return "";
      const { kind, value } = joints[at];
      return this.r("at_limit", { axis: at + 1, at: kind === "turn" ? `${fixed(value, 0)}°` : `${fixed(value * 1000, 0)} mm` });
    },

    // What to do next, so that it can be moved by hand.
    hint() {
      const { fault, ready, motors, powered, why_not } = this.robot;
      const why = why_not?.[this.cell.language] ?? "";
      if (fault) return this.r("hint_fault");
      if (this.runs) return this.waitText;
      if (!powered) return why;
      if (!this.manual) {
        if (ready) return this.r("hint_auto");
        return !motors && this.status?.plc ? this.r("hint_auto_plc") : this.r("hint_auto_why", { why });
      }
      if (!motors) return this.r("hint_motors");
      if (this.held || this.robot.enabling) return ready ? this.r("hint_jog") : why;
      return this.r(this.oneHand ? "hint_one_hand" : "hint_enabling");
    },

    axes() {
      if (this.frame === "joint") {
        return this.robot.joints.map(({ kind, value, low, high }, index) => ({
          index,
          name: `j${index + 1}`,
          label: `J${index + 1}`,
          value: kind === "turn" ? `${fixed(value, 2)}°` : `${fixed(value * 1000, 1)} mm`,
          share: Math.min(100, Math.max(0, (100 * (value - low)) / (high - low))),
        }));
      }
      const place = this.frame === "wobj" ? this.robot.tip_in_wobj : this.robot.tip;
      const turns = eulerOf(place);
      return ["x", "y", "z", "rx", "ry", "rz"].map((name, index) => ({
        index,
        name,
        label: name.toUpperCase(),
        share: null,
        value: index < 3 ? `${fixed(place[index] * 1000, 1)} mm` : `${fixed(turns[index - 3], 2)}°`,
      }));
    },
  },

  methods: {
    started() {
      this.view();
    },

    changed_state() {
      this.view();
    },

    named(list, first) {
      return [...new Set([first, ...(this.program?.[list] ?? [])])];
    },

    sentence,

    go(point, event) {
      if (this.grasp(event)) this.act("move_to", { point });
    },

    toggle(name) {
      this.shown = { ...this.shown, [name]: !this.shown[name] };
      this.view();
    },

    // Let the 3D view know what to show of the chosen robot.
    view() {
      if (!this.robot || !window.pilotline?.frames) return;
      this.model.lookBack();
      const { chosen, past, path } = this.model;
      window.pilotline.robot({ ...chosen, state: this.robot, past, path, show: { ...this.shown } });
    },
  },
};
