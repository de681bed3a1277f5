"""What the panel of a robot does for its visitor."""

from typing import Any

from pydantic import BaseModel, ValidationError

from twin.api.access import Role
from twin.api.hub import Live
from twin.api.robots import RobotCommand, command_of, find_robot, robots_of
from twin.kernel.command import Command
from twin.kernel.errors import PilotlineError
from viewer.lab.actions import Actor

TOLD = frozenset({"teach", "rapid_load", "reset", "point_delete", "point_rename", "point_undo"})
"""What a person is told the success of; everything else is seen where it was done."""
LOOK_S = 0.5
"""How often it is looked whether who holds a switch still says so."""
LOOKS = 4
"""After so many looks without a word the hand is taken for gone."""


class _Wish(BaseModel):
    robot: str
    verb: str
    args: dict[str, Any] = {}


class RobotActor:
    """Carries out what a visitor wants of the robots of a workcell, within the visitor's rights.

    Args:
        live: the run.
        cell: id of the workcell.
        actor: the visitor.
    """

    def __init__(self, live: Live, cell: str, actor: Actor) -> None:
        self._live = live
        self._cell = cell
        self._actor = actor
        self._held: dict[str, int] = {}
        """Robots whose enabling switch this visitor holds: looks since the visitor last said so."""

    def act(self, wish: Any) -> None:
        """Do what the browser asks for; say what was wrong with it, if it was."""
        try:
            wanted = _Wish.model_validate(wish)
            inner = RobotCommand(verb=wanted.verb, args=wanted.args)
        except ValidationError:
            return  # no page of ours says such things
        if wanted.verb == "hold":
            if wanted.robot in self._held:
                self._held[wanted.robot] = 0
            return
        said = self._actor.words.or_key(f"robotpage.done.{wanted.verb}")

        def command() -> None:
            robot = find_robot(self._live, self._cell, wanted.robot)
            self._live.command(command_of(robot, inner, self._actor.who.name))
            if wanted.verb == "enabling" and wanted.args.get("on"):
                self._held[wanted.robot] = 0
            elif wanted.verb == "enabling":
                self._held.pop(wanted.robot, None)

        self._actor.do(Role.OPERATOR, command, said if wanted.verb in TOLD else "")

    def look(self) -> None:
        """Let go of the switches of which nothing was heard any more; call it every `LOOK_S`.

        Looks are counted, not seconds: while the server itself is late, nobody is let go for that.
        """
        for name in self._held:
            self._held[name] += 1
        self._release({name for name, looks in self._held.items() if looks > LOOKS})

    def let_go(self) -> None:
        """Let go of every enabling switch: the visitor's page is gone."""
        self._release(set(self._held))

    def _release(self, names: set[str]) -> None:
        cell = self._live.workcells.get(self._cell)
        robots = robots_of(cell) if cell is not None else {}
        for name in names & robots.keys():
            release = Command("enabling", robots[name].address, {"on": False}, self._actor.who.name)
            try:
                self._live.command(release)
            except PilotlineError:
                continue  # it has been taken away meanwhile
        for name in names:
            self._held.pop(name, None)
