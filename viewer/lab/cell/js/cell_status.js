// The strip below the header: who drives, how the soft PLC is, what is forced, whether there is power.

import { panel } from "pilotcell_model";

export default {
  mixins: [panel],

  template: `
    <div class="strip" v-if="ready && status">
      <span class="strip-item" data-strip="owner" :data-owner="ownerKind">
        <span class="strip-name">{{ t("owner.title") }}</span>
        <strong>{{ ownerText }}</strong>
        <button v-if="canTakeBack" type="button" class="cell-button small" data-act="give_back"
          :title="t('owner.give_back_about')" @click="cell.act({ verb: 'control', owner: 'plc' })">
          {{ t("owner.give_back") }}</button>
        <span v-if="status.link" class="strip-link" data-strip="link" :data-state="status.link.state"
          :title="[status.link.problem, ...status.link.warnings].filter(Boolean).join(' · ')">{{ linkText }}</span>
      </span>
      <span v-if="status.plc" class="strip-item" data-strip="plc">
        <span class="strip-name">{{ t("plc.title") }}</span>
        <span class="plc-chip" :data-plc="status.plc.mode">{{ t("plc." + status.plc.mode) }}</span>
      </span>
      <span class="strip-item" data-strip="power" :data-powered="String(status.powered)">
        <span class="strip-name">{{ t("power.title") }}</span>
        <span class="power-chip">{{ t(powerText) }}</span>
      </span>
      <span class="strip-item" data-strip="made">
        <span class="strip-name">{{ t("made.title") }}</span>
        <strong :data-signal="cell.path + '/made'"></strong>
      </span>
      <span class="strip-gap"></span>
      <button v-if="status.lying.length" type="button" class="cell-button small" data-act="clear_floor"
        :title="status.lying.join(', ')" @click="cell.act({ verb: 'remove' })">
        {{ t("floor.clear", { count: status.lying.length }) }}</button>
      <button v-if="status.count" type="button" class="strip-incidents" data-act="show_incidents"
        @click="cell.tell('show', 'incidents')">
        {{ t("incident.count", { count: status.count }) }}</button>
      <span v-if="forced.length" class="forced-badge" data-forced role="status" :title="forced.join(', ')">
        <span class="forced-chip">{{ t("io.forced_chip") }}</span>
        {{ t("forced.count", { count: forced.length }) }}
        <button type="button" class="cell-button small" data-act="release_all" @click="cell.releaseAll()">
          {{ t("forced.release") }}</button>
      </span>
    </div>`,

  computed: {
    forced() {
      return Object.keys(this.status.forced);
    },

    powerText() {
      // In an exercise it is for the learner to find why.
      if (this.status.powered) return "power.on";
      return this.cell.exercise ? "power.off_bare" : "power.off";
    },

    ownerKind() {
      const { owner } = this.status;
      return owner === "plc" ? "plc" : owner ? "outside" : "nobody";
    },

    ownerText() {
      if (this.ownerKind !== "outside") return this.t(`owner.${this.ownerKind}`);
      const [kind, ...rest] = this.status.owner.split(":");
      const known = this.cell.words[`owner.of_${kind}`];
      return known ? `${known}${rest.length ? ` (${rest.join(":")})` : ""}` : this.status.owner;
    },

    linkText() {
      const { state, timing } = this.status.link;
      const said = [this.t(`link.${state}`)];
      const number = (value) => Number(value.toPrecision(3));
      if (timing.median_ms != null)
        said.push(this.t("link.trip", { median: number(timing.median_ms), p95: number(timing.p95_ms) }));
      if (timing.period_ms != null)
        said.push(this.t("link.period", { period: number(timing.period_ms), jitter: number(timing.jitter_ms ?? 0) }));
      return said.join(" · ");
    },

    canTakeBack() {
      return this.status.plc && this.status.plc.mode !== "empty" && this.ownerKind !== "plc";
    },
  },

  methods: {
    begin() {
      // The count on the tab of incidents stands outside of this element.
      this.ends.push(
        this.cell.on("status", () => {
          for (const el of document.querySelectorAll("[data-incident-count]")) {
            const count = this.cell.status.count;
            el.textContent = count ? String(count) : "";
          }
        }),
      );
    },
  },
};
