"""Parts on a lane: where each is, how it moves, and when it comes to what is next."""

from math import inf, sqrt
from typing import Any, NamedTuple

from twin.plant.part import Part
from twin.wire.model import Path, Piece, along

Motion = tuple[float, float]
"""Speed (m/s) and acceleration (m/s²), along the lane."""

STANDING: Motion = (0.0, 0.0)
SAME_M_S = 1e-9
"""Speeds closer than this are the same: which is the faster one, the accelerations tell."""


class Place(NamedTuple):
    """Where a part is on a belt: its middle, and half of what it takes there."""

    along_m: float
    across_m: float
    half_length_m: float
    half_width_m: float
    heading_rad: float
    """Relative to the belt."""


class Rider:
    """One part on a lane. Its place is `p + v dt + a dt²/2` since `t0`, until something happens."""

    __slots__ = (
        "a", "across", "due_s", "half", "hard", "heading_rad", "hi", "holders", "leaning", "lo",
        "meets_s", "next_mark", "p", "part", "refused", "section", "t0", "v", "way", "wide",
    )  # fmt: skip

    def __init__(self, part: Part, half: float, wide: float, heading_rad: float) -> None:
        self.part = part
        self.half = half
        """Half of its extent along the lane, m."""
        self.wide = wide
        """Half of its extent across, m."""
        self.heading_rad = heading_rad
        self.across: Path = ()
        """Its distance to the left of the middle of the lane."""
        self.section = 0
        """Number of the belt that carries it."""
        self.t0 = self.p = self.v = self.a = 0.0
        self.way = 0
        """Which way it goes: 1, -1, or 0."""
        self.lo = self.hi = self.next_mark = 0
        """Of the beams of the lane it covers those from `lo` to before `hi`; marks passed."""
        self.holders: list[str] = []
        """Addresses of the bodies that hold it where it is."""
        self.refused = False
        """Whether it stands at an end of the lane because nobody takes it."""
        self.leaning: Motion | None = None
        """How it would move if it did not go behind a slower one."""
        self.due_s = inf
        """When it gets to the next thing that it can come to by itself."""
        self.hard = False
        """Whether that may change how something moves; a beam or a mark does not."""
        self.meets_s = inf
        """When it and the one ahead along the lane touch."""

    def at(self, time_s: float) -> float:
        """Return where its middle is."""
        dt = time_s - self.t0
        return self.p + dt * (self.v + dt * self.a / 2.0)

    def speed(self, time_s: float) -> float:
        """Return how fast it goes."""
        return self.v + (time_s - self.t0) * self.a

    def goes(self, motion: Motion, place: float, time_s: float) -> None:
        """Move in another way from now on; the same way again changes nothing."""
        v, a = motion
        if a != self.a or abs(v - self.v - a * (time_s - self.t0)) > 1e-12:
            self.t0, self.p, self.v, self.a = time_s, place, v, a
        self.way = sense(motion)

    def across_at(self, time_s: float) -> float:
        """Return how far to the left of the middle of the lane it lies."""
        return along(self.across, time_s)

    # ---- state

    def save(self) -> list[Any]:
        """Return it as plain data."""
        return [
            self.part.as_list(), self.half, self.wide, self.heading_rad,
            [list(piece) for piece in self.across], self.section, self.t0, self.p, self.v, self.a,
            self.way, self.lo, self.hi, self.next_mark, list(self.holders), self.refused,
            self.leaning and list(self.leaning), _finite(self.due_s), self.hard,
            _finite(self.meets_s),
        ]  # fmt: skip

    @classmethod
    def load(cls, data: list[Any]) -> "Rider":
        """Read one back."""
        rider = cls.__new__(cls)
        (
            part, rider.half, rider.wide, rider.heading_rad, across, rider.section, rider.t0,
            rider.p, rider.v, rider.a, rider.way, rider.lo, rider.hi, rider.next_mark, holders,
            rider.refused, leaning, due_s, rider.hard, meets_s,
        ) = data  # fmt: skip
        rider.part = Part.from_list(part)
        rider.across = tuple(Piece(*piece) for piece in across)
        rider.holders = list(holders)
        rider.leaning = None if leaning is None else (leaning[0], leaning[1])
        rider.due_s = inf if due_s is None else due_s
        rider.meets_s = inf if meets_s is None else meets_s
        return rider


def _finite(time_s: float) -> float | None:
    return None if time_s == inf else time_s


def sense(motion: Motion) -> int:
    """Return which way a movement goes right after now: 1, -1, or 0 for standing."""
    v, a = motion
    if -SAME_M_S <= v <= SAME_M_S:
        v = a
    return 1 if v > 0.0 else -1 if v < 0.0 else 0


def slower(one: Motion, other: Motion, way: int) -> bool:
    """Tell whether right after now one movement falls behind the other, both going one way."""
    dv = way * (one[0] - other[0])
    return dv < -SAME_M_S or (dv <= SAME_M_S and way * one[1] < way * other[1])


def time_to(gap: float, v: float, a: float) -> float:
    """Return after what time `gap + v t + a t²/2` gets to zero from above; `inf` if never.

    A gap of zero is one that is just being left: the time is that of coming back.
    """
    if gap <= 0.0:
        return -2.0 * v / a if a < 0.0 < v else inf
    if a == 0.0:
        return -gap / v if v < 0.0 else inf
    under = v * v - 2.0 * a * gap
    if under < 0.0:
        return inf
    # The smaller positive root, each time in the form that does not cancel.
    root = sqrt(under)
    if v < 0.0:
        return 2.0 * gap / (root - v)
    return -(v + root) / a if a < 0.0 else inf
