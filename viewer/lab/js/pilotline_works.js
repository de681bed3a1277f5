// Workcells: what joints move, what signals light, and the frames in which bodies ride.

import { THREE } from "nicegui-scene";
import { onPath } from "pilotline_stream";

const HIDDEN = new THREE.Matrix4().makeScale(0, 0, 0);

export function localMatrix(node) {
  return new THREE.Matrix4().compose(
    new THREE.Vector3(...node.position_m),
    new THREE.Quaternion(...node.rotation),
    new THREE.Vector3(1, 1, 1),
  );
}

// By how much a joint has moved its node, m or rad.
export function travel(joint, value) {
  const way = value * joint.gain + joint.offset;
  return joint.wrap ? way - joint.wrap * Math.floor(way / joint.wrap) : way;
}

// Write the movement of a joint at a value to `out`.
export function movement(joint, value, out) {
  const way = travel(joint, value);
  const [x, y, z] = joint.axis;
  if (joint.move === "turn") return out.makeRotationAxis(new THREE.Vector3(x, y, z), way);
  if (joint.move === "stretch") {
    const more = way - 1;
    return out.set(
      1 + more * x * x, more * x * y, more * x * z, 0,
      more * y * x, 1 + more * y * y, more * y * z, 0,
      more * z * x, more * z * y, 1 + more * z * z, 0,
      0, 0, 0, 1,
    );
  }
  return out.makeTranslation(way * x, way * y, way * z);
}

export class Works {
  constructor(document, hall) {
    this.hall = hall;
    this.frames = new Map(); // node id -> its frame
    this.moving = []; // frames that joints move, parents first
    this.told = new Map(); // joints that a signal speaks for, by id
    this.lamps = [];
    this.pools = new Map();
    this.values = new Map(); // joint id -> its value at the time shown
    this.dirty = new Set();
    this.stamp = 0;
    this.step = new THREE.Matrix4();
    for (const node of document.nodes) this.frame(node);
    for (const pool of this.pools.values()) this.fill(pool);
    this.light({});
  }

  // Take note of where a node stands, and of what is to be drawn there.
  frame(node) {
    const parent = node.parent ? this.frames.get(node.parent) : null;
    const frame = { node, parent, local: localMatrix(node), world: new THREE.Matrix4(), stamp: 0 };
    frame.joint = node.joint ?? null;
    frame.jointed = frame.joint !== null || (parent?.jointed ?? false);
    this.frames.set(node.id, frame);
    this.pose(frame, frame.joint?.rest ?? 0);
    if (frame.jointed) this.moving.push(frame);
    if (frame.joint?.signal) this.told.set(frame.joint.id, frame.joint);
    if (node.shape && (frame.jointed || node.light)) this.draw(frame);
  }

  pose(frame, value) {
    if (frame.parent) frame.world.multiplyMatrices(frame.parent.world, frame.local);
    else frame.world.copy(frame.local);
    if (frame.joint) frame.world.multiply(movement(frame.joint, value, this.step));
  }

  draw(frame) {
    const { node } = frame;
    frame.sized = new THREE.Matrix4();
    frame.slots = [];
    const faces = node.light ? [node.material, node.light.lit] : [node.material];
    faces.forEach((material, face) => {
      if (material === null) return;
      const key = `${node.shape}|${material}`;
      if (!this.pools.has(key)) this.pools.set(key, { shape: node.shape, material, frames: [] });
      const pool = this.pools.get(key);
      const shown = !node.light && node.role !== "axes";
      frame.slots.push({ pool, index: pool.frames.length, shown, lit: face === 1 });
      pool.frames.push(frame);
    });
    if (node.light) this.lamps.push(frame);
  }

  fill(pool) {
    const { geometries } = this.hall;
    const material = this.hall.material(pool.material);
    pool.mesh = new THREE.InstancedMesh(geometries[pool.shape], material, pool.frames.length);
    pool.mesh.frustumCulled = false;
    pool.mesh.userData.nodes = pool.frames.map(({ node }) => node);
    this.hall.group.add(pool.mesh);
    if (material.opacity > 0.6) this.hall.pickable.push(pool.mesh);
    for (const frame of pool.frames) this.put(frame);
  }

  // Write a frame's matrix to wherever it is drawn.
  put(frame) {
    frame.sized.copy(frame.world).scale(new THREE.Vector3(...frame.node.size_m));
    for (const { pool, index, shown } of frame.slots) {
      if (!pool.mesh) continue;
      pool.mesh.setMatrixAt(index, shown ? frame.sized : HIDDEN);
      pool.mesh.instanceMatrix.needsUpdate = true;
    }
  }

