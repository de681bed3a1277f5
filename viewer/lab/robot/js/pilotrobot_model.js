// What the panels of a robot share: which robot is chosen, how it is, one way to act.

import { panel, theCell } from "pilotcell_model";
import { Grip, gripping } from "pilotrobot_grip";

const POLL_MS = 400;
const SOON_MS = 60;

class RobotModel extends EventTarget {
  constructor(cell) {
    super();
    this.cell = cell;
    this.all = cell.robots;
    this.chosen = this.all.find(({ id }) => id === cell.wanted) ?? this.all[0];
    this.state = null; // {robot, program} of the chosen one
    this.grip = new Grip(this);
    this.poll();
    window.pilotrobot = this;
  }

  choose(id) {
    this.grip.letGo();
    this.grip.oneHand = false;
    this.chosen = this.all.find((robot) => robot.id === id) ?? this.all[0];
    this.state = null;
    this.past = this.path = null;
    this.looked = false;
    this.tell();
    this.poll();
  }

  // Where its tool has been before this page looked, and where it goes.
  async lookBack() {
    if (this.looked) return;
    this.looked = true;
    this.past = await this.read("trace");
  }

  async lookAhead() {
    const { ends_s, moving } = this.state.robot;
    if (!moving || this.asked_s === ends_s) return;
    this.asked_s = ends_s;
    this.path = await this.read("path");
  }

  async read(what) {
    const { chosen } = this;
    try {
      const response = await fetch(`${chosen.base}/${what}`);
      return response.ok && chosen === this.chosen ? await response.json() : null;
    } catch {
      return null;
    }
  }

  // Let the panels look again.
  tell() {
    this.dispatchEvent(new Event("state"));
  }

  async poll() {
    clearTimeout(this.timer);
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    const { chosen } = this;
    try {
      const response = await fetch(`${chosen.base}?language=${this.cell.language}`);
      if (response.ok && chosen === this.chosen) {
        this.state = await response.json();
        this.lookAhead();
        this.tell();
      }
    } catch {
      // The server is gone; the banner above says so, and the next poll asks again.
    }
    this.asking = false;
    const wait_ms = this.again ? 0 : this.state?.robot.moving ? POLL_MS / 2 : POLL_MS;
    this.again = false;
    if (!this.cell.closed) this.timer = setTimeout(() => this.poll(), wait_ms);
  }

  act(verb, args = {}) {
    this.cell.tell("robot", { robot: this.chosen.id, verb, args });
    this.soon();
  }

  soon() {
    setTimeout(() => this.poll(), SOON_MS);
  }

  async ask(path, body) {
    const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    try {
      const response = await fetch(`${this.chosen.base}/${path}`, options);
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }
}

let made = null;

export async function theRobots() {
  const cell = await theCell();
  made ??= new RobotModel(cell);
  return made;
}

// What both panels have: the robots, the chosen one's state, texts, and an end of all they began.
export const robotPanel = {
  mixins: [panel, gripping],

  data: () => ({ robot: null, program: null, chosen: "", all: [] }),

  methods: {
    async begin() {
      this.model = await theRobots();
      this.all = this.model.all;
      this.hearState();
      const listener = () => this.hearState();
      this.model.addEventListener("state", listener);
      this.ends.push(() => this.model.removeEventListener("state", listener));
      await this.$nextTick();
      this.started?.();
    },

    hearState() {
      this.chosen = this.model.chosen.id;
      this.robot = this.model.state?.robot ?? null;
      this.program = this.model.state?.program ?? null;
      this.held = this.model.grip.held;
      this.oneHand = this.model.grip.oneHand;
      this.changed_state?.();
    },

    r(key, values) {
      return this.t(`robot.${key}`, values);
    },

    act(verb, args) {
      this.model.act(verb, args);
    },
  },

  computed: {
    may() {
      return this.cell.may.operate;
    },
  },
};
