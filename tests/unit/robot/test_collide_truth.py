"""Contacts, bounds and distances against closed forms, and what may touch what."""

from math import cos, pi, sin, sqrt

import numpy as np
import pytest

from tests.unit.robot.collide_scenes import (
    gantry_arm,
    gap,
    gaps,
    link_placements,
    random_held,
    random_obstacle,
    random_placement,
    random_shape,
    random_track,
    resting,
    small_arm,
    spline,
)
from twin.plant.motion.box import Way
from twin.plant.motion.path import trapezoid
from twin.plant.robot.approach import CLOSE_M, FUZZ_M, SLIP_M
from twin.plant.robot.arm import load_arm
from twin.plant.robot.collide import (
    Hull,
    Neighbour,
    Obstacle,
    Spin,
    first_contact,
    nearest,
    touching_at,
    would_meet,
)
from twin.plant.robot.course import Course
from twin.plant.robot.hulls import LEAST_M, around, box, geometry
from twin.plant.robot.linkage import of_arm, zero
from twin.plant.robot.pairs import Gauge, own_pairs
from twin.plant.robot.placement import HERE, Placement
from twin.plant.robot.sweep import Sweep
from twin.spec.arms.description import Box, Capsule, Cylinder, Sphere
from twin.spec.arms.description import Hull as Points
from twin.spec.errors import SpecError
from twin.wire.model import Piece, along

SMALL, GANTRY = small_arm(), gantry_arm()
MARGIN_M = 0.002


# ---- the library's distances


def least_on(line, low, high):
    """Return the least value of a convex function, by sections."""
    share = (sqrt(5) - 1) / 2
    for _ in range(70):
        a, b = high - share * (high - low), low + share * (high - low)
        if line(a) < line(b):
            high = b
        else:
            low = a
    return line((low + high) / 2)


def to_box(point, half):
    out = [max(abs(x) - h, 0.0) for x, h in zip(point, half, strict=True)]
    return sqrt(sum(x * x for x in out))


def test_capsules_and_boxes():
    """The distance of a segment and a box is the least of a convex function of one number."""
    rng = np.random.default_rng(1)
    worst, apart = 0.0, 0
    for _ in range(400):
        at, at2 = random_placement(rng, 0.6), random_placement(rng, 0.6)
        size = tuple(rng.uniform(0.02, 1.5, 3).tolist())
        radius, length = float(rng.uniform(0.01, 0.1)), float(rng.uniform(0.05, 0.6))
        seen = at2.seen(at)
        half = [x / 2 for x in size]

        def off(t, seen=seen, half=half):
            return to_box(seen.point((0, 0, t)), half)

        true = least_on(off, -length / 2, length / 2)
        if true > radius:
            apart += 1
            found = gap(Capsule(radius, length), at, Box(size), at2)
            worst = max(worst, abs(found - (true - radius)))
    assert apart > 150
    assert worst < FUZZ_M


def test_two_capsules():
    rng = np.random.default_rng(2)
    for _ in range(16):
        at, at2 = random_placement(rng, 0.6), random_placement(rng, 0.6)
        radii, lengths = rng.uniform(0.01, 0.08, 2), rng.uniform(0.05, 0.5, 2)

        def off(s, t, at=at, at2=at2):
            one, two = at.point((0, 0, s)), at2.point((0, 0, t))
            return sqrt(sum((a - b) ** 2 for a, b in zip(one, two, strict=True)))

        def inner(s, off=off, far=lengths[1] / 2):
            return least_on(lambda t: off(s, t), -far, far)

        true = least_on(inner, -lengths[0] / 2, lengths[0] / 2) - float(radii.sum())
        if true > 0.0:
            one, two = (Capsule(float(r), float(n)) for r, n in zip(radii, lengths, strict=True))
            assert gap(one, at, two, at2) == pytest.approx(true, abs=FUZZ_M)


@pytest.mark.parametrize("turn", [0.0, 0.3, 1.2])
def test_round_shapes_against_a_plane(turn):
    """A cylinder that leans above a large block: its rim is nearest."""
    c, s = cos(turn / 2), sin(turn / 2)
    at = Placement(0.0, 0.0, 0.5, c, s, 0.0, 0.0)
    block, on = Box((4.0, 4.0, 1.0)), Placement(0.1, 0.05, -0.5)
    rim = 0.5 - 0.2 * abs(cos(turn)) - 0.07 * abs(sin(turn))
    assert gap(Cylinder(0.07, 0.4), at, block, on) == pytest.approx(rim, abs=FUZZ_M)
    ball = 0.5 - 0.2 * abs(cos(turn)) - 0.07
    assert gap(Capsule(0.07, 0.4), at, block, on) == pytest.approx(ball, abs=FUZZ_M)
    assert gap(Sphere(0.2), at, block, on) == pytest.approx(0.3, abs=FUZZ_M)


