"""What is written over a picture: title, key figures, labels with states, and the legend."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from twin.spec.messages import message
from twin.wire.model import Snapshot
from viewer.scene import SceneDocument
from viewer.scene.document import Words

from .badge import put_badge
from .fonts import font, readable
from .state import STATES, asset_states

INK = (28, 36, 44, 255)
SOFT = (92, 104, 116, 255)
CARD = (255, 255, 255, 228)
EDGE = (28, 36, 44, 36)
KPIS = ("throughput_per_h", "made", "wip", "lead_time_s", "yield", "machines_down")
SIGNS = {"down", "blocked"}
SIGN_M = 1.2
QUIET = {"conveyor", "vehicle", "operator"}
FIRST = ("assembly", "station", "inspection", "disassembly", "storage", "buffer", "source", "sink")

Box = tuple[float, float, float, float]
Pixel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A label wanted at a pixel."""

    text: str
    state: str | None
    colour: str
    at: Pixel
    rank: int


class Overlay:
    """Draws on a picture of a line.

    Args:
        document: The scene.
        language: `en` or `zh`; English where no font has Chinese.
        scale: 1.0 writes for a picture 900 pixels high.
    """

    def __init__(self, document: SceneDocument, language: str = "en", scale: float = 1.0) -> None:
        self.document = document
        self.language = readable(language)
        self.scale = scale

    def draw(
        self,
        picture: Image.Image,
        snapshot: Snapshot | None,
        spots: Mapping[str, Pixel],
        *,
        labels: bool = True,
    ) -> Image.Image:
        """Return the picture with everything written on it.

        Args:
            picture: The rendered hall.
            snapshot: What the run says; None draws only the layout's names.
            spots: Where on the picture each asset's label points to.
            labels: Whether assets are labelled.
        """
        sheet = self.sheet(picture.size, snapshot, spots, labels=labels)
        return Image.alpha_composite(picture.convert("RGBA"), sheet).convert("RGB")

    def sheet(
        self,
        size: tuple[int, int],
        snapshot: Snapshot | None,
        spots: Mapping[str, Pixel],
        *,
        labels: bool = True,
        note: str = "",
        kept: Iterable[Box] = (),
    ) -> Image.Image:
        """Return everything that is written, on a transparent sheet.

        Args:
            size: Width and height of the picture, px.
            snapshot: What the run says.
            spots: Where each asset's label points to.
            labels: Whether assets are labelled.
            note: Written below on the right.
            kept: Places that labels keep off.
        """
        sheet = Image.new("RGBA", size, (0, 0, 0, 0))
        taken = [*kept, self._title(sheet, snapshot)]
        taken += self._kpis(sheet, snapshot)
        if snapshot is not None:
            taken.append(self._legend(sheet, snapshot))
        if note:
            taken.append(self._note(sheet, note))
        if labels:
            self._labels(sheet, snapshot, spots, taken)
        return sheet

    def _note(self, sheet: Image.Image, note: str) -> Box:
        pen = ImageDraw.Draw(sheet)
        text = font(self._px(13))
        right, top = sheet.width - self._px(20), sheet.height - self._px(54)
        box = (right - pen.textlength(note, text) - self._px(28), top, right, top + self._px(36))
        _card(pen, box, self._px(10))
        pen.text((box[0] + self._px(14), (box[1] + box[3]) / 2), note, SOFT, text, anchor="lm")
        return box

    def _px(self, pixels: float) -> int:
        return max(1, round(pixels * self.scale))

    def _say(self, words: Words) -> str:
        return words["zh" if self.language.startswith("zh") else "en"]

    def _title(self, sheet: Image.Image, snapshot: Snapshot | None) -> Box:
        pen = ImageDraw.Draw(sheet)
        big, small = font(self._px(25), bold=True), font(self._px(14))
        title = self._say(self.document.title)
        under = self.document.line if snapshot is None else self._when(snapshot)
        pad, left, top = self._px(16), self._px(20), self._px(18)
        wide = max(pen.textlength(title, big), pen.textlength(under, small)) + 2 * pad
        box = (left, top, left + wide, top + self._px(72))
        _card(pen, box, self._px(10))
        pen.rectangle(
            (left, top + self._px(14), left + self._px(4), box[3] - self._px(14)),
            fill=(35, 135, 127, 255),
        )
        pen.text((left + pad, top + self._px(11)), title, INK, big)
        pen.text((left + pad, top + self._px(45)), under, SOFT, small)
        return box

    def _when(self, snapshot: Snapshot) -> str:
        day, seconds = divmod(int(snapshot.time_s), 86400)
        clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        when = message("scene.day", self.language, day=day + 1, clock=clock)
        if snapshot.rate == 0:
            rate = message("scene.paused", self.language)
        elif math.isinf(snapshot.rate):
            rate = message("scene.fastest", self.language)
        else:
            rate = message("scene.rate", self.language, rate=f"{snapshot.rate:g}")
        return f"{self.document.line}  ·  {when}  ·  {rate}"

    def _kpis(self, sheet: Image.Image, snapshot: Snapshot | None) -> list[Box]:
        if snapshot is None:
            return []
        pen = ImageDraw.Draw(sheet)
        name_font, value_font = font(self._px(12)), font(self._px(22), bold=True)
        unit_font = font(self._px(11))
        right, top = float(sheet.width - self._px(20)), self._px(18)
        boxes: list[Box] = []
        for key in reversed([k for k in KPIS if _known(snapshot.kpis.get(k))]):
            name, unit = message(f"scene.kpi.{key}", self.language).split("|")
            value = _figure(key, snapshot.kpis[key])
            wide = self._px(26) + max(
                pen.textlength(name, name_font),
                pen.textlength(value, value_font) + self._px(5) + pen.textlength(unit, unit_font),
            )
            box = (right - wide, top, right, top + self._px(60))
            _card(pen, box, self._px(10))
            x = box[0] + self._px(13)
            pen.text((x, top + self._px(8)), name, SOFT, name_font)
            pen.text((x, top + self._px(25)), value, INK, value_font)
            x += pen.textlength(value, value_font) + self._px(5)
            pen.text((x, top + self._px(36)), unit, SOFT, unit_font)
            boxes.append(box)
            right = box[0] - self._px(8)
        return boxes

    def _legend(self, sheet: Image.Image, snapshot: Snapshot) -> Box:
        pen = ImageDraw.Draw(sheet)
        text = font(self._px(13))
        counts = list(asset_states(snapshot).values())
        entries = [
            (state, f"{message(f'scene.state.{state}', self.language)} {counts.count(state)}")
            for state in STATES
        ]
        mark, gap, pad = self._px(17), self._px(16), self._px(14)
        wide = sum(mark + self._px(7) + pen.textlength(t, text) + gap for _, t in entries) - gap
        top = sheet.height - self._px(54)
        box = (self._px(20), top, self._px(20) + wide + 2 * pad, top + self._px(36))
        _card(pen, box, self._px(10))
        x = float(box[0] + pad)
        for state, words in entries:
            middle = (x + mark / 2, (box[1] + box[3]) / 2)
            put_badge(sheet, middle, mark / 2, state, self.document.states[state])
            pen.text((x + mark + self._px(7), middle[1]), words, INK, text, anchor="lm")
            x += mark + self._px(7) + pen.textlength(words, text) + gap
        return box

    def _labels(
        self,
        sheet: Image.Image,
        snapshot: Snapshot | None,
        spots: Mapping[str, Pixel],
        taken: list[Box],
    ) -> None:
        pen = ImageDraw.Draw(sheet)
        placed = self._placed(pen, sheet.size, self._wanted(snapshot, spots), taken)
        for label, box in placed:
            self._leader(pen, label, box)
        for label, box in placed:
            self._label(sheet, label, box)

    def label_boxes(
        self, size: tuple[int, int], snapshot: Snapshot | None, spots: Mapping[str, Pixel]
    ) -> list[Box]:
        """Return where labels are put on a picture of `size`."""
        pen = ImageDraw.Draw(Image.new("RGBA", (1, 1)))
        return [box for _, box in self._placed(pen, size, self._wanted(snapshot, spots), [])]

    def _placed(
        self,
        pen: ImageDraw.ImageDraw,
        size: tuple[int, int],
        wanted: Iterable[Label],
        taken: list[Box],
    ) -> list[tuple[Label, Box]]:
        """Place the labels, the weightiest first; one that finds no room is left out."""
        placed: list[tuple[Label, Box]] = []
        for label in sorted(wanted, key=lambda label: (label.rank, label.at[1])):
            box = self._room(pen, label, size, [*taken, *(b for _, b in placed)])
            if box is not None:
                placed.append((label, box))
        return placed

    def _wanted(self, snapshot: Snapshot | None, spots: Mapping[str, Pixel]) -> Iterable[Label]:
        states = asset_states(snapshot)
        content = _content(snapshot)
        for name, asset in self.document.assets.items():
            if asset.kind in QUIET or name not in spots:
                continue
            text = self._say(asset.title)
            if asset.kind in {"buffer", "storage"} and name in content:
                text += f"  {content[name]}"
            state = states.get(name)
            rank = FIRST.index(asset.kind) if asset.kind in FIRST else len(FIRST)
            if state == "down":
                rank = -1
            colour = self.document.states.get(state or "", "#5c6874")
            yield Label(text, state, colour, spots[name], rank)

    def _size(self, pen: ImageDraw.ImageDraw, label: Label) -> tuple[float, float]:
        mark = self._px(20) if label.state else 0
        return pen.textlength(label.text, font(self._px(12))) + mark + self._px(16), self._px(22)

    def _room(
        self, pen: ImageDraw.ImageDraw, label: Label, size: tuple[int, int], taken: list[Box]
    ) -> Box | None:
        """Return the free box nearest above an asset, None where all is taken."""
        w, h = self._size(pen, label)
        x, y = label.at
        for lift in (0, 16, 32, 50, 70, 92):
            for side in (0.0, -0.3, 0.3, -0.5, 0.5):
                left, top = x + side * w - w / 2, y - self._px(lift) - h
                box = (left, top, left + w, top + h)
                inside = left > 4 and top > 4 and box[2] < size[0] - 4 and box[3] < size[1] - 4
                if inside and not any(_meet(box, other, self._px(3)) for other in taken):
                    return box
        return None

    def _leader(self, pen: ImageDraw.ImageDraw, label: Label, box: Box) -> None:
        foot = (min(max(label.at[0], box[0] + 8), box[2] - 8), box[3])
        if math.dist(foot, label.at) > self._px(3):
            pen.line([foot, label.at], fill=(40, 50, 60, 150), width=self._px(1.3))

    def _label(self, sheet: Image.Image, label: Label, box: Box) -> None:
        pen = ImageDraw.Draw(sheet)
        pen.rounded_rectangle(
            box,
            self._px(6),
            fill=(255, 255, 255, 238),
            outline=_rgba(label.colour, 220),
            width=self._px(1.4),
        )
        x = box[0] + self._px(8)
        middle = (box[1] + box[3]) / 2
        if label.state:
            put_badge(sheet, (x + self._px(6), middle), self._px(7.5), label.state, label.colour)
            x += self._px(20)
        pen.text((x, middle), label.text, INK, font(self._px(12)), anchor="lm")


