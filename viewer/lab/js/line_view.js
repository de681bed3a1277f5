// The line in 3D, and the stream that feeds it and the page around it.

import { THREE } from "nicegui-scene";
import { Bodies } from "pilotline_bodies";
import { Eye } from "pilotline_eye";
import { Hall } from "pilotline_hall";
import { Labels } from "pilotline_labels";
import { Mark } from "pilotline_mark";
import { Panel } from "pilotline_panel";
import { RobotSight } from "pilotline_robot";
import { RunStream } from "pilotline_stream";
import { Works } from "pilotline_works";

const PAINT_EVERY_MS = 200;
const FRAME_MS = 1000 / 60;
const SOFTWARE_FRAME_MS = 1000 / 20;
// How strong, and from where: a key light over the left shoulder, and a weak fill.
const LAMPS = [
  [2.1, -4, -8, 9],
  [0.8, 7, -5, 4],
];

// Drawing without a graphics processor is slow: then draw plainly and less often.
function drawnInSoftware() {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) throw new Error("WebGL 2");
  const about = context.getExtension("WEBGL_debug_renderer_info");
  const name = about ? context.getParameter(about.UNMASKED_RENDERER_WEBGL) : "";
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}

async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

export default {
  template: `
    <div class="line-view" tabindex="0" role="application" :aria-label="options.words.view">
      <canvas ref="canvas"></canvas>
      <div ref="labels" class="line-view-labels" aria-hidden="true"></div>
      <div v-if="trouble" class="line-view-trouble" role="alert">{{ trouble }}</div>
    </div>`,

  props: { options: Object },

  data: () => ({ trouble: "" }),

  async mounted() {
    const stream = new RunStream(this.options.stream);
    this.stream = stream;
    this.panel = new Panel(stream, this.options);
    stream.addEventListener("snapshot", (event) => this.panel.hear(event.detail));
    stream.addEventListener("delta", (event) => this.panel.hear(event.detail));
    stream.addEventListener("connection", () => this.panel.paintConnection());
    this.panelTimer = setInterval(() => this.paintPanel(), PAINT_EVERY_MS);
    window.pilotline = this.inspection();
    try {
      await this.startScene();
    } catch (error) {
      this.trouble = `${this.options.words.no_3d} (${error.message})`;
    }
  },

  beforeUnmount() {
    this.gone = true;
    clearInterval(this.panelTimer);
    this.stream?.close();
    this.sizes?.disconnect();
    this.themes?.disconnect();
    this.renderer?.dispose();
  },

  methods: {
    async startScene() {
      const document_ = await fetched(this.options.scene);
      const names = new Set(document_.nodes.map((node) => node.shape).filter(Boolean));
      const shapes = await fetched(`${this.options.shapes}?names=${[...names].sort().join(",")}`);
      if (this.gone) return;
      const scene = new THREE.Scene();
      const hall = new Hall(document_, shapes, this.options.floor);
      const works = new Works(document_, hall);
      const bodies = new Bodies(document_, hall, works);
      const mark = new Mark(works);
      const robot = new RobotSight(works, hall);
      scene.add(hall.group, bodies.group, mark.lines, robot.group);
      scene.add(new THREE.HemisphereLight("#ffffff", "#a9b2ba", 0.75));
      for (const [strength, ...from] of LAMPS) {
        const lamp = new THREE.DirectionalLight("#ffffff", strength);
        lamp.position.set(...from);
        scene.add(lamp);
      }
      this.startRenderer();
      const eye = new Eye(document_, this.$el);
      const labels = new Labels(document_, this.options.language, this.$refs.labels);
      labels.onPick = (asset) => this.select(asset);
      scene.add(labels.group);
      this.three = { scene, hall, works, bodies, mark, robot, eye, labels };
      this.followTheme();
      this.sizes = new ResizeObserver(() => this.resize());
      this.sizes.observe(this.$el);
      this.resize();
      const { workcell } = this.options;
      if (workcell) labels.shown = false;
      eye.go(workcell ? `cell:${workcell}` : "overview", true);
      this.$el.addEventListener("pointerdown", (event) => (this.pressed = [event.x, event.y]));
      this.$el.addEventListener("pointerup", (event) => this.click(event));
      this.frames = 0;
      this.lastFrame_ms = 0;
      requestAnimationFrame((now_ms) => this.frame(now_ms));
    },

    startRenderer() {
      const plain = drawnInSoftware();
      this.frame_ms = plain ? SOFTWARE_FRAME_MS : FRAME_MS;
      const renderer = new THREE.WebGLRenderer({ canvas: this.$refs.canvas, antialias: !plain, alpha: true });
      renderer.setPixelRatio(plain ? 1 : Math.min(window.devicePixelRatio, 2));
      renderer.outputColorSpace = THREE.SRGBColorSpace;
      this.renderer = renderer;
    },

    followTheme() {
      const apply = () => {
        const dark = document.body.classList.contains("body--dark");
        this.three.hall.tintFloor(dark ? 0.2 : 1);
      };
      this.themes = new MutationObserver(apply);
      this.themes.observe(document.body, { attributes: true, attributeFilter: ["class"] });
      apply();
    },

    resize() {
      const { clientWidth: width, clientHeight: height } = this.$el;
      if (!width || !height) return;
      this.renderer.setSize(width, height, false);
      this.three.labels.resize(width, height);
      this.three.eye.resize(width / height);
    },

    // Go to a named point of view: a camera of the scene, `top`, or `asset:ID`. A workcell's
    // cameras are `cell:ID` and `cell:ID:VIEW`; `body:WORKCELL/BODY` goes near a body of one.
    view(name) {
      if (name.startsWith("body:")) this.approach(name.slice("body:".length).replace("/", "__"));
      else this.three?.eye.go(name);
    },

    approach(node) {
      const sphere = this.three?.works.around(node);
      if (sphere) this.three.eye.near(sphere);
    },

    labels(shown) {
      if (this.three) this.three.labels.shown = shown;
    },

    click(event) {
      if (!this.pressed || event.button !== 0) return;
      const moved = Math.hypot(event.x - this.pressed[0], event.y - this.pressed[1]);
      this.pressed = null;
      if (moved > 5) return;
      const box = this.$refs.canvas.getBoundingClientRect();
      const at = new THREE.Vector2(
        ((event.clientX - box.left) / box.width) * 2 - 1,
        1 - ((event.clientY - box.top) / box.height) * 2,
      );
      const ray = new THREE.Raycaster();
      // The eye may have moved since the last frame, which alone brings its matrix up to date.
      this.three.eye.camera.updateMatrixWorld();
      ray.setFromCamera(at, this.three.eye.camera);
      for (const hit of ray.intersectObjects(this.three.hall.pickable, false)) {
        const node = hit.object.userData.nodes[hit.instanceId ?? 0];
        if (node.asset) {
          this.select(node.asset, node.body);
          return;
        }
      }
    },

    // On the page of a workcell a click chooses one of its bodies: `WORKCELL/BODY`.
    select(asset, body) {
      const name = body && asset === this.options.workcell ? `${asset}/${body}` : asset;
      this.highlight(name);
      this.$emit("select", name);
    },

    // Mark an asset's label, or the body of a workcell.
    highlight(name) {
      this.three?.labels.highlight(name);
      this.three?.mark.choose(name);
    },

    frame(now_ms) {
      if (this.gone) return;
      requestAnimationFrame((next_ms) => this.frame(next_ms));
      if (now_ms - this.lastFrame_ms < this.frame_ms - 4 || document.hidden) return;
      this.lastFrame_ms = now_ms;
      const { scene, hall, works, bodies, mark, robot, eye, labels } = this.three;
      const time_s = this.stream.clock.now(performance.now());
      this.shown_s = time_s;
      this.stream.advance(time_s);
      works.turn(this.stream.joints, time_s, this.stream.state.signals);
      works.light(this.stream.state.signals);
      bodies.draw(this.stream.bodies, time_s);
      const stateOf = (asset) => this.panel.stateOf(asset);
      hall.light(stateOf);
      hall.turn(time_s * 2.5, stateOf);
      mark.follow();
      robot.follow(time_s, this.stream.joints);
      eye.advance(now_ms);
      if (this.frames % 6 === 0) labels.thin(eye.camera, stateOf);
      this.renderer.render(scene, eye.camera);
      labels.render(scene, eye.camera);
      this.frames += 1;
    },

    paintPanel() {
      const shown = this.three ? this.shown_s : this.stream.clock.now(performance.now());
      this.panel.paint(shown ?? 0);
    },

    // What tests and the curious may look at, from the browser's console.
    inspection() {
      const view = this;
      return {
        get time_s() {
          return view.shown_s ?? 0;
        },
        get rate() {
          return view.stream.rate;
        },
        get seq() {
          return view.stream.seq;
        },
        get gaps() {
          return view.stream.gaps;
        },
        get connected() {
          return view.stream.connected && !view.stream.stale;
        },
        get draws() {
          return view.renderer?.info.render.calls ?? 0;
        },
        get frames() {
          return view.frames ?? 0;
        },
        get signals() {
          return view.stream.state.signals;
        },
        get alarms() {
          return view.stream.state.alarms;
        },
        state: (asset) => view.panel.stateOf(asset),
        bodies() {
          const found = {};
          for (const [id, body] of view.stream.bodies) {
            const pose = view.three?.bodies.where(body, view.shown_s ?? 0);
            if (pose) found[id] = pose.slice(0, 4);
          }
          return found;
        },
        // Pose of a motion or a ride at a time; joints as {id: path}, else as they are at rest.
        poseAt(motion, time_s, joints = {}) {
          const pose = view.three.bodies.whereAt(motion, time_s, joints);
          return pose && pose.slice(0, 4);
        },
        // A joint's value now: m, rad or a share; undefined where nobody has said it.
        joint: (id) => view.three?.works.values.get(id),
        // A node's pose in the hall: the 16 numbers of its matrix, column by column.
        nodePose(id, time_s, joints) {
          const works = view.three?.works;
          const world = joints ? works?.worldAt(id, time_s, joints) : works?.frames.get(id)?.world;
          return world ? [...world.elements] : null;
        },
        // Whether a node is drawn that is drawn on demand.
        shown: (id) => view.three?.works.frames.get(id)?.slots?.[0]?.shown,
        // How a part lies, as the 16 numbers of its matrix.
        partPose: (id) => view.three?.bodies.matrixOf(id),
        // Look at a node from a place that is so far from it, m.
        lookAt(id, back_m) {
          const at = new THREE.Vector3().setFromMatrixPosition(view.three.works.frames.get(id).world);
          view.three.eye.lookAt(at, new THREE.Vector3(...back_m));
        },
        // What is to be seen of a robot beside its arm: see `RobotSight.tell`.
        robot: (told) => view.three?.robot.tell(told, view.three.eye.camera),
        // Where one looks from, so that another page can look from there.
        get eye() {
          return view.three?.eye.kept();
        },
        lookFrom: (kept) => view.three?.eye.keep(kept),
        // Points of the path trace, and what of it is seen now.
        sight: () => {
          const { points, ghost, reach, trace, ahead, told } = view.three.robot;
          const seen = { ghost: ghost.visible, reach: reach.visible, trace: trace.visible, ahead: ahead.visible };
          return { points: points.length, first_s: points[0]?.[0], robot: told?.id, ...seen };
        },
        // Where the ghost shows a node of the robot, as the 16 numbers of its matrix.
        ghostPose: (id) => view.three.robot.ghostOf(id),
        // Whether a node that shows a signal is lit.
        lit: (id) => view.three?.works.frames.get(id)?.lit,
        select: (asset, body) => view.select(asset, body),
        view: (name) => view.view(name),
        drop: () => view.stream.socket.close(),
      };
    },
  },
};
