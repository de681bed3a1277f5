"""A twin in this very process, as the window's robot panel wants one: no server, no thread."""

from typing import Any

from twin.api.live import LiveRun
from twin.api.robots import RobotCommand, command_of, find_robot, robot_out, summaries
from twin.kernel.errors import PilotlineError
from twin.spec import load_line
from twin.spec.messages import phrase
from viewer.window.errors import NoTwin, Refused
from viewer.window.robot.link import Link


class LocalTwin:
    """A run of a line whose clock a test turns."""

    def __init__(self, line: Any, role: str = "operator") -> None:
        self.live = LiveRun(load_line(line), rate=0.0)
        self.said: list[tuple[str, str, dict[str, Any]]] = []
        """Robot, verb, values of every command."""
        self.gone = False
        self._role = role

    def role(self) -> str:
        return self._role

    def robots(self) -> list[dict[str, Any]]:
        return [each.model_dump() for each in summaries(self.live)]

    def robot(self, cell: str, name: str, language: str) -> dict[str, Any]:
        if self.gone:
            raise NoTwin(phrase("error.no_twin", url="here", reason="a test"))
        return robot_out(find_robot(self.live, cell, name), language).model_dump()

    def command(self, cell: str, name: str, verb: str, args: dict[str, Any]) -> None:
        self.said.append((name, verb, args))
        robot = find_robot(self.live, cell, name)
        try:
            self.live.command(command_of(robot, RobotCommand(verb=verb, args=args), "test"))
        except PilotlineError as error:
            raise Refused(phrase("windowrobot.refused", why=error)) from error

    def run(self, for_s: float) -> None:
        self.live.runner.run_until(self.live.time_s + for_s)


class DirectLink(Link):
    """A link without threads: a command acts at once, and the robot is asked at once."""

    def __init__(self, twin: LocalTwin, language: str = "en") -> None:
        super().__init__(twin, language)
        self.twin = twin
        self.ask()

    def start(self) -> "DirectLink":
        return self

    def close(self) -> None:
        pass

    def _renew(self) -> None:
        """Say nothing again: here nobody is let go of."""

    def choose(self, number: int) -> None:
        super().choose(number)
        self.ask()

    def send(self, verb: str, args: dict[str, Any]) -> None:
        super().send(verb, args)
        while self._orders:
            self._tell(self._orders.popleft())
        self.ask()

    def run(self, for_s: float) -> None:
        self.twin.run(for_s)
        self.ask()
