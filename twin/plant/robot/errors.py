"""By how much an arm is not where it believes to be: declared errors, as closed forms of time.

Three of them. The zeros of the joints are off by constants: the arm is everywhere a bit elsewhere,
and always in the same way (accuracy). Each movement ends a bit elsewhere, by chance
(repeatability): the deviation goes over from that of the last stop to that of the next one while
the arm moves, so the tool never jumps. And after a stop the tool swings, damped, in the direction
in which it came (stabilisation).
"""

from collections.abc import Sequence
from math import atan, cos, exp, hypot, pi, radians, sin, sqrt
from typing import Any, ClassVar

from numpy.random import Generator

from twin.kernel.streams import Streams
from twin.plant.plain import Stateful
from twin.spec.motion.robots import ArmErrors

from .order import Joints
from .placement import Placement, Vector

FADED = 25.0
"""After so many time constants a swing is below 1e-10 of what it was, and forgotten."""
STILL: Vector = (0.0, 0.0, 0.0)


def standard_normal(generator: Generator, count: int) -> list[float]:
    """Draw from the normal law with mean 0 and deviation 1."""
    values: list[float] = generator.standard_normal(count).tolist()
    return values


class Deviation(Stateful):
    """How far the tool of one arm is from where the arm believes it to be.

    Args:
        declared: its errors.
        streams: of the run; the deviation's own stream is `ADDRESS/stops`.
        address: of the robot: `WORKCELL/ROBOT`.
    """

    STATE: ClassVar[tuple[str, ...]] = ("times", "before", "after", "swings")

    def __init__(self, declared: ArmErrors, streams: Streams, address: str) -> None:
        self.declared = declared
        self.address = f"{address}/errors"
        self.zeros = tuple(radians(each) for each in declared.joints_deg)
        self.chance = streams.make(f"{address}/stops", standard_normal)
        self.times: list[float] = [0.0, 0.0]
        """When the movement begins and ends over which `before` becomes `after`, s."""
        self.before: list[float] = [0.0] * 6
        """x, y, z, m; a turn about x, y, z, rad; along the axes of the workcell."""
        self.after: list[float] = [0.0] * 6
        self.swings: list[list[float]] = []
        """Each: since when, s; x, y, z of the first swing, m."""
        self.decay_s, self.rate = declared.settle_s, 2.0 * pi * declared.swing_hz
        peak_s = atan(self.rate * self.decay_s) / self.rate
        self.peak = exp(-peak_s / self.decay_s) * sin(self.rate * peak_s)
        """What the swing of amplitude 1 reaches: scaled by this, it reaches what is declared."""

    def goes(
        self, begins_s: float, ends_s: float, *, way: Vector = STILL, share: float = 0.0
    ) -> None:
        """Hear that the arm moves, or moves otherwise than it was going to, and draw the next stop.

        Args:
            begins_s: when it begins: now.
            ends_s: when it comes to rest.
            way: direction in which the tool arrives, in the workcell, of any length.
            share: how fast it was before it slowed down, as a share of full speed, 0 to 1.
        """
        declared = self.declared
        self.before[:] = self._drift(begins_s)
        scales = (declared.repeat_mm * 1e-3, radians(declared.repeat_deg))
        if scales != (0.0, 0.0):
            self.after[:] = [scales[axis > 2] * self.chance.draw() for axis in range(6)]
        self.times[:] = [begins_s, max(ends_s, begins_s)]
        self.swings[:] = [
            one for one in self.swings if 0.0 <= begins_s - one[0] < FADED * self.decay_s
        ]
        length = hypot(*way)
        reach = declared.settle_mm * 1e-3 * min(max(share, 0.0), 1.0)
        if length > 0.0 and reach > 0.0:
            self.swings.append([self.times[1], *(reach * each / length for each in way)])

    def joints(self, believed: Sequence[float]) -> Joints:
        """Return where the joints are, when the arm believes them to be at `believed`."""
        off = self.zeros[: len(believed)]
        off += (0.0,) * (len(believed) - len(off))
        return tuple(q + each for q, each in zip(believed, off, strict=True))

    def tool(self, tip: Placement, time_s: float) -> Placement:
        """Return where the tool is.

        Args:
            tip: the tool's point in the workcell, from the joints as `joints` gives them.
            time_s: simulation time.
        """
        x, y, z, a, b, c = self._drift(time_s)
        for since_s, dx, dy, dz in self.swings:
            part = self.swing(time_s - since_s)
            x, y, z = x + dx * part, y + dy * part, z + dz * part
        angle = sqrt(a * a + b * b + c * c)
        scale = sin(angle / 2.0) / angle if angle > 0.0 else 0.5
        turn = Placement(0.0, 0.0, 0.0, cos(angle / 2.0), a * scale, b * scale, c * scale)
        turned = turn.then(Placement(0.0, 0.0, 0.0, *tip.turn))
        return Placement(tip.x + x, tip.y + y, tip.z + z, *turned.turn)

    def swing(self, since_s: float) -> float:
        """Return the swing so long after a stop, as a share of its first and greatest reach."""
        if not 0.0 < since_s < FADED * self.decay_s:
            return 0.0
        return exp(-since_s / self.decay_s) * sin(self.rate * since_s) / self.peak

    def _drift(self, time_s: float) -> list[float]:
        begins_s, ends_s = self.times
        if time_s >= ends_s:
            return list(self.after)
        share = max(time_s - begins_s, 0.0) / (ends_s - begins_s)
        share *= share * (3.0 - 2.0 * share)
        return [a + share * (b - a) for a, b in zip(self.before, self.after, strict=True)]

    def load_state(self, data: list[Any], known: dict[str, Any]) -> None:
        super().load_state(data, known)
        self.swings[:] = [list(one) for one in self.swings]