def _content(snapshot: Snapshot | None) -> dict[str, int]:
    if snapshot is None:
        return {}
    ends = ((path.split("/"), signal.value) for path, signal in snapshot.signals.items())
    return {p[-2]: int(v) for p, v in ends if len(p) > 1 and p[-1] == "content"}


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _figure(key: str, value: float) -> str:
    if key == "lead_time_s":
        return f"{value / 60:.1f}"
    if key == "yield":
        return f"{100 * value:.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.1f}"


def _meet(a: Box, b: Box, gap: float) -> bool:
    apart = a[2] + gap < b[0] or b[2] + gap < a[0] or a[3] + gap < b[1] or b[3] + gap < a[1]
    return not apart


def _card(pen: ImageDraw.ImageDraw, box: Box, radius: int) -> None:
    shade = (box[0] + 1, box[1] + 2, box[2] + 1, box[3] + 3)
    pen.rounded_rectangle(shade, radius, fill=(28, 36, 44, 28))
    pen.rounded_rectangle(box, radius, fill=CARD, outline=EDGE, width=1)


def _rgba(colour: str, alpha: int = 255) -> tuple[int, int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, alpha


def label_points(
    document: SceneDocument, states: Mapping[str, str]
) -> dict[str, tuple[float, float, float]]:
    """Return where each asset's label points to, above its sign where it shows one."""
    signed = {node.asset for node in document.nodes if node.role == "beacon"}
    found = {}
    for name, asset in document.assets.items():
        x, y, z = asset.label_m
        lifted = name in signed and states.get(name) in SIGNS
        found[name] = (x, y, z + SIGN_M if lifted else z)
    return found


def projected(
    points: Mapping[str, tuple[float, float, float]], matrix: object, size: tuple[int, int]
) -> dict[str, Pixel]:
    """Return where points are on a picture, by the camera's `(4, 4)` projection; none behind it."""
    found = {}
    for name, point in points.items():
        x, y, z, w = np.asarray(matrix, float) @ np.array([*point, 1.0])
        if w > 0 and abs(x) < w and abs(y) < w and abs(z) < w:
            found[name] = ((x / w + 1) / 2 * size[0], (1 - y / w) / 2 * size[1])
    return found
