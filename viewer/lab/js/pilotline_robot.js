// What the 3D view shows of a robot beside its arm: tool frame, where the tool has been and where it
// goes, ghost, nearest obstacle.

import { THREE } from "nicegui-scene";
import { movement } from "pilotline_works";

const TRACE_S = 10;
const MOST_POINTS = 600;
const MOST_AHEAD = 128;
const STEP_M = 0.002;
const NEAR_M = 0.1;
const AXES_M = 0.11; // how long the axes are, and how much of the way to the camera they take at least
const AXES_SHARE = 0.045;
const MOST_GROWN = 4;
const FILL_S = 0.04;
const MOST_FILLED = 30;

export class RobotSight {
  constructor(works, hall) {
    this.works = works;
    this.hall = hall;
    this.group = new THREE.Group();
    this.told = null;
    this.points = []; // [time_s, x, y, z] of the tool's point
    this.now_s = 0;
    this.trace = line("#ff7a00", MOST_POINTS);
    this.ahead = line("#2f8fd8", MOST_AHEAD);
    this.reach = line("#e0262b", 2);
    this.ghost = new THREE.Group();
    this.ghostly = new THREE.MeshLambertMaterial({ color: "#2f8fd8", transparent: true, opacity: 0.28, depthWrite: false });
    this.group.add(this.trace, this.ahead, this.reach, this.ghost);
    this.group.visible = false;
  }

  // Hear of a robot: {id, node, joint, state, show, past, path}; `state`, `past` (`trace`) and `path`
  // as the API gives them.
  tell(told, camera) {
    if (this.told?.node !== told.node) {
      if (this.told) this.axes(false);
      this.points = [];
      this.path = null;
      this.makeGhost(told);
    }
    const { past, path } = this;
    this.told = told;
    this.group.visible = true;
    if (told.past && told.past !== past) this.remember(told.past);
    if (told.path && told.path !== path) this.placeAhead(told.path);
    const frame = this.works.frames.get(`${told.node}__tool`);
    if (frame) {
      frame.local.copy(toolIn(told.state));
      this.growAxes(frame, camera);
      this.works.repose(frame);
    }
    this.axes(told.show.axes);
    this.placeReach();
  }

  // The axes of the tool's frame are seen from far off too.
  growAxes(tool, camera) {
    const grown = (AXES_SHARE * tipOf(tool).distanceTo(camera.position)) / AXES_M;
    const size = Math.min(Math.max(1, grown), MOST_GROWN);
    for (const frame of this.works.frames.values()) {
      if (frame.parent !== tool || frame.node.role !== "axes") continue;
      frame.drawn ??= frame.local.clone();
      frame.local.makeScale(size, size, size).multiply(frame.drawn);
    }
  }

  axes(shown) {
    this.works.show(`${this.told.node}__tool`, shown);
  }

  get cell() {
    return this.works.frames.get(this.told.node.split("__")[0]);
  }

  // Where the tool has been before it was looked at here.
  remember(past) {
    this.past = past;
    const first_s = this.points[0]?.[0] ?? this.now_s;
    const before = past.points.filter(([time_s]) => time_s < first_s).map(([time_s, ...at]) => {
      const point = new THREE.Vector3(...at).applyMatrix4(this.cell.world);
      return [time_s, point.x, point.y, point.z];
    });
    this.points = [...before, ...this.points];
  }

  placeAhead(path) {
    this.path = path;
    const { position } = this.ahead.geometry.attributes;
    path.points.slice(0, MOST_AHEAD).forEach((at, k) => {
      const point = new THREE.Vector3(...at).applyMatrix4(this.cell.world);
      position.setXYZ(k, point.x, point.y, point.z);
    });
    position.needsUpdate = true;
  }

  // Of the way ahead only what is not gone yet.
  followAhead(time_s) {
    const { from_s, ends_s, points } = this.path ?? { from_s: 0, ends_s: 0 };
    this.ahead.visible = this.told.show.trace && time_s < ends_s;
    if (!this.ahead.visible) return;
    const count = Math.min(points.length, MOST_AHEAD);
    const gone = Math.max(0, Math.ceil(((time_s - from_s) / (ends_s - from_s)) * (points.length - 1)));
    this.ahead.geometry.setDrawRange(gone, Math.max(0, count - gone));
  }

  // The line to the nearest obstacle, while it is near.
  placeReach() {
    const { nearest } = this.told.state;
    this.reach.visible = Boolean(nearest) && nearest.distance_m < NEAR_M;
    if (!this.reach.visible) return;
    const { cell } = this;
    [nearest.point, nearest.other_point].forEach((at, k) => {
      const point = new THREE.Vector3(...at).applyMatrix4(cell.world);
      this.reach.geometry.attributes.position.setXYZ(k, point.x, point.y, point.z);
    });
    this.reach.geometry.attributes.position.needsUpdate = true;
    this.reach.geometry.setDrawRange(0, 2);
  }

