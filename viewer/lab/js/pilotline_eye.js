// Where one looks from: the camera, how the mouse and the keys turn it, and named points of view.

import { OrbitControls, THREE } from "nicegui-scene";

const PICTURE_ASPECT = 16 / 9;
const MOST_STRETCH = 1.4;
const FLIGHT_MS = 700;
const NEAR_M = 0.4;
const TURNS = {
  ArrowLeft: [-0.12, 0],
  ArrowRight: [0.12, 0],
  ArrowUp: [0, -0.08],
  ArrowDown: [0, 0.08],
};
const ZOOMS = { "+": 0.88, "=": 0.88, "-": 1.14 };

// What must be seen of an asset: around it, or with `exact` its own footprint.
function corners({ position_m: at, size_m: size, heading_rad }, exact) {
  const reach = Math.max(size[0], size[1]) / 2;
  const [w, d] = exact ? [size[0] / 2, size[1] / 2] : [reach, reach];
  const [c, s] = exact ? [Math.cos(heading_rad), Math.sin(heading_rad)] : [1, 0];
  const top = exact ? size[2] * 0.85 : size[2] + 0.5;
  const points = [];
  for (const [dx, dy] of [[-w, -d], [-w, d], [w, -d], [w, d]]) {
    for (const z of [0, top]) {
      points.push(new THREE.Vector3(at[0] + c * dx - s * dy, at[1] + s * dx + c * dy, z));
    }
  }
  return points;
}

// The nearest point of view that sees some assets, from about where the document's camera looks:
// lower in a wide view, so that the line fills it. The bounds of the picture are linear in the
// camera's place, so the nearest one meets one of them on each side.
function overview(assets, look, aspect, exact = false) {
  const towards = new THREE.Vector3(...look.target_m).sub(new THREE.Vector3(...look.position_m));
  const heading = Math.atan2(towards.y, towards.x);
  const usual = Math.atan2(-towards.z, Math.hypot(towards.x, towards.y));
  const elevation = Math.max(usual * Math.min(1, Math.sqrt(PICTURE_ASPECT / aspect)), 0.42);
  const [c, s] = [Math.cos(heading), Math.sin(heading)];
  const ahead = new THREE.Vector3(c * Math.cos(elevation), s * Math.cos(elevation), -Math.sin(elevation));
  const right = new THREE.Vector3(s, -c, 0);
  const up = new THREE.Vector3().crossVectors(right, ahead);
  const points = assets.flatMap((asset) => corners(asset, exact));
  const seen = points.map((point) => [point.dot(right), point.dot(up), point.dot(ahead)]);
  const tan = Math.tan((look.angle_deg * Math.PI) / 360);
  const side = (axis, low, high) => {
    const most = (away) => Math.max(...seen.map((p) => p[axis] - high * (p[2] + away)));
    const least = (away) => Math.min(...seen.map((p) => p[axis] - low * (p[2] + away)));
    const away = (most(0) - least(0)) / (high - low);
    return { away, centre: (at) => (most(at) + least(at)) / 2 };
  };
  const across = side(0, -0.93 * tan * aspect, 0.93 * tan * aspect);
  const upward = side(1, -0.82 * tan, 0.8 * tan);
  const away = Math.max(across.away, upward.away);
  const position = new THREE.Vector3()
    .addScaledVector(right, across.centre(away))
    .addScaledVector(up, upward.centre(away))
    .addScaledVector(ahead, -away);
  // What one turns about is amid what one sees.
  const amid = seen.reduce((sum, point) => sum + point[2], 0) / seen.length;
  const target = position.clone().addScaledVector(ahead, away + amid);
  return { position, target, angle_deg: look.angle_deg };
}