def test_blocks_in_each_other_are_as_deep_as_they_are():
    for deep in (0.0005, 0.01, 0.05):
        on = Placement(0.02, 0.03, 0.15 - deep)
        found = gap(Box((0.4, 0.4, 0.1)), HERE, Box((0.2, 0.2, 0.2)), on)
        assert found == pytest.approx(-deep, abs=FUZZ_M)


def support(shape, way):
    """Return how far a shape reaches in a direction of its own frame."""
    x, y, z = way
    if isinstance(shape, Cylinder):
        return shape.radius * sqrt(x * x + y * y) + shape.length / 2 * abs(z)
    if isinstance(shape, Capsule):
        return shape.radius + shape.length / 2 * abs(z)
    if isinstance(shape, Sphere):
        return shape.radius
    if isinstance(shape, Box):
        return sum(abs(a) * b / 2 for a, b in zip(way, shape.size, strict=True))
    return float((np.array(shape.points) @ way).max())


@pytest.mark.parametrize(("reach", "off"), [(0.7, FUZZ_M), (0.08, 3e-5)], ids=["apart", "inside"])
def test_the_direction_proves_the_distance(reach, off):
    """Along it the shapes are as far apart as the library says: less they cannot be, nor more."""
    rng = np.random.default_rng(8)
    seen = 0
    for number in range(1500):
        one, other = random_shape(rng), random_shape(rng)
        if number % 5 == 0:
            other = Box((20.0, 20.0, 0.1))
        m, m2 = (random_placement(rng, reach).matrix() for _ in range(2))
        if number % 3 == 0:
            m2[:3, :3] = m[:3, :3]
        m2[2, 3] = m[2, 3] + rng.uniform(-reach, reach)
        gauge = Gauge(geometry(one), geometry(other))
        far = gauge.far(m[:3, :3], m[:3, 3], m2[:3, :3], m2[:3, 3])
        if (far > 0.0) != (reach > 0.1):
            continue
        seen += 1
        way = gauge.normal
        ends = support(one, m[:3, :3].T @ way), support(other, -(m2[:3, :3].T @ way))
        apart = float(way @ (m2[:3, 3] - m[:3, 3])) - sum(ends)
        assert apart == pytest.approx(far, abs=off), (one, other)
    assert seen > 200


def test_shapes_of_the_same_numbers_are_not_taken_for_each_other():
    one, other = (Hull("a", shape) for shape in (Cylinder(0.07, 0.4), Capsule(0.07, 0.4)))
    assert one != other
    assert len({one, other}) == 2
    assert one == Hull("a", Cylinder(0.07, 0.4))
    for shape, high in ((one, 0.2), (other, 0.27)):
        above = Obstacle("a", (shape,), Placement(0.0, 0.0, high - 0.001))
        floor = Obstacle("a", (shape,), Placement(0.0, 0.0, -5.0))
        found = nearest(GANTRY, HERE, (0.0,) * 4, [above])
        far = nearest(GANTRY, HERE, (0.0,) * 4, [floor])
        assert found is not None
        assert found.distance_m < 0.0
        assert far is not None
        assert far.distance_m == pytest.approx(5.0 - high - 0.02, abs=1e-4)


def test_a_hull_holds_all_its_points():
    from scipy.spatial import ConvexHull

    rng = np.random.default_rng(3)
    for count in (4, 8, 60, 400):
        points = rng.normal(size=(count, 3)) * (0.1, 0.05, 0.2)
        shape = Points(tuple(map(tuple, points.tolist())))
        made = geometry(shape)
        corners = np.array([made.point(k) for k in range(made.num_points)])
        planes = ConvexHull(corners).equations
        assert (points @ planes[:, :3].T + planes[:, 3] < 1e-9).all()
        assert {tuple(each) for each in corners.round(9).tolist()} <= {
            tuple(each) for each in points.round(9).tolist()
        }
        # The same asked of the library: from far off, the farthest point is the nearest.
        for way in rng.normal(size=(20, 3)):
            far = 2.0 * way / sqrt(float(way @ way))
            ball = Placement(*far.tolist())
            true = min(sqrt(float(np.square(far - p).sum())) for p in points) - 0.1
            assert gap(shape, HERE, Sphere(0.1), ball) <= true + FUZZ_M


