"""What carries a body, from the nearest on."""

from collections.abc import Callable, Iterator

from .axis import Axis
from .body import Body


def carriers(body: Body) -> Iterator[Body]:
    """Yield what carries a body, from the nearest on."""
    carrier = body.frame.carrier
    while carrier is not None:
        assert isinstance(carrier, Body)
        yield carrier
        carrier = carrier.frame.carrier


def axes(body: Body) -> list[Axis]:
    """Return the axes that carry a body, and the body itself if it is one."""
    found = [carrier for carrier in carriers(body) if isinstance(carrier, Axis)]
    return [body, *found] if isinstance(body, Axis) else found


def tilt_rad(body: Body, time_s: float) -> float:
    """Return by what angle a body is off the vertical, with what carries it: a robot may tilt."""
    return max((tilt(time_s) for tilt in _tilts(body)), default=0.0)


def _tilts(body: Body) -> Iterator[Callable[[float], float]]:
    for carrier in carriers(body):
        tilt = getattr(carrier, "tilt_rad", None)
        if tilt is not None:
            yield tilt
