"""Random scenes for the tests of contacts, and a second way to find these, by brute force.

The second way shares nothing with the first but the library's distance of two shapes: links are
placed one behind the other with placements, at as many times as one likes.
"""

from dataclasses import dataclass
from math import cos, sin, sqrt

import numpy as np
import pytest

from twin.plant.motion.box import Way
from twin.plant.motion.path import even, trapezoid
from twin.plant.robot.hulls import Hull, box, geometry, placed
from twin.plant.robot.obstacle import Neighbour, Obstacle, Spin
from twin.plant.robot.placement import HERE, Placement
from twin.spec.arms.description import (
    ArmDescription,
    Box,
    Bumper,
    Capsule,
    Cylinder,
    Frame,
    Joint,
    Link,
    Sphere,
)
from twin.spec.arms.description import Hull as Points
from twin.wire.model import Piece, along

coal = pytest.importorskip("coal")
MARGIN_M = 0.002


@dataclass(frozen=True, eq=False)
class TestArm:
    """What contacts need of an arm."""

    __test__ = False

    description: ArmDescription

    @property
    def rest(self):
        return self.description.rest


def small_arm():
    """Six axes, 0.9 m, with every shape that there is; turned and shifted frames."""
    spike = Points(
        ((0.05, 0, 0), (-0.03, 0.04, 0), (-0.03, -0.04, 0), (0, 0, 0.2), (0.02, 0.02, 0.1))
    )
    links = (
        Link("base", (), (Bumper(Cylinder(0.1, 0.1), Frame((0, 0, 0.05))),)),
        Link("shoulder", (), (Bumper(Cylinder(0.08, 0.16), Frame((0, 0, 0.08))),)),
        Link("upper", (), (Bumper(Capsule(0.05, 0.4), Frame((0, 0.0, 0.2))),)),
        Link(
            "fore",
            (),
            (
                Bumper(Box((0.08, 0.08, 0.32)), Frame((0, 0, 0.16), (0, 0, 0.3))),
                Bumper(Sphere(0.06), Frame((0.0, 0.01, 0))),
            ),
        ),
        Link("wrist", (), (Bumper(Capsule(0.035, 0.06)),)),
        Link("hand", (), (Bumper(Cylinder(0.03, 0.08), Frame((0, 0, 0.02))),)),
        Link("flange", (), (Bumper(spike, Frame((0, 0, 0.01))),)),
    )
    z, y = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0)
    names = [link.name for link in links]
    rows = (
        (Frame((0, 0, 0.11)), z, 3.0, 3.0),
        (Frame((0.05, 0, 0.15)), y, 2.0, 3.0),
        (Frame((0, 0, 0.4)), y, 2.5, 3.0),
        (Frame((0, 0, 0.36), (0, 0, 0.4)), z, 3.0, 4.0),
        (Frame((0, 0, 0.06)), y, 2.0, 4.0),
        (Frame((0, 0, 0.07), (0.1, 0, 0)), z, 3.0, 5.0),
    )
    joints = tuple(
        Joint(f"j{k + 1}", "turn", names[k], names[k + 1], at, axis, -far, far, speed, 12.0, 100.0)
        for k, (at, axis, far, speed) in enumerate(rows)
    )
    rest = (0.0, -0.3, 1.6, 0.0, 0.6, 0.0)
    return TestArm(ArmDescription("test", links, joints, "base", "flange", rest, 5.0, ""))


def gantry_arm():
    """Three sliding axes, then one that turns: the other kind of joint."""
    links = (
        Link("base", (), (Bumper(Box((0.1, 0.1, 0.05)), Frame((0, 2.5, 0))),)),
        Link("x", (), (Bumper(Box((0.1, 0.1, 0.1)), Frame((0, 0, 0.8))),)),
        Link("y", (), (Bumper(Box((0.06, 0.1, 0.06)), Frame((0, 0, 0.7))),)),
        Link("z", (), (Bumper(Capsule(0.02, 0.3), Frame((0, 0, 0.15))),)),
        Link("c", (), (Bumper(Box((0.15, 0.03, 0.03))),)),
    )
    slide = ("slide", -1.0, 1.0)
    joints = tuple(
        Joint(name, slide[0], parent, name, Frame(), axis, -1.0, 1.0, 2.0, 8.0, 60.0)
        for name, parent, axis in (
            ("x", "base", (1, 0, 0)), ("y", "x", (0, 1, 0)), ("z", "y", (0, 0, 1)),
        )
    )  # fmt: skip
    joints += (Joint("c", "turn", "z", "c", Frame(), (0, 0, 1), -3, 3, 4, 20, 100),)
    return TestArm(
        ArmDescription("gantry", links, joints, "base", "c", (0.0, 0.0, 0.0, 0.0), 5.0, "")
    )


