"""Replications in parallel: the same results whatever the number of workers, and an orderly stop.

Replication k of a seed draws the same numbers wherever and whenever it runs, so two lines
compared under one seed meet the same luck (common random numbers).
"""

import contextlib
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from types import FrameType
from typing import TYPE_CHECKING, Protocol

import joblib
from joblib.externals.loky.process_executor import TerminatedWorkerError

from twin.kernel.errors import PilotlineError

from .board import Board
from .errors import StudyError
from .precision import Precision

if TYPE_CHECKING:
    from twin.plant.result import RunResult

Tick = Callable[[float], bool]
"""Called now and then with the share done; returns True when the work is to stop."""
Progress = Callable[[float, int], None]
"""Called now and then with the replications done, parts of one included, and their number."""

poll_s = 0.1
trial_s = 0.5
"""How long the first replication is tried in this process before workers are started."""
worthwhile_s = 3.0
"""Work left that is worth the start of workers."""


class Job(Protocol):
    """One replication's work; it is sent to the workers, so it holds plain data only."""

    def __call__(self, replication: int, tick: Tick) -> "RunResult | None":
        """Run a replication; stopped early it returns what it has, or None if that is nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong in a worker, in words."""

    replication: int
    text: str


@dataclass(slots=True)
class Outcome:
    """What came of a study's replications, in order of their numbers."""

    results: list["RunResult"] = field(default_factory=list)
    interrupted: bool = False
    asked: int = 0
    precise: bool | None = None
    """Whether the wished half-width was reached; None if none was wished."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One replication as a worker hands it back."""

    replication: int
    result: "RunResult | None" = None
    stopped: bool = False
    trouble: Trouble | None = None


def workers_for(count: int, wished: int | None) -> int:
    """Return how many processes serve so many replications: at most one each, and one a core."""
    cores = joblib.cpu_count()
    return max(1, min(count, wished or cores))


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
    with Board.create(count) as board, _stop_on_interrupt(board):
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
    with Board.create(most) as board, _stop_on_interrupt(board):
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
    slips: list[Slip] = []
    with _watching(board, progress):
        source = _slips(job, numbers, board, workers_for(len(numbers), workers))
        for slip in source:
            if slip.trouble is not None:
                board.stop()
                _drop(source)
                where = f"replication {slip.trouble.replication}: " if len(numbers) > 1 else ""
                raise StudyError(where + slip.trouble.text)
            slips.append(slip)
    slips.sort(key=lambda one: one.replication)
    finished = [one.result for one in slips if one.result is not None and not one.stopped]
    partial = [one.result for one in slips if one.result is not None and one.stopped]
    return Outcome(finished or partial, interrupted=board.stopped, asked=len(numbers))


def _slips(
    job: Job, numbers: Sequence[int], board: Board, processes: int
) -> Generator[Slip, None, None]:
    """Run the first replication here; go parallel when the rest is worth the start of workers."""
    rest = numbers
    if processes > 1:
        began = time.perf_counter()
        first = _work(job, numbers[0], board, until=began + trial_s)
        took_s = time.perf_counter() - began
        if first is not None:
            yield first
            rest = numbers[1:]
            if took_s * len(rest) < worthwhile_s:
                processes = 1
    if processes == 1:
        yield from _here(job, rest, board)
    else:
        yield from _spread(job, rest, board, processes)


def _here(job: Job, numbers: Sequence[int], board: Board) -> Iterator[Slip]:
    for number in numbers:
        if board.stopped:
            return
        if (slip := _work(job, number, board)) is not None:
            yield slip


def _spread(
    job: Job, numbers: Sequence[int], board: Board, processes: int
) -> Generator[Slip, None, None]:
    pool = joblib.Parallel(
        n_jobs=processes,
        backend="loky",
        batch_size=1,
        return_as="generator_unordered",
        initializer=_ignore_interrupt,
    )
    try:
        with _interrupt_held():
            slips = pool(joblib.delayed(_work)(job, number, board) for number in numbers)
        yield from slips
    except TerminatedWorkerError as error:
        raise StudyError(
            "a worker process was ended from outside, most likely because the machine ran out of "
            f"memory: try --workers {max(1, processes // 2)}, or a shorter run"
        ) from error


def _drop(source: Iterator[Slip]) -> None:
    """Let what is still running finish unseen; it has been asked to stop."""
    with contextlib.suppress(StudyError):
        for _ in source:
            pass


def _work(job: Job, number: int, board: Board, *, until: float = inf) -> Slip | None:
    """Run one replication; return None when it lasts beyond `until`, and forget it."""
    if board.stopped:
        return Slip(number, stopped=True)
    stopped = late = False

    def tick(share: float) -> bool:
        nonlocal stopped, late
        board.note(number, share)
        stopped, late = board.stopped, time.perf_counter() > until
        return stopped or late

    try:
        result = job(number, tick)
    except PilotlineError as error:
        return Slip(number, trouble=Trouble(number, str(error)))
    except Exception as error:  # noqa: BLE001 - a worker's supervisor: every error becomes one line
        place = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} (in {place.name}, {place.filename}:{place.lineno})"
        return Slip(number, trouble=Trouble(number, text))
    if late and not stopped:
        return None
    if not stopped:
        board.note(number, 1.0)
    return Slip(number, result, stopped)


def _ignore_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextlib.contextmanager
def _interrupt_held() -> Iterator[None]:
    """Start workers with SIGINT masked: a Ctrl-C is the study's business, not theirs."""
    if os.name != "posix":
        yield
        return
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


@contextlib.contextmanager
def _stop_on_interrupt(board: Board) -> Iterator[None]:
    """Turn the first Ctrl-C into a wish to stop; a second one ends the study at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        if board.stopped:
            raise KeyboardInterrupt
        board.stop()

    old = signal.signal(signal.SIGINT, handle)
    try:
        yield
    except KeyboardInterrupt:
        joblib.externals.loky.get_reusable_executor().shutdown(wait=False, kill_workers=True)
        raise
    finally:
        signal.signal(signal.SIGINT, old)


@contextlib.contextmanager
def _watching(board: Board, progress: Progress | None) -> Iterator[None]:
    """Tell `progress` how far the board is, from a thread of its own."""
    if progress is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(poll_s):
            progress(board.done(), board.count)

    thread = threading.Thread(target=watch, name="study progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        progress(board.done(), board.count)
