// The points of a robot's program: taught, gone to, overwritten, renamed, deleted.

export const PointList = {
  props: { robot: Object, program: Object, may: Boolean, canMove: Boolean, said: Function, act: Function, go: Function, drop: Function },

  template: `
    <div class="pendant-points">
      <form class="pendant-row" @submit.prevent="teach"><span class="pendant-name">{{ said("points") }}</span>
        <input class="cell-input mono" data-robot="point_name" v-model="newName" :placeholder="said('point_new')" :aria-label="said('point_new')" maxlength="64">
        <button type="submit" class="cell-button small" data-robot="teach" :disabled="!may || !newName.trim() || !program" :title="said('teach_about')">{{ said("teach") }}</button>
        <button v-if="program?.undo" type="button" class="cell-button small icon" data-robot="undo" :disabled="!may" :title="said('point_undo')" :aria-label="said('point_undo')"
          @click="act('point_undo')"><q-icon name="undo" /></button></form>
      <div class="points-scroll"><table>
        <tr v-for="point in points" :key="point.name" :data-point-row="point.name">
          <td class="point-name" :title="about(point)">
            <input v-if="renamed === point.name" ref="rename" class="cell-input mono" data-robot="point_to" v-model="to" :aria-label="said('point_rename')" maxlength="64"
              @keydown.enter.prevent="rename" @keydown.esc.prevent="renamed = null" @blur="renamed = null">
            <template v-else><span class="mono">{{ point.name }}</span>
              <small v-if="point.tool" :data-other="String(other(point))" :data-with="point.name">{{ point.tool }}{{ point.wobj === "wobj0" ? "" : " · " + point.wobj }}</small></template></td>
          <td><button type="button" class="cell-button small" :data-go="point.name" :disabled="!canMove" :title="said('go_about')"
            @contextmenu.prevent @pointerdown="go(point.name, $event)" @pointerup="drop" @pointercancel="drop" @pointerleave="drop"
            @keydown.enter.prevent="go(point.name, $event)" @keyup.enter="drop" @blur="drop">{{ said("go") }}</button></td>
          <td><button type="button" class="cell-button small" :data-overwrite="point.name" :disabled="!may || point.type !== 'robtarget'" :title="said('overwrite_about')"
            @click="act('teach', { name: point.name, overwrite: true })">{{ said("overwrite") }}</button></td>
          <td><button type="button" class="cell-button small icon" :data-point-menu="point.name" :disabled="!may" :title="said('point_more')" :aria-label="said('point_more')">
            <q-icon name="more_vert" />
            <q-menu no-refocus @hide="begin"><q-list dense>
              <q-item clickable v-close-popup data-point-act="rename" @click="chosen = point.name"><q-item-section>{{ said("point_rename") }}</q-item-section></q-item>
              <q-item clickable v-close-popup data-point-act="delete" @click="act('point_delete', { name: point.name })"><q-item-section>{{ said("point_delete") }}</q-item-section></q-item>
            </q-list></q-menu></button></td>
        </tr></table>
        <div v-if="!points.length" class="cell-none">{{ said("no_points") }}</div></div>
    </div>`,

  data: () => ({ newName: "", taught: null, chosen: null, renamed: null, to: "" }),

  computed: {
    points() {
      return this.program?.points ?? [];
    },
  },

  watch: {
    // What was typed stays until the point is there: it may have been refused.
    points(points) {
      if (this.taught === null || !points.some(({ name }) => name === this.taught)) return;
      if (this.newName.trim() === this.taught) this.newName = "";
      this.taught = null;
    },
  },

  methods: {
    teach() {
      const name = this.newName.trim();
      this.taught = this.points.some((point) => point.name === name) ? null : name;
      this.act("teach", { name });
    },

    // Whether the program moves there with another tool, or work object, than the pendant has.
    other({ tool, wobj }) {
      return tool !== this.robot.tool || wobj !== this.robot.wobj;
    },

    about(point) {
      const { tool, wobj, lines, text, value } = point;
      const made = tool ? this.said(this.other(point) ? "point_other" : "point_with", { tool, wobj }) : "";
      const used = lines.length ? this.said("point_lines", { lines: lines.join(", ") }) : this.said("point_unused");
      return [text || value, made, used].filter(Boolean).join("\n");
    },

    // Not before the menu is gone: while it is there it takes the focus back.
    begin() {
      if (this.chosen === null) return;
      this.renamed = this.to = this.chosen;
      this.chosen = null;
      this.$nextTick(() => this.$refs.rename?.[0]?.select());
    },

    rename() {
      const to = this.to.trim();
      if (to && to !== this.renamed) this.act("point_rename", { name: this.renamed, to });
      this.renamed = null;
    },
  },
};
