// The names of the assets, as small signs over them.

import { CSS2DObject, CSS2DRenderer, THREE } from "nicegui-scene";

const THIN_ROW_PX = 22;

export class Labels {
  constructor(document_, language, element) {
    this.renderer = new CSS2DRenderer({ element });
    this.group = new THREE.Group();
    this.shown = true;
    this.chosen = null;
    this.onPick = () => {};
    this.size = [1, 1];
    this.signs = Object.entries(document_.assets).map(([id, asset]) => {
      const sign = document.createElement("div");
      sign.className = "asset-label";
      sign.dataset.assetState = id;
      sign.textContent = asset.title[language] || asset.title.en;
      sign.addEventListener("pointerup", (event) => {
        event.stopPropagation();
        this.onPick(id);
      });
      const label = new CSS2DObject(sign);
      label.position.set(...asset.label_m);
      label.center.set(0.5, 1);
      this.group.add(label);
      return { id, label, sign };
    });
  }

  resize(width, height) {
    this.size = [width, height];
    this.renderer.setSize(width, height);
  }

  highlight(asset) {
    this.chosen = asset;
    for (const { id, sign } of this.signs) sign.classList.toggle("selected", id === asset);
  }

  // Hide signs that would lie on a nearer one; the chosen one comes first.
  thin(camera) {
    const [width, height] = this.size;
    const taken = [];
    const point = new THREE.Vector3();
    const far = this.signs.map((entry) => ({
      ...entry,
      away: entry.id === this.chosen ? -1 : camera.position.distanceTo(entry.label.position),
    }));
    for (const { label, sign } of far.sort((a, b) => a.away - b.away)) {
      point.copy(label.position).project(camera);
      const half = (sign.offsetWidth || sign.textContent.length * 8) / 2 + 2;
      const x = ((point.x + 1) / 2) * width;
      const y = ((1 - point.y) / 2) * height;
      const free = taken.every(
        (other) => Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > THIN_ROW_PX,
      );
      label.visible = this.shown && free && point.z < 1;
      if (label.visible) taken.push({ x, y, half });
    }
  }

  render(scene, camera) {
    this.renderer.render(scene, camera);
  }
}
