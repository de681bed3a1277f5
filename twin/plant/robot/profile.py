"""Profiles: how far along its way a movement is over time, limited in speed, acceleration, jerk."""

from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from .track import SAME_S, Curve, still

SHORT = 1e-9
"""Ways (m or rad) below this are none."""
TRIMS = (0.0, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)
"""Shares of jerk and acceleration taken off, in turn, until a profile is found."""


class Limits(NamedTuple):
    """What a way allows: its unit by the second, its square, its cube."""

    speed: float
    accel: float
    jerk: float

    def least(self, other: "Limits") -> "Limits":
        """Return what keeps within both."""
        return Limits(*map(min, self, other))

    def times(self, factor: float) -> "Limits":
        """Return the limits of a way measured in another unit."""
        return Limits(*(limit * factor for limit in self))

    def stops_from(self, way: float) -> float:
        """Return the greatest speed from which an even movement can stop within a way."""
        early = float((way * way * self.jerk) ** (1.0 / 3.0))
        ramp_s = self.accel / self.jerk
        if early < self.accel * ramp_s:
            return min(early, self.speed)
        late = self.accel / 2.0 * (sqrt(ramp_s**2 + 8.0 * way / self.accel) - ramp_s)
        return min(late, self.speed)

    def change_s(self, speed: float) -> float:
        """Return the least time for a change of speed, from an even speed to an even speed."""
        if speed < self.accel * self.accel / self.jerk:
            return 2.0 * sqrt(speed / self.jerk)
        return speed / self.accel + self.accel / self.jerk

    def speed_for(self, way: float, duration_s: float) -> float:
        """Return at which greatest speed a way takes a time; the limit where none does."""
        free_s = duration_s - self.accel / self.jerk
        under = free_s * free_s - 4.0 * way / self.accel
        if free_s <= 0.0 or under <= 0.0:
            return self.speed
        return min(self.accel / 2.0 * (free_s - sqrt(under)), self.speed)

    def gentle(self, speed: float, lasts_s: float) -> "Limits":
        """Return limits with which the speed changes by so much in a longer time."""
        # A trifle harder: what is just impossible would be gone about in some other way.
        factor = max(lasts_s / self.change_s(speed), 1.0) * (1.0 - 1e-7)
        return Limits(self.speed, self.accel / factor, self.jerk / factor**2)


class Begin(NamedTuple):
    """How a movement is to begin, so that it fits to the end of another one."""

    lasts_s: float
    """In this time it takes up its speed."""
    zone_m: float
    """And goes no further."""


def law(
    length: float,
    limits: Limits,
    entry: float | None = None,
    begin: tuple[float, float] | None = None,
) -> tuple[Curve, float]:
    """Return the fastest movement along a way from rest to rest, and when it is at its entry.

    Args:
        length: of the way.
        limits: of the movement along it.
        entry: from where on, at least in the middle, it slows down evenly; None: no such place.
        begin: in which time and on which way it takes up speed; None: at once.
    """
    if length <= SHORT:
        return still((length,)), 0.0
    found, place, speed = _begun(length, limits, entry, begin)
    if entry is None:
        rest = travel((place,), (speed,), (0.0,), (length,), (0.0,), (0.0,), [limits])
        found = _after(found, rest)
        return found, found.ends_s
    most = _reachable(limits, speed, entry - place, limits.stops_from(length - entry))
    first = travel((place,), (speed,), (0.0,), (entry,), (most,), (0.0,), [limits])
    found = _after(found, first)
    slow = limits.gentle(most, 2.0 * (length - entry) / most)
    last = travel((entry,), (most,), (0.0,), (length,), (0.0,), (0.0,), [slow])
    return _after(found, last), found.ends_s


def _begun(
    length: float, limits: Limits, entry: float | None, begin: tuple[float, float] | None
) -> tuple[Curve | None, float, float]:
    """Return the way's begin, if it is a gentle one, and place and speed at its end."""
    if begin is None:
        return None, 0.0, 0.0
    lasts_s, way = begin
    speed = min(limits.speed, 2.0 * min(way, length / 2.0) / lasts_s)
    room = length if entry is None else entry
    while speed > 1e-6 * limits.speed:
        lasts_s = max(lasts_s, limits.change_s(speed))
        place = speed * lasts_s / 2.0
        if place + speed * limits.change_s(speed) / 2.0 <= room * (1.0 - 1e-9):
            slow = limits.gentle(speed, lasts_s)
            found = travel((0.0,), (0.0,), (0.0,), (place,), (speed,), (0.0,), [slow])
            return found, place, speed
        speed *= 0.8
    return None, 0.0, 0.0


def _reachable(limits: Limits, speed: float, way: float, wanted: float) -> float:
    """Return the speed nearest to the wanted one to which a way is long enough."""

    def fits(other: float) -> bool:
        return (speed + other) / 2.0 * limits.change_s(abs(other - speed)) <= way

    if fits(wanted):
        return wanted
    low, high = speed, wanted
    for _ in range(40):
        middle = (low + high) / 2.0
        if fits(middle):
            low = middle
        else:
            high = middle
    return low