# ---- movements


def spline(knots, times):
    """Return a track through knots (k, n): cubic pieces, no leap in place or speed, then rest."""
    knots, times = np.asarray(knots, float), np.asarray(times, float)
    slopes = np.zeros_like(knots)
    slopes[1:-1] = (knots[2:] - knots[:-2]) / (times[2:] - times[:-2])[:, None]
    track = []
    for joint in range(knots.shape[1]):
        pieces = []
        for k in range(len(times) - 1):
            d = times[k + 1] - times[k]
            p, q = knots[k, joint], knots[k + 1, joint]
            v, w = slopes[k, joint], slopes[k + 1, joint]
            a = (6 * (q - p) - d * (4 * v + 2 * w)) / d**2
            j = (6 * (v + w) * d - 12 * (q - p)) / d**3
            pieces.append(Piece(float(times[k]), float(p), float(v), float(a), float(j)))
        pieces.append(Piece(float(times[-1]), float(knots[-1, joint])))
        track.append(tuple(pieces))
    return tuple(track)


def resting(q, time_s=0.0):
    return tuple((Piece(time_s, float(each)),) for each in q)


def random_track(rng, arm, *, knots=4, spread=0.8, starts_s=0.0):
    moving = arm.description.moving
    q = np.array(arm.rest) + rng.uniform(-spread, spread, (knots, len(moving)))
    low, high = np.array([j.low for j in moving]), np.array([j.high for j in moving])
    times = starts_s + np.concatenate(([0.0], np.cumsum(rng.uniform(0.15, 0.4, knots - 1))))
    return spline(np.clip(q, low, high), times)


def random_placement(rng, reach=0.9):
    turn = rng.normal(size=4)
    turn /= sqrt(float(turn @ turn))
    return Placement(*rng.uniform(-reach, reach, 2), rng.uniform(-0.1, 0.9), *turn).normal()


def random_shape(rng):
    kind = rng.integers(5)
    a, b, c = rng.uniform(0.02, 0.2, 3)
    if kind == 0:
        return Box((a, b, c))
    if kind == 1:
        return Cylinder(a / 2, 2 * b)
    if kind == 2:
        return Capsule(a / 3, 2 * b)
    if kind == 3:
        return Sphere(a / 2)
    return Points(tuple(map(tuple, rng.uniform(-0.12, 0.12, (9, 3)).tolist())))


def random_obstacle(rng, name):
    hulls = tuple(
        Hull(name, random_shape(rng), random_placement(rng, 0.1)) for _ in range(rng.integers(1, 3))
    )
    at = random_placement(rng)
    kind = rng.integers(4)
    moves = ()
    if kind in (1, 3):
        way = tuple(rng.normal(size=3).tolist())
        length = sqrt(sum(x * x for x in way))
        way = tuple(x / length for x in way)
        path = (
            trapezoid(0.1, 0.0, float(rng.uniform(-0.6, 0.6)), 1.0, 3.0)
            if rng.integers(2)
            else even(0.2, 0.0, float(rng.uniform(-0.5, 0.5)), 0.5)
        )
        moves += (Way(way, path),)
    if kind in (2, 3):
        axis = rng.normal(size=3)
        axis /= sqrt(float(axis @ axis))
        point = tuple(rng.uniform(-0.5, 0.5, 3).tolist())
        path = trapezoid(0.05, 0.3, float(rng.uniform(-1.5, 1.5)), 2.0, 6.0)
        moves += (Spin(point, tuple(axis.tolist()), path),)
    return Obstacle(name, hulls, at, moves)


def random_held(rng):
    tool = box("tool", (0.05, 0.04, 0.1), Placement(0, 0, 0.02), role="tool")
    if not rng.integers(2):
        return (tool,)
    part = box("part 1", (0.12, 0.08, 0.06), Placement(0, 0, 0.14), role="held")
    return (tool, part)


# ---- brute force


