// What a person at the cell works and sees: buttons, keys, emergency stops, lamps, doors, zones, cables.

import { panel } from "pilotcell_model";

const PAINT_MS = 100;
// However short a click: a controller that scans every 100 ms is to see it.
const LEAST_MS = 150;
// So long it stays down once the press has come back from the server, and at most in all.
const AFTER_MS = 60;
const LATE_MS = 3000;
const PUSH = [
  { pin: "start", colour: "green", lamp: "start_lamp" },
  { pin: "stop", colour: "red", lamp: "stop_lamp" },
  { pin: "reset", colour: "blue", lamp: "reset_lamp" },
];

export default {
  mixins: [panel],

  template: `
    <div class="operator" v-if="ready">
      <section v-for="body in panels" :key="body.id" class="op-plate" :aria-label="body.title" :data-panel="body.id">
        <div class="op-title">{{ body.title }}</div>
        <div class="op-row">
          <div v-for="push in pushes(body)" :key="push.pin" class="op-unit">
            <span class="op-word">{{ t("panel." + push.pin) }}</span>
            <button type="button" class="op-push" :data-colour="push.colour" :data-push="push.name"
              :data-lit="String(on(push.lampName))" :data-down="String(isDown(push.name))"
              :aria-label="t('panel.' + push.pin + '_about')" :title="t('panel.' + push.pin + '_about')"
              @pointerdown.prevent="press(push.name, $event)"
              @pointerup="letGo(push.name)" @pointercancel="letGo(push.name)" @lostpointercapture="letGo(push.name)"
              @keydown.space.prevent="pressKey(push.name, $event)" @keydown.enter.prevent="pressKey(push.name, $event)"
              @keyup="letGo(push.name)" @blur="letGo(push.name)" @contextmenu.prevent><span></span></button>
          </div>
          <div v-if="has(body, 'auto')" class="op-unit">
            <span class="op-word">{{ t("panel.mode") }}</span>
            <button type="button" class="op-key" role="switch" :aria-checked="String(on(name(body, 'auto')))"
              :data-key="name(body, 'auto')" :title="t('panel.mode_about')" :aria-label="t('panel.mode_about')"
              @click="put(name(body, 'auto'), !on(name(body, 'auto')))"><span class="op-key-bar"></span></button>
            <span class="op-choice"><span :data-chosen="String(!on(name(body, 'auto')))">{{ t("panel.manual") }}</span>
              <span :data-chosen="String(on(name(body, 'auto')))">{{ t("panel.auto") }}</span></span>
          </div>
          <div v-if="has(body, 'estop')" class="op-unit">
            <span class="op-word">{{ t("panel.estop") }}</span>
            <button type="button" class="op-estop" role="switch" :data-estop="name(body, 'estop')"
              :aria-checked="String(!on(name(body, 'estop')))" :data-latched="String(!on(name(body, 'estop')))"
              :aria-label="t(on(name(body, 'estop')) ? 'panel.estop_press' : 'panel.estop_turn')"
              :title="t(on(name(body, 'estop')) ? 'panel.estop_press' : 'panel.estop_turn')"
              @click="put(name(body, 'estop'), !on(name(body, 'estop')))"><svg viewBox="0 0 40 40" aria-hidden="true">
              <path d="M20 8a12 12 0 0 1 11 7l3-2-1 8-7-4 3-1a9 9 0 0 0-9-5z" /><path d="M20 32a12 12 0 0 1-11-7l-3 2 1-8 7 4-3 1a9 9 0 0 0 9 5z" />
              </svg></button>
            <span class="op-note">{{ on(name(body, "estop")) ? "" : t("panel.turn") }}</span>
          </div>
        </div>
      </section>
      <section v-for="body in lights" :key="body.id" class="op-plate narrow" :aria-label="body.title">
        <div class="op-title">{{ body.title }}</div>
        <div class="op-tower"><span v-for="lamp in body.lamps" :key="lamp" :data-lamp="lamp"
          :data-lit="String(on(name(body, lamp)))" role="img"
          :aria-label="t('lamp.' + lamp) + ': ' + t(on(name(body, lamp)) ? 'lamp.lit' : 'lamp.dark')"
          :title="t('lamp.' + lamp)">{{ lamp === "buzzer" ? "♪" : "" }}</span></div>
      </section>
      <section v-if="doors.length + zones.length + cables.length" class="op-plate op-guards"
        :aria-label="t(cables.length ? 'cable.guards' : 'door.guards')">
        <div class="op-title">{{ t(cables.length ? "cable.guards" : "door.guards") }}</div>
        <div class="op-guard-list">
          <div v-for="body in doors" :key="body.id" class="op-guard" :data-open="String(!on(name(body, 'closed')))">
            <span class="op-door-leaf" aria-hidden="true"></span>
            <span class="op-guard-words"><span>{{ body.title }}</span><span class="op-note">{{
              t(on(name(body, "closed")) ? "door.closed" : "door.open") }}<template
              v-if="has(body, 'locked') && on(name(body, 'locked'))"> · {{ t("door.locked") }}</template></span></span>
            <button type="button" :data-door="body.id" :title="t('door.about')"
              @click="put(name(body, 'closed'), !on(name(body, 'closed')))">
              {{ t(on(name(body, "closed")) ? "door.open_it" : "door.close_it") }}</button>
          </div>
          <div v-for="body in zones" :key="body.id" class="op-guard" :data-inside="String(isInside(body))">
            <svg class="op-person" viewBox="0 0 20 34" aria-hidden="true"><circle cx="10" cy="5" r="4.5" />
              <path d="M3 12h14v10h-3v12H6V22H3z" /></svg>
            <span class="op-guard-words"><span>{{ body.title }}</span><span class="op-note">{{
              t(isInside(body) ? "zone.inside" : "zone.empty") }}</span></span>
            <button type="button" :data-zone="body.id" :title="t('zone.about')" @click="step(body)">
              {{ t(isInside(body) ? "zone.leave" : "zone.enter") }}</button>
          </div>
          <div v-for="body in cables" :key="body.id" class="op-guard" :data-open="String(!on(name(body, 'plugged')))">
            <svg class="op-plug" viewBox="0 0 20 24" aria-hidden="true"><path d="M4 3h12v9h-3v4H7v-4H4z M9 16h2v7H9z" />
              <path class="op-pins" d="M7 3v4 M10 3v4 M13 3v4" /></svg>
            <span class="op-guard-words"><span>{{ body.title }}</span><span class="op-note">{{
              t(on(name(body, "plugged")) ? "cable.plugged" : "cable.pulled") }}<template
              v-if="on(name(body, 'connected'))"> · {{ t("cable.connected") }}</template></span></span>
            <button type="button" :data-cable="body.id" :title="t('cable.about')"
              @click="put(name(body, 'plugged'), !on(name(body, 'plugged')))">
              {{ t(on(name(body, "plugged")) ? "cable.pull_it" : "cable.plug_it") }}</button>
          </div>
        </div>
      </section>
      <div v-if="!any" class="cell-none">{{ t("panel.none") }}</div>
    </div>`,

  data: () => ({ values: {}, down: {} }),

  computed: {
    panels() {
      return this.of("panel");
    },

    lights() {
      return this.of("stack_light");
    },

    doors() {
      return this.of("door");
    },

    zones() {
      return this.of("zone");
    },

    cables() {
      return this.of("channel");
    },

    any() {
      const shown = [this.panels, this.lights, this.doors, this.zones, this.cables];
      return shown.some((bodies) => bodies.length > 0);
    },
  },

  methods: {
    begin() {
      const kinds = new Set(["panel", "stack_light", "door", "zone", "channel"]);
      this.watched = this.cell.points.filter((point) => kinds.has(this.cell.byBody[point.body].kind));
      this.every(PAINT_MS, () => this.look());
    },

    of(kind) {
      return this.cell.bodies.filter((body) => body.kind === kind);
    },

    look() {
      for (const { name } of this.watched) {
        const value = this.cell.value(name);
        if (value !== undefined && this.values[name] !== value) this.values[name] = value;
      }
    },

    name: (body, pin) => `${body.id}_${pin}`,

    has(body, pin) {
      return this.name(body, pin) in this.cell.byName;
    },

    on(name) {
      return Boolean(this.values[name] ?? this.cell.byName[name]?.initial);
    },

    pushes(body) {
      return PUSH.filter(({ pin }) => this.has(body, pin)).map((push) => ({
        ...push,
        name: this.name(body, push.pin),
        lampName: this.name(body, push.lamp),
      }));
    },

    put(name, value) {
      this.cell.act({ verb: "write", point: name, value });
    },

    isDown(name) {
      return Boolean(this.down[name]) || this.on(name) !== Boolean(this.cell.byName[name].initial);
    },

    // Down for as long as it is held; a button that breaks its contact goes false.
    press(name, event) {
      if (event.button > 0 || this.down[name]) return;
      event.target.closest("button").setPointerCapture?.(event.pointerId);
      event.target.closest("button").focus({ preventScroll: true });
      this.go(name);
    },

    pressKey(name, event) {
      if (!event.repeat && !this.down[name]) this.go(name);
    },

    go(name) {
      this.down = { ...this.down, [name]: performance.now() };
      this.put(name, !this.cell.byName[name].initial);
    },

    letGo(name) {
      const since_ms = this.down[name];
      if (!since_ms || this.leaving?.has(name)) return;
      (this.leaving ??= new Set()).add(name);
      const initial = Boolean(this.cell.byName[name].initial);
      const release = () => {
        this.leaving.delete(name);
        this.down = { ...this.down, [name]: 0 };
        this.put(name, initial);
      };
      // A server that is late must not hear of both in one moment: the controller would see nothing.
      const look = () => {
        const lasts_ms = performance.now() - since_ms;
        const heard = this.on(name) !== initial || lasts_ms > LATE_MS;
        if (heard) setTimeout(release, Math.max(LEAST_MS - lasts_ms, AFTER_MS));
        else setTimeout(look, AFTER_MS);
      };
      look();
    },

    isInside(body) {
      return Boolean(this.status?.people[body.id]);
    },

    step(body) {
      this.cell.act({ verb: this.isInside(body) ? "leave" : "enter", zone: body.id });
    },
  },
};