export class Eye {
  constructor(document_, element) {
    this.document = document_;
    this.camera = new THREE.PerspectiveCamera(30, 1, 0.05, 500);
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, element);
    this.controls.enableDamping = true;
    this.controls.dampingFactor = 0.15;
    this.controls.maxPolarAngle = Math.PI * 0.495;
    this.controls.minDistance = 0.4;
    this.controls.maxDistance = 200;
    this.controls.addEventListener("start", () => this.release());
    element.addEventListener("keydown", (event) => this.key(event));
    this.name = null; // the point of view that is kept when the picture changes its size
    this.flight = null;
  }

  // Leave the camera to whoever moves it.
  release() {
    this.flight = null;
    this.name = null;
  }

  resize(aspect) {
    this.camera.aspect = aspect;
    this.camera.updateProjectionMatrix();
    if (this.name) this.go(this.name, true);
  }

  go(name, at_once = false) {
    const aim = this.aim(name);
    if (aim === null) return;
    this.name = name.startsWith("asset:") ? null : name;
    this.camera.fov = aim.angle_deg;
    this.camera.updateProjectionMatrix();
    if (at_once) {
      this.flight = null;
      this.camera.position.copy(aim.position);
      this.controls.target.copy(aim.target);
      this.controls.update();
      return;
    }
    this.flight = {
      from: [this.camera.position.clone(), this.controls.target.clone()],
      to: [aim.position, aim.target],
      began_ms: performance.now(),
    };
  }

  // Where it looks from, as plain data; `keep` looks from there again.
  kept() {
    const { name, camera, controls } = this;
    return { name, position: camera.position.toArray(), target: controls.target.toArray(), fov: camera.fov };
  }

  keep({ name, position, target, fov }) {
    if (name) {
      this.go(name, true);
      return;
    }
    this.release();
    this.camera.fov = fov;
    this.camera.updateProjectionMatrix();
    this.camera.position.fromArray(position);
    this.controls.target.fromArray(target);
    this.controls.update();
  }

  // Go near a sphere, looking as one does now.
  near({ center, radius }) {
    const ahead = center.clone().sub(this.camera.position).normalize();
    if (ahead.z > -0.25) ahead.setZ(-0.25).normalize();
    const half = (Math.min(this.camera.fov, this.camera.fov * this.camera.aspect) * Math.PI) / 360;
    const away = Math.max(radius, NEAR_M) / Math.sin(half);
    this.name = null;
    this.flight = {
      from: [this.camera.position.clone(), this.controls.target.clone()],
      to: [center.clone().addScaledVector(ahead, -away), center.clone()],
      began_ms: performance.now(),
    };
  }

  aim(name) {
    if (name.startsWith("asset:")) return this.atAsset(name.slice("asset:".length));
    if (name === "top") return this.fromAbove();
    const look = this.document.cameras[name];
    if (!look) return null;
    const { assets } = this.document;
    if (name === "overview") return overview(Object.values(assets), look, this.camera.aspect);
    const [kind, cell, place] = name.split(":");
    if (kind === "cell" && place === undefined) {
      return overview([assets[cell]], look, this.camera.aspect, true);
    }
    const target = new THREE.Vector3(...look.target_m);
    const back = new THREE.Vector3(...look.position_m).sub(target);
    // The document's cameras are made for pictures of 16:9; a narrower view steps back.
    const stretch = Math.min(Math.max(1, PICTURE_ASPECT / this.camera.aspect), MOST_STRETCH);
    const position = target.clone().addScaledVector(back, stretch);
    return { position, target, angle_deg: look.angle_deg };
  }

  atAsset(id) {
    const asset = this.document.assets[id];
    if (!asset) return null;
    const target = new THREE.Vector3(...asset.position_m).setZ(0.6 * asset.size_m[2]);
    const distance = 5 + 2.6 * Math.max(...asset.size_m);
    const back = new THREE.Vector3(-0.35, -0.8, 0.55).multiplyScalar(distance);
    return { position: target.clone().add(back), target, angle_deg: 30 };
  }

  // Look at a point from a place that is so far from it.
  lookAt(point, back) {
    this.release();
    this.controls.target.copy(point);
    this.camera.position.copy(point).add(back);
    this.controls.update();
  }

  fromAbove() {
    const [x0, y0, x1, y1] = this.document.floor_m;
    const target = new THREE.Vector3((x0 + x1) / 2, (y0 + y1) / 2, 0);
    const tan = Math.tan((15 * Math.PI) / 180);
    const height = Math.max((y1 - y0) / 2 / tan, (x1 - x0) / 2 / tan / this.camera.aspect);
    const position = target.clone().add(new THREE.Vector3(0, -0.01, height * 1.04));
    return { position, target, angle_deg: 30 };
  }

  key(event) {
    const arm = new THREE.Vector3().subVectors(this.camera.position, this.controls.target);
    if (TURNS[event.key]) {
      const [about, tilt] = TURNS[event.key];
      const polar = new THREE.Spherical().setFromVector3(new THREE.Vector3(arm.x, arm.z, -arm.y));
      polar.theta += about;
      polar.phi = Math.min(Math.max(polar.phi + tilt, 0.05), this.controls.maxPolarAngle);
      const turned = new THREE.Vector3().setFromSpherical(polar);
      arm.set(turned.x, -turned.z, turned.y);
    } else if (ZOOMS[event.key]) arm.multiplyScalar(ZOOMS[event.key]);
    else return;
    event.preventDefault();
    this.release();
    this.camera.position.addVectors(this.controls.target, arm);
  }

  advance(now_ms) {
    if (this.flight) {
      const share = Math.min(1, Math.max(0, (now_ms - this.flight.began_ms) / FLIGHT_MS));
      const eased = share * share * (3 - 2 * share);
      this.camera.position.lerpVectors(this.flight.from[0], this.flight.to[0], eased);
      this.controls.target.lerpVectors(this.flight.from[1], this.flight.to[1], eased);
      if (share === 1) this.flight = null;
    }
    this.controls.update();
  }
}
