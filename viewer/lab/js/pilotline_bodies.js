// Parts and vehicles: where they are now, and one instanced mesh for each type of part.

import { THREE } from "nicegui-scene";
import { along, atRest, isRide } from "pilotline_stream";
import { riding } from "pilotline_works";

const BAD = new THREE.Color("#d3312f");
const PLAIN = new THREE.Color("#ffffff");

// The same closed form as the scene document's Track, with the lengths counted once.
export class Track {
  constructor(data) {
    this.path = data.path;
    this.offsets = data.offsets ?? [[0, 0, 0]];
    this.layer_m = data.layer_m ?? 0;
    this.layers = data.layers ?? 1;
    this.heading_rad = data.heading_rad ?? 0;
    this.lengths = [];
    for (let k = 1; k < this.path.length; k++) {
      const [a, b] = [this.path[k - 1], this.path[k]];
      this.lengths.push(Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]));
    }
    this.length_m = this.lengths.reduce((sum, length) => sum + length, 0);
  }

  // Write x, y, z and heading at share s, in a slot, to `out`.
  pose(s, slot, out) {
    let left = Math.min(Math.max(s, 0), 1) * this.length_m;
    let [x, y, z] = this.path[0];
    let heading = this.heading_rad;
    for (let k = 0; k < this.lengths.length; k++) {
      const length = this.lengths[k];
      if (length <= 0) continue;
      const [a, b] = [this.path[k], this.path[k + 1]];
      const share = Math.min(left / length, 1);
      x = a[0] + (b[0] - a[0]) * share;
      y = a[1] + (b[1] - a[1]) * share;
      z = a[2] + (b[2] - a[2]) * share;
      heading = Math.atan2(b[1] - a[1], b[0] - a[0]);
      if (left <= length) break;
      left -= length;
    }
    const offset = this.offsets[slot % this.offsets.length];
    const layer = Math.min(Math.floor(slot / this.offsets.length), this.layers - 1);
    out[0] = x + offset[0];
    out[1] = y + offset[1];
    out[2] = z + offset[2] + layer * this.layer_m;
    out[3] = heading;
    return out;
  }
}

export class Bodies {
  constructor(document, hall, works) {
    this.document = document;
    this.hall = hall;
    this.works = works;
    this.group = new THREE.Group();
    this.tracks = {};
    for (const [id, data] of Object.entries(document.tracks)) this.tracks[id] = new Track(data);
    this.parts = new Map();
    this.vehicles = new Map();
    this.pose = [0, 0, 0, 0, null]; // x, y, z, heading, and the axes of what leans
    this.matrix = new THREE.Matrix4();
    this.unknown = new Set();
  }

  // Pose of a body at a time, as [x, y, z, heading], or null where its place is not in the scene.
  where(body, time_s) {
    if (isRide(body.motion)) return this.works.ride(body.motion, time_s, this.pose);
    const [asset, slot, s0, s1] = body.motion;
    const track = this.tracks[asset] ?? this.direct(asset);
    if (track === null) return null;
    track.pose(along(body.motion, time_s), slot, this.pose);
    this.pose[4] = null;
    if (asset.includes(">") && s1 < s0) this.pose[3] += Math.PI;
    return this.pose;
  }

  // The same at any time, with joints as {id: path} instead of as they are now.
  whereAt(motion, time_s, joints) {
    if (!isRide(motion)) return this.where({ motion }, time_s);
    const world = this.works.worldAt(motion[0], time_s, joints);
    return world && riding(world, motion, time_s, this.pose);
  }

  direct(way) {
    if (this.unknown.has(way)) return null;
    const ends = way.split(">").map((asset) => this.tracks[`${asset}>${asset}`]);
    if (ends.length !== 2 || !ends[0] || !ends[1]) {
      this.unknown.add(way);
      return null;
    }
    this.tracks[way] = new Track({ path: [ends[0].path[0], ends[1].path[0]] });
    return this.tracks[way];
  }

  draw(bodies, time_s) {
    for (const pool of this.parts.values()) pool.used = 0;
    const seen = new Set();
    for (const [id, body] of bodies) {
      const moved = this.follow(body, time_s);
      if (body.pose === null) continue;
      if (body.type.startsWith("vehicle:")) {
        seen.add(id);
        this.drawVehicle(id, body.type.slice("vehicle:".length), body.pose);
      } else this.drawPart(id, body, moved);
    }
    for (const [id, vehicle] of this.vehicles) {
      if (!seen.has(id)) {
        this.group.remove(vehicle);
        this.vehicles.delete(id);
      }
    }
    for (const pool of this.parts.values()) {
      if (!pool.changed && pool.mesh.count === pool.used) continue;
      pool.mesh.count = pool.used;
      pool.mesh.instanceMatrix.needsUpdate = true;
      if (pool.mesh.instanceColor) pool.mesh.instanceColor.needsUpdate = true;
      pool.changed = false;
    }
  }

