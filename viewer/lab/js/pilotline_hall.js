// The hall: what stands still, what lights up, and what turns, drawn from the scene document.

import { THREE } from "nicegui-scene";

const UNLIT = 0.25;
const SLAB_M = 0.25;
const BARE = "#d3d8dc";

// Faces that share a point look round there.
function geometryOf({ points, triangles, round }) {
  if (round) {
    const smooth = new THREE.BufferGeometry();
    smooth.setAttribute("position", new THREE.BufferAttribute(new Float32Array(points.flat()), 3));
    smooth.setIndex(triangles.flat());
    smooth.computeVertexNormals();
    return smooth;
  }
  const corners = new Float32Array(triangles.length * 9);
  triangles.flat().forEach((index, k) => corners.set(points[index], 3 * k));
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(corners, 3));
  geometry.computeVertexNormals();
  return geometry;
}

function matrixOf(node, size) {
  return new THREE.Matrix4().compose(
    new THREE.Vector3(...node.position_m),
    new THREE.Quaternion(...node.rotation),
    size ? new THREE.Vector3(...node.size_m) : new THREE.Vector3(1, 1, 1),
  );
}

export class Hall {
  constructor(document, shapes, floor) {
    this.document = document;
    this.group = new THREE.Group();
    this.geometries = {};
    for (const [name, shape] of Object.entries(shapes)) this.geometries[name] = geometryOf(shape);
    this.materials = {};
    this.lamps = [];
    this.beacons = [];
    this.rotating = [];
    this.pickable = [];
    this.templates = {};
    this.place();
    this.drawFloor(floor);
  }

  material(name) {
    if (!this.materials[name]) {
      const look = this.document.materials[name] ?? { colour: "#888888", opacity: 1, gloss: 0.2 };
      this.materials[name] = new THREE.MeshLambertMaterial({
        color: look.colour,
        emissive: look.glow ? look.colour : "#000000",
        emissiveIntensity: look.glow ? 0.6 : 0,
        transparent: look.opacity < 1,
        opacity: look.opacity,
        depthWrite: look.opacity >= 1,
      });
    }
    return this.materials[name];
  }

  place() {
    const world = new Map();
    const within = new Map(); // node id -> fleet, for templates and their children
    const fleetOf = {};
    for (const [fleet, look] of Object.entries(this.document.fleets)) fleetOf[look.node] = fleet;
    const jointed = new Set(); // what joints and signals change is drawn by Works
    const still = new Map();
    const lamps = new Map();
    for (const node of this.document.nodes) {
      const fleet = fleetOf[node.id] ?? within.get(node.parent);
      const root = fleetOf[node.id] !== undefined;
      const base = root ? new THREE.Matrix4() : (world.get(node.parent) ?? new THREE.Matrix4());
      const pose = root ? new THREE.Matrix4() : base.clone().multiply(matrixOf(node, false));
      world.set(node.id, pose);
      if (fleet !== undefined) within.set(node.id, fleet);
      if (node.joint || jointed.has(node.parent)) jointed.add(node.id);
      if (!node.shape || node.light || node.role === "axes" || jointed.has(node.id)) continue;
      const matrix = root
        ? new THREE.Matrix4().makeScale(...node.size_m)
        : base.clone().multiply(matrixOf(node, true));
      if (fleet !== undefined) (this.templates[fleet] ??= []).push({ node, matrix });
      else if (node.role === "lamp") gather(lamps, node.shape, { node, matrix });
      else if (node.role === "beacon" || node.role === "rotating") this.placeAlone(node, matrix);
      else gather(still, `${node.shape}|${node.material}`, { node, matrix });
    }
    for (const entries of still.values()) {
      const { shape, material } = entries[0].node;
      const mesh = this.instanced(shape, this.material(material), entries);
      if (this.material(material).opacity > 0.3) this.pickable.push(mesh);
    }
    for (const [shape, entries] of lamps) this.placeLamps(shape, entries);
  }

  instanced(shape, material, entries) {
    const mesh = new THREE.InstancedMesh(this.geometries[shape], material, entries.length);
    mesh.userData.nodes = entries.map(({ node }) => node);
    entries.forEach(({ matrix }, k) => mesh.setMatrixAt(k, matrix));
    mesh.computeBoundingSphere();
    this.group.add(mesh);
    return mesh;
  }

