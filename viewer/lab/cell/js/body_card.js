// The card of the chosen body, over the 3D view: what it is, its points, what it holds, its figures.

import { panel } from "pilotcell_model";

const PAINT_MS = 150;

export default {
  mixins: [panel],

  template: `
    <section v-if="ready && body" class="cell-card" :data-card="body.id" :aria-label="body.title">
      <header>
        <div class="cell-card-names">
          <div class="cell-card-title">{{ body.title }}</div>
          <div class="cell-card-kind">{{ body.kindName }} · {{ body.id }}</div>
        </div>
        <button type="button" class="cell-close" :aria-label="t('close')" @click="cell.choose(null)">✕</button>
      </header>
      <p v-if="body.about">{{ body.about }}</p>
      <table v-if="points.length" class="cell-card-points">
        <tr v-for="point in points" :key="point.name">
          <td class="mono"><button type="button" :title="point.comment" @click="find(point)">{{ point.name }}</button></td>
          <td class="mono soft">{{ point.address }}</td>
          <td class="io-value"><span class="io-live mono" :data-type="point.type"
            :ref="(el) => keep(point, el)"></span></td>
          <td><span v-if="point.name in (status?.forced ?? {})" class="forced-chip">{{ t("io.forced_chip") }}</span></td>
        </tr>
      </table>
      <p v-if="held.length" class="cell-card-held"><strong>{{ t("card.holds") }}</strong> {{ held.join(", ") }}
        <button type="button" class="cell-button small" @click="remove">{{ t("card.remove") }}</button></p>
      <dl v-if="body.data.length"><template v-for="[name, value] in body.data" :key="name">
        <dt>{{ name }}</dt><dd>{{ value }}</dd></template></dl>
      <p v-if="points.length" class="cell-card-held"><button type="button" class="cell-button small"
        data-act="repair" :title="t('card.repair_about')" @click="repair">{{ t("card.repair") }}</button></p>
    </section>`,

  data: () => ({ chosen: null }),

  computed: {
    body() {
      return this.cell.byBody[this.chosen];
    },

    points() {
      return this.cell.points.filter((point) => point.body === this.chosen);
    },

    parts() {
      return this.status?.held[this.chosen] ?? [];
    },

    held() {
      return this.parts.map((part) => {
        const [type, number] = part.split(" ");
        return `${this.cell.parts[type] ?? type} ${number}`;
      });
    },
  },

  methods: {
    begin() {
      const take = (body) => (this.chosen = body);
      this.ends.push(this.cell.on("chosen", take), this.cell.on("choose", take));
      this.every(PAINT_MS, () => this.paint());
    },

    keep(point, el) {
      this.live ??= new Map();
      if (el) this.live.set(point, el);
      else this.live.delete(point);
    },

    paint() {
      for (const [point, el] of this.live ?? []) {
        const value = this.cell.value(point.name);
        const text = this.cell.text(point, value);
        el.textContent = point.unit && text !== "–" ? `${text} ${point.unit}` : text;
        el.dataset.on = String(value === true);
      }
    },

    find(point) {
      this.cell.tell("show", "io");
      this.cell.tell("find", point.name);
    },

    repair() {
      this.cell.act({ verb: "repair", body: this.chosen });
    },

    remove() {
      const last = this.parts.at(-1).split(" ").at(-1);
      this.cell.act({ verb: "remove", part: Number(last) });
    },
  },
};
