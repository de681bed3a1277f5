"""The signals of a robot: what its program calls them, and the points that they are."""

from typing import TYPE_CHECKING

from twin.kernel.signal import Value
from twin.plant.robot.mover import SignalKind
from twin.spec.pins import Direction

from .point import Point

if TYPE_CHECKING:
    from .robot import Robot

FIXED_PINS = frozenset(
    {
        "motors", "start", "stop", "main", "reset", "motors_on", "running", "fault", "auto",
        "manual", "enabling",
    }
)  # fmt: skip
"""Pins that every robot has: no signals of its program."""
WHOLE = (-32768, 32767)


class Wires:
    """The named signals of one robot.

    Those of `inputs` and `outputs` lead to the PLC, those of `wires` straight to a valve or a
    switch of the cell. The robot is then the writer of that point, and the PLC leaves it alone.
    """

    def __init__(self, robot: "Robot") -> None:
        self.robot = robot
        self.points: dict[str, Point] = {}
        self.names: dict[Point, list[str]] = {}
        self.kinds: dict[str, SignalKind] = {}

    def find(self) -> None:
        """Find the points, once all bodies of the cell have theirs."""
        robot = self.robot
        for name, point in robot.points.items():
            if name not in FIXED_PINS:
                self._add(name, point, writable=point.io.direction is Direction.INPUT)
        for name, wired in robot.robot_spec.wires.items():
            point = robot.cell.points[wired]
            self._add(name, point, writable=point.io.direction is Direction.OUTPUT)
        robot.cell.listeners.append(self.hear)

    def _add(self, name: str, point: Point, *, writable: bool) -> None:
        self.points[name] = point
        self.kinds[name] = SignalKind(name, writable, point.type)
        self.names.setdefault(point, []).append(name)

    def value(self, name: str) -> Value:
        """Return what a signal is now."""
        point = self.points[name]
        if point.body is not None and point.pin in point.body.lazy:
            point.body.refresh(point.pin)
        return point.value

    def put(self, name: str, value: Value) -> None:
        """Set an output of the robot.

        A number that a group or an analog output cannot hold becomes the nearest that it can.
        """
        point = self.points[name]
        if point.type is int:
            value = min(max(int(value), WHOLE[0]), WHOLE[1])
        point.set(point.type(value), self.robot.address)

    def hear(self, point: Point) -> None:
        """Tell the program that one of its signals has changed."""
        program = self.robot.program
        if program is not None:
            for name in self.names.get(point, ()):
                program.signal_changed(name)
