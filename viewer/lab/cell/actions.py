"""What the page of a workcell does for its visitor."""

from typing import Any

from pydantic import ValidationError

from twin.api.access import Role
from twin.api.cell_shapes import CellCommand
from twin.api.cells import command_of, find_cell
from twin.api.hub import Live
from viewer.lab.actions import Actor

QUIET = frozenset({"write", "force", "release", "enter", "leave", "plc_write"})
"""What is seen where it was done needs no word of success."""


class CellActor:
    """Carries out what a visitor wants of a workcell, within the visitor's rights.

    Args:
        live: the run.
        cell: id of the workcell.
        actor: the visitor.
    """

    def __init__(self, live: Live, cell: str, actor: Actor) -> None:
        self._live = live
        self._cell = cell
        self._actor = actor

    def act(self, wish: Any) -> None:
        """Do what the browser asks for; say what was wrong with it, if it was."""
        try:
            wanted = CellCommand.model_validate(wish)
        except ValidationError:
            return  # no page of ours says such things
        done = (
            "" if wanted.verb in QUIET else self._actor.words.or_key(f"cellpage.done.{wanted.verb}")
        )

        def command() -> None:
            cell = find_cell(self._live, self._cell)
            self._live.command(command_of(cell, wanted, self._actor.who.name))

        self._actor.do(Role.OPERATOR, command, done)
