"""Progress of long work on stderr: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from twin.spec.messages import message
from twin.study.plan import Progress as Show
from twin.study.plan import Stage

quiet_s = 5.0
"""Time between two lines where nobody sees a bar."""


@contextmanager
def shown(language: str) -> Iterator[Show]:
    """Give a function that shows a study's progress while the context is open."""
    console = Console(stderr=True)
    if console.is_terminal:
        with _bar(console) as bar:
            yield _on_bar(bar, language)
    else:
        yield _in_lines(console, language)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[count]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def _on_bar(bar: Progress, language: str) -> Show:
    tasks = {}

    def show(stage: Stage, done: float, finished: int, count: int) -> None:
        if stage not in tasks:
            said = message(f"cli.stage_{stage}", language)
            tasks[stage] = bar.add_task(said, total=count, count="")
        bar.update(tasks[stage], completed=done, total=count, count=f"{finished}/{count}")

    return show


def _in_lines(console: Console, language: str) -> Show:
    last = time.monotonic()

    def show(stage: Stage, done: float, finished: int, count: int) -> None:
        nonlocal last
        if time.monotonic() - last < quiet_s:
            return
        last = time.monotonic()
        said = message(f"cli.stage_{stage}", language)
        console.print(f"{said}: {done / count:.0%} ({finished}/{count})", highlight=False)

    return show
