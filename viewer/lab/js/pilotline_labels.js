// The names of the assets, as small signs over them.

import { CSS2DObject, CSS2DRenderer, THREE } from "nicegui-scene";

const ROW_PX = 24;
const GAP_PX = 3;
const CROWDED_PX = 26;
const SIGN_FONT = "600 12px Roboto, sans-serif";
const SIGN_PADDING_PX = 13;
// Which names stay when there is no room for all.
const MACHINES = new Set(["station", "inspection", "assembly", "disassembly", "storage"]);
const LAST = new Set(["conveyor", "vehicle", "operator"]);
// Where a sign may stand: which share of it is left of the place it names, and how many rows above.
const PLACES = [
  [0.5, 0],
  [0.15, 0],
  [0.85, 0],
  [0.5, 1],
  [0.15, 1],
  [0.85, 1],
  [0.5, -1],
];

export class Labels {
  constructor(document_, language, element) {
    this.renderer = new CSS2DRenderer({ element });
    this.group = new THREE.Group();
    this.element = element;
    this.assets = document_.assets;
    this.point = new THREE.Vector3();
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

  // Who gets a place first: what is down and what was chosen always, then machines, then the rest.
  rank(id, state) {
    if (id === this.chosen) return 0;
    if (state === "down") return 1;
    const { kind } = this.assets[id];
    if (MACHINES.has(kind)) return 2;
    return LAST.has(kind) ? 4 : 3;
  }

  // Give each sign a place of its own; machines move up or down for it, others go when it is crowded.
  thin(camera, stateOf) {
    const taken = this.covered();
    const found = this.signs.map((entry) => ({
      ...entry,
      rank: this.rank(entry.id, stateOf(entry.id)),
      away: camera.position.distanceTo(entry.label.position),
    }));
    for (const { label, sign, rank } of found.sort((a, b) => a.rank - b.rank || a.away - b.away)) {
      const box = this.boxOf(label, sign, camera);
      const gap = rank > 2 ? CROWDED_PX : GAP_PX;
      const places = rank > 2 ? PLACES.slice(0, 1) : PLACES;
      const place = box && places.find((at) => free(moved(box, at), gap, taken));
      label.visible = this.shown && box !== null && (place !== undefined || rank < 2);
      if (!label.visible) continue;
      const [left, rows] = place ?? [0.5, Math.min(0, Math.floor(box.top / ROW_PX))];
      label.center.set(left, 1 + rows);
      taken.push(moved(box, [left, rows]));
    }
  }

  // Where a sign would stand, in pixels; null behind the eye or out of the picture.
  boxOf(label, sign, camera) {
    const [width, height] = this.size;
    const point = this.point.copy(label.position).project(camera);
    if (point.z >= 1 || Math.abs(point.x) > 1 || Math.abs(point.y) > 1) return null;
    sign.wide ||= sign.offsetWidth;
    const half = (sign.wide || this.guess(sign.textContent)) / 2;
    const x = ((point.x + 1) / 2) * width;
    const bottom = ((1 - point.y) / 2) * height;
    return { left: x - half, right: x + half, top: bottom - ROW_PX, bottom };
  }

  // About how wide a sign will be that was never shown.
  guess(text) {
    this.ruler ??= document.createElement("canvas").getContext("2d");
    this.ruler.font = SIGN_FONT;
    return this.ruler.measureText(text).width + SIGN_PADDING_PX;
  }

  // What already lies over the picture.
  covered() {
    const origin = this.element.getBoundingClientRect();
    return [...document.querySelectorAll(".view-bar, .legend")].map((bar) => {
      const { left, right, top, bottom } = bar.getBoundingClientRect();
      const [dx, dy] = [origin.left, origin.top];
      return { left: left - dx, right: right - dx, top: top - dy, bottom: bottom - dy };
    });
  }

  render(scene, camera) {
    this.renderer.render(scene, camera);
  }
}

function moved({ left, right, top, bottom }, [share, rows]) {
  const [dx, dy] = [(0.5 - share) * (right - left), rows * ROW_PX];
  return { left: left + dx, right: right + dx, top: top - dy, bottom: bottom - dy };
}

function free({ left, right, top, bottom }, gap, taken) {
  if (top < 0) return false;
  return taken.every(
    (other) =>
      other.left > right + gap ||
      other.right < left - gap ||
      other.top > bottom + gap / 3 ||
      other.bottom < top - gap / 3,
  );
}