@pytest.mark.parametrize(
    "points",
    [
        [(0, 0, 0), (1, 0, 0), (0, 1, 0)],
        [(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0), (0.3, 0.2, 0)],
        [(0, 0, k) for k in range(5)],
        [],
    ],
)
def test_flat_hulls_are_refused(points):
    with pytest.raises(ValueError, match="give it a thickness"):
        around("plate", points)


# ---- bounds


@pytest.mark.parametrize("name", ["six", "scara", "ur5", "panda"])
def test_links_are_where_the_arm_says(name):
    """The arm asks the library for its links; contacts reckon with screws."""
    pytest.importorskip("pinocchio")
    try:
        arm = load_arm(name)
    except SpecError:
        pytest.skip(f"the models of {name} are not installed")
    rng = np.random.default_rng(4)
    foot = random_placement(rng)
    made = of_arm(arm, foot, resting(arm.rest), (), ())
    names = [link.name for link in arm.description.links]

    def places(q):
        return dict(zip(names, (foot.then(each) for each in arm.links(q)), strict=True))

    zeros = places([0.0] * len(arm.joints))
    assert {hull.name for hull in made.kit.hulls} <= set(names)
    assert len(made.kit.hulls) >= len(names) - 3
    for _ in range(5):
        q = [float(rng.uniform(joint.low, joint.high)) for joint in arm.joints]
        links = places(q)
        turns, shifts = made.frames(np.array([q]))
        for k, hull in enumerate(made.kit.hulls):
            turn, shift = turns[made.link[k], 0], shifts[made.link[k], 0]
            inner = zeros[hull.name].inverse().point(made.kit.place[k].tolist())
            place = links[hull.name].point(inner)
            assert np.allclose(turn @ made.kit.place[k] + shift, place, rtol=0, atol=1e-12)
            start = zeros[hull.name].matrix()[:3, :3]
            true = links[hull.name].matrix()[:3, :3]
            assert np.allclose(turn @ start, true, rtol=0, atol=1e-12)


def test_bounds_of_speeds_are_exact():
    rng = np.random.default_rng(5)
    for seed in range(10):
        paths = random_track(np.random.default_rng(seed), SMALL)
        paths += (trapezoid(0.1, 0.0, 0.5, 0.7, 2.0), (Piece(0.3, 1.0, 0.2),))
        nodes = np.sort(rng.uniform(-0.1, 1.6, 9))
        speed, accel = Course(paths).bounds(nodes)
        for k in range(len(nodes) - 1):
            times = np.linspace(nodes[k], nodes[k + 1], 4001)
            places = np.array([[along(path, t) for t in times] for path in paths])
            slopes = np.abs(np.diff(places, axis=1)) / (times[1] - times[0])
            assert (slopes.max(axis=1) <= speed[:, k] + 1e-9).all()
            assert np.allclose(slopes.max(axis=1), speed[:, k], atol=0.02 + 1e-3)
    jump = (Piece(0.0, 0.0), Piece(1.0, 0.0, 2.0))
    _, accel = Course((jump,)).bounds(np.array([0.0, 0.5, 1.5, 2.0]))
    assert accel[0, 1] > 1e6
    assert accel[0, 2] == 0.0


@pytest.mark.parametrize("arm", [SMALL, GANTRY], ids=["six axes", "slides"])
def test_no_point_is_faster_or_harder_than_its_bounds(arm):
    rng = np.random.default_rng(6)
    for seed in range(6):
        track = random_track(np.random.default_rng(seed), arm, spread=1.5)
        moves = (
            Spin((0.2, 0.1, 0.0), (0.0, 0.0, 1.0), trapezoid(0.0, 0.0, 1.0, 1.0, 4.0)),
            Way((0.0, 0.6, 0.8), trapezoid(0.1, 0.0, 0.4, 0.6, 2.0)),
        )
        foot = random_placement(rng)
        made = of_arm(arm, foot, track, random_held(rng), moves)
        nodes = np.linspace(0.0, 1.0, 15)
        sweep = Sweep(made, nodes)
        every = np.arange(len(made.kit.hulls))
        speed, accel = sweep.flow(every, np.zeros_like(every))
        for k in range(len(nodes) - 1):
            # Inside an interval, clear of the pieces' joints, where the acceleration leaps.
            times = np.linspace(nodes[k], nodes[k + 1], 61)
            frames, shifts = made.frames(made.course.at(times)[0])
            step = times[1] - times[0]
            for hull in every:
                way = rng.normal(size=3)
                point = made.kit.middle[hull] + way / sqrt(float(way @ way)) * made.kit.reach[hull]
                link = made.link[hull]
                ways = frames[link] @ point + shifts[link]
                rates = np.diff(ways, axis=0) / step
                fast = np.sqrt(np.square(rates).sum(axis=1)).max()
                assert fast <= speed[hull, k] + 1e-9
                hard = np.sqrt(np.square(np.diff(rates, axis=0) / step).sum(axis=1)).max()
                assert hard <= accel[hull, k] + 1e-6


