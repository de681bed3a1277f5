// The enabling switch of the pendant: held, or let go; never left on.
//
// Hands hold it: the Space bar, the switch itself, or a button that moves the arm while only one
// hand is free. While any hand holds it, the server is told so again and again: it lets go by itself
// when it hears no more.

const AGAIN_MS = 500;
const CLICK_MS = 350;
const WRITES = "input:not([type=range]), textarea, select, [contenteditable=true]";
const PANELS = ".pendant, .program";
const WORKED = "button, a, input, [role=tab], [tabindex='0']:not(.line-view)";

export class Grip {
  constructor(model) {
    this.model = model;
    this.hands = new Set();
    this.robot = null; // whose switch it is
    this.oneHand = false; // buttons that move the arm hold it along
    this.hear();
  }

  get held() {
    return this.hands.size > 0;
  }

  // Whether there is a switch to hold: somebody may, the key is at manual, the server answers.
  get usable() {
    const { state, cell } = this.model;
    return cell.may.operate && state?.robot.mode === "manual" && Boolean(window.pilotline?.connected);
  }

  take(hand) {
    if (!this.usable || this.hands.has(hand)) return;
    const first = !this.held;
    this.hands.add(hand);
    if (first) {
      this.robot = this.model.chosen.id;
      this.say("enabling", { on: true });
      this.again = setInterval(() => this.say("hold"), AGAIN_MS);
    }
    this.model.tell();
  }

  drop(hand) {
    if (!this.hands.delete(hand)) return;
    if (!this.held) {
      clearInterval(this.again);
      this.say("enabling", { on: false });
    }
    this.model.tell();
  }

  letGo() {
    for (const hand of [...this.hands]) this.drop(hand);
  }

  setOneHand(on) {
    this.oneHand = on;
    this.model.tell();
  }

  say(verb, args = {}) {
    this.model.cell.tell("robot", { robot: this.robot, verb, args });
    if (verb !== "hold") this.model.soon();
  }

  // ---- the hand on the switch

  press(event) {
    if (event.button > 0) return;
    this.pressed_ms = performance.now();
    this.take("switch");
  }

  // A click is no hold: it says that only one hand is free.
  lift() {
    const short = this.hands.has("switch") && performance.now() - this.pressed_ms < CLICK_MS;
    this.drop("switch");
    if (short) this.setOneHand(!this.oneHand);
  }

  // ---- what takes the hands away

  hear() {
    const stop = () => this.letGo();
    for (const name of ["blur", "pagehide"]) window.addEventListener(name, stop);
    document.addEventListener("visibilitychange", stop);
    window.addEventListener("pointerup", () => this.drop("switch"));
    document.addEventListener("keydown", (event) => this.key(event), true);
    document.addEventListener("keyup", (event) => this.keyUp(event), true);
    setInterval(() => this.look(), 200);
  }

  look() {
    if (this.held && !this.usable) this.letGo();
    if (this.oneHand && this.model.state && this.model.state.robot.mode !== "manual") this.setOneHand(false);
  }

  // Space is the switch, but not where somebody writes or works something else.
  key(event) {
    if (event.code !== "Space" || event.ctrlKey || event.altKey || event.metaKey || !this.usable) return;
    const { target } = event;
    const worked = target.closest?.(WORKED);
    if (target.closest?.(WRITES) || (worked && !worked.closest(PANELS) && !this.chooses(worked))) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) this.take("space");
  }

  // The tab of a panel in sight has been clicked to get here: it is not worked any more.
  chooses(worked) {
    return worked.matches("[role=tab][aria-selected=true]") && [...document.querySelectorAll(PANELS)].some((panel) => panel.offsetParent);
  }

  keyUp(event) {
    if (event.code !== "Space" || !this.hands.has("space")) return;
    event.preventDefault();
    event.stopPropagation();
    this.drop("space");
  }
}

// What both panels show of it, and the buttons that move the arm while they are held.
export const gripping = {
  components: {
    GripSwitch: {
      props: { model: Object, may: Boolean, manual: Boolean, held: Boolean, oneHand: Boolean, said: Function },

      template: `
        <button type="button" class="cell-button pendant-enable" data-robot="enabling" :disabled="!may || !manual" :data-held="String(held)"
          :data-one-hand="String(oneHand)" :title="said('enabling_about')" @contextmenu.prevent @pointerdown="model.grip.press($event)"
          @pointerup="model.grip.lift()" @pointercancel="model.grip.drop('switch')" @pointerleave="model.grip.drop('switch')"
          @keydown.enter.prevent="!$event.repeat && model.grip.press($event)" @keyup.enter="model.grip.lift()" @blur="model.grip.drop('switch')">
          <q-icon name="back_hand" />{{ said(held ? "enabling_held" : oneHand ? "enabling_one_hand" : "enabling") }}
          <kbd v-if="!held && !oneHand">{{ said("key_space") }}</kbd></button>`,
    },
  },

  data: () => ({ held: false, oneHand: false, going: null }),

  computed: {
    manual() {
      return this.robot?.mode === "manual";
    },

    // Whether a button moves the arm by hand now.
    canMove() {
      const { robot } = this;
      // A button that is held stays a button: a disabled one would not hear that it is let go.
      if (this.going || this.model?.grip.hands.has("button")) return true;
      if (!robot || !this.may || !this.manual || robot.fault || robot.doing === "stop") return false;
      return robot.ready || (robot.powered && robot.motors && (this.held || this.oneHand));
    },
  },

  methods: {
    // Hold the switch along with a button, if that is the only hand.
    grasp(event) {
      if (event.button > 0 || event.repeat) return false;
      event.target.focus?.({ preventScroll: true });
      if (this.oneHand && !this.model.grip.held) this.model.grip.take("button");
      return true;
    },

    ungrasp() {
      this.model.grip.drop("button");
    },
  },
};
