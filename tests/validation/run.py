"""Runs a case as `twin run` does, and reads its figures from the result."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student_t

import twin
from twin.plant.result import RunResult
from twin.spec.load import load_line
from twin.study.plan import Plan, Study, carry_out
from twin.study.statistics import student
from twin.study.summary import as_json
from twin.study.warmup import Warmup

from .case import Case, Check

REPLICATIONS = 20


@dataclass(frozen=True)
class Row:
    """A check with what the simulator says to it."""

    case: Case
    check: Check
    mean: float
    half: float
    """Half-width of the 95 % interval of the mean."""
    count: float
    """Parts counted in a replication: a window of time cuts off at most one of them."""

    @property
    def width(self) -> float:
        """Half-width relative to the exact value."""
        return self.half / abs(self.check.value)

    @property
    def deviation(self) -> float:
        """Mean less exact value, relative to the exact value."""
        return (self.mean - self.check.value) / abs(self.check.value)

    def wide(self, rows: int) -> float:
        """Half-width, relative, of the interval that all of `rows` means keep with 95 %.

        Bonferroni: each interval at the level 1 - 0.05 / rows. The part that the end of the
        window cuts off counts, too: it is all that separates lines without chance from theirs.
        """
        freedom = REPLICATIONS - 1
        factor = student_t.ppf(1 - 0.025 / rows, freedom) / student_t.ppf(0.975, freedom)
        return float(factor) * self.width + 1 / self.count

    @property
    def inside(self) -> bool:
        """Tell whether the exact value is in the plain 95 % interval."""
        return abs(self.deviation) <= self.width + 1 / self.count


def run(case: Case, *, share: float = 1.0) -> list[Row]:
    """Run a case and return a row for each of its checks.

    Args:
        case: what to run.
        share: how much of the time after the warm-up to run.
    """
    spec = load_line(case.path)
    assert spec.duration_s is not None, f"{case.line} does not say how long to run"
    counted_s = (spec.duration_s - spec.warmup_s) * (1.0 if case.whole else share)
    study = carry_out(
        Plan(
            spec,
            duration_s=spec.warmup_s + counted_s,
            seed=case.seed,
            warmup=Warmup(spec.warmup_s, "given"),
            replications=REPLICATIONS,
        )
    )
    assert study.summary.deadlock is None, study.summary.deadlock
    parts = float(np.mean([one.made for one in study.results]))
    return [Row(case, check, *estimate(study, check.quantity), parts) for check in case.checks]


def estimate(study: Study, quantity: str) -> tuple[float, float]:
    """Return mean and half-width of a figure: from the JSON of `twin run` where it is there."""
    told = as_json(study.summary, version=twin.__version__)
    if isinstance(told.get(quantity), dict):
        return _centred(told[quantity]["mean"], told[quantity]["ci95"])
    if "." in quantity:
        asset, figure = quantity.split(".")
        entry = told["assets"][asset]
        if not figure.endswith("_per_h"):
            return _centred(entry[figure], entry["ci95"][figure])
        hours = (study.results[0].simulated_s - study.results[0].warmup_s) / 3600
        mean, half = _centred(entry["made"], entry["ci95"]["made"])
        return mean / hours, half / hours
    found = student([_of_run(one, quantity) for one in study.results])
    assert found.half_width is not None
    return found.mean, found.half_width


def _centred(mean: float, interval: list[float]) -> tuple[float, float]:
    low, high = interval
    return mean, (high - low) / 2


def _of_run(result: RunResult, quantity: str) -> float:
    hours = (result.simulated_s - result.warmup_s) / 3600
    match quantity:
        case "lead_time_p95_s":
            return float(np.percentile(result.lead_time_s, 95))
        case "lost_per_h":
            return result.lost / hours
        case "scrapped_per_h":
            return result.scrapped / hours
        case "escaped_share":
            return result.escaped / result.made
    raise ValueError(f"no figure {quantity!r}")
