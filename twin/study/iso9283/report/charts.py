"""The pages of charts: attained poses, deviations along paths, how the arm comes to rest."""

from collections.abc import Callable, Iterator

import numpy as np
from matplotlib.patches import Circle

from twin.spec.messages import message
from twin.study.iso9283.evaluate import Inspection, PathResult, PoseResult, SettleResult

from .sheet import BLUE, FAIL, FAINT, INK, LEFT_MM, PASS, Sheet
from .words import place_name

VIEWS = ((0, 1, "x", "y"), (0, 2, "x", "z"), (1, 2, "y", "z"))
ARCS = ("circle_large", "circle_small")
"""Paths of two arcs."""
COLOURS = (BLUE, "#c26a12", PASS, "#7a3fa0", FAIL)


def scatter_page(
    inspection: Inspection, language: str, sheet: Callable[[], Sheet]
) -> Iterator[Sheet]:
    """Yield a page for the fastest speed: the attained poses about their barycentres."""
    if not inspection.poses:
        return
    share = max(inspection.poses)
    results = inspection.poses[share]
    page = sheet()
    said = message("inspect.chart_poses", language, speed=f"{100 * share:g}")
    page.heading(21.0, said)
    page.text(LEFT_MM, 26.0, message("inspect.chart_poses_note", language), 7.0, colour=FAINT)
    widest = max(one.repeatability.position_m for one in results) * 1000.0
    for at, one in enumerate(results):
        _scatter_row(page, 31.0 + 50.0 * at, one, 1.3 * widest)
    yield page


def _scatter_row(page: Sheet, y: float, one: PoseResult, reach_mm: float) -> None:
    off = 1000.0 * (one.attained[:, :3] - one.attained[:, :3].mean(axis=0))
    radius = 1000.0 * one.repeatability.position_m
    for column, (i, j, across, up) in enumerate(VIEWS):
        axes = page.chart(LEFT_MM + 34.0 + 50.0 * column, y, 36.0, 36.0)
        axes.set_xlim(-reach_mm, reach_mm)
        axes.set_ylim(-reach_mm, reach_mm)
        axes.set_aspect("equal")
        axes.axhline(0.0, color="#b8c1cb", linewidth=0.5)
        axes.axvline(0.0, color="#b8c1cb", linewidth=0.5)
        axes.add_patch(Circle((0, 0), radius, fill=False, edgecolor=FAIL, linewidth=0.9))
        axes.plot(off[:, i], off[:, j], "o", color=BLUE, markersize=2.2, alpha=0.8, mew=0)
        axes.plot([0], [0], "+", color=INK, markersize=5, mew=0.8)
        axes.locator_params(nbins=5)
        page.finish(axes, f"{across} / mm", f"{up} / mm")
    page.text(LEFT_MM, y + 6.0, one.name, 12, bold=True)
    for line, text in enumerate((
        f"AP  {1000 * one.accuracy.position_m:.3f} mm",
        f"RP  {radius:.3f} mm",
        f"n   {len(one.attained)}",
    )):  # fmt: skip
        page.text(LEFT_MM, y + 13.0 + 4.6 * line, text, 7.6)


def path_page(inspection: Inspection, language: str, sheet: Callable[[], Sheet]) -> Iterator[Sheet]:
    """Yield a page of the deviations along the paths, one line for each speed."""
    if not inspection.paths:
        return
    page = sheet()
    page.heading(21.0, message("inspect.chart_paths", language))
    page.text(LEFT_MM, 26.0, message("inspect.chart_paths_note", language), 7.0, colour=FAINT)
    kinds = list(dict.fromkeys(one.kind for many in inspection.paths.values() for one in many))
    for at, kind in enumerate(kinds[:4]):
        same = [
            (s, one) for s, many in inspection.paths.items() for one in many if one.kind == kind
        ]
        _path_row(page, 34.0 + 80.0 * at, kind, same, language)
    yield page


