"""Drives an arm as its controller would: legs of the plant's own planner, each planned once."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from twin.plant.robot.order import Joints, Move
from twin.plant.robot.placement import HERE, Placement

from .stand import Leg

if TYPE_CHECKING:
    from twin.plant.robot.arm import Arm


class ArmDriver:
    """Plans legs of an arm that stands in the origin.

    A leg from the same joints to the same targets is the same movement: the cycles of an inspection
    repeat a few dozen of them thousands of times.
    """

    def __init__(self, arm: "Arm") -> None:
        self.arm = arm
        self.rest = arm.rest
        self.known: dict[tuple[Joints, tuple[Move, ...]], Leg] = {}

    def leg(self, start: Joints, moves: tuple[Move, ...]) -> Leg:
        """Plan movements of which only the last one stops.

        Raises:
            MoveRefused: one of them cannot be done.
        """
        key = (start, moves)
        if key not in self.known:
            self.known[key] = self._planned(start, moves)
        return self.known[key]

    def _planned(self, start: Joints, moves: tuple[Move, ...]) -> Leg:
        from twin.plant.robot.blend import blend
        from twin.plant.robot.moves import plan
        from twin.plant.robot.track import at

        running = plan(self.arm, HERE, 0.0, start, moves[0])
        begins, tracks = [0.0], [running.track]
        for move in moves[1:]:
            begins.append(running.enters_s)
            running = blend(self.arm, HERE, running.enters_s, running, move)
            tracks.append(running.track)

        def joints(time_s: float) -> Joints:
            return at(tracks[max(bisect_right(begins, time_s) - 1, 0)], time_s)

        return Leg(running.ends_s, joints)

    def tip(self, joints: Sequence[float], tip: Placement) -> Placement:
        """Return where the tool's point is, seen from the foot."""
        return self.arm.flange(joints).then(tip)
