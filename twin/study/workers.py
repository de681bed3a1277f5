"""Where replications run: in this process while they are short, else in workers over joblib.

Ctrl-C is this process's business alone: it becomes a wish to stop on the board, which every
replication looks at between two slices. Workers ignore it.
"""

import contextlib
import signal
import threading
import time
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from types import FrameType
from typing import TYPE_CHECKING, Protocol

import joblib
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import BrokenProcessPool

from twin.kernel.errors import PilotlineError
from twin.spec.messages import Phrase

from .board import Board
from .errors import StudyError

if TYPE_CHECKING:
    from twin.plant.result import RunResult

Tick = Callable[[float], bool]
"""Called now and then with the share done; returns True when the work is to stop."""

trial_s = 0.5
"""How long the first replication is tried in this process before workers are started."""
worthwhile_s = 3.0
"""Work left that is worth the start of workers."""
grace_s = 1.0
"""How long workers may take to stop before they are ended."""


class Job(Protocol):
    """One replication's work; it is sent to the workers, so it holds plain data only."""

    def __call__(self, replication: int, tick: Tick) -> "RunResult | None":
        """Run a replication; stopped early it returns what it has, or None if that is nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Slip:
    """One replication as it comes back."""

    replication: int
    result: "RunResult | None" = None
    stopped: bool = False
    trouble: str | Phrase | None = None
    """What went wrong, in words."""


def workers_for(count: int, wished: int | None) -> int:
    """Return how many processes serve so many replications: at most one each, and one a core."""
    return max(1, min(count, wished or joblib.cpu_count()))


def slips(
    job: Job, numbers: Sequence[int], board: Board, processes: int
) -> Generator[Slip, None, None]:
    """Run replications and yield each as it is done, in any order.

    The first is tried here; workers are started when the rest is worth it.
    """
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
        with _interrupt_ignored():
            work = joblib.delayed(_work)
            coming = pool(work(job, one, board) for one in numbers if not board.stopped)
        with _ended_when_stopped(board):
            yield from coming
    except RuntimeError as error:  # of which BrokenProcessPool is one
        if board.stopped:
            return
        if not isinstance(error, BrokenProcessPool):
            raise
        raise StudyError("error.study_worker_ended", fewer=max(1, processes // 2)) from error


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
    except StudyError as error:
        return Slip(number, trouble=error.phrase)
    except PilotlineError as error:
        return Slip(number, trouble=str(error))
    except Exception as error:  # noqa: BLE001 - a worker's supervisor: every error becomes one line
        place = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} (in {place.name}, {place.filename}:{place.lineno})"
        return Slip(number, trouble=text)
    if late and not stopped:
        return None
    if not stopped:
        board.note(number, 1.0)
    return Slip(number, result, stopped)


@contextlib.contextmanager
def stop_on_interrupt(board: Board) -> Iterator[None]:
    """Turn the first Ctrl-C into a wish to stop; a second one ends the study at once."""
    if not _in_main_thread():
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
        _end_workers()
        raise
    finally:
        signal.signal(signal.SIGINT, old)


@contextlib.contextmanager
def _interrupt_ignored() -> Iterator[None]:
    """Start workers while SIGINT is ignored, which they inherit."""
    if not _in_main_thread():
        yield
        return
    old = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, old)


@contextlib.contextmanager
def _ended_when_stopped(board: Board) -> Iterator[None]:
    """End workers that are still at work some time after the wish to stop."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            if board.stopped and not over.wait(grace_s):
                _end_workers()
                return

    thread = threading.Thread(target=watch, name="study stop", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        if board.stopped:
            _end_workers()


def _ignore_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_workers() -> None:
    get_reusable_executor(reuse=True).shutdown(wait=False, kill_workers=True)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