def _path_row(
    page: Sheet, y: float, kind: str, same: list[tuple[float, PathResult]], language: str
) -> None:
    charts = (("AT", "offs_m", 0.0), ("RT", "spreads_m", 93.0))
    for sign, attribute, x in charts:
        axes = page.chart(LEFT_MM + 8.0 + x, y, 72.0, 60.0)
        for colour, (share, one) in zip(COLOURS, same, strict=False):
            values = 1000.0 * getattr(one.figures, attribute)
            along = 1000.0 * one.length_m * (np.arange(len(values)) + 0.5) / len(values)
            axes.plot(along, values, color=colour, linewidth=0.9, label=f"{100 * share:g} %")
            worst = int(np.argmax(values))
            axes.plot(along[worst], values[worst], "o", color=colour, markersize=2.6)
        axes.set_ylim(bottom=0.0)
        if same[0][1].kind in ARCS:
            half = 500.0 * same[0][1].length_m
            axes.axvline(half, ymax=0.86, color=FAINT, linewidth=0.7, linestyle=":", zorder=1)
            axes.annotate(
                message("inspect.chart_join", language), (half, 0.0), (3.0, 2.0),
                textcoords="offset points", fontproperties=page.letters(5.8), color=FAINT,
            )  # fmt: skip
        legend = axes.legend(
            prop=page.letters(6.2), frameon=False, ncols=3, loc="upper right", borderpad=0.1
        )
        for text in legend.get_texts():
            text.set_color(INK)
        low, high = axes.get_ylim()
        axes.set_ylim(low, high * 1.18)
        across = message("inspect.chart_along", language)
        name = message(f"inspect.name_{sign.lower()}", language)
        title = f"{place_name(kind, language)}: {name} {sign}"
        page.finish(axes, across, f"{sign} / mm", title)


def settle_page(
    inspection: Inspection, language: str, sheet: Callable[[], Sheet]
) -> Iterator[Sheet]:
    """Yield a page of how the arm comes to rest in each pose, at the fastest speed."""
    if not inspection.settles:
        return
    share = max(inspection.settles)
    page = sheet()
    said = message("inspect.chart_settles", language, speed=f"{100 * share:g}")
    page.heading(21.0, said)
    page.text(LEFT_MM, 26.0, message("inspect.chart_settles_note", language), 7.0, colour=FAINT)
    for at, one in enumerate(inspection.settles[share]):
        _settle_chart(page, LEFT_MM + 8.0 + 93.0 * (at % 2), 34.0 + 80.0 * (at // 2), one, language)
    yield page


def _settle_chart(page: Sheet, x: float, y: float, one: SettleResult, language: str) -> None:
    times, off = one.curve
    axes = page.chart(x, y, 72.0, 54.0)
    shown = (times >= -0.03) & (times <= 0.5)
    axes.plot(1000.0 * times[shown], 1000.0 * off[shown], color=BLUE, linewidth=0.9)
    band = 1000.0 * one.band_m
    axes.axhspan(0.0, band, color="#dff0e6", zorder=0)
    axes.axhline(band, color=PASS, linewidth=0.8)
    axes.axvline(1000.0 * one.figures.times_s[0], color=FAIL, linewidth=0.8, linestyle="--")
    top = max(2.2 * band, 1400.0 * one.figures.overshoot_m, 0.02)
    axes.set_ylim(0.0, top)
    axes.set_xlim(-30.0, 500.0)
    axes.text(
        490.0, band, f"±{band:.3f} mm", ha="right", va="bottom",
        fontproperties=page.letters(6.2), color=PASS,
    )  # fmt: skip
    title = (
        f"{one.name}: t = {one.figures.time_s:.3f} s, OV = {1000 * one.figures.overshoot_m:.3f} mm"
    )
    up = message("inspect.chart_off", language)
    page.finish(axes, message("inspect.chart_time", language), up, title)
