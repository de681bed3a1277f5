// Nothing to see: it holds what the panels of the page share, and carries what they do to the server.

import { CellModel } from "pilotcell_model";
import { keepPlace, takePlace } from "pilotcell_place";

export default {
  template: `<div hidden></div>`,

  props: { options: Object },

  mounted() {
    this.cell = new CellModel(this.options, (wish) => this.$emit("act", wish));
    this.ends = [
      this.cell.on("choose", (body) => this.$emit("choose", body ?? "")),
      this.cell.on("robot", (wish) => this.$emit("robot", wish)),
      this.cell.on("look", (name) => this.$emit("look", name)),
      this.cell.on("show", (tab) => this.$emit("show", tab)),
      keepPlace(this.cell),
    ];
    window.pilotcell = this.cell;
    takePlace(this.cell);
  },

  beforeUnmount() {
    for (const end of this.ends) end();
    this.cell.close();
  },

  methods: {
    // Called by the server.
    choose(body) {
      this.cell.chosen = body;
      this.cell.tell("chosen", body);
    },

    tell(name, detail) {
      this.cell.tell(name, detail);
    },
  },
};