  makeGhost(told) {
    this.ghost.clear();
    this.shapes = [];
    for (const [id, frame] of this.works.frames) {
      const { node } = frame;
      if (!id.startsWith(`${told.node}__`) || !node.shape || !frame.jointed || node.role === "axes" || node.light) continue;
      const mesh = new THREE.Mesh(this.hall.geometries[node.shape], this.ghostly);
      mesh.matrixAutoUpdate = false;
      this.ghost.add(mesh);
      this.shapes.push({ frame, mesh });
    }
  }

  // Where a node stands while the joints have the ghost's values.
  worldOf(frame, values, kept) {
    const known = kept.get(frame);
    if (known) return known;
    const above = frame.parent ? this.worldOf(frame.parent, values, kept) : new THREE.Matrix4();
    const world = above.clone().multiply(frame.local);
    const { joint } = frame;
    if (joint) {
      const value = values[joint.id] ?? this.works.values.get(joint.id) ?? joint.rest;
      world.multiply(movement(joint, value, new THREE.Matrix4()));
    }
    kept.set(frame, world);
    return world;
  }

  ghostOf(id) {
    const shape = this.shapes?.find(({ frame }) => frame.node.id === id);
    return shape && this.ghost.visible ? [...shape.mesh.matrix.elements] : null;
  }

  placeGhost() {
    const { show, state, joint } = this.told;
    this.ghost.visible = show.ghost && state.moving;
    if (!this.ghost.visible) return;
    const values = Object.fromEntries(state.ghost.map((value, k) => [`${joint}${k + 1}`, value]));
    const kept = new Map();
    for (const { frame, mesh } of this.shapes) {
      mesh.matrix.copy(this.worldOf(frame, values, kept)).scale(new THREE.Vector3(...frame.node.size_m));
    }
  }

  // Go along with the run; call once a frame, after the joints have turned.
  follow(time_s, joints) {
    const last_s = this.now_s;
    this.now_s = time_s;
    if (!this.told) return;
    const name = `${this.told.node}__tool`;
    const tool = this.works.frames.get(name);
    if (tool) {
      if (this.points.length && joints) this.fill(name, last_s, time_s, joints);
      this.extend(tool.world.elements, time_s);
    }
    this.followAhead(time_s);
    this.placeGhost();
  }

  // Where the tool was between two pictures that are far apart: its way is round all the same.
  fill(name, from_s, to_s, joints) {
    const count = Math.min(Math.floor((to_s - from_s) / FILL_S), MOST_FILLED);
    if (count < 1) return;
    const paths = Object.fromEntries([...joints].map(([id, { path }]) => [id, path]));
    for (let k = 1; k <= count; k++) {
      const at_s = from_s + (k / (count + 1)) * (to_s - from_s);
      this.extend(this.works.worldAt(name, at_s, paths).elements, at_s);
    }
  }

  extend(e, time_s) {
    const [x, y, z] = [e[12], e[13], e[14]];
    const last = this.points.at(-1);
    if (last && time_s < last[0]) this.points = [];
    if (!last || Math.hypot(x - last[1], y - last[2], z - last[3]) > STEP_M) this.points.push([time_s, x, y, z]);
    while (this.points.length > MOST_POINTS || (this.points.length && this.points[0][0] < time_s - TRACE_S)) this.points.shift();
    const { position } = this.trace.geometry.attributes;
    this.trace.visible = this.told.show.trace && this.points.length > 1;
    if (!this.trace.visible) return;
    this.points.forEach((point, k) => position.setXYZ(k, point[1], point[2], point[3]));
    position.needsUpdate = true;
    this.trace.geometry.setDrawRange(0, this.points.length);
  }
}

// Lines are a pixel wide wherever they are drawn: dots along them make them wider.
function line(colour, count) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(new Float32Array(3 * count), 3));
  const look = { color: colour, depthTest: false, transparent: true };
  const made = new THREE.Line(geometry, new THREE.LineBasicMaterial(look));
  const dots = new THREE.Points(geometry, new THREE.PointsMaterial({ ...look, size: 3, sizeAttenuation: false }));
  made.add(dots);
  for (const each of [made, dots]) {
    each.frustumCulled = false;
    each.renderOrder = 9;
  }
  made.visible = false;
  return made;
}

function placed([x, y, z, w, i, j, k]) {
  const one = new THREE.Vector3(1, 1, 1);
  return new THREE.Matrix4().compose(new THREE.Vector3(x, y, z), new THREE.Quaternion(i, j, k, w), one);
}

const tipOf = ({ world }) => new THREE.Vector3().setFromMatrixPosition(world);

// The tool's frame in the flange's.
const toolIn = ({ flange, tip }) => placed(flange).invert().multiply(placed(tip));