# ---- contacts in closed form


def sideways(speed, *, starts_s=0.0, way=1.2):
    """A track of the arm of slides: along x from -0.6 at an even speed."""
    path = (
        Piece(starts_s, -0.6, speed),
        Piece(starts_s + way / speed, -0.6 + way),
    )
    rest = tuple((Piece(starts_s, 0.0), Piece(starts_s + way / speed, 0.0)) for _ in range(3))
    return (path, *rest)


@pytest.mark.parametrize("speed", [0.05, 1.0, 40.0])
@pytest.mark.parametrize("thick", [2 * LEAST_M, 0.01])
def test_a_thin_plate_that_samples_would_leap_over(speed, thick):
    """The right face of link x, 0.05 m before its middle, meets the plate's left face."""
    plate = box("plate", (thick, 0.4, 0.4), Placement(0.0, 0.0, 0.65))
    found = first_contact(GANTRY, HERE, sideways(speed), 0.0, [Obstacle("plate", (plate,))])
    assert found is not None
    assert found.pair == ("x", "plate")
    true = (0.6 - 0.05 - thick / 2 - MARGIN_M) / speed
    assert true - (CLOSE_M + 1e-5) / speed - 2e-6 <= found.time_s <= true
    assert found.point[0] == pytest.approx(-thick / 2 - MARGIN_M / 2, abs=2e-4)


def test_the_plate_that_goes_away_is_not_met():
    plate = box("plate", (0.01, 0.4, 0.4), Placement(0.0, 0.0, 0.65))
    for away, met in ((1.3, False), (0.9, True)):
        path = (Piece(0.0, 0.0, away), Piece(6.0, 6.0 * away))
        things = [Obstacle("plate", (plate,), HERE, (Way((1.0, 0.0, 0.0), path),))]
        found = first_contact(GANTRY, HERE, sideways(1.0, way=6.0), 0.0, things)
        assert (found is not None) == met
        if found is not None:
            true = (0.6 - 0.05 - 0.005 - MARGIN_M) / (1.0 - away)
            assert found.time_s == pytest.approx(true, abs=(CLOSE_M + 1e-5) / 0.1)


def test_a_fast_arm_past_a_thin_post():
    """The arm swings a quarter round in 30 ms; a post stands where its forearm comes by."""
    q = [0.0, 0.9, 0.4, 0.0, 0.3, 0.0]
    swing = spline([q, [pi / 2, *q[1:]]], [0.0, 0.03])
    frames = link_placements(SMALL, q)
    x, y, z = frames["wrist"].point((0.0, 0.0, 0.0))
    reach, height = sqrt(x * x + y * y), z
    for angle in np.linspace(0.25, 1.3, 8):
        at = Placement(reach * cos(angle), reach * sin(angle), height - 0.2)
        post = Hull("post", Cylinder(0.0005, 0.4), at.then(Placement(0, 0, 0.2)))
        found = first_contact(SMALL, HERE, swing, 0.0, [Obstacle("post", (post,))])
        assert found is not None
        where = along(swing[0], found.time_s)
        assert 0.0 <= where < angle
    beyond = Placement(1.6 * cos(0.8), 1.6 * sin(0.8), height)
    post = Hull("post", Cylinder(0.0005, 0.4), beyond)
    assert first_contact(SMALL, HERE, swing, 0.0, [Obstacle("post", (post,))]) is None


