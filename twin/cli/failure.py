"""How a verb ends when something is wrong: one message on stderr, and an exit status.

0 done, 1 the work failed, 2 the call was wrong, 130 stopped by Ctrl-C.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from twin.control.line import ProgramError
from twin.kernel.errors import PilotlineError
from twin.spec.errors import SpecError
from twin.spec.messages import Phrase, message
from twin.study.errors import Stopped, StudyError, WrongWish

work_failed = 1
call_wrong = 2
stopped = 130


def say(text: str) -> None:
    """Write a line to stderr."""
    typer.echo(text, err=True)


def _told(error: PilotlineError, language: str) -> str:
    if isinstance(error, StudyError | ProgramError):
        return error.text(language)
    said = getattr(error, "phrase", None)
    return said.text(language) if isinstance(said, Phrase) else str(error)


@contextmanager
def explained(language: str = "en") -> Iterator[None]:
    """Turn errors of a verb's body into a message and an exit status.

    Raises:
        typer.Exit: instead of the error.
    """
    try:
        yield
    except SpecError as error:
        say(error.text(language))
        raise typer.Exit(call_wrong) from None
    except Stopped as error:
        say(f"twin: {error.text(language)}")
        raise typer.Exit(stopped) from None
    except PilotlineError as error:
        say(f"twin: {_told(error, language)}")
        raise typer.Exit(call_wrong if isinstance(error, WrongWish) else work_failed) from None
    except BrokenPipeError:
        # Whoever read the output has seen enough; writing what is left would only complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(work_failed) from None
    except OSError as error:
        say(f"twin: {error.strerror or error}: {error.filename or ''}".removesuffix(": "))
        raise typer.Exit(work_failed) from None
    except KeyboardInterrupt:
        say(f"twin: {message('cli.stopped', language)}")
        raise typer.Exit(stopped) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:  # noqa: BLE001 - the command's supervisor: no traceback reaches a user
        if (plain := _plain(error, language)) is not None:
            say(f"twin: {plain}")
        elif os.environ.get("PILOTLINE_TRACEBACK"):
            traceback.print_exception(error)
        else:
            cause = f"{type(error).__name__}: {error}"
            say(f"twin: {message('cli.defect', language, cause=cause)}")
        raise typer.Exit(work_failed) from None


def _plain(error: Exception, language: str) -> str | None:
    """Return the text of a viewer's error, which is written for people; None for any other."""
    from viewer.scene.errors import SceneError
    from viewer.window.errors import ViewError

    if isinstance(error, ViewError):
        return error.text(language)
    return str(error) if isinstance(error, SceneError) else None