def _after(one: Curve | None, two: Curve) -> Curve:
    if one is None:
        return two
    return one.then(two._replace(times=two.times + one.ends_s))


def travel(
    p: Any, v: Any, a: Any, to_p: Any, to_v: Any, to_a: Any, limits: list[Limits],
    *, straight: bool = False,
) -> Curve:  # fmt: skip
    """Return the fastest movement between two states of n axes, all there at the same time.

    Args:
        p: (n,) where it begins.
        v: (n,) its speed there.
        a: (n,) its acceleration there.
        to_p: (n,) where it ends.
        to_v: (n,) its speed there.
        to_a: (n,) its acceleration there.
        limits: of each axis.
        straight: whether it shall be a straight line where that can be.

    Raises:
        ArithmeticError: none was found.
    """
    import ruckig

    count = len(limits)
    asked = _asked(p, v, a, limits)
    asked.target_position, asked.target_velocity, asked.target_acceleration = to_p, to_v, to_a
    if straight:
        asked.synchronization = ruckig.Synchronization.Phase
    rows, duration_s = _profiles(asked, count)
    ends = np.array([to_p, to_v, to_a, np.zeros(count)], dtype=float)
    return _joined(rows, ends, duration_s)


def halt(p: float, v: float, a: float, limit: Limits) -> Curve:
    """Return the fastest way to a standstill of one axis from a state."""
    import ruckig

    asked = _asked((p,), (v,), (a,), [limit])
    asked.control_interface = ruckig.ControlInterface.Velocity
    asked.target_velocity, asked.target_acceleration = (0.0,), (0.0,)
    rows, duration_s = _profiles(asked, 1)
    if duration_s <= SAME_S:
        return still((p,))
    begins, *last = rows[0][-1]
    one = Curve(np.array([begins]), *(np.array([[part]]) for part in last))
    end = float(one.at(np.array([duration_s]))[0, 0])
    return _joined(rows, np.array([[end], [0.0], [0.0], [0.0]]), duration_s)


def _asked(p: Any, v: Any, a: Any, limits: list[Limits]) -> Any:
    import ruckig

    asked = ruckig.InputParameter(len(limits))
    asked.current_position, asked.current_velocity, asked.current_acceleration = p, v, a
    asked.max_velocity = [limit.speed for limit in limits]
    asked.max_acceleration = [limit.accel for limit in limits]
    asked.max_jerk = [limit.jerk for limit in limits]
    return asked


def _profiles(asked: Any, count: int) -> tuple[list[Any], float]:
    import ruckig

    trajectory, problem = ruckig.Trajectory(count), ""
    accel, jerk = list(asked.max_acceleration), list(asked.max_jerk)
    for trim in TRIMS:
        # On the border between two shapes of profile (a way of just 2 a³ / j², say) none is found;
        # a trifle beside it one is.
        asked.max_acceleration = [limit * (1.0 - trim / 3.0) for limit in accel]
        asked.max_jerk = [limit * (1.0 - trim) for limit in jerk]
        try:
            result = ruckig.Ruckig(count).calculate(asked, trajectory)
        except ruckig.RuckigError as error:
            problem = str(error)
            continue
        if result in (ruckig.Result.Working, ruckig.Result.Finished):
            return [_pieces(profile) for profile in trajectory.profiles[0]], trajectory.duration
        problem = str(result)
    raise ArithmeticError(problem)


def _pieces(profile: Any) -> list[tuple[float, float, float, float, float]]:
    """Return begin, place, speed, acceleration, jerk of the phases of one axis."""
    time_s, found = 0.0, []
    brake = profile.brake
    if brake.duration > 0.0:
        for span, *state in zip(brake.t, brake.p, brake.v, brake.a, brake.j, strict=True):
            if span > SAME_S:
                found.append((time_s, *state))
            time_s += span
        time_s = brake.duration
    phases = zip(profile.t, profile.p, profile.v, profile.a, profile.j, strict=False)
    for span, *state in phases:
        if span > SAME_S:
            found.append((time_s, *state))
        time_s += span
    return found


def _joined(rows: list[Any], ends: Any, duration_s: float) -> Curve:
    if duration_s <= SAME_S:
        return Curve(np.zeros(1), *ends[:, :, None])
    axes = [np.array(row or [(0.0, *end)]).T for row, end in zip(rows, ends.T, strict=True)]
    times = np.unique(np.concatenate([axis[0] for axis in axes] + [np.zeros(1)]))
    times = times[times < duration_s - SAME_S]
    times = times[np.concatenate(([True], np.diff(times) > SAME_S))]
    parts = np.empty((4, len(axes), len(times) + 1))
    for index, (begins, *state) in enumerate(axes):
        one = Curve(begins, *(s[None, :] for s in state))
        parts[:, index, :-1] = [s[0] for s in one.state(times)]
    parts[:, :, -1] = ends
    return Curve(np.concatenate((times, [duration_s])), *parts)
