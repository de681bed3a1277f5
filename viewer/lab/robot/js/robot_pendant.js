// The pendant of a robot: mode, motors, enabling switch, jogging, readouts, points.

import { jogging } from "pilotrobot_jog";
import { robotPanel } from "pilotrobot_model";
import { eulerOf } from "pilotrobot_pose";

const FRAMES = ["joint", "world", "tool", "wobj"];
const NEAR_M = 0.1;

export default {
  mixins: [robotPanel, jogging],

  template: `
    <div class="pendant" v-if="ready && robot">
      <div v-if="robot.fault" class="pendant-fault" role="alert" data-robot-fault>
        <q-icon name="front_hand" /><div><strong>{{ r("fault") }}</strong> <span>{{ robot.fault[cell.language] }}</span></div>
        <button type="button" class="cell-button" data-robot="reset" :disabled="!may" @click="act('reset')">{{ r("reset") }}</button>
      </div>
      <div class="pendant-bar">
        <span v-if="all.length > 1" class="seg" role="group">
          <button v-for="one in all" :key="one.id" type="button" :data-choose="one.id" :aria-pressed="String(one.id === chosen)"
            @click="letGo(); model.choose(one.id)">{{ one.title }}</button></span>
        <span class="seg" role="group" :aria-label="r('mode')">
          <button v-for="mode in ['auto', 'manual']" :key="mode" type="button" :data-mode="mode" :disabled="!may" :title="r('mode_' + mode + '_about')"
            :aria-pressed="String(robot.mode === mode)" @click="act('mode', { mode })">{{ r("mode_" + mode) }}</button></span>
        <button type="button" class="cell-button" data-robot="motors" :disabled="!may" :aria-pressed="String(robot.motors)"
          @click="act('motors', { on: !robot.motors })"><q-icon name="power_settings_new" />{{ r(robot.motors ? "motors_on" : "motors_off") }}</button>
        <button type="button" class="cell-button pendant-enable" data-robot="enabling" :disabled="!may || robot.mode !== 'manual'"
          :aria-pressed="String(robot.enabling)" :title="r('enabling_about')" @click="act('enabling', { on: !robot.enabling })">
          <q-icon name="back_hand" />{{ r(robot.enabling ? "enabling_held" : "enabling") }}</button>
        <label class="pendant-speed" :title="r('speed_about')">{{ r("speed") }}
          <input type="range" min="1" max="100" data-robot="speed" :disabled="!may" :value="robot.override" @change="act('speed', { percent: Number($event.target.value) })">
          <b>{{ robot.override }} %</b></label>
      </div>
      <div class="pendant-why" data-robot-state :data-ready="String(robot.ready)" role="status">
        <span class="plc-chip" :data-plc="robot.fault ? 'fault' : robot.moving ? 'run' : robot.ready ? 'run' : 'stop'">{{ stateText }}</span>
        <span>{{ hint }}</span>
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
          <div v-for="axis in axes" :key="axis.name" class="jog-row" :data-axis="axis.name">
            <button type="button" class="jog" :data-jog="axis.name + '-'" :disabled="!may || !canJog" :aria-label="axis.label + ' −'"
              @pointerdown="press(axis.index, -1, $event)" @pointerup="letGo" @pointercancel="letGo" @pointerleave="letGo" @lostpointercapture="letGo"
              @keydown.space.prevent="pressKey(axis.index, -1, $event)" @keyup.space="letGo" @blur="letGo">−</button>
            <span class="jog-name">{{ axis.label }}</span>
            <span class="jog-value mono" :data-value="axis.name">{{ axis.value }}</span>
            <span v-if="axis.share !== null" class="jog-range"><i :style="{ left: axis.share + '%' }"></i></span>
            <button type="button" class="jog" :data-jog="axis.name + '+'" :disabled="!may || !canJog" :aria-label="axis.label + ' +'"
              @pointerdown="press(axis.index, 1, $event)" @pointerup="letGo" @pointercancel="letGo" @pointerleave="letGo" @lostpointercapture="letGo"
              @keydown.space.prevent="pressKey(axis.index, 1, $event)" @keyup.space="letGo" @blur="letGo">+</button>
          </div>
        </section>
        <section class="pendant-side">
          <div class="pendant-row"><span class="pendant-name">{{ r("tool") }}</span>
            <select class="cell-input" data-robot="tool" :disabled="!may" :value="robot.tool" @change="act('tool', { name: $event.target.value })">
              <option v-for="name in named('tools', 'tool0')" :key="name">{{ name }}</option></select>
            <span class="pendant-name">{{ r("wobj") }}</span>
            <select class="cell-input" data-robot="wobj" :disabled="!may" :value="robot.wobj" @change="act('wobj', { name: $event.target.value })">
              <option v-for="name in named('wobjs', 'wobj0')" :key="name">{{ name }}</option></select></div>
          <div v-if="robot.nearest" class="pendant-near" :data-near="String(robot.nearest.distance_m < near)" data-robot-near>
            <q-icon name="straighten" />{{ r("near", { mm: Math.round(robot.nearest.distance_m * 1000), mine: robot.nearest.mine, other: robot.nearest.other }) }}</div>
          <div v-if="robot.singularity" class="pendant-near" data-near="true">{{ r("singular", { kind: robot.singularity[0] }) }}</div>
          <div class="pendant-show" role="group" :aria-label="r('show')"><span class="pendant-name">{{ r("show") }}</span>
            <button v-for="name in ['axes', 'trace', 'ghost']" :key="name" type="button" class="cell-button small" :data-show="name"
              :aria-pressed="String(shown[name])" @click="toggle(name)">{{ r("show_" + name) }}</button></div>
          <div class="pendant-points">
            <form class="pendant-row" @submit.prevent="teach(newName)"><span class="pendant-name">{{ r("points") }}</span>
              <input class="cell-input mono" data-robot="point_name" v-model="newName" :placeholder="r('point_new')" :aria-label="r('point_new')" maxlength="32">
              <button type="submit" class="cell-button small" data-robot="teach" :disabled="!may || !newName.trim() || !program" :title="r('teach_about')">{{ r("teach") }}</button></form>
            <div class="points-scroll"><table>
              <tr v-for="point in points" :key="point.name" :data-point-row="point.name">
                <td class="mono" :title="point.text || point.value">{{ point.name }}</td>
                <td><button type="button" class="cell-button small" :data-go="point.name" :disabled="!may || !canJog" :title="r('go_about')" @click="act('move_to', { point: point.name })">{{ r("go") }}</button></td>
                <td><button type="button" class="cell-button small" :data-overwrite="point.name" :disabled="!may" :title="r('overwrite_about')" @click="teach(point.name)">{{ r("overwrite") }}</button></td>
              </tr></table>
              <div v-if="!points.length" class="cell-none">{{ r("no_points") }}</div></div>
          </div>
        </section>
      </div>
    </div>`,

  data: () => ({ frames: FRAMES, near: NEAR_M, newName: "", shown: { axes: true, trace: true, ghost: false } }),

  computed: {
    stateText() {
      const { fault, moving, ready, doing } = this.robot;
      if (fault) return this.r("state_fault");
      if (moving) return this.r(doing === "jog" ? "state_jog" : "state_moving");
      return this.r(ready ? "state_ready" : "state_not_ready");
    },

    // What to do next, so that it can be moved by hand.
    hint() {
      const { fault, ready, mode, why_not } = this.robot;
      if (fault) return this.r("hint_fault");
      if (mode === "auto") return ready ? this.r("hint_auto") : (why_not?.[this.cell.language] ?? "");
      if (!this.robot.motors) return this.r("hint_motors");
      if (!this.robot.enabling) return this.r("hint_enabling");
      return ready ? this.r("hint_jog") : (why_not?.[this.cell.language] ?? "");
    },

    canJog() {
      return this.robot.ready && this.robot.mode === "manual";
    },

    axes() {
      if (this.frame === "joint") {
        return this.robot.joints.map(({ kind, value, low, high }, index) => ({
          index,
          name: `j${index + 1}`,
          label: `J${index + 1}`,
          value: kind === "turn" ? `${value.toFixed(2)}°` : `${(value * 1000).toFixed(1)} mm`,
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
        value: index < 3 ? `${(place[index] * 1000).toFixed(1)} mm` : `${turns[index - 3].toFixed(2)}°`,
      }));
    },

    points() {
      return this.program?.points ?? [];
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

    teach(name) {
      this.act("teach", { name: name.trim() });
      this.newName = "";
    },

    toggle(name) {
      this.shown = { ...this.shown, [name]: !this.shown[name] };
      this.view();
    },

    // Let the 3D view know what to show of the chosen robot.
    view() {
      if (!this.robot || !window.pilotline?.robot) return;
      window.pilotline.robot({ ...this.model.chosen, state: this.robot, show: { ...this.shown } });
    },
  },
};