  placeLamps(shape, entries) {
    const mesh = this.instanced(shape, new THREE.MeshBasicMaterial(), entries);
    this.pickable.push(mesh);
    entries.forEach(({ node }, index) => {
      const look = this.document.materials[node.material];
      this.lamps.push({ node, mesh, index, colour: new THREE.Color(look?.colour ?? "#999999") });
    });
  }

  placeAlone(node, matrix) {
    const mesh = new THREE.Mesh(this.geometries[node.shape], this.material(node.material));
    mesh.matrixAutoUpdate = false;
    mesh.matrix.copy(matrix);
    mesh.userData.nodes = [node];
    this.group.add(mesh);
    this.pickable.push(mesh);
    if (node.role === "beacon") {
      mesh.visible = false;
      this.beacons.push({ node, mesh });
    } else this.rotating.push({ node, mesh, matrix: matrix.clone() });
  }

  // Light lamps and show beacons; `stateOf` returns an asset's state by name.
  light(stateOf) {
    const colour = new THREE.Color();
    for (const lamp of this.lamps) {
      const state = stateOf(lamp.node.asset);
      if (lamp.state === state) continue;
      lamp.state = state;
      if (lamp.node.state === "any") colour.set(this.document.states[state] ?? "#888888");
      else colour.copy(lamp.colour).multiplyScalar(state === lamp.node.state ? 1 : UNLIT);
      lamp.mesh.setColorAt(lamp.index, colour);
      lamp.mesh.instanceColor.needsUpdate = true;
    }
    for (const { node, mesh } of this.beacons) mesh.visible = stateOf(node.asset) === node.state;
  }

  turn(angle_rad, stateOf) {
    const about = new THREE.Matrix4().makeRotationZ(angle_rad);
    for (const { node, mesh, matrix } of this.rotating) {
      if (stateOf(node.asset) === "busy") mesh.matrix.multiplyMatrices(matrix, about);
    }
  }

  // A new vehicle of a fleet, drawn from its template.
  vehicle(fleet) {
    const group = new THREE.Group();
    for (const { node, matrix } of this.templates[fleet] ?? []) {
      const mesh = new THREE.Mesh(this.geometries[node.shape], this.material(node.material));
      mesh.matrixAutoUpdate = false;
      mesh.matrix.copy(matrix);
      group.add(mesh);
    }
    return group;
  }

  // Dim the floor by a share of its colour.
  tintFloor(share) {
    for (const { material, colour } of this.floor) material.color.copy(colour).multiplyScalar(share);
  }

  // The floor is one picture, with its markings and soft shadows painted on it.
  drawFloor(url) {
    const [x0, y0, x1, y1] = this.document.floor_m;
    const middle = [(x0 + x1) / 2, (y0 + y1) / 2];
    const sheet = new THREE.PlaneGeometry(x1 - x0, y1 - y0).translate(...middle, 0);
    const slab = new THREE.BoxGeometry(x1 - x0, y1 - y0, SLAB_M).translate(...middle, -SLAB_M / 2 - 0.01);
    const painted = new THREE.MeshBasicMaterial({ color: BARE });
    this.floor = [];
    this.lay(sheet, painted);
    this.lay(slab, new THREE.MeshBasicMaterial({ color: "#8a959e" }));
    new THREE.TextureLoader().load(url, (picture) => {
      picture.colorSpace = THREE.SRGBColorSpace;
      picture.anisotropy = 4;
      const share = painted.color.r / this.floor[0].colour.r;
      this.floor[0].colour.set("#ffffff");
      painted.color.set("#ffffff").multiplyScalar(share);
      painted.map = picture;
      painted.needsUpdate = true;
    });
  }

  lay(geometry, material) {
    this.floor.push({ material, colour: material.color.clone() });
    this.group.add(new THREE.Mesh(geometry, material));
  }
}

function gather(groups, key, entry) {
  if (!groups.has(key)) groups.set(key, []);
  groups.get(key).push(entry);
}