  // Bring a body's pose to a time; returns whether it changed. One at rest is not looked at again.
  follow(body, time_s) {
    const { motion } = body;
    if (body.settled === motion && !(isRide(motion) && this.works.carries(motion[0]))) return false;
    const pose = this.where(body, time_s);
    if (pose === null) body.pose = null;
    else if (body.pose) for (let k = 0; k < 5; k++) body.pose[k] = pose[k];
    else body.pose = [...pose];
    const ended = isRide(motion) ? atRest(motion[8], time_s) : time_s >= motion[5];
    body.settled = ended ? motion : null;
    return true;
  }

  drawVehicle(id, fleet, [x, y, z, heading]) {
    let vehicle = this.vehicles.get(id);
    if (vehicle === undefined) {
      vehicle = this.hall.vehicle(fleet);
      this.vehicles.set(id, vehicle);
      this.group.add(vehicle);
    }
    vehicle.position.set(x, y, z);
    vehicle.rotation.set(0, 0, heading);
  }

  drawPart(id, body, moved) {
    const pool = this.pool(body.type);
    if (pool.used >= pool.size) this.grow(pool);
    const index = pool.used++;
    const face = body.good === false ? BAD : PLAIN;
    if (!moved && pool.ids[index] === id && pool.faces[index] === face) return;
    const [x, y, z, heading, leans] = body.pose;
    if (leans) this.matrix.copy(leaning(...leans));
    else this.matrix.makeRotationZ(heading);
    this.matrix.setPosition(x, y, z);
    pool.mesh.setMatrixAt(index, this.matrix);
    pool.mesh.setColorAt(index, face);
    pool.ids[index] = id;
    pool.faces[index] = face;
    pool.changed = true;
  }

  // The matrix that a part is drawn with.
  matrixOf(id) {
    for (const { ids, mesh } of this.parts.values()) {
      const index = ids.indexOf(id);
      if (index < 0) continue;
      mesh.getMatrixAt(index, this.matrix);
      return [...this.matrix.elements];
    }
    return null;
  }

  pool(type) {
    let pool = this.parts.get(type);
    if (pool === undefined) {
      const look = this.document.parts[type] ?? { size_m: [0.2, 0.2, 0.1], colour: "#4a7ebb" };
      pool = { geometry: partGeometry(look), size: 32, used: 0, mesh: null, ids: [], faces: [] };
      this.parts.set(type, pool);
      this.fill(pool);
    }
    return pool;
  }

  grow(pool) {
    const old = pool.mesh;
    pool.size *= 2;
    this.fill(pool);
    pool.mesh.instanceMatrix.array.set(old.instanceMatrix.array);
    if (old.instanceColor) {
      pool.mesh.setColorAt(0, PLAIN);
      pool.mesh.instanceColor.array.set(old.instanceColor.array);
    }
    this.group.remove(old);
    old.dispose();
  }

  fill(pool) {
    const material = new THREE.MeshLambertMaterial({ vertexColors: true });
    pool.mesh = new THREE.InstancedMesh(pool.geometry, material, pool.size);
    pool.mesh.frustumCulled = false;
    this.group.add(pool.mesh);
  }
}

function leaning(ahead, up) {
  const [x, z] = [new THREE.Vector3(...ahead), new THREE.Vector3(...up)];
  return new THREE.Matrix4().makeBasis(x, new THREE.Vector3().crossVectors(z, x), z);
}

// A box that stands on its origin, with a paler lid so that neighbours tell apart; or what its type
// is made of.
function blocksOf(look) {
  if (look.blocks?.length) {
    return look.blocks.map(({ at_m, size_m, colour }) => [size_m, at_m, new THREE.Color(colour)]);
  }
  const [length, width, height] = look.size_m;
  const colour = new THREE.Color(look.colour);
  return [
    [[length, width, height * 0.86], [0, 0, height * 0.43], colour],
    [
      [length * 0.86, width * 0.8, height * 0.14],
      [0, 0, height * 0.93],
      colour.clone().lerp(PLAIN, 0.34),
    ],
  ];
}

function partGeometry(look) {
  const points = [];
  const normals = [];
  const colours = [];
  for (const [size, at, tint] of blocksOf(look)) {
    const box = new THREE.BoxGeometry(...size).translate(...at).toNonIndexed();
    points.push(...box.attributes.position.array);
    normals.push(...box.attributes.normal.array);
    for (let k = 0; k < box.attributes.position.count; k++) colours.push(tint.r, tint.g, tint.b);
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(points, 3));
  geometry.setAttribute("normal", new THREE.Float32BufferAttribute(normals, 3));
  geometry.setAttribute("color", new THREE.Float32BufferAttribute(colours, 3));
  return geometry;
}
