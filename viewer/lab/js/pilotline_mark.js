// A frame of lines around the chosen body of a workcell.

import { THREE } from "nicegui-scene";

const COLOUR = "#ff7a00";
const SPARE_M = 0.02;

export class Mark {
  constructor(works) {
    this.works = works;
    this.nodes = [];
    this.root = null;
    const cube = new THREE.EdgesGeometry(new THREE.BoxGeometry(1, 1, 1));
    const look = new THREE.LineBasicMaterial({ color: COLOUR, depthTest: false, transparent: true });
    this.lines = new THREE.LineSegments(cube, look);
    this.lines.matrixAutoUpdate = false;
    this.lines.renderOrder = 10;
    this.lines.visible = false;
    this.box = new THREE.Box3();
    this.point = new THREE.Vector3();
  }

  // Choose a body, `WORKCELL/BODY`, or none.
  choose(name) {
    const [cell, body] = (name ?? "").split("/");
    const frames = body ? [...this.works.frames.values()] : [];
    this.nodes = frames.filter(({ node }) => node.asset === cell && node.body === body && node.shape);
    this.root = this.works.frames.get(`${cell}__${body}`) ?? null;
    this.lines.visible = this.nodes.length > 0 && this.root !== null;
    this.follow();
  }

  // Go along with the body: its parts move.
  follow() {
    if (!this.lines.visible) return;
    const back = this.root.world.clone().invert();
    this.box.makeEmpty();
    for (const { node, world } of this.nodes) {
      const local = back.clone().multiply(world);
      const [l, w, h] = node.size_m;
      for (let corner = 0; corner < 8; corner++) {
        this.point.set(
          (corner & 1 ? l : -l) / 2,
          (corner & 2 ? w : -w) / 2,
          (corner & 4 ? h : -h) / 2,
        );
        this.box.expandByPoint(this.point.applyMatrix4(local));
      }
    }
    this.box.expandByScalar(SPARE_M);
    const size = this.box.getSize(new THREE.Vector3());
    const middle = this.box.getCenter(new THREE.Vector3());
    const inside = new THREE.Matrix4().makeTranslation(middle.x, middle.y, middle.z).scale(size);
    this.lines.matrix.multiplyMatrices(this.root.world, inside);
  }
}
