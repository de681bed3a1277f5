// What went wrong: when, where, why. A click shows the place.

import { clockText, panel } from "pilotcell_model";

export default {
  mixins: [panel],

  template: `
    <div class="incidents" v-if="ready" role="log" aria-live="polite">
      <div v-if="!list.length" class="cell-none">{{ t("incident.none") }}</div>
      <div v-for="entry in list" :key="entry.number" class="incident" :data-incident="entry.kind">
        <button type="button" class="incident-go" :title="t('incident.look')" @click="look(entry)">
          <span class="incident-time mono">{{ clock(entry.time_s) }}</span>
          <span class="incident-kind">{{ cell.words["incident.kind." + entry.kind] ?? entry.kind }}</span>
          <span class="incident-where">{{ title(entry.body) }}</span>
          <span class="incident-text">{{ entry.text[cell.language] }}</span>
        </button>
        <button v-if="entry.part !== null && there.has(entry.part)" type="button" class="cell-button small"
          data-act="remove_part" @click="cell.act({ verb: 'remove', part: entry.part })">
          {{ t("incident.remove", { part: entry.part }) }}</button>
      </div>
    </div>`,

  computed: {
    list() {
      return this.status ? [...this.cell.incidents].reverse() : [];
    },

    // Numbers of the parts that are still in the cell.
    there() {
      const texts = [...Object.values(this.status?.held ?? {}).flat(), ...(this.status?.lying ?? [])];
      return new Set(texts.map((text) => Number(text.split(" ").at(-1))));
    },
  },

  methods: {
    clock(time_s) {
      return `${clockText(time_s)}.${String(Math.floor((time_s % 1) * 1000)).padStart(3, "0")}`;
    },

    title(body) {
      return this.cell.byBody[body]?.title ?? body;
    },

    look(entry) {
      this.cell.choose(entry.body);
      this.cell.tell("look", `body:${this.cell.id}/${entry.body}`);
    },
  },
};
