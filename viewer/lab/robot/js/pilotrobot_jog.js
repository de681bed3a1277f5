// Jogging: a button moves the arm while it is held, or by one step a click.

const DEGREES = [0.1, 1, 5, 10];
const MILLIMETRES = [0.1, 1, 10, 50];
// A step is done for sure, or was refused, when the arm still stands so long after the click.
const STEP_MS = 400;

export const jogging = {
  data: () => ({ frame: "joint", step: "hold" }),

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
      const watch = setInterval(() => this.going && !window.pilotline?.connected && stop(), 200);
      for (const name of ["blur", "pagehide", "pointerup"]) window.addEventListener(name, stop);
      document.addEventListener("visibilitychange", stop);
      this.ends.push(() => {
        clearInterval(watch);
        for (const name of ["blur", "pagehide", "pointerup"]) window.removeEventListener(name, stop);
        document.removeEventListener("visibilitychange", stop);
      });
    },

    press(axis, way, event) {
      if (this.going || !window.pilotline?.connected || !this.grasp(event)) return;
      this.listen();
      const { frame } = this;
      if (this.step === "hold") {
        this.going = { frame, axis };
        this.act("jog", { frame, axis, way });
        return;
      }
      const slides = frame === "joint" ? this.robot.joints[axis].kind === "slide" : axis < 3;
      const by = slides ? MILLIMETRES[this.step] / 1000 : DEGREES[this.step];
      this.going = { step_ms: performance.now() };
      this.act("jog_step", { frame, axis, by: way * by });
    },

    letGo() {
      if (!this.going) return;
      const { frame, axis, step_ms } = this.going;
      if (step_ms !== undefined) {
        this.finishStep(step_ms);
        return;
      }
      this.going = null;
      this.act("jog", { frame, axis, way: 0 });
      this.ungrasp();
    },

    // One hand that has clicked for a step holds the switch until the step is done.
    finishStep(since_ms) {
      clearTimeout(this.stepEnd);
      const alone = this.model.grip.hands.has("button");
      if (alone && (performance.now() - since_ms < STEP_MS || this.robot?.moving)) {
        this.stepEnd = setTimeout(() => this.finishStep(since_ms), 100);
        return;
      }
      this.going = null;
      this.ungrasp();
    },
  },
};
