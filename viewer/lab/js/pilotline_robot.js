// What the 3D view shows of a robot beside its arm: tool frame, path trace, ghost, nearest obstacle.

import { THREE } from "nicegui-scene";
import { movement } from "pilotline_works";

const TRACE_S = 10;
const MOST_POINTS = 600;
const STEP_M = 0.002;
const NEAR_M = 0.1;

export class RobotSight {
  constructor(works, hall) {
    this.works = works;
    this.hall = hall;
    this.group = new THREE.Group();
    this.told = null;
    this.points = []; // [time_s, x, y, z] of the tool's point
    this.trace = line("#ff7a00", MOST_POINTS);
    this.reach = line("#e0262b", 2);
    this.ghost = new THREE.Group();
    this.ghostly = new THREE.MeshLambertMaterial({ color: "#2f8fd8", transparent: true, opacity: 0.28, depthWrite: false });
    this.group.add(this.trace, this.reach, this.ghost);
    this.group.visible = false;
  }

  // Hear of a robot: {id, node, joint, state, show}; `state` as the API gives it.
  tell(told) {
    if (this.told?.node !== told.node) {
      if (this.told) this.axes(false);
      this.points = [];
      this.makeGhost(told);
    }
    this.told = told;
    this.group.visible = true;
    const frame = this.works.frames.get(`${told.node}__tool`);
    if (frame) {
      frame.local.copy(toolIn(told.state));
      this.works.repose(frame);
    }
    this.axes(told.show.axes);
    this.placeReach();
  }

  axes(shown) {
    this.works.show(`${this.told.node}__tool`, shown);
  }

  // The line to the nearest obstacle, while it is near.
  placeReach() {
    const { nearest } = this.told.state;
    this.reach.visible = Boolean(nearest) && nearest.distance_m < NEAR_M;
    if (!this.reach.visible) return;
    const cell = this.works.frames.get(this.told.node.split("__")[0]);
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
  follow(time_s) {
    if (!this.told) return;
    const tool = this.works.frames.get(`${this.told.node}__tool`);
    if (tool) this.extend(tool.world.elements, time_s);
    this.placeGhost();
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

function line(colour, count) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(new Float32Array(3 * count), 3));
  const made = new THREE.Line(geometry, new THREE.LineBasicMaterial({ color: colour, depthTest: false, transparent: true }));
  made.frustumCulled = false;
  made.renderOrder = 9;
  made.visible = false;
  return made;
}

function placed([x, y, z, w, i, j, k]) {
  const one = new THREE.Vector3(1, 1, 1);
  return new THREE.Matrix4().compose(new THREE.Vector3(x, y, z), new THREE.Quaternion(i, j, k, w), one);
}

// The tool's frame in the flange's.
const toolIn = ({ flange, tip }) => placed(flange).invert().multiply(placed(tip));