  // Move everything to where the joints, or else signals, have it at a time.
  turn(joints, time_s, signals) {
    this.dirty.clear();
    for (const [id, { path }] of joints) this.set(id, onPath(path, time_s));
    for (const [id, joint] of this.told) {
      const said = signals[joint.signal];
      if (said && !joints.has(id)) this.set(id, Number(Boolean(said[0]) !== joint.inverted));
    }
    if (this.dirty.size === 0) return;
    this.stamp += 1;
    for (const frame of this.moving) {
      const { joint, parent } = frame;
      const own = joint !== null && this.dirty.has(joint.id);
      if (!own && parent?.stamp !== this.stamp) continue;
      frame.stamp = this.stamp;
      this.pose(frame, joint ? (this.values.get(joint.id) ?? joint.rest) : 0);
      if (frame.slots) this.put(frame);
    }
  }

  set(id, value) {
    if (this.values.get(id) === value) return;
    this.values.set(id, value);
    this.dirty.add(id);
  }

  // Whether the latest `turn` moved a node, and what rides on it.
  carries(id) {
    return this.dirty.size > 0 && this.frames.get(id)?.stamp === this.stamp;
  }

  // Show or hide the axes of a frame: the nodes below it.
  show(id, shown) {
    for (const frame of this.frames.values()) {
      if (frame.node.parent !== id || frame.node.role !== "axes") continue;
      if (frame.slots[0].shown === shown) continue;
      for (const slot of frame.slots) slot.shown = shown;
      this.put(frame);
    }
  }

  // Bring a frame whose place in its parent has changed, and what is below it, up to date.
  repose(changed) {
    for (const frame of this.moving) {
      if (frame !== changed && frame.parent !== changed) continue;
      this.pose(frame, frame.joint ? (this.values.get(frame.joint.id) ?? frame.joint.rest) : 0);
      if (frame.slots) this.put(frame);
    }
  }

  // Light the lamps by the signals: {path: [value, quality, time_s]}.
  light(signals) {
    for (const frame of this.lamps) {
      const { light } = frame.node;
      const said = signals[light.path];
      const lit = Boolean(said ? said[0] : light.rest) !== light.inverted;
      if (frame.lit === lit) continue;
      frame.lit = lit;
      for (const slot of frame.slots) slot.shown = slot.lit === lit;
      this.put(frame);
    }
  }

  // Pose of a ride at the time of the latest `turn`, as [x, y, z, heading] in `out`; null where the
  // scene has no such frame.
  ride(motion, time_s, out) {
    const frame = this.frames.get(motion[0]);
    return frame ? riding(frame.world, motion, time_s, out) : null;
  }

  // A sphere around a node and all that hangs on it and is drawn; null where there is no such node.
  around(id) {
    const box = new THREE.Box3();
    for (const [name, frame] of this.frames) {
      if (name !== id && !name.startsWith(`${id}__`)) continue;
      const size = frame.node.shape ? Math.max(...frame.node.size_m) / 2 : 0;
      const at = new THREE.Vector3().setFromMatrixPosition(frame.world);
      box.union(new THREE.Box3(at.clone().subScalar(size), at.addScalar(size)));
    }
    return box.isEmpty() ? null : box.getBoundingSphere(new THREE.Sphere());
  }

  // A node's pose at any time, with joints as {id: path}; null where there is no such node.
  worldAt(id, time_s, joints) {
    const frame = this.frames.get(id);
    if (!frame) return null;
    const above = frame.parent ? this.worldAt(frame.parent.node.id, time_s, joints) : new THREE.Matrix4();
    const world = above.multiply(frame.local);
    if (frame.joint) {
      const path = joints[frame.joint.id];
      const value = path ? onPath(path, time_s) : frame.joint.rest;
      world.multiply(movement(frame.joint, value, new THREE.Matrix4()));
    }
    return world;
  }
}

// Write the pose of a ride in a frame to `out`.
export function riding(world, [, x, y, z, heading, dx, dy, dz, path], time_s, out) {
  const way = onPath(path, time_s);
  const e = world.elements;
  const [px, py, pz] = [x + way * dx, y + way * dy, z + way * dz];
  const [c, s] = [Math.cos(heading), Math.sin(heading)];
  out[0] = e[0] * px + e[4] * py + e[8] * pz + e[12];
  out[1] = e[1] * px + e[5] * py + e[9] * pz + e[13];
  out[2] = e[2] * px + e[6] * py + e[10] * pz + e[14];
  out[3] = Math.atan2(e[1] * c + e[5] * s, e[0] * c + e[4] * s);
  // How far the frame leans: beyond the first four, the axes that are ahead of it and up from it.
  out[4] = Math.abs(e[10] - 1) < 1e-9 ? null : [[e[0] * c + e[4] * s, e[1] * c + e[5] * s, e[2] * c + e[6] * s], [e[8], e[9], e[10]]];
  return out;
}
