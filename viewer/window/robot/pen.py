"""Draws the parts of a panel: texts that fit, buttons, and where each can be pressed."""

from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from viewer.window.fonts import font, mono

Ink = tuple[int, int, int, int]
Box = tuple[float, float, float, float]

INK: Ink = (28, 36, 44, 255)
SOFT: Ink = (88, 100, 112, 255)
PALE: Ink = (150, 160, 169, 255)
EDGE: Ink = (201, 208, 214, 255)
RULE: Ink = (226, 231, 235, 255)
PAPER: Ink = (255, 255, 255, 251)
WHITE: Ink = (255, 255, 255, 255)
FIELD: Ink = (240, 244, 247, 255)
HOVER: Ink = (229, 241, 240, 255)
BRAND: Ink = (29, 118, 111, 255)
GREEN: Ink = (20, 118, 60, 255)
RED: Ink = (180, 29, 35, 255)
AMBER: Ink = (154, 88, 0, 255)
BLUE: Ink = (28, 92, 168, 255)
POINTER: Ink = (255, 233, 168, 255)
FINER = 4


class Control(NamedTuple):
    """Something that can be pressed: what it is, and what it is about."""

    box: Box
    name: str
    about: str | int | tuple[str | int, ...] = ""

    def holds(self, x: float, y: float) -> bool:
        """Whether a place is on it."""
        return self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]

    @property
    def key(self) -> tuple[str, str | int | tuple[str | int, ...]]:
        """What tells it from the others."""
        return self.name, self.about


