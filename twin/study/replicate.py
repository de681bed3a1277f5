"""Replications in parallel: the same results whatever the number of workers, and an orderly stop.

Replication k of a seed draws the same numbers wherever and whenever it runs, so two lines
compared under one seed meet the same luck (common random numbers).
"""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .board import Board
from .errors import StudyError
from .precision import Precision
from .workers import Job, Slip, slips, stop_on_interrupt, workers_for

if TYPE_CHECKING:
    from twin.plant.result import RunResult

Progress = Callable[[float, int, int], None]
"""Called now and then with the replications' worth of work that is done, how many replications are
finished, and how many there are."""

poll_s = 0.1


@dataclass(slots=True)
class Outcome:
    """What came of a study's replications, in order of their numbers."""

    results: list["RunResult"] = field(default_factory=list)
    interrupted: bool = False
    asked: int = 0
    precise: bool | None = None
    """Whether the wished half-width was reached; None if none was wished."""


def replicate(
    job: Job,
    count: int,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Run replications 0 … count - 1.

    Ctrl-C asks the workers to stop. The replications that are finished then make the result;
    when none is, those that were stopped on the way do.

    Raises:
        StudyError: a replication failed; the text says which and why.
    """
    with Board.create(count) as board, stop_on_interrupt(board):
        return _round(job, range(count), board, workers=workers, progress=progress)


def replicate_until(
    job: Job,
    precision: Precision,
    measure: Callable[["RunResult"], float],
    *,
    most: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Run replications until the half-width of a measure's mean is as small as wished.

    At most `most` are run. Which ones make the result is decided in order of their numbers, so
    it does not depend on the number of workers.

    Raises:
        StudyError: a replication failed; the text says which and why.
    """
    outcome = Outcome(precise=False)
    with Board.create(most) as board, stop_on_interrupt(board):
        while len(outcome.results) < most:
            first = len(outcome.results)
            size = max(8 - first, first // 4, workers_for(most, workers))
            block = range(first, min(most, first + size))
            found = _round(job, block, board, workers=workers, progress=progress)
            finished = not outcome.results or not found.interrupted
            outcome.results += found.results if finished else _whole(found)
            outcome.interrupted, outcome.asked = found.interrupted, block.stop
            enough = precision.enough([measure(one) for one in outcome.results])
            if enough is not None and not outcome.interrupted:
                outcome.results = outcome.results[:enough]
                outcome.precise = True
            if outcome.precise or outcome.interrupted:
                break
    return outcome


def _whole(found: Outcome) -> list["RunResult"]:
    longest = max((one.simulated_s for one in found.results), default=0.0)
    return [one for one in found.results if one.simulated_s >= longest]


def _round(
    job: Job,
    numbers: Sequence[int],
    board: Board,
    *,
    workers: int | None,
    progress: Progress | None,
) -> Outcome:
    done: list[Slip] = []
    with _watching(board, progress):
        source = slips(job, numbers, board, workers_for(len(numbers), workers))
        for slip in source:
            if slip.trouble is not None:
                _refuse(slip, source, board, alone=len(numbers) == 1)
            done.append(slip)
    done.sort(key=lambda one: one.replication)
    finished = [one.result for one in done if one.result is not None and not one.stopped]
    partial = [one.result for one in done if one.result is not None and one.stopped]
    return Outcome(finished or partial, interrupted=board.stopped, asked=len(numbers))


def _refuse(slip: Slip, source: Iterator[Slip], board: Board, *, alone: bool) -> None:
    """Give the study up because of one replication; those that still run are asked to stop."""
    board.stop()
    with contextlib.suppress(StudyError):
        for _ in source:
            pass
    key = "error.study_failed" if alone else "error.study_replication"
    raise StudyError(key, number=slip.replication, cause=slip.trouble)


@contextlib.contextmanager
def _watching(board: Board, progress: Progress | None) -> Iterator[None]:
    """Tell `progress` how far the board is, from a thread of its own."""
    if progress is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(poll_s):
            progress(board.done, board.finished, board.count)

    thread = threading.Thread(target=watch, name="study progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        progress(board.done, board.finished, board.count)
