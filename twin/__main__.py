"""The `twin` command: every verb of Pilotline."""

from typing import Annotated

import typer

from twin import __version__
from twin.cli.check import HELP as CHECK_HELP
from twin.cli.check import check
from twin.cli.doctor import HELP as DOCTOR_HELP
from twin.cli.doctor import doctor
from twin.cli.exercise import exercise
from twin.cli.inspect import HELP as INSPECT_HELP
from twin.cli.inspect import inspect
from twin.cli.live import DEMO_HELP, SERVE_HELP, demo, live
from twin.cli.replay import HELP as REPLAY_HELP
from twin.cli.replay import replay
from twin.cli.run import HELP as RUN_HELP
from twin.cli.run import run
from twin.cli.see import SHOT_HELP, VIEW_HELP, shot, view
from twin.cli.signals import HELP as SIGNALS_HELP
from twin.cli.signals import signals
from twin.cli.technician import BROWSE_HELP, MIRROR_HELP, browse, mirror

app = typer.Typer(
    name="twin",
    help="Pilotline: the digital twin of training lines and pilot-production lines.",
    epilog="Example: twin run two_machine --for 8h --replications 10",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run", help=RUN_HELP)(run)
app.command("check", help=CHECK_HELP)(check)
app.command("demo", help=DEMO_HELP)(demo)
app.command("serve", help=SERVE_HELP)(live)
app.command("replay", help=REPLAY_HELP)(replay)
app.command("shot", help=SHOT_HELP)(shot)
app.command("view", help=VIEW_HELP)(view)
app.command("browse", help=BROWSE_HELP)(browse)
app.command("mirror", help=MIRROR_HELP)(mirror)
app.command("inspect", help=INSPECT_HELP)(inspect)
app.command("doctor", help=DOCTOR_HELP)(doctor)
app.command("signals", help=SIGNALS_HELP)(signals)
app.add_typer(exercise, name="exercise")


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer passes the option's value by place
    if wanted:
        typer.echo(f"Pilotline {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Take the options that stand before a verb."""


def main() -> None:
    """Run the command."""
    app(prog_name="twin")


if __name__ == "__main__":
    main()
