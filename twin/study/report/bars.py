"""The report's charts without a time axis: state shares, bottleneck, lead times."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from twin.spec.messages import message
from twin.study.summary import AssetSummary, states

from .svg import Canvas, words_px

width = 1040.0
row_px = 24.0


def fractions(assets: Mapping[str, AssetSummary], names: Mapping[str, str], language: str) -> str:
    """Draw the mean share of time of each asset in each state, stacked."""
    if not assets:
        return ""
    canvas = _rows([names[name] for name in assets])
    for row, (name, asset) in enumerate(assets.items()):
        foot, begin = len(assets) - row - 0.86, 0.0
        for state in states:
            share = asset.fractions[state].mean
            if not share > 0:
                continue
            hint = f"{names[name]}: {message(f'report.state_{state}', language)} {share:.1%}"
            canvas.box(begin, begin + share * 100, foot, foot + 0.72, state, hint=hint)
            if share > 0.06:
                x = canvas.x(begin + share * 50)
                canvas.text(x, canvas.y(foot + 0.2), f"{share:.0%}", class_=f"inside on-{state}")
            begin += share * 100
        canvas.text(canvas.left - 8, canvas.y(foot + 0.2), names[name], class_="name", anchor="end")
    canvas.x_axis(message("report.axis_share", language))
    return canvas.svg(message("report.chart_fractions", language))


def bottlenecks(assets: Mapping[str, AssetSummary], names: Mapping[str, str], language: str) -> str:
    """Draw for how much of the time each asset is the bottleneck, with its interval."""
    ruling = {name: one for name, one in assets.items() if one.bottleneck.mean > 0.0005}
    if not ruling:
        return ""
    order = sorted(ruling, key=lambda name: -ruling[name].bottleneck.mean)[:12]
    canvas = _rows([names[name] for name in order], most=None)
    most = max(ruling[name].bottleneck.high or ruling[name].bottleneck.mean for name in order)
    canvas.x_range = (0.0, most * 100 * 1.12)
    for row, name in enumerate(order):
        foot = len(order) - row - 0.86
        share = ruling[name].bottleneck
        hint = f"{names[name]}: {share.mean:.1%}"
        canvas.box(
            0.0, share.mean * 100, foot, foot + 0.72, "chief" if row == 0 else "rest", hint=hint
        )
        end = share.mean
        if share.low is not None and share.high is not None and share.high > share.low:
            middle = canvas.y(foot + 0.36)
            left, right = canvas.x(max(0.0, share.low) * 100), canvas.x(share.high * 100)
            canvas.add("line", x1=left, x2=right, y1=middle, y2=middle, class_="whisker")
            end = share.high
        canvas.text(
            canvas.x(end * 100) + 6, canvas.y(foot + 0.2), f"{share.mean:.1%}", anchor="start"
        )
        canvas.text(canvas.left - 8, canvas.y(foot + 0.2), names[name], class_="name", anchor="end")
    canvas.x_axis(message("report.axis_share", language))
    return canvas.svg(message("report.chart_bottleneck", language))


def lead_times(samples: Sequence[ArrayLike], p50_s: float, p95_s: float, language: str) -> str:
    """Draw the histogram of all lead times after the warm-up, with median and 95th percentile."""
    pooled = np.concatenate([np.asarray(one, dtype=float) for one in samples])
    if not pooled.size:
        return ""
    high = float(np.quantile(pooled, 0.995)) * 1.05
    low = float(pooled.min())
    low = 0.0 if low < high * 0.5 else low * 0.98
    if high <= low:
        low, high = low * 0.9, low * 1.1 + 1.0
    size, unit = (60.0, "min") if high > 600 else (1.0, "s")
    count = int(np.clip(pooled.size**0.5, 8, 60))
    counts, edges = np.histogram(pooled, bins=count, range=(low, high))
    shares = counts / pooled.size * 100
    canvas = Canvas(width, 220, (low / size, high / size), (0.0, float(shares.max()) * 1.12))
    canvas.axes(
        message("report.axis_lead_time", language, unit=unit),
        message("report.axis_parts_share", language),
    )
    for share, begin, end in zip(shares, edges, edges[1:], strict=False):
        if share > 0:
            hint = f"{begin / size:.4g}–{end / size:.4g} {unit}: {share:.1f} %"
            canvas.box(begin / size, end / size, 0.0, share, "bar", hint=hint)
    for row, (value, words) in enumerate(((p50_s, "report.median"), (p95_s, "report.p95"))):
        if low <= value <= high:
            x = canvas.x(value / size)
            foot = canvas.height - canvas.bottom
            canvas.add("line", x1=x, x2=x, y1=canvas.top, y2=foot, class_="cut")
            said = f"{message(words, language)} {value / size:.4g} {unit}"
            canvas.text(x + 5, canvas.top + 12 + 16 * row, said, anchor="start", class_="name")
    return canvas.svg(message("report.chart_lead_time", language))


def _rows(names: Sequence[str], *, most: float | None = 100.0) -> Canvas:
    left = 20.0 + max(words_px(name) for name in names)
    height = len(names) * row_px + 44.0
    limits = (0.0, most or 100.0)
    return Canvas(
        width, height, limits, (0.0, float(len(names))), left=left, right=24.0, top=6.0, bottom=38.0
    )
