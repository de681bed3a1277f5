"""Where the tools of robots have been: worked out from how the arms have really moved."""

from collections import deque
from typing import NamedTuple

from twin.plant.motion.body import Body
from twin.plant.motion.box import Way
from twin.plant.motion.chain import carriers
from twin.plant.motion.robot import Robot
from twin.plant.motion.robot_pendant import turn_about
from twin.plant.motion.workcell import Workcell
from twin.plant.robot.obstacle import Spin
from twin.plant.robot.order import Track
from twin.plant.robot.placement import Placement
from twin.plant.robot.surroundings import Stand, stand
from twin.plant.robot.track import at
from twin.wire.model import along

KEPT = 500
"""Movements, and changes of movements, of each robot that are kept."""
MOST_S = 60.0
"""How far back one may look, s."""
POINTS = 600
STEP_M = 0.001
"""Places nearer to each other than this are one."""

Place = tuple[float, float, float, float]
"""A time, s, and where the tool's point was then, in the workcell, m."""


class Leg(NamedTuple):
    """How a robot has moved from a time on."""

    from_s: float
    foot: Stand
    track: Track
    tip: Placement
    """The tool's point on the flange."""

    def place(self, robot: Robot, time_s: float) -> Place:
        """Return where the tool's point was at a time."""
        flange = robot.arm.flange(at(self.track, time_s))
        return (time_s, *foot_at(self.foot, time_s).then(flange).then(self.tip).place)


def foot_at(foot: Stand, time_s: float) -> Placement:
    """Return where a foot is that may be carried."""
    found = foot.at
    for move in reversed(foot.moves):
        far = along(move.path, time_s)
        if isinstance(move, Way):
            x, y, z = (each * far for each in move.vector)
            found = Placement(x, y, z).then(found)
        elif isinstance(move, Spin):
            x, y, z = (each * far for each in move.axis)
            away = Placement(*(-each for each in move.point))
            found = Placement(*move.point).then(turn_about((x, y, z))).then(away).then(found)
    return found


class RobotTraces:
    """Keeps the latest movements of the robots of one workcell.

    Args:
        cell: the workcell.
    """

    def __init__(self, cell: Workcell) -> None:
        self._legs: dict[str, deque[Leg]] = {}
        self._robots = [body for body in cell.world.bodies.values() if isinstance(body, Robot)]
        for robot in self._robots:
            self._legs[robot.id] = deque(maxlen=KEPT)
            self._note(robot)
        if self._robots:
            cell.world.hearers.append(self._hear)

    def _hear(self, body: Body) -> None:
        for robot in self._robots:
            if body is robot or any(each is body for each in carriers(robot)):
                self._note(robot)

    def _note(self, robot: Robot) -> None:
        now = robot.env.time_s
        foot = stand(robot.frame, now)
        if foot is None:
            return
        legs = self._legs[robot.id]
        if legs and legs[-1].from_s == now:
            legs.pop()
        legs.append(Leg(now, foot, robot.track, robot.pendant.tool.tip))

    def read(self, robot: Robot, seconds: float) -> list[Place]:
        """Return where the tool's point has been, oldest first; the last is where it is now.

        Args:
            robot: one of the workcell.
            seconds: how far back, at most `MOST_S`.
        """
        now = robot.env.time_s
        since = max(now - min(seconds, MOST_S), 0.0)
        every_s = max(now - since, 1e-9) / POINTS
        found: list[Place] = []
        legs = list(self._legs[robot.id])
        for leg, until in zip(legs, [*(leg.from_s for leg in legs[1:]), now], strict=True):
            begin = max(leg.from_s, since)
            count = int((until - begin) / every_s) if until > begin else -1
            for number in range(count + 1):
                _add(found, leg.place(robot, begin + number * every_s))
        if legs:
            found.append(legs[-1].place(robot, now))
        return found


def _add(found: list[Place], place: Place) -> None:
    if not found or any(abs(a - b) > STEP_M for a, b in zip(place[1:], found[-1][1:], strict=True)):
        found.append(place)
