"""The report's charts over time: flow, work in process, states, levels."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from twin.spec.messages import message
from twin.study.statistics import Floats, student, time_weighted_bins
from twin.study.summary import states

from .svg import Canvas, columns, tag, words_px

if TYPE_CHECKING:
    from twin.plant.result import RunResult

width = 1040.0
slices = 240
"""Slices of a time line."""
parts_per_slice = 8.0
"""Mean number of parts behind a point of the throughput chart."""
row_px = 22.0
closer_parts = 25
"""Parts made during the closer look at the states."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The unit in which a chart's time axis is written."""

    size_s: float
    unit: str

    def axis(self, language: str) -> str:
        """Return the title of the time axis."""
        return message("report.axis_time", language, unit=self.unit)


def clock_for(span_s: float) -> Clock:
    """Return the unit in which a span of time reads best."""
    for size_s, unit in ((86400.0 * 2, "d"), (3600.0, "h"), (120.0, "min")):
        if span_s >= 2 * size_s:
            return Clock({"d": 86400.0, "h": 3600.0, "min": 60.0}[unit], unit)
    return Clock(1.0, "s")


def throughput(results: Sequence["RunResult"], language: str) -> str:
    """Draw the mean rate of all replications over time, with its 95 % band."""
    end_s = min(one.simulated_s for one in results)
    parts = np.mean([one.departures_s.size for one in results])
    if not parts:
        return ""
    count = int(np.clip(parts / parts_per_slice, 6, 80))
    edges = np.linspace(0.0, end_s, count + 1)
    rates = np.array([np.histogram(one.departures_s, edges)[0] for one in results]) * (
        3600.0 * count / end_s
    )
    clock = clock_for(end_s)
    middles = (edges[:-1] + edges[1:]) / 2 / clock.size_s
    estimates = [student(column) for column in rates.T]
    highs = np.array([one.mean if one.high is None else one.high for one in estimates])
    lows = np.array([one.mean if one.low is None else max(0.0, one.low) for one in estimates])
    top = float(max(highs.max(), rates.mean(axis=0).max())) * 1.08 or 1.0
    canvas = Canvas(width, 230, (0.0, end_s / clock.size_s), (0.0, top))
    _warm(canvas, results[0].warmup_s / clock.size_s, language)
    canvas.axes(clock.axis(language), message("report.unit_per_h", language))
    if len(results) > 1:
        canvas.band(middles, lows, highs, "band")
    canvas.line(middles, rates.mean(axis=0), "curve")
    mean = float(np.mean([one.throughput_per_h for one in results]))
    begin = results[0].warmup_s / clock.size_s
    canvas.line([begin, end_s / clock.size_s], [mean, mean], "mean")
    return canvas.svg(message("report.chart_throughput", language))


def work_in_process(result: "RunResult", language: str) -> str:
    """Draw the number of parts in the line over time, in the first replication."""
    if not result.levels:
        return ""
    edges = np.linspace(0.0, result.simulated_s, slices + 1)
    total = np.zeros(slices)
    for history in result.levels.values():
        total += time_weighted_bins(history[:, 0], history[:, 1], edges)
    clock = clock_for(result.simulated_s)
    limits = (0.0, float(total.max()) * 1.1 or 1.0)
    canvas = Canvas(width, 200, (0.0, result.simulated_s / clock.size_s), limits)
    _warm(canvas, result.warmup_s / clock.size_s, language)
    canvas.axes(clock.axis(language), message("report.unit_parts", language))
    canvas.line((edges[:-1] + edges[1:]) / 2 / clock.size_s, total, "curve")
    return canvas.svg(message("report.chart_wip", language))


def levels(
    result: "RunResult",
    capacities: Mapping[str, float | None],
    names: Mapping[str, str],
    language: str,
) -> str:
    """Draw the content of each buffer over time, one narrow chart each.

    Args:
        result: the first replication.
        capacities: per buffer, its limit or None.
        names: of the buffers, as people read them.
        language: of the words.
    """
    charts = []
    clock = clock_for(result.simulated_s)
    edges = np.linspace(0.0, result.simulated_s, slices + 1)
    for name, capacity in capacities.items():
        history = result.levels.get(name)
        if history is None:
            continue
        mean = time_weighted_bins(history[:, 0], history[:, 1], edges)
        top = float(capacity or max(history[:, 1].max(initial=1.0), 1.0))
        canvas = Canvas(width / 2 - 8, 130, (0.0, result.simulated_s / clock.size_s), (0.0, top))
        _warm(canvas, result.warmup_s / clock.size_s, language, words=False)
        canvas.axes(clock.axis(language), message("report.unit_parts", language))
        path = columns(edges / clock.size_s, canvas, np.zeros(slices), mean)
        canvas.add("path", d=path, class_="fill")
        about = escape(names[name] if capacity is None else f"{names[name]} (≤ {capacity:g})")
        charts.append(f"<figure><figcaption>{about}</figcaption>{canvas.svg(about)}</figure>")
    return f'<div class="pair">{"".join(charts)}</div>' if charts else ""