def shifted(moves, time_s):
    """Return where what is carried has been brought by moves."""
    found = HERE
    for move in moves:
        by = along(move.path, time_s)
        if isinstance(move, Way):
            step = Placement(*(x * by for x in move.vector))
        else:
            c, s = cos(by / 2), sin(by / 2)
            x, y, z = move.axis
            turn = Placement(0, 0, 0, c, s * x, s * y, s * z)
            step = Placement(*move.point).then(turn).then(
                Placement(*(-each for each in move.point))
            )  # fmt: skip
        found = found.then(step)
    return found


def link_placements(arm, q):
    """Return each link's frame in the foot's, by name."""
    found = {arm.description.foot: HERE}
    values = iter(q)
    for joint in arm.description.joints:
        by = 0.0 if joint.kind == "fixed" else next(values)
        x, y, z = joint.axis
        if joint.kind == "slide":
            step = Placement(x * by, y * by, z * by)
        else:
            step = Placement(0, 0, 0, cos(by / 2), *(sin(by / 2) * each for each in (x, y, z)))
        found[joint.child] = found[joint.parent].then(placed(joint.at)).then(step)
    return found


def arm_hulls(arm, foot, q, held=()):
    """Return (name, hull, placement) of all hulls of an arm, and how many joints move each."""
    frames = link_placements(arm, q)
    joints = {joint.child: joint for joint in arm.description.joints}

    def count(link):
        joint = joints.get(link)
        return 0 if joint is None else count(joint.parent) + (joint.kind != "fixed")

    found = []
    for link in arm.description.links:
        for bumper in link.bumpers:
            hull = Hull(link.name, bumper.shape, placed(bumper.at), "arm")
            found.append((hull, foot.then(frames[link.name]).then(hull.at), count(link.name)))
    flange = arm.description.flange
    at = foot.then(frames[flange])
    return found + [(hull, at.then(hull.at), count(flange)) for hull in held]


def thing_hulls(thing, time_s):
    if isinstance(thing, Neighbour):
        q = [along(path, time_s) for path in thing.track]
        foot = shifted(thing.moves, time_s).then(thing.foot)
        return [(h, at) for h, at, _ in arm_hulls(thing.arm, foot, q, thing.held)]
    base = shifted(thing.moves, time_s).then(thing.at)
    return [(hull, base.then(hull.at)) for hull in thing.hulls]


def gap(shape, at, other, at2):
    """Return the distance of two shapes, m."""
    request, result = coal.DistanceRequest(), coal.DistanceResult()
    one, two = (coal.Transform3s(m[:3, :3], m[:3, 3]) for m in (at.matrix(), at2.matrix()))
    return coal.distance(geometry(shape), one, geometry(other), two, request, result)


def gaps(arm, foot, track, things, held, time_s, pairs=None, *, exact=False):
    """Yield (mine, other, distance less what is allowed) of all pairs at a time.

    Unless it must be exact, a lower bound will do for those that are far from each other.
    """
    q = [along(path, time_s) for path in track]
    own = arm_hulls(arm, foot, q, held)
    for thing in things:
        for theirs, at2 in thing_hulls(thing, time_s):
            for mine, at, _ in own:
                put = mine.role == "held" and theirs.role in ("fixed", "part")
                may = 0.0 if put else MARGIN_M
                reach = _reach(mine.shape) + _reach(theirs.shape) + may
                off = sqrt(sum((a - b) ** 2 for a, b in zip(at.place, at2.place, strict=True)))
                if not exact and off - reach > 0.02:
                    yield mine.name, thing.name, off - reach
                else:
                    yield mine.name, thing.name, gap(mine.shape, at, theirs.shape, at2) - may
    for i, j in pairs or ():
        (one, at, _), (two, at2, _) = own[i], own[j]
        yield one.name, two.name, gap(one.shape, at, two.shape, at2) - MARGIN_M


def _reach(shape):
    if isinstance(shape, Box):
        return sqrt(sum(x * x for x in shape.size)) / 2
    if isinstance(shape, Sphere):
        return shape.radius
    if isinstance(shape, Cylinder):
        return sqrt(shape.radius**2 + shape.length**2 / 4)
    if isinstance(shape, Capsule):
        return shape.radius + shape.length / 2
    return max(sqrt(x * x + y * y + z * z) for x, y, z in shape.points)
