"""`twin replay`: run a record again, and tell whether it comes out the same."""

from pathlib import Path
from typing import Annotated

import typer

from .failure import explained, say, work_failed
from .language import choose

HELP = """Run a record again from its header and command log, and compare the fingerprints.

Exit status: 0 the same to the last bit; 1 not the same, or no record; 2 the call was wrong.

Example: twin replay runs/weld_camera.jsonl"""


def replay(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="A run's record (.jsonl).")],
    *,
    lang: Annotated[str | None, typer.Option(help="Language: en or zh.")] = None,
) -> None:
    """Run a record again."""
    language = choose(lang)
    with explained(language):
        from twin.control.line import build
        from twin.kernel.record import RunRecord, versions
        from twin.kernel.runner import Runner
        from twin.spec.line import LineSpec
        from twin.spec.messages import message

        read = RunRecord.read(record)
        header = read.header
        line = build(LineSpec.model_validate(header.line), header.seed, header.replication)
        runner = Runner(line, header)
        digest = runner.digest()
        runner.replay(read)
        same = digest.hex() == read.digest
        figures = {
            "line": line.spec.id,
            "seconds": f"{line.env.time_s:.1f}",
            "commands": len(read.log),
            "events": line.env.events,
            "made": line.made,
        }
        typer.echo(message("replay.figures", language, **figures))
        if same:
            typer.echo(message("replay.same", language))
            return
        say(message("replay.differs", language, made_by=header.versions, here=versions()))
        raise typer.Exit(work_failed)