def timeline(result: "RunResult", names: Mapping[str, str], language: str) -> str:
    """Draw, per asset, which share of each slice of the whole run it spent in which state."""
    histories = _histories(result, names)
    if not histories:
        return ""
    clock = clock_for(result.simulated_s)
    canvas = _rows(names, histories, (0.0, result.simulated_s / clock.size_s))
    edges = np.linspace(0.0, result.simulated_s, slices + 1)
    for row, (name, history) in enumerate(histories.items()):
        foot = len(histories) - row - 0.88
        base = np.full(slices, foot)
        for number, state in enumerate(states):
            share = time_weighted_bins(history[:, 0], history[:, 1] == number, edges)
            path = columns(edges / clock.size_s, canvas, base, base + share * 0.76)
            if path:
                canvas.add("path", tag("title", _state(state, language)), d=path, class_=state)
            base = base + share * 0.76
        canvas.text(canvas.left - 8, canvas.y(foot + 0.3), names[name], class_="name", anchor="end")
    _mark(canvas, result.warmup_s / clock.size_s)
    canvas.x_axis(clock.axis(language))
    return canvas.svg(message("report.chart_timeline", language))


def closer(result: "RunResult", names: Mapping[str, str], language: str) -> str:
    """Draw the exact states of each asset while a few parts are made, after the warm-up."""
    histories = _histories(result, names)
    if not histories:
        return ""
    begin_s, end_s = _window(result)
    clock = clock_for(result.simulated_s)
    canvas = _rows(names, histories, (begin_s / clock.size_s, end_s / clock.size_s))
    for row, (name, history) in enumerate(histories.items()):
        foot = len(histories) - row - 0.88
        starts = np.clip(history[:, 0], begin_s, end_s)
        ends = np.clip(np.append(history[1:, 0], result.simulated_s), begin_s, end_s)
        for number, state in enumerate(states):
            kept = (history[:, 1] == number) & (ends > starts)
            bars = "".join(
                f"M{canvas.x(a / clock.size_s):.1f} {canvas.y(foot):.1f}"
                f"V{canvas.y(foot + 0.76):.1f}H{canvas.x(b / clock.size_s):.1f}"
                f"V{canvas.y(foot):.1f}Z"
                for a, b in zip(starts[kept], ends[kept], strict=True)
            )
            if bars:
                canvas.add("path", tag("title", _state(state, language)), d=bars, class_=state)
        canvas.text(canvas.left - 8, canvas.y(foot + 0.3), names[name], class_="name", anchor="end")
    canvas.x_axis(clock.axis(language))
    return canvas.svg(message("report.chart_closer", language))


def _window(result: "RunResult") -> tuple[float, float]:
    """Return a stretch in the middle of the run in which a few dozen parts are made."""
    span = result.simulated_s - result.warmup_s
    if result.throughput_per_h > 0:
        span = min(span, closer_parts * 3600.0 / result.throughput_per_h)
    middle = (result.simulated_s + result.warmup_s) / 2
    return middle - span / 2, middle + span / 2


def _histories(result: "RunResult", shown: Iterable[str]) -> dict[str, Floats]:
    return {name: result.states[name] for name in shown if name in result.states}


def _rows(names: Mapping[str, str], shown: Collection[str], x_range: tuple[float, float]) -> Canvas:
    count = len(shown)
    left = 20.0 + max(words_px(names[name]) for name in shown)
    height = count * row_px + 44.0
    return Canvas(width, height, x_range, (0.0, count), left=left, top=6.0, bottom=38.0)


def _warm(canvas: Canvas, until: float, language: str, *, words: bool = True) -> None:
    if until <= canvas.x_range[0]:
        return
    canvas.box(canvas.x_range[0], until, *canvas.y_range, "warm")
    wide = canvas.x(until) - canvas.left > 60
    if words and wide:
        said = message("report.warmup", language)
        canvas.text(canvas.x(until) - 5, canvas.top + 12, said, anchor="end")


def _mark(canvas: Canvas, at: float) -> None:
    if at > canvas.x_range[0]:
        x = canvas.x(at)
        canvas.add(
            "line", x1=x, x2=x, y1=canvas.top, y2=canvas.height - canvas.bottom, class_="cut"
        )


def _state(state: str, language: str) -> str:
    return message(f"report.state_{state}", language)
