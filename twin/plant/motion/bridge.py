"""Parts that lie across the gap between what moves and what does not."""

from collections.abc import Iterator

from twin.plant.part import Part

from .belt import Belt
from .body import Body
from .frame import Pose
from .rider import Place

EDGE_M = 0.002
"""A part that reaches less far over an edge is not caught."""


def rides(body: Body, carrier: Body) -> bool:
    """Tell whether a body goes along with another, at first or second hand."""
    frame = body.frame
    while frame.carrier is not None:
        if frame.carrier is carrier:  # type: ignore[comparison-overlap]
            return True
        frame = frame.carrier.frame
    return False


def tear(carrier: Body) -> None:
    """Note the parts that lie half on what a carrier begins to move and half on what stays."""
    world, now = carrier.world, carrier.env.time_s
    for belt in world.holders:
        if not isinstance(belt, Belt):
            continue
        along_with = rides(belt, carrier)
        for part, place in _sticking_out(belt):
            for tip in _tips(place, belt):
                at = belt.frame.at(now).then(tip)
                other = world.holder_at(at, but=belt)
                if other is not None and rides(other, carrier) != along_with:
                    world.incident("collision", carrier, "incident.torn", part=part, at=at)
                    break


def _sticking_out(belt: Belt) -> Iterator[tuple[Part, Place]]:
    for part, _ in belt.parts():
        place = belt.place_of(part)
        ahead = max(place.along_m - belt.length_m, -place.along_m) + place.half_length_m
        aside = abs(place.across_m) + place.half_width_m - belt.width_m / 2.0
        if max(ahead, aside) > EDGE_M:
            yield part, place


def _tips(place: Place, belt: Belt) -> Iterator[Pose]:
    """Yield the middles of a part's four sides that lie beyond the belt's edges."""
    x, y = place.along_m, place.across_m
    for way in (1.0, -1.0):
        tip = x + way * place.half_length_m
        if not -EDGE_M <= tip <= belt.length_m + EDGE_M:
            yield Pose(tip, y, belt.entrance(tip).z)
        tip = y + way * place.half_width_m
        if abs(tip) > belt.width_m / 2.0 + EDGE_M:
            yield Pose(x, tip, belt.entrance(x).z)