def test_a_door_that_turns_meets_an_arm_that_rests():
    q = (0.0, 0.9, 0.4, 0.0, 0.3, 0.0)
    leaf = box("door", (0.8, 0.01, 1.5), Placement(0.4, 0.0, 0.0))
    hinge = Placement(0.9, -0.6, 0.0)
    path = trapezoid(0.0, 0.0, pi, 1.0, 4.0)
    door = Obstacle("door", (leaf,), hinge, (Spin(hinge.place, (0.0, 0.0, 1.0), path),))
    found = first_contact(SMALL, HERE, resting(q), 0.0, [door])
    assert found is not None
    left = min(left for *_, left in gaps(SMALL, HERE, resting(q), [door], (), found.time_s))
    assert 0.0 <= left <= CLOSE_M + 2e-5
    assert first_contact(SMALL, HERE, resting(q), 0.0, [door], until_s=found.time_s / 2) is None


def test_two_arms_that_cross_see_the_same():
    """Each foresees the meeting with the other at the same moment."""
    reach = (0.0, 0.9, 0.4, 0.0, 0.3, 0.0)
    one = spline([(-1.0, *reach[1:]), (1.0, *reach[1:])], [0.0, 1.0])
    two = spline([(1.2, *reach[1:]), (-0.9, *reach[1:])], [0.1, 1.2])
    foot = Placement(1.25, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    seen = first_contact(SMALL, HERE, one, 0.0, [Neighbour("r2", SMALL, foot, two)])
    back = first_contact(SMALL, foot, two, 0.0, [Neighbour("r1", SMALL, HERE, one)])
    assert seen is not None
    assert back is not None
    assert (seen.other, back.other) == ("r2", "r1")
    assert (seen.mine, seen.part) == (back.part, back.mine)
    # Both are less than CLOSE_M early, at more than 0.2 m/s.
    assert seen.time_s == pytest.approx(back.time_s, abs=CLOSE_M / 0.2)
    later = spline([(1.2, *reach[1:]), (-0.9, *reach[1:])], [1.3, 2.4])
    waits = first_contact(SMALL, HERE, one, 0.0, [Neighbour("r2", SMALL, foot, later)])
    assert waits is None or waits.time_s > 1.3


# ---- what may touch what


def down_to(z):
    """The arm of slides comes straight down from 0.3 m to a height, and up again."""
    path = trapezoid(0.0, 0.3, z, 0.4, 2.0)
    up = trapezoid(path[-1].t0 + 0.1, z, 0.3, 0.4, 2.0)
    z_path = (*path[:-1], *up)
    return tuple(
        z_path if k == 2 else tuple(Piece(piece.t0, 0.0) for piece in z_path) for k in range(4)
    )


TABLE = Obstacle("table", (box("table", (1.0, 1.0, 0.1), Placement(0.0, 0.0, -0.3)),))
"""Its top is at -0.2."""
HELD = box("box 1", (0.1, 0.1, 0.1), Placement(0.0, 0.0, -0.15), role="held")
"""Its underside is 0.15 below the flange of the arm of slides."""


@pytest.mark.parametrize(("z", "met"), [(-0.049, False), (-0.0499, True), (-0.07, True)])
def test_a_held_part_may_be_put_down(z, met):
    found = first_contact(GANTRY, HERE, down_to(z), 0.0, [TABLE], held=(HELD,))
    assert (found is not None) == met
    if found is not None:
        assert found.pair == ("box 1", "table")


def test_a_tool_keeps_the_margin_and_may_press_into_a_part():
    tool = box("tool", (0.03, 0.03, 0.15), Placement(0.0, 0.0, -0.15), role="tool")
    part = box("box 7", (0.2, 0.2, 0.1), Placement(0.0, 0.0, -0.2), role="part", press_m=0.0125)
    lies = [TABLE, Obstacle("box 7", (part,))]
    for z, met in ((0.06, False), (0.041, False), (0.039, True)):
        found = first_contact(GANTRY, HERE, down_to(z), 0.0, lies, held=(tool,))
        assert (found is not None) == met, z
    arm_part = part._replace(role="part", press_m=0.0)
    whole = [TABLE, Obstacle("box 7", (arm_part,))]
    assert first_contact(GANTRY, HERE, down_to(0.051), 0.0, whole, held=(tool,)) is not None


def test_what_touches_at_the_start_may_part_but_not_come_nearer():
    tool = box("tool", (0.03, 0.03, 0.15), Placement(0.0, 0.0, -0.15), role="tool")
    q = (0.0, 0.0, -0.049, 0.0)
    pair = frozenset({("tool", "table")})
    assert touching_at(GANTRY, HERE, q, [TABLE], held=(tool,)) == pair

    def go(to, known, start=-0.049):
        path = trapezoid(0.0, start, to, 0.4, 2.0)
        track = tuple(
            path if k == 2 else tuple(Piece(piece.t0, 0.0) for piece in path) for k in range(4)
        )
        return first_contact(GANTRY, HERE, track, 0.0, [TABLE], held=(tool,), touching=known)

    at_once = go(0.1, frozenset())
    assert at_once is not None
    assert at_once.time_s == 0.0
    assert go(0.1, pair) is None
    assert go(-0.0492, pair) is None
    deeper = go(-0.06, pair)
    assert deeper is not None
    assert 0.001 - SLIP_M <= deeper.distance_m <= 0.001 - SLIP_M + CLOSE_M
    assert deeper.time_s > 0.0
    # Also out of something that it is in already.
    assert go(0.1, pair, start=-0.06) is None
    assert go(-0.07, pair, start=-0.06) is not None


def test_once_apart_they_count_again():
    tool = box("tool", (0.03, 0.03, 0.15), Placement(0.0, 0.0, -0.15), role="tool")
    path = trapezoid(0.0, -0.049, 0.05, 0.4, 2.0)
    back = trapezoid(path[-1].t0, 0.05, -0.049, 0.4, 2.0)
    z_path = (*path[:-1], *back)
    track = tuple(
        z_path if k == 2 else tuple(Piece(piece.t0, 0.0) for piece in z_path) for k in range(4)
    )
    pair = frozenset({("tool", "table")})
    found = first_contact(GANTRY, HERE, track, 0.0, [TABLE], held=(tool,), touching=pair)
    assert found is not None
    assert found.time_s > path[-1].t0
    assert found.distance_m == pytest.approx(MARGIN_M, abs=CLOSE_M + 1e-5)


def test_what_stands_on_each_other_is_no_contact():
    ground = Obstacle("ground", (box("ground", (2.0, 2.0, 0.1), Placement(0.0, 0.0, -0.1)),))
    track = spline([SMALL.rest, [0.5, *SMALL.rest[1:]]], [0.0, 0.5])
    assert first_contact(SMALL, HERE, track, 0.0, [ground]) is None
    assert ("base", "ground") in touching_at(SMALL, HERE, SMALL.rest, [ground])


def test_links_that_are_made_to_touch_are_left_out():
    hulls = zero(SMALL).kit.hulls
    pairs = {
        (hulls[i].name, hulls[j].name) for i, j in zip(*own_pairs(SMALL, (), 0.002), strict=True)
    }
    assert ("base", "shoulder") not in pairs
    assert ("upper", "fore") not in pairs
    assert ("base", "wrist") in pairs
    assert ("upper", "hand") in pairs
    for one, other in pairs:
        assert one != other
    folded = spline([SMALL.rest, [0, -0.3, 2.5, 0, 2.0, 0]], [0.0, 1.0])
    found = first_contact(SMALL, HERE, folded, 0.0, [])
    assert found is None or found.pair in pairs


# ---- what is near


def test_the_nearest_is_that_of_brute_force():
    for seed in range(700, 720):
        rng = np.random.default_rng(seed)
        things = [random_obstacle(rng, f"o{k}") for k in range(5)]
        q = tuple(float(path[1].p) for path in random_track(rng, SMALL))
        held = random_held(rng)
        found = nearest(SMALL, HERE, q, things, held=held, time_s=0.3)
        assert found is not None
        parts = [
            (left + (0.0 if mine.startswith("part") else MARGIN_M), mine, other)
            for mine, other, left in gaps(SMALL, HERE, resting(q), things, held, 0.3, exact=True)
            if mine != "base"
        ]
        least, mine, other = min(parts)
        assert found.distance_m == pytest.approx(least, abs=1e-5)
        if least > 0.0:
            assert (found.mine, found.other) == (mine, other)
            between = np.subtract(found.point, found.other_point)
            assert sqrt(float(between @ between)) == pytest.approx(least, abs=1e-5)
    assert nearest(SMALL, HERE, SMALL.rest, []) is None


def test_the_message_says_what_and_when():
    plate = box("plate", (0.01, 0.4, 0.4), Placement(0.0, 0.0, 0.65))
    found = first_contact(GANTRY, HERE, sideways(1.0), 0.0, [Obstacle("press", (plate,))])
    assert found is not None
    text = would_meet(found, 0.14)
    assert text.text("en").startswith("x would meet press in 0.4 s")
    assert "press" in text.text("zh")
    assert "at once" in would_meet(found, found.time_s).text("en")