class Pen:
    """A pen on a transparent sheet; lengths that go in are those of a window 720 pixels high.

    Args:
        size: width and height of the sheet, px.
        scale: px for each unit.
        hover: key of the control below the mouse.
        pressed: key of the control that is held.
    """

    def __init__(
        self,
        size: tuple[int, int],
        scale: float,
        hover: object = None,
        pressed: object = None,
    ) -> None:
        self.sheet = Image.new("RGBA", size, (0, 0, 0, 0))
        self.scale = scale
        self.controls: list[Control] = []
        self.written: list[tuple[str, Box]] = []
        """Every text with the place that it takes, in units."""
        self._draw = ImageDraw.Draw(self.sheet)
        self._hover = hover
        self._pressed = pressed

    def px(self, units: float) -> int:
        """Return units as whole pixels, at least one."""
        return max(1, round(units * self.scale))

    def _at(self, box: Box) -> tuple[int, int, int, int]:
        left, top, right, bottom = (round(edge * self.scale) for edge in box)
        return left, top, max(right, left + 1), max(bottom, top + 1)

    # ---- shapes

    def card(self, box: Box, fill: Ink = PAPER, radius: float = 10.0) -> None:
        """Draw the ground of a panel, with its shade."""
        left, top, right, bottom = self._at(box)
        shade = (left + 1, top + 2, right + 1, bottom + 3)
        self._draw.rounded_rectangle(shade, self.px(radius), fill=(28, 36, 44, 40))
        self.block(box, fill, EDGE, radius)

    def block(
        self, box: Box, fill: Ink | None, edge: Ink | None = None, radius: float = 6.0
    ) -> None:
        """Draw a rounded rectangle."""
        left, top, right, bottom = self._at(box)
        tile = _tile(right - left + 1, bottom - top + 1, self.px(radius), fill, edge)
        self.sheet.alpha_composite(tile, (max(left, 0), max(top, 0)))

    def rule(self, x: float, y: float, right: float) -> None:
        """Draw a thin line across."""
        self._draw.line([x * self.scale, y * self.scale, right * self.scale, y * self.scale], RULE)

    def shape(self, points: list[tuple[float, float]], ink: Ink) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=ink)

    # ---- texts

    def face(self, size: float, *, bold: bool = False, code: str = "") -> ImageFont.FreeTypeFont:
        """Return a font; one of even width for `code`, where that has all its letters."""
        if code and code.isascii():
            return mono(self.px(size))
        return font(self.px(size), bold=bold)

    def width(self, text: str, size: float, *, bold: bool = False, code: bool = False) -> float:
        """Return how wide a text is."""
        even = code and text.isascii()
        return _length(text, self.px(size), bold, even) / self.scale

    def fitted(
        self, text: str, size: float, most: float, *, bold: bool = False, code: bool = False
    ) -> str:
        """Return a text, cut with … where it is wider than `most`."""
        if self.width(text, size, bold=bold, code=code) <= most:
            return text
        while text and self.width(text + "…", size, bold=bold) > most:
            text = text[:-1]
        return text.rstrip() + "…"

    def wrapped(self, text: str, size: float, most: float, lines: int) -> list[str]:
        """Return a text in at most so many lines, broken at spaces and between Chinese signs."""
        found: list[str] = []
        rest = text
        while rest and len(found) < lines - 1:
            cut = self._break(rest, size, most)
            found.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        return [*found, self.fitted(rest, size, most)] if rest else found

    def _break(self, text: str, size: float, most: float) -> int:
        """Return how many letters of a text go on one line."""
        if self.width(text, size) <= most:
            return len(text)
        last = 1
        for place in range(1, len(text)):
            if self.width(text[:place], size) > most:
                break
            if text[place - 1] == " " or ord(text[place - 1]) > 0x2E7F:
                last = place
        return last if last > 1 else max(place - 1, 1)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 13.0,
        ink: Ink = INK,
        *,
        bold: bool = False,
        code: bool = False,
        anchor: str = "lm",
        most: float | None = None,
    ) -> float:
        """Write a text in the middle of its height at `y`; return its width.

        `anchor` is `lm`, `mm` or `rm`: `x` is its left end, its middle or its right end.
        """
        if most is not None:
            text = self.fitted(text, size, most, bold=bold, code=code)
        face = self.face(size, bold=bold, code=text if code else "")
        wide = self.width(text, size, bold=bold, code=code)
        self._draw.text((x * self.scale, y * self.scale), text, ink, face, anchor=anchor)
        left = x - {"l": 0.0, "m": wide / 2, "r": wide}[anchor[0]]
        self.written.append((text, (left, y - size / 2, left + wide, y + size / 2)))
        return wide

    # ---- what can be pressed

    def area(self, box: Box, name: str, about: str | int | tuple[str | int, ...] = "") -> bool:
        """Let a place be pressed; return whether the mouse is over it."""
        control = Control(box, name, about)
        self.controls.append(control)
        return control.key == self._hover

    def button(
        self,
        box: Box,
        text: str,
        name: str,
        about: str | int | tuple[str | int, ...] = "",
        *,
        may: bool = True,
        on: bool = False,
        fill: Ink = BRAND,
        size: float = 12.5,
        bold: bool = False,
    ) -> None:
        """Draw a button; `on` is filled, and without `may` it is pale and cannot be pressed."""
        edge: Ink | None = EDGE
        ground, ink = WHITE, BRAND if may else PALE
        if on:
            ground, edge, ink = (fill if may else PALE), None, WHITE
        if may:
            over = self.area(box, name, about)
            if (name, about) == self._pressed:
                ground, edge, ink = BRAND, None, WHITE
            elif over and not on:
                ground = HOVER
        self.block(box, ground, edge)
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        most = box[2] - box[0] - 8
        if text:
            self.text(*middle, text, size, ink, bold=bold, anchor="mm", most=most)

    def choice(
        self,
        box: Box,
        entries: list[tuple[str, str]],
        name: str,
        now: str,
        *,
        may: bool = True,
        size: float = 12.5,
    ) -> None:
        """Draw buttons side by side of which one is on: (what it is about, text) each."""
        wide = (box[2] - box[0]) / len(entries)
        self.block(box, WHITE, EDGE)
        for number, (about, text) in enumerate(entries):
            left = box[0] + number * wide
            part = (left, box[1], left + wide, box[3])
            on = about == now
            ink = WHITE if on else BRAND if may else PALE
            over = may and self.area(part, name, about)
            if on:
                self.block(part, BRAND if may else PALE)
            elif over:
                self.block((left + 1, box[1] + 1, left + wide - 1, box[3] - 1), HOVER)
            self.text(
                left + wide / 2, (box[1] + box[3]) / 2, text, size, ink, anchor="mm",
                most=wide - 4,
            )  # fmt: skip


@lru_cache(maxsize=4096)
def _length(text: str, size_px: int, bold: bool, even: bool) -> float:  # noqa: FBT001
    """Return how wide a text is, px. It is asked for over and over with few texts."""
    return (mono(size_px) if even else font(size_px, bold=bold)).getlength(text)


@lru_cache(maxsize=512)
def _tile(wide: int, high: int, radius: int, fill: Ink | None, edge: Ink | None) -> Image.Image:
    """Return a rounded rectangle with smooth corners."""
    ground = fill or edge or WHITE
    tile = Image.new("RGBA", (wide * FINER, high * FINER), (*ground[:3], 0))
    ImageDraw.Draw(tile).rounded_rectangle(
        (0, 0, tile.width - 1, tile.height - 1), radius * FINER,
        fill=fill or (*ground[:3], 0), outline=edge, width=FINER,
    )  # fmt: skip
    return tile.resize((wide, high), Image.Resampling.BOX)
