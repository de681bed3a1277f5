"""Small pieces of SVG: a canvas with two axes, on which charts are drawn.

Colours are left to the page's style sheet, so that a chart follows light and dark.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, isfinite, log10

import numpy as np
from numpy.typing import ArrayLike, NDArray


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round values from `low` to `high`, about `count` of them."""
    if not (isfinite(low) and isfinite(high)) or high <= low:
        return [low]
    rough = (high - low) / count
    power = 10.0 ** floor(log10(rough))
    step = next(power * one for one in (1, 2, 2.5, 5, 10) if power * one >= rough * 0.999)
    first = ceil(low / step - 1e-9)
    last = floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def label(value: float) -> str:
    """Return a tick's value, short."""
    return f"{value:.6g}".replace("-", "−")


def words_px(words: str) -> float:
    """Return about how wide words are when they are set in 12 px: Chinese is twice as wide."""
    return sum(12.2 if ord(letter) > 0x2E80 else 6.9 for letter in words)


def tag(name: str, text: str = "", **attributes: str | float) -> str:
    """Return an element; `class_` stands for `class`, and `_` in a name for `-`."""
    parts = [name]
    for key, value in attributes.items():
        shown = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{escape(shown)}"')
    opened = " ".join(parts)
    return f"<{opened}>{text}</{name}>" if text else f"<{opened}/>"


@dataclass(slots=True)
class Canvas:
    """A plot area with margins; x and y give pixel places of data values."""

    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    left: float = 56.0
    right: float = 14.0
    top: float = 10.0
    bottom: float = 34.0
    pieces: list[str] = field(default_factory=list)

    def x(self, value: float) -> float:
        """Return where a value of the x axis lies, px."""
        low, high = self.x_range
        share = (value - low) / ((high - low) or 1.0)
        return self.left + share * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        """Return where a value of the y axis lies, px; upwards is more."""
        low, high = self.y_range
        share = (value - low) / ((high - low) or 1.0)
        return self.height - self.bottom - share * (self.height - self.top - self.bottom)

    def add(self, name: str, content: str = "", **attributes: str | float) -> None:
        """Put an element on the canvas."""
        self.pieces.append(tag(name, content, **attributes))

    def text(
        self, x: float, y: float, words: str, *, class_: str = "tick", anchor: str = "middle"
    ) -> None:
        """Write words."""
        self.add("text", escape(words), x=x, y=y, class_=class_, text_anchor=anchor)

    def box(
        self, x0: float, x1: float, y0: float, y1: float, class_: str, *, hint: str = ""
    ) -> None:
        """Draw a rectangle between values of the axes; `hint` shows under the pointer."""
        left, right = sorted((self.x(x0), self.x(x1)))
        top, bottom = sorted((self.y(y0), self.y(y1)))
        title = tag("title", escape(hint)) if hint else ""
        self.add(
            "rect", title, x=left, y=top, width=right - left, height=bottom - top, class_=class_
        )

    def axes(self, x_title: str, y_title: str) -> None:
        """Draw a grid, tick labels and the titles of both axes."""
        foot, right = self.height - self.bottom, self.width - self.right
        for value in ticks(*self.y_range, 4):
            y = self.y(value)
            self.add("line", x1=self.left, x2=right, y1=y, y2=y, class_="grid")
            self.text(self.left - 6, y + 4, label(value), anchor="end")
        self.x_axis(x_title)
        self.add("line", x1=self.left, x2=right, y1=foot, y2=foot, class_="axis")
        middle = (self.top + foot) / 2
        self.add(
            "text",
            escape(y_title),
            transform=f"translate(13 {middle:.1f}) rotate(-90)",
            class_="title",
            text_anchor="middle",
        )

    def x_axis(self, title: str) -> None:
        """Draw the ticks and the title of the x axis only."""
        foot = self.height - self.bottom
        for value in ticks(*self.x_range, 8):
            x = self.x(value)
            self.add("line", x1=x, x2=x, y1=foot, y2=foot + 4, class_="axis")
            self.text(x, foot + 16, label(value))
        self.text((self.left + self.width - self.right) / 2, self.height - 3, title, class_="title")

    def line(self, xs: ArrayLike, ys: ArrayLike, class_: str) -> None:
        """Draw a line through points; it breaks where a value is not a number."""
        self.add("path", d=" ".join(self._runs(xs, ys)), class_=class_)

    def _runs(self, xs: ArrayLike, ys: ArrayLike) -> Iterable[str]:
        pen = "M"
        for x, y in zip(np.asarray(xs, float), np.asarray(ys, float), strict=True):
            if not isfinite(y):
                pen = "M"
                continue
            yield f"{pen}{self.x(x):.1f} {self.y(y):.1f}"
            pen = "L"

    def band(self, xs: ArrayLike, lows: ArrayLike, highs: ArrayLike, class_: str) -> None:
        """Fill between two lines."""
        x, low, high = (np.asarray(one, dtype=float) for one in (xs, lows, highs))
        kept = np.isfinite(low) & np.isfinite(high)
        if not kept.any():
            return
        around = [*zip(x[kept], high[kept], strict=True)]
        around += [*zip(x[kept][::-1], low[kept][::-1], strict=True)]
        points = " ".join(f"{self.x(px):.1f},{self.y(py):.1f}" for px, py in around)
        self.add("polygon", points=points, class_=class_)

    def svg(self, about: str) -> str:
        """Return the finished picture, with words for those who cannot see it."""
        body = "\n".join(self.pieces)
        return (
            f'<svg viewBox="0 0 {self.width:g} {self.height:g}" role="img" '
            f'aria-label="{escape(about)}">\n{body}\n</svg>'
        )


def columns(edges: NDArray[np.float64], canvas: Canvas, low: ArrayLike, high: ArrayLike) -> str:
    """Return one path that fills, in each slice of x, from `low` to `high`."""
    steps = []
    for x0, x1, y0, y1 in zip(edges, edges[1:], np.asarray(low), np.asarray(high), strict=False):
        if y1 - y0 > 1e-6:
            left, right, top = canvas.x(x0), canvas.x(x1), canvas.y(y1)
            foot = canvas.y(y0)
            steps.append(f"M{left:.1f} {foot:.1f}V{top:.1f}H{right:.1f}V{foot:.1f}Z")
    return "".join(steps)


def legend(entries: Sequence[tuple[str, str]]) -> str:
    """Return a legend: for each colour class its words."""
    items = "".join(f'<span><i class="{key}"></i>{escape(words)}</span>' for key, words in entries)
    return f'<p class="legend">{items}</p>'
