// The line in 3D, and the stream that feeds it and the page around it.

import { CSS2DObject, CSS2DRenderer, OrbitControls, THREE } from "nicegui-scene";
import { Bodies } from "pilotline_bodies";
import { Hall } from "pilotline_hall";
import { Panel } from "pilotline_panel";
import { RunStream } from "pilotline_stream";

const PAINT_EVERY_MS = 200;
const FRAME_MS = 1000 / 60;
const SOFTWARE_FRAME_MS = 1000 / 20;
const PICTURE_ASPECT = 16 / 9;

// The nearest point of view that sees every asset, from about where the document's camera looks:
// lower in a wide view, so that the line fills it. The bounds of the picture are linear in the
// camera's place, so the nearest one meets one of them on each side.
function overview(document_, look, aspect) {
  const towards = new THREE.Vector3(...look.target_m).sub(new THREE.Vector3(...look.position_m));
  const heading = Math.atan2(towards.y, towards.x);
  const usual = Math.atan2(-towards.z, Math.hypot(towards.x, towards.y));
  const elevation = Math.max(usual * Math.min(1, Math.sqrt(PICTURE_ASPECT / aspect)), 0.42);
  const [c, s] = [Math.cos(heading), Math.sin(heading)];
  const ahead = new THREE.Vector3(c * Math.cos(elevation), s * Math.cos(elevation), -Math.sin(elevation));
  const right = new THREE.Vector3(s, -c, 0);
  const up = new THREE.Vector3().crossVectors(right, ahead);
  const seen = [];
  for (const { position_m: at, size_m: size } of Object.values(document_.assets)) {
    const reach = Math.max(size[0], size[1]) / 2;
    for (const [dx, dy] of [[-1, -1], [-1, 1], [1, -1], [1, 1]]) {
      for (const z of [0, size[2] + 0.5]) {
        const point = new THREE.Vector3(at[0] + dx * reach, at[1] + dy * reach, z);
        seen.push([point.dot(right), point.dot(up), point.dot(ahead)]);
      }
    }
  }
  const tan = Math.tan((look.angle_deg * Math.PI) / 360);
  const side = (axis, low, high) => {
    const most = (away) => Math.max(...seen.map((p) => p[axis] - high * (p[2] + away)));
    const least = (away) => Math.min(...seen.map((p) => p[axis] - low * (p[2] + away)));
    const away = (most(0) - least(0)) / (high - low);
    return { away, centre: (at) => (most(at) + least(at)) / 2 };
  };
  const across = side(0, -0.95 * tan * aspect, 0.95 * tan * aspect);
  const upward = side(1, -0.8 * tan, 0.86 * tan);
  const away = Math.max(across.away, upward.away);
  const position = new THREE.Vector3()
    .addScaledVector(right, across.centre(away))
    .addScaledVector(up, upward.centre(away))
    .addScaledVector(ahead, -away);
  return { position, target: position.clone().addScaledVector(ahead, away), angle_deg: look.angle_deg };
}

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
      const hall = new Hall(document_, shapes);
      const bodies = new Bodies(document_, hall);
      scene.add(hall.group, bodies.group);
      scene.add(new THREE.HemisphereLight("#ffffff", "#b4bac0", 2.3));
      const sun = new THREE.DirectionalLight("#ffffff", 1.7);
      sun.position.set(-6, -10, 16);
      scene.add(sun);
      this.three = { scene, hall, bodies, document: document_ };
      this.startCamera();
      this.addLabels();
      this.followTheme();
      this.sizes = new ResizeObserver(() => this.resize());
      this.sizes.observe(this.$el);
      this.resize();
      this.view("overview", true);
      this.$el.addEventListener("pointerdown", (event) => (this.pressed = [event.x, event.y]));
      this.$el.addEventListener("pointerup", (event) => this.click(event));
      this.$el.addEventListener("keydown", (event) => this.key(event));
      this.frames = 0;
      this.lastFrame_ms = 0;
      requestAnimationFrame((now_ms) => this.frame(now_ms));
    },

    startCamera() {
      const plain = drawnInSoftware();
      this.frame_ms = plain ? SOFTWARE_FRAME_MS : FRAME_MS;
      const renderer = new THREE.WebGLRenderer({ canvas: this.$refs.canvas, antialias: !plain });
      renderer.setPixelRatio(plain ? 1 : Math.min(window.devicePixelRatio, 2));
      renderer.outputColorSpace = THREE.SRGBColorSpace;
      this.renderer = renderer;
      const camera = new THREE.PerspectiveCamera(30, 1, 0.1, 500);
      camera.up.set(0, 0, 1);
      const controls = new OrbitControls(camera, this.$el);
      controls.enableDamping = true;
      controls.dampingFactor = 0.15;
      controls.maxPolarAngle = Math.PI * 0.495;
      controls.minDistance = 1.5;
      controls.maxDistance = 200;
      controls.addEventListener("start", () => {
        this.flight = null;
        this.viewName = null;
      });
      Object.assign(this.three, { camera, controls });
      const labels = new CSS2DRenderer({ element: this.$refs.labels });
      this.labelRenderer = labels;
    },

    addLabels() {
      const { hall, document: document_ } = this.three;
      this.three.labels = [];
      for (const [id, asset] of Object.entries(document_.assets)) {
        const element = document.createElement("div");
        element.className = "asset-label";
        element.dataset.assetState = id;
        element.textContent = asset.title[this.options.language] || asset.title.en;
        element.addEventListener("pointerup", (event) => {
          event.stopPropagation();
          this.select(id);
        });
        const label = new CSS2DObject(element);
        label.position.set(...asset.label_m);
        label.center.set(0.5, 1);
        hall.group.add(label);
        this.three.labels.push({ id, label, element });
      }
    },

    // Hide labels that would lie on a nearer one.
    thinLabels() {
      const { camera, labels } = this.three;
      const { clientWidth: width, clientHeight: height } = this.$el;
      const taken = [];
      const point = new THREE.Vector3();
      const far = labels.map((entry) => ({
        ...entry,
        distance: entry.id === this.selected ? -1 : camera.position.distanceTo(entry.label.position),
      }));
      for (const { label, element } of far.sort((a, b) => a.distance - b.distance)) {
        point.copy(label.position).project(camera);
        const half = (element.offsetWidth || element.textContent.length * 8) / 2 + 2;
        const x = ((point.x + 1) / 2) * width;
        const y = ((1 - point.y) / 2) * height;
        const free = taken.every(
          (other) => Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > 22,
        );
        label.visible = point.z < 1 && free && this.labelsShown !== false;
        if (label.visible) taken.push({ x, y, half });
      }
    },

    followTheme() {
      const apply = () => {
        const dark = document.body.classList.contains("body--dark");
        this.three.scene.background = new THREE.Color(dark ? "#151a20" : "#e9edf0");
        this.three.hall.tintFloor(dark ? 0.16 : 1);
      };
      this.themes = new MutationObserver(apply);
      this.themes.observe(document.body, { attributes: true, attributeFilter: ["class"] });
      apply();
    },

    resize() {
      const { clientWidth: width, clientHeight: height } = this.$el;
      if (!width || !height) return;
      this.renderer.setSize(width, height, false);
      this.labelRenderer.setSize(width, height);
      this.three.camera.aspect = width / height;
      this.three.camera.updateProjectionMatrix();
      if (this.viewName) this.view(this.viewName, true);
    },

    // Go to a named point of view: a camera of the scene, `top`, or `asset:ID`.
    view(name, at_once = false) {
      if (!this.three) return;
      const aim = this.aim(name);
      if (aim === null) return;
      const { camera, controls } = this.three;
      this.viewName = name.startsWith("asset:") ? null : name;
      camera.fov = aim.angle_deg;
      camera.updateProjectionMatrix();
      if (at_once) {
        camera.position.copy(aim.position);
        controls.target.copy(aim.target);
        controls.update();
        return;
      }
      this.flight = {
        from: [camera.position.clone(), controls.target.clone()],
        to: [aim.position, aim.target],
        began_ms: performance.now(),
      };
    },

    aim(name) {
      const { document: document_, camera } = this.three;
      const [x0, y0, x1, y1] = document_.floor_m;
      if (name.startsWith("asset:")) {
        const asset = document_.assets[name.slice("asset:".length)];
        if (!asset) return null;
        const target = new THREE.Vector3(...asset.position_m).setZ(0.6 * asset.size_m[2]);
        const distance = 5 + 2.6 * Math.max(...asset.size_m);
        const position = target.clone().add(new THREE.Vector3(-0.35, -0.8, 0.55).multiplyScalar(distance));
        return { position, target, angle_deg: 30 };
      }
      if (name === "top") {
        const target = new THREE.Vector3((x0 + x1) / 2, (y0 + y1) / 2, 0);
        const tan = Math.tan((15 * Math.PI) / 180);
        const height = Math.max((y1 - y0) / 2 / tan, (x1 - x0) / 2 / tan / camera.aspect);
        const position = target.clone().add(new THREE.Vector3(0, -0.01, height * 1.04));
        return { position, target, angle_deg: 30 };
      }
      const look = document_.cameras[name];
      if (!look) return null;
      if (name === "overview") return overview(document_, look, camera.aspect);
      const target = new THREE.Vector3(...look.target_m);
      const back = new THREE.Vector3(...look.position_m).sub(target);
      // The document's cameras are made for pictures of 16:9; a narrower view steps back.
      const stretch = Math.max(1, PICTURE_ASPECT / camera.aspect);
      const position = target.clone().addScaledVector(back, stretch);
      return { position, target, angle_deg: look.angle_deg };
    },

    labels(shown) {
      this.labelsShown = shown;
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
      ray.setFromCamera(at, this.three.camera);
      for (const hit of ray.intersectObjects(this.three.hall.pickable, false)) {
        const asset = hit.object.userData.assets[hit.instanceId ?? 0];
        if (asset) {
          this.select(asset);
          return;
        }
      }
    },

    select(asset) {
      this.highlight(asset);
      this.$emit("select", asset);
    },

    highlight(asset) {
      this.selected = asset;
      for (const { id, element } of this.three?.labels ?? []) {
        element.classList.toggle("selected", id === asset);
      }
    },

    key(event) {
      const turns = { ArrowLeft: [-0.12, 0], ArrowRight: [0.12, 0], ArrowUp: [0, -0.08], ArrowDown: [0, 0.08] };
      const zooms = { "+": 0.88, "=": 0.88, "-": 1.14 };
      const { camera, controls } = this.three;
      const arm = new THREE.Vector3().subVectors(camera.position, controls.target);
      if (turns[event.key]) {
        const [about, tilt] = turns[event.key];
        const polar = new THREE.Spherical().setFromVector3(new THREE.Vector3(arm.x, arm.z, -arm.y));
        polar.theta += about;
        polar.phi = Math.min(Math.max(polar.phi + tilt, 0.05), controls.maxPolarAngle);
        const turned = new THREE.Vector3().setFromSpherical(polar);
        arm.set(turned.x, -turned.z, turned.y);
      } else if (zooms[event.key]) arm.multiplyScalar(zooms[event.key]);
      else return;
      event.preventDefault();
      this.flight = null;
      camera.position.addVectors(controls.target, arm);
    },

    frame(now_ms) {
      if (this.gone) return;
      requestAnimationFrame((next_ms) => this.frame(next_ms));
      if (now_ms - this.lastFrame_ms < this.frame_ms - 4 || document.hidden) return;
      this.lastFrame_ms = now_ms;
      const { scene, camera, controls, hall, bodies } = this.three;
      const time_s = this.stream.clock.now(performance.now());
      this.shown_s = time_s;
      this.stream.advance(time_s);
      bodies.draw(this.stream.bodies, time_s);
      const stateOf = (asset) => this.panel.stateOf(asset);
      hall.light(stateOf);
      hall.turn(time_s * 2.5, stateOf);
      this.fly(now_ms);
      controls.update();
      if (this.frames % 6 === 0) this.thinLabels();
      this.renderer.render(scene, camera);
      this.labelRenderer.render(scene, camera);
      this.frames += 1;
    },

    fly(now_ms) {
      if (!this.flight) return;
      const share = Math.min(1, (now_ms - this.flight.began_ms) / 700);
      const eased = share * share * (3 - 2 * share);
      const { camera, controls } = this.three;
      camera.position.lerpVectors(this.flight.from[0], this.flight.to[0], eased);
      controls.target.lerpVectors(this.flight.from[1], this.flight.to[1], eased);
      if (share === 1) this.flight = null;
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
            if (pose) found[id] = [...pose];
          }
          return found;
        },
        poseAt(motion, time_s) {
          const pose = view.three.bodies.where({ motion }, time_s);
          return pose && [...pose];
        },
        select: (asset) => view.select(asset),
        view: (name) => view.view(name),
        drop: () => view.stream.socket.close(),
      };
    },
  },
};
