// The table of I/O points: live values, forces, who writes.

import { panel, typed } from "pilotcell_model";

const PAINT_MS = 100;
const GROUPS = ["input", "output", "operator"];

export default {
  mixins: [panel],

  template: `
    <div class="io" v-if="ready">
      <div class="io-head">
        <input class="cell-input io-find" type="search" v-model="find" :placeholder="t('io.find')"
          :aria-label="t('io.find')">
        <div class="seg" role="group" :aria-label="t('io.show')">
          <button v-for="choice in ['all', ...groups, 'forced']" :key="choice" type="button"
            :aria-pressed="String(shown === choice)" :data-group="choice" @click="shown = choice">
            {{ t("io." + choice) }}<span v-if="choice === 'forced' && count" class="seg-count">{{ count }}</span>
          </button>
        </div>
        <a class="cell-link" :href="cell.base + '/signals.csv'" download :title="t('io.csv_about')">CSV</a>
      </div>
      <div class="io-scroll">
        <table class="io-table">
          <thead><tr>
            <th>{{ t("io.name") }}</th><th>{{ t("io.address") }}</th><th>{{ t("io.value") }}</th>
            <th>{{ t("io.force") }}</th><th>{{ t("io.writer") }}</th><th>{{ t("io.comment") }}</th>
          </tr></thead>
          <tbody v-for="group in visible" :key="group.name">
            <tr class="io-group"><th colspan="6" scope="rowgroup">
              {{ t("io.group_" + group.name) }} <span class="count">{{ group.points.length }}</span>
            </th></tr>
            <tr v-for="point in group.points" :key="point.name" :data-point="point.name"
                :class="{ forced: isForced(point) }">
              <td class="io-name">
                <button type="button" class="io-pick" :title="t('io.insert', { name: point.name })"
                  @click="cell.tell('insert', point.name)">{{ point.name }}</button>
                <button type="button" class="io-chart" :aria-pressed="String(charted.has(point.name))"
                  :title="t('io.chart')" :aria-label="t('io.chart')" @click="chart(point)">
                  <svg viewBox="0 0 16 10" aria-hidden="true"><path d="M0 9h4V1h5v8h3V1h4" /></svg>
                </button>
              </td>
              <td class="mono io-address">{{ point.address }}</td>
              <td class="io-value"><span class="io-live mono" :data-type="point.type"
                :ref="(el) => keep(point, el)"></span></td>
              <td class="io-force">
                <template v-if="point.type === 'BOOL'">
                  <span class="seg small" role="group" :aria-label="t('io.force_of', { name: point.name })">
                    <button type="button" :aria-pressed="String(forcedTo(point) === false)"
                      :title="t('io.force_false')" data-force="0" @click="force(point, false)">0</button>
                    <button type="button" :aria-pressed="String(forcedTo(point) === true)"
                      :title="t('io.force_true')" data-force="1" @click="force(point, true)">1</button>
                  </span>
                </template>
                <input v-else class="cell-input io-number mono" :placeholder="t('io.number')"
                  inputmode="decimal" :aria-label="t('io.force_of', { name: point.name })"
                  :value="editing === point.name ? typing : forcedText(point)"
                  @focus="typing = forcedText(point); editing = point.name" @blur="editing = null"
                  @input="typing = $event.target.value" @keydown.enter="forceNumber(point, $event)">
                <button v-if="isForced(point)" type="button" class="io-release" data-release
                  :title="t('io.release')" :aria-label="t('io.release_of', { name: point.name })"
                  @click="cell.act({ verb: 'release', point: point.name })">✕</button>
              </td>
              <td class="io-writer">{{ writer(point) }}</td>
              <td class="io-comment" :title="point.comment">
                <span v-if="isForced(point)" class="forced-chip">{{ t("io.forced_chip") }}</span>
                <span v-if="isForced(point)" class="io-raw">{{ t("io.raw", { value: cell.text(point, status.raw[point.name]) }) }}</span>
                {{ point.comment }}
              </td>
            </tr>
          </tbody>
        </table>
        <div v-if="!visible.length" class="cell-none">{{ t("io.none") }}</div>
      </div>
    </div>`,

  // What is being typed is kept apart: the table is drawn anew with each answer of the server.
  data: () => ({ editing: null, typing: "", find: "", shown: "all", groups: GROUPS, charted: new Set() }),

  computed: {
    count() {
      return Object.keys(this.status?.forced ?? {}).length;
    },

    visible() {
      const wanted = this.find.trim().toLowerCase();
      const fits = (point) =>
        (["all", "forced"].includes(this.shown) || point.direction === this.shown) &&
        (this.shown !== "forced" || this.isForced(point)) &&
        (!wanted ||
          [point.name, point.address, point.comment, point.body].some((text) =>
            text.toLowerCase().includes(wanted),
          ));
      const points = this.cell.points.filter(fits);
      return GROUPS.map((name) => ({
        name,
        points: points.filter((point) => point.direction === name),
      })).filter((group) => group.points.length);
    },
  },

  methods: {
    begin() {
      this.charted = this.cell.charted;
      this.ends.push(this.cell.on("charted", () => (this.charted = new Set(this.cell.charted))));
      this.ends.push(
        this.cell.on("find", (text) => {
          this.find = text;
          this.shown = "all";
        }),
      );
      this.every(PAINT_MS, () => this.paint());
    },

    keep(point, el) {
      this.live ??= new Map();
      if (el) this.live.set(point, el);
      else this.live.delete(point);
    },

    paint() {
      for (const [point, el] of this.live ?? []) {
        const [, quality, time_s] = this.cell.reading(point.name) ?? [];
        const value = this.cell.value(point.name);
        const text = quality === "bad" ? "?" : this.cell.text(point, value);
        const shown = point.unit && text !== "–" ? `${text} ${point.unit}` : text;
        if (el.textContent !== shown) el.textContent = shown;
        el.dataset.on = String(value === true);
        el.dataset.quality = quality ?? "";
        const title = quality ? `${this.t(`quality.${quality}`)} · ${time_s.toFixed(3)} s` : "";
        if (el.title !== title) el.title = title;
      }
    },

    isForced(point) {
      return point.name in (this.status?.forced ?? {});
    },

    forcedTo(point) {
      return this.status?.forced[point.name];
    },

    forcedText(point) {
      return this.isForced(point) ? this.cell.text(point, this.forcedTo(point)) : "";
    },

    force(point, value) {
      this.cell.act({ verb: "force", point: point.name, value });
    },

    forceNumber(point, event) {
      const value = typed(point, event.target.value);
      if (value === undefined) return;
      this.force(point, value);
      event.target.blur();
    },

    writer(point) {
      if (point.direction === "input") return this.t("io.plant");
      if (point.direction === "operator") return this.t("io.person");
      const who = this.status?.writers[point.name] ?? "";
      return who === "plc" ? this.t("owner.plc_short") : who;
    },

    chart(point) {
      const { charted } = this.cell;
      if (!charted.delete(point.name)) charted.add(point.name);
      this.cell.tell("charted");
    },
  },
};
