"""Sheets of A4: text, rules and tables at places in millimetres from the upper left corner."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
LEFT_MM, RIGHT_MM = 18.0, 192.0
INCH_MM = 25.4
INK, FAINT, RULE, SHADE = "#16202c", "#5b6773", "#9aa5b1", "#eef2f6"
PASS, FAIL, BLUE = "#1b7f4b", "#b3261e", "#1f5fa8"
ROW_MM = 5.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    width_mm: float
    right: bool = False


@dataclass(slots=True)
class Sheet:
    """One page."""

    font: FontProperties
    figure: Figure = field(
        default_factory=lambda: Figure(figsize=(WIDTH_MM / INCH_MM, HEIGHT_MM / INCH_MM))
    )

    def letters(self, size: float) -> FontProperties:
        """Return the font in a size, points."""
        found = self.font.copy()
        found.set_size(size)
        return found

    def text(
        self, x: float, y: float, text: str, size: float = 8.5, *,
        colour: str = INK, align: str = "left", bold: bool = False,
    ) -> None:  # fmt: skip
        """Write a line of text whose baseline is at `y` mm."""
        written = self.figure.text(
            x / WIDTH_MM, 1.0 - y / HEIGHT_MM, text, color=colour, ha=align, va="baseline",
            fontproperties=self.letters(size),
        )  # fmt: skip
        if bold:
            # The font has one weight here; a thin outline makes it heavier.
            from matplotlib.patheffects import withStroke

            written.set_path_effects([withStroke(linewidth=size / 22.0, foreground=colour)])

    def rule(self, y: float, *, width: float = 0.5, colour: str = RULE) -> None:
        """Draw a line across the page."""
        self.line((LEFT_MM, y), (RIGHT_MM, y), width=width, colour=colour)

    def line(
        self, a: tuple[float, float], b: tuple[float, float], *, width: float = 0.5,
        colour: str = RULE,
    ) -> None:  # fmt: skip
        """Draw a line from `a` to `b`."""
        xs, ys = (a[0] / WIDTH_MM, b[0] / WIDTH_MM), (1 - a[1] / HEIGHT_MM, 1 - b[1] / HEIGHT_MM)
        self.figure.add_artist(Line2D(xs, ys, color=colour, linewidth=width))

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str | None = None,
        edge: str | None = None,
    ) -> None:  # fmt: skip
        """Draw a rectangle whose upper left corner is at (x, y)."""
        self.figure.add_artist(
            Rectangle(
                (x / WIDTH_MM, 1.0 - (y + height) / HEIGHT_MM),
                width / WIDTH_MM, height / HEIGHT_MM,
                facecolor=fill or "none", edgecolor=edge or "none", linewidth=1.0, zorder=0,
                transform=self.figure.transFigure,
            )
        )  # fmt: skip

    def heading(self, y: float, text: str) -> float:
        """Write a heading; return where to go on."""
        self.text(LEFT_MM, y, text, 10.5, colour=BLUE, bold=True)
        return y + 3.0

    def table(
        self, x: float, y: float, columns: Sequence[Column], rows: Sequence[Sequence[str]], *,
        colours: dict[str, str] | None = None, size: float = 7.6, row_mm: float = ROW_MM,
    ) -> float:  # fmt: skip
        """Write a table whose upper edge is at `y`; return its lower edge.

        Args:
            x: its left edge.
            y: its upper edge.
            columns: titles and widths.
            rows: texts.
            colours: of texts that have one of their own.
            size: of the letters, points.
            row_mm: height of a row.
        """
        width = sum(column.width_mm for column in columns)
        self.box(x, y, width, row_mm, fill=SHADE)
        self._row(x, y, columns, [one.title for one in columns], size, row_mm, {}, bold=True)
        for row in rows:
            y += row_mm
            self.line((x, y), (x + width, y), width=0.3, colour="#d5dbe2")
            self._row(x, y, columns, row, size, row_mm, colours or {}, bold=False)
        y += row_mm
        self.line((x, y), (x + width, y), width=0.6)
        return y

    def _row(
        self, x: float, y: float, columns: Sequence[Column], texts: Sequence[str], size: float,
        row_mm: float, colours: dict[str, str], *, bold: bool,
    ) -> None:  # fmt: skip
        for column, text in zip(columns, texts, strict=True):
            at = x + column.width_mm - 1.2 if column.right else x + 1.2
            align = "right" if column.right else "left"
            colour = colours.get(text, INK)
            self.text(
                at, y + row_mm * 0.68, text, size, align=align, colour=colour,
                bold=bold or text in colours,
            )  # fmt: skip
            x += column.width_mm

    def chart(self, x: float, y: float, width: float, height: float) -> Axes:
        """Return axes whose frame has its upper left corner at (x, y)."""
        axes = self.figure.add_axes(
            (x / WIDTH_MM, 1.0 - (y + height) / HEIGHT_MM, width / WIDTH_MM, height / HEIGHT_MM)
        )
        axes.tick_params(labelsize=6, length=2, width=0.5, colors=FAINT)
        for spine in axes.spines.values():
            spine.set_linewidth(0.5)
            spine.set_color(RULE)
        axes.grid(visible=True, linewidth=0.3, color="#dfe4ea")
        axes.set_axisbelow(True)
        return axes

    def finish(self, axes: Axes, across: str, up: str, title: str = "") -> None:
        """Label axes in the report's own letters."""
        axes.set_xlabel(across, fontproperties=self.letters(6.8), color=FAINT, labelpad=1.5)
        axes.set_ylabel(up, fontproperties=self.letters(6.8), color=FAINT, labelpad=1.5)
        if title:
            axes.set_title(title, fontproperties=self.letters(7.6), color=INK, pad=3, loc="left")
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            label.set_fontproperties(self.letters(6.0))
