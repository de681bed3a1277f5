// Jogging: a button moves the arm while it is held, or by one step a click.

const DEGREES = [0.1, 1, 5, 10];
const MILLIMETRES = [0.1, 1, 10, 50];

export const jogging = {
  data: () => ({ frame: "joint", step: "hold", held: null }),

  computed: {
    steps() {
      return [0, 1, 2, 3];
    },
  },

  beforeUnmount() {
    this.letGo();
  },

  methods: {
    stepText(size) {
      return `${MILLIMETRES[size]} mm / ${DEGREES[size]}°`;
    },

    // Whatever takes the hand off the button, or the page out of sight, stops the arm.
    listen() {
      if (this.listening) return;
      this.listening = true;
      const stop = () => this.letGo();
      const watch = setInterval(() => this.held && !window.pilotline?.connected && stop(), 200);
      for (const name of ["blur", "pagehide", "pointerup"]) window.addEventListener(name, stop);
      document.addEventListener("visibilitychange", stop);
      this.ends.push(() => {
        clearInterval(watch);
        for (const name of ["blur", "pagehide", "pointerup"]) window.removeEventListener(name, stop);
        document.removeEventListener("visibilitychange", stop);
      });
    },

    press(axis, way, event) {
      if (event.button > 0 || this.held) return;
      event.target.focus({ preventScroll: true });
      this.start(axis, way);
    },

    pressKey(axis, way, event) {
      if (!event.repeat && !this.held) this.start(axis, way);
    },

    start(axis, way) {
      this.listen();
      const { frame } = this;
      if (this.step !== "hold") {
        const slides = frame === "joint" ? this.robot.joints[axis].kind === "slide" : axis < 3;
        const by = slides ? MILLIMETRES[this.step] / 1000 : DEGREES[this.step];
        this.act("jog_step", { frame, axis, by: way * by });
        return;
      }
      this.held = { frame, axis };
      this.act("jog", { frame, axis, way });
    },

    letGo() {
      if (!this.held) return;
      const { frame, axis } = this.held;
      this.held = null;
      this.act("jog", { frame, axis, way: 0 });
    },
  },
};
