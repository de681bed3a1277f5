"""A summary in words and figures: what the tables of the terminal and of the report share."""

from dataclasses import dataclass
from math import isnan

from twin.spec.messages import message

from .statistics import Estimate
from .summary import Summary
from .warmup import Warmup

kwh_per_j = 1 / 3.6e6
least_kwh = 0.1
"""Less energy than this is told in Wh."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the line, ready to be shown."""

    key: str
    name: str
    estimate: Estimate
    unit: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence about the result; `loud` when it must not be missed."""

    text: str
    loud: bool = False


def figures(summary: Summary, language: str) -> list[Figure]:
    """Return the line's figures in the order in which they are read."""
    part = message("report.unit_parts", language)
    entries: list[tuple[str, Estimate, str]] = [
        ("throughput", summary.throughput_per_h, message("report.unit_per_h", language)),
        ("made", summary.made, part),
        ("scrapped", summary.scrapped, part),
        ("wip", summary.wip, part),
        ("lead_time", summary.lead_time_s, "s"),
        ("lead_time_p50", Estimate(summary.lead_time_p50_s), "s"),
        ("lead_time_p95", Estimate(summary.lead_time_p95_s), "s"),
    ]
    if summary.energy_j.mean > 0:
        little = summary.energy_per_part_j.mean * kwh_per_j < least_kwh
        unit, factor = ("Wh", 1000 * kwh_per_j) if little else ("kWh", kwh_per_j)
        entries.append(("energy_per_part", _scaled(summary.energy_per_part_j, factor), unit))
    if summary.late_parts.mean > 0:
        entries.append(("late", summary.late_parts, part))
    if summary.lost_parts.mean > 0:
        entries.append(("lost", summary.lost_parts, part))
    if summary.escaped_parts.mean > 0:
        entries.append(("escaped", summary.escaped_parts, part))
    return [
        Figure(key, message(f"report.{key}", language), estimate, unit)
        for key, estimate, unit in entries
    ]


def remarks(summary: Summary, language: str, *, bottleneck: bool = True) -> list[Remark]:
    """Return the sentences under the tables: deadlock, early end, bottleneck, notes."""
    said = []
    if summary.deadlock:
        said.append(Remark(message("report.deadlock", language, what=summary.deadlock), loud=True))
    if summary.ended:
        said.append(Remark(message("report.ended", language, why=summary.ended), loud=True))
    if bottleneck and summary.bottleneck:
        share = percent(summary.assets[summary.bottleneck].bottleneck.mean)
        text = message("report.bottleneck_is", language, asset=summary.bottleneck, share=share)
        said.append(Remark(text))
    return said + [Remark(note.text(language)) for note in summary.notes]


def number(value: float | None, *, unknown: str = "–") -> str:
    """Return a figure with as many digits as a reader can use."""
    if value is None or isnan(value):
        return unknown
    if float(value).is_integer() and abs(value) < 1e6:
        return f"{value:,.0f}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.4g}"


def rough(value: float) -> str:
    """Return a half-width with two digits that count: 0.17, 3.3, 200."""
    return number(float(f"{value:.2g}"))


def percent(value: float, *, unknown: str = "–") -> str:
    """Return a share in per cent."""
    return unknown if isnan(value) else f"{value:.1%}"


def duration_text(time_s: float, language: str) -> str:
    """Return a duration as a person would say it: `8 h`, `1.5 min`, `12.3 s`."""
    for unit, size_s, least_s in (("d", 86400.0, 172800.0), ("h", 3600.0, 3600.0)):
        if time_s >= least_s:
            return f"{time_s / size_s:.4g} {message(f'report.unit_{unit}', language)}"
    if time_s >= 60 and (time_s % 60 == 0 or time_s >= 600):
        return f"{time_s / 60:.4g} {message('report.unit_min', language)}"
    return f"{time_s:.3g} {message('report.unit_s', language)}"


def warmup_text(warmup: Warmup, language: str) -> str:
    """Return how long the warm-up is and where it comes from."""
    origin = message(f"report.warmup_{warmup.method}", language)
    if warmup.method == "none":
        return origin
    long = duration_text(warmup.seconds, language)
    return message("report.warmup_is", language, duration=long, origin=origin)


def _scaled(estimate: Estimate, factor: float) -> Estimate:
    low = None if estimate.low is None else estimate.low * factor
    high = None if estimate.high is None else estimate.high * factor
    return Estimate(estimate.mean * factor, low, high, estimate.count, estimate.method)
