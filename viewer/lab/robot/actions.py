"""What the panel of a robot does for its visitor."""

from typing import Any

from pydantic import BaseModel, ValidationError

from twin.api.access import Role
from twin.api.hub import Live
from twin.api.robots import RobotCommand, command_of, find_robot, robots_of
from twin.kernel.command import Command
from twin.kernel.errors import PilotlineError
from viewer.lab.actions import Actor

TOLD = frozenset({"teach", "rapid_load", "reset"})
"""What a person is told the success of; everything else is seen where it was done."""


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
        self._held: set[str] = set()
        """Robots whose enabling switch this visitor holds."""

    def act(self, wish: Any) -> None:
        """Do what the browser asks for; say what was wrong with it, if it was."""
        try:
            wanted = _Wish.model_validate(wish)
            inner = RobotCommand(verb=wanted.verb, args=wanted.args)
        except ValidationError:
            return  # no page of ours says such things
        said = self._actor.words.or_key(f"robotpage.done.{wanted.verb}")

        def command() -> None:
            robot = find_robot(self._live, self._cell, wanted.robot)
            self._live.command(command_of(robot, inner, self._actor.who.name))
            if wanted.verb == "enabling":
                (self._held.add if wanted.args.get("on") else self._held.discard)(wanted.robot)

        self._actor.do(Role.OPERATOR, command, said if wanted.verb in TOLD else "")

    def let_go(self) -> None:
        """Let go of every enabling switch: the visitor's page is gone."""
        cell = self._live.workcells.get(self._cell)
        robots = robots_of(cell) if cell is not None else {}
        for name in self._held & robots.keys():
            release = Command("enabling", robots[name].address, {"on": False}, self._actor.who.name)
            try:
                self._live.command(release)
            except PilotlineError:
                continue  # it has been taken away meanwhile
        self._held.clear()
