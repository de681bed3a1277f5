"""What the replications of a line say together: the contract of `twin run --json`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, isnan, nan
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.spec.messages import Phrase, phrase

from .statistics import (
    Estimate,
    batch_means,
    order_batches,
    percentile,
    rate_batches,
    student,
)
from .warmup import Warmup

if TYPE_CHECKING:
    from twin.plant.result import AssetResult, RunResult

states = ("busy", "starved", "blocked", "down", "setup", "idle")
ratios = ("availability", "performance", "quality", "oee")


@dataclass(frozen=True, slots=True)
class AssetSummary:
    """One asset over all replications. Estimates are keyed by the names of the contract."""

    kind: str
    fractions: dict[str, Estimate]
    ratios: dict[str, Estimate]
    made: Estimate
    scrapped: Estimate
    level: Estimate
    level_max: float
    servers: int
    energy_j: Estimate
    bottleneck: Estimate
    """Share of the time in which it is the momentary bottleneck."""
    shifting: Estimate
    detail: dict[str, float]


@dataclass(frozen=True, slots=True)
class Summary:
    """A studied line."""

    line: str
    seed: int
    replications: int
    simulated_s: float
    warmup: Warmup
    events: int
    wall_s: float
    made: Estimate
    scrapped: Estimate
    throughput_per_h: Estimate
    wip: Estimate
    lead_time_s: Estimate
    lead_time_p50_s: float
    lead_time_p95_s: float
    energy_j: Estimate
    energy_per_part_j: Estimate
    late_parts: Estimate
    lost_parts: Estimate
    escaped_parts: Estimate
    assets: dict[str, AssetSummary]
    deadlock: str | None
    ended: str | None
    partial: bool = False
    asked: int = 1
    notes: tuple[Phrase, ...] = ()

    @property
    def bottleneck(self) -> str | None:
        """The asset that is the bottleneck for the largest share of the time, if any is."""
        best = max(self.assets, key=lambda asset: self.assets[asset].bottleneck.mean, default=None)
        return best if best is not None and self.assets[best].bottleneck.mean > 0 else None


def summarise(
    results: Sequence["RunResult"],
    *,
    warmup: Warmup,
    wall_s: float,
    partial: bool = False,
    asked: int | None = None,
    notes: Sequence[Phrase] = (),
) -> Summary:
    """Return what replications of one line say together.

    Args:
        results: at least one, in order of their replication numbers.
        warmup: what their statistics leave out.
        wall_s: how long the study took.
        partial: whether somebody stopped it.
        asked: how many replications were wished for.
        notes: what the reader should know beside.
    """
    first = results[0]
    alone = len(results) == 1
    stuck = next((one for one in results if one.deadlock), first)
    rate = _throughput(first) if alone else student([one.throughput_per_h for one in results])
    lead = _lead_time(first) if alone else student([_mean(one.lead_time_s) for one in results])
    lead_times = [one.lead_time_s for one in results]
    said = list(notes)
    if not any(one.made for one in results):
        said.append(phrase("report.note_no_parts"))
    if alone:
        said.append(phrase(f"report.note_one_{rate.method}"))
    if not warmup.conclusive:
        said.append(phrase("report.note_warmup_unsure"))
    return Summary(
        line=first.line,
        seed=first.seed,
        replications=len(results),
        simulated_s=max(one.simulated_s for one in results),
        warmup=warmup,
        events=sum(one.events for one in results),
        wall_s=wall_s,
        made=_over(results, lambda one: one.made),
        scrapped=_over(results, lambda one: one.scrapped),
        throughput_per_h=rate,
        wip=_over(results, lambda one: one.wip),
        lead_time_s=lead,
        lead_time_p50_s=percentile(lead_times, 0.50),
        lead_time_p95_s=percentile(lead_times, 0.95),
        energy_j=_over(results, lambda one: one.energy_j),
        energy_per_part_j=_over(results, _energy_per_part),
        late_parts=_over(results, lambda one: one.late),
        lost_parts=_over(results, lambda one: one.lost),
        escaped_parts=_over(results, lambda one: one.escaped),
        assets={name: _asset([one.assets[name] for one in results]) for name in first.assets},
        deadlock=stuck.deadlock,
        ended=next((one.ended for one in results if one.ended), None),
        partial=partial,
        asked=len(results) if asked is None else asked,
        notes=tuple(said),
    )


def as_json(summary: Summary, *, version: str) -> dict[str, Any]:
    """Return the summary as plain data, by the contract; what is not known is None.

    Args:
        summary: what to tell.
        version: of the program.
    """
    lead = _estimate(summary.lead_time_s)
    lead |= {"p50": _number(summary.lead_time_p50_s), "p95": _number(summary.lead_time_p95_s)}
    order = sorted(summary.assets, key=lambda one: -summary.assets[one].bottleneck.mean)
    bottlenecks = {one: summary.assets[one].bottleneck.mean for one in order}
    return {
        "schema": "pilotline.result/1",
        "version": version,
        "line": summary.line,
        "seed": summary.seed,
        "replications": summary.replications,
        "simulated_s": summary.simulated_s,
        "warmup_s": summary.warmup.seconds,
        "warmup_method": summary.warmup.method,
        "events": summary.events,
        "wall_s": summary.wall_s,
        "partial": summary.partial,
        "deadlock": summary.deadlock,
        "ended": summary.ended,
        "made": _estimate(summary.made),
        "scrapped": _estimate(summary.scrapped),
        "throughput_per_h": _estimate(summary.throughput_per_h),
        "wip": _estimate(summary.wip),
        "lead_time_s": lead,
        "energy_j": _estimate(summary.energy_j),
        "energy_per_good_part_j": _estimate(summary.energy_per_part_j),
        "late_parts": _estimate(summary.late_parts),
        "lost_parts": _estimate(summary.lost_parts),
        "escaped_parts": _estimate(summary.escaped_parts),
        "bottleneck": {
            "asset": summary.bottleneck,
            "shares": {one: share for one, share in bottlenecks.items() if share > 0},
        },
        "notes": [{"code": note.key, "text": note.text()} for note in summary.notes],
        "assets": {name: _asset_json(one) for name, one in summary.assets.items()},
    }


def _asset_json(asset: AssetSummary) -> dict[str, Any]:
    estimates = asset.fractions | asset.ratios
    intervals = {name: _interval(one) for name, one in estimates.items()}
    return {
        "kind": asset.kind,
        **{name: _number(one.mean) for name, one in estimates.items()},
        "made": _number(asset.made.mean),
        "scrapped": _number(asset.scrapped.mean),
        "level": _number(asset.level.mean),
        "level_max": None if isnan(asset.level.mean) else asset.level_max,
        "servers": asset.servers,
        "energy_j": _number(asset.energy_j.mean),
        "bottleneck": _number(asset.bottleneck.mean),
        "bottleneck_shifting": _number(asset.shifting.mean),
        **({"detail": asset.detail} if asset.detail else {}),
        "ci95": intervals | {"level": _interval(asset.level), "made": _interval(asset.made)},
    }


def _asset(results: Sequence["AssetResult"]) -> AssetSummary:
    first = results[0]
    return AssetSummary(
        kind=first.kind,
        fractions={
            state: student([one.fractions.get(state, 0.0) for one in results]) for state in states
        },
        ratios={ratio: _known([getattr(one, ratio) for one in results]) for ratio in ratios},
        made=student([one.made for one in results]),
        scrapped=student([one.scrapped for one in results]),
        level=_known([one.level for one in results]),
        level_max=max((one.level_max or 0 for one in results), default=0),
        servers=first.servers,
        energy_j=student([one.energy_j for one in results]),
        bottleneck=student([one.bottleneck for one in results]),
        shifting=student([one.shifting for one in results]),
        detail={
            name: student([one.detail.get(name, nan) for one in results]).mean
            for name in first.detail
        },
    )


def _known(values: Sequence[float | None]) -> Estimate:
    return student([nan if value is None else value for value in values])


def _over(results: Sequence["RunResult"], measure: Callable[["RunResult"], float]) -> Estimate:
    return student([measure(one) for one in results])


def _throughput(result: "RunResult") -> Estimate:
    """Estimate one replication's throughput, with an interval by batch means if it is honest."""
    begin_s, end_s = result.warmup_s, result.simulated_s
    departures = np.asarray(result.departures_s, dtype=float)
    counted = departures[(departures > begin_s) & (departures <= end_s)]
    if end_s <= begin_s or not counted.size:
        return Estimate(result.throughput_per_h)
    batches = rate_batches(counted, begin_s=begin_s, end_s=end_s)
    return _centred(result.throughput_per_h, batch_means(batches, observations=counted.size))


def _lead_time(result: "RunResult") -> Estimate:
    times = np.asarray(result.lead_time_s, dtype=float)
    return _centred(_mean(times), batch_means(order_batches(times), observations=times.size))


def _centred(mean: float, batches: Estimate) -> Estimate:
    """Put the interval of batches of nearly equal size about the exact mean."""
    half = batches.half_width
    if half is None:
        return Estimate(mean)
    return Estimate(mean, mean - half, mean + half, batches.count, batches.method)


def _mean(values: Any) -> float:
    array = np.asarray(values, dtype=float)
    return float(array.mean()) if array.size else float("nan")


def _energy_per_part(result: "RunResult") -> float:
    return result.energy_j / result.made if result.made else float("nan")


def _number(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _interval(estimate: Estimate) -> list[float] | None:
    if estimate.low is None or estimate.high is None:
        return None
    return [estimate.low, estimate.high]


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {"mean": _number(estimate.mean), "ci95": _interval(estimate)}
