"""A study of one line from plan to result: find the warm-up, replicate, sum up."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from twin.spec.line import LineSpec
from twin.spec.messages import Phrase, phrase

from .errors import Stopped, StudyError
from .job import FlowJob
from .precision import Precision
from .replicate import Outcome, replicate, replicate_until
from .summary import Summary, summarise
from .warmup import Warmup, find
from .workers import Job

if TYPE_CHECKING:
    from twin.plant.result import RunResult

Stage = Literal["warmup", "replications"]
Progress = Callable[[Stage, float, int, int], None]
"""Called now and then with the stage, and what `replicate.Progress` is called with."""

no_warmup = Warmup(0.0, "none")

pilots = 5
"""Replications that a warm-up is looked for in."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with a line."""

    spec: LineSpec
    duration_s: float
    seed: int = 0
    warmup: Warmup | None = no_warmup
    """None: find it."""
    parts: int | None = None
    """End each replication after so many good parts."""
    replications: int = 1
    """How many; with a `precision`, how many at most."""
    precision: Precision | None = None
    """The wished half-width of throughput."""
    workers: int | None = None
    histories: bool = False
    """Keep the histories of the first replication, for plots."""

    def check(self) -> None:
        """Raise `StudyError` unless the plan can be carried out."""
        if self.warmup is not None and self.warmup.seconds >= self.duration_s:
            raise StudyError(
                "error.study_warmup",
                warmup=f"{self.warmup.seconds:g}",
                duration=f"{self.duration_s:g}",
            )


@dataclass(frozen=True, slots=True)
class Study:
    """What came of a plan."""

    plan: Plan
    warmup: Warmup
    results: Sequence["RunResult"]
    summary: Summary
    precise: bool | None


def carry_out(plan: Plan, *, progress: Progress | None = None) -> Study:
    """Carry a plan out.

    Raises:
        StudyError: the plan is impossible, a replication failed, or the study was stopped before
            there was anything to show.
    """
    plan.check()
    began = time.perf_counter()
    warmup = plan.warmup or _look_for_warmup(plan, progress)
    outcome = _replicate(plan, _job(plan, warmup), progress)
    if not outcome.results:
        raise Stopped("error.study_stopped")
    return Study(
        plan,
        warmup,
        outcome.results,
        summarise(
            outcome.results,
            warmup=warmup,
            wall_s=time.perf_counter() - began,
            partial=outcome.interrupted,
            asked=outcome.asked,
            notes=_notes(plan, outcome),
        ),
        outcome.precise,
    )


def _job(plan: Plan, warmup: Warmup, *, histories: bool | None = None) -> FlowJob:
    return FlowJob(
        spec=plan.spec,
        seed=plan.seed,
        duration_s=plan.duration_s,
        warmup_s=warmup.seconds,
        parts=plan.parts,
        histories=plan.histories if histories is None else histories,
    )


def _replicate(plan: Plan, job: Job, progress: Progress | None) -> Outcome:
    tell = None if progress is None else _at("replications", progress)
    if plan.precision is None:
        return replicate(job, plan.replications, workers=plan.workers, progress=tell)
    return replicate_until(
        job,
        plan.precision,
        lambda result: result.throughput_per_h,
        most=plan.replications,
        workers=plan.workers,
        progress=tell,
    )


def _look_for_warmup(plan: Plan, progress: Progress | None) -> Warmup:
    job = replace(_job(plan, no_warmup, histories=False), parts=None)
    tell = None if progress is None else _at("warmup", progress)
    outcome = replicate(job, pilots, workers=plan.workers, progress=tell)
    if outcome.interrupted or not outcome.results:
        raise Stopped("error.study_stopped_pilots")
    return find(outcome.results, max(one.simulated_s for one in outcome.results))


def _at(stage: Stage, progress: Progress) -> Callable[[float, int, int], None]:
    return lambda done, finished, count: progress(stage, done, finished, count)


def _notes(plan: Plan, outcome: Outcome) -> list[Phrase]:
    notes = []
    if plan.histories and outcome.results and not outcome.results[0].states:
        notes.append(phrase("report.note_no_histories"))
    if outcome.interrupted:
        finished, asked = len(outcome.results), outcome.asked
        notes.append(phrase("report.note_partial", finished=finished, asked=asked))
    elif plan.precision is not None:
        key = "report.note_precise" if outcome.precise else "report.note_not_precise"
        width = f"{plan.precision.width:.3g}"
        if plan.precision.relative:
            width = f"{plan.precision.width * 100:.3g} %"
        notes.append(phrase(key, width=width, count=len(outcome.results)))
    return notes
