"""Contacts on random scenes against brute force: never a miss, never too early."""

from itertools import pairwise

import numpy as np
import pytest

from tests.unit.robot.collide_scenes import (
    MARGIN_M,
    gantry_arm,
    gaps,
    random_held,
    random_obstacle,
    random_track,
    small_arm,
)
from twin.plant.robot.approach import CLOSE_M
from twin.plant.robot.collide import Neighbour, first_contact
from twin.plant.robot.pairs import own_pairs
from twin.plant.robot.placement import HERE, Placement

STEP_S = 0.01
OFF_M = 2e-5
"""More than two ways to a distance may differ: the answer's time is rounded to 1 µs."""

SMALL, GANTRY = small_arm(), gantry_arm()


def scene(seed, *, neighbour=False, arm=SMALL):
    """Return a random scene in which nothing touches at the start."""
    rng = np.random.default_rng(seed)
    track = random_track(rng, arm)
    held = random_held(rng)
    things = [random_obstacle(rng, f"o{k}") for k in range(rng.integers(3, 8))]
    if neighbour:
        foot = Placement(0.8, 0.2, 0.0, 0.6, 0.0, 0.0, 0.8)
        other = random_track(rng, SMALL, starts_s=float(rng.uniform(0.0, 0.2)))
        things = [Neighbour("r2", SMALL, foot, other, random_held(rng)), *things[:2]]
    near = {other for _, other, left in gaps(arm, HERE, track, things, held, 0.0) if left < 0.001}
    return track, [thing for thing in things if thing.name not in near], held


def end_of(track, things):
    last = track[0][-1].t0
    for thing in things:
        paths = [move.path for move in thing.moves]
        if isinstance(thing, Neighbour):
            paths += thing.track
        last = max(last, *(path[-1].t0 for path in paths), 0.0)
    return last


def check(arm, track, things, held):
    """Compare one answer with brute force; return whether there is a contact."""
    pairs = list(zip(*(each.tolist() for each in own_pairs(arm, held, MARGIN_M)), strict=True))
    if min(left for *_, left in gaps(arm, HERE, track, [], held, 0.0, pairs)) < 0.001:
        return False
    found = first_contact(arm, HERE, track, 0.0, things, held=held, margin_m=MARGIN_M)
    last = end_of(track, things) if found is None else found.time_s
    for time_s in np.arange(0.0, last, STEP_S):
        for mine, other, left in gaps(arm, HERE, track, things, held, float(time_s), pairs):
            assert left > -OFF_M, f"{mine} is at {other} at {time_s} s already, not at {last} s"
    if found is None:
        return False
    at = gaps(arm, HERE, track, things, held, found.time_s, pairs)
    left = min(left for mine, other, left in at if (mine, other) == found.pair)
    assert left <= CLOSE_M + OFF_M, "they are not near each other yet"
    return True


def test_obstacles_that_stand_slide_and_turn():
    hits = sum(check(SMALL, *scene(seed)) for seed in range(100, 160))
    assert 12 <= hits <= 50


def test_an_arm_of_slides():
    hits = sum(check(GANTRY, *scene(seed, arm=GANTRY)) for seed in range(200, 225))
    assert 4 <= hits <= 23


def test_two_arms():
    hits = sum(check(SMALL, *scene(seed, neighbour=True)) for seed in range(300, 325))
    assert 4 <= hits <= 23


def test_an_arm_and_itself():
    hits = 0
    for seed in range(400, 440):
        rng = np.random.default_rng(seed)
        track = random_track(rng, SMALL, spread=2.2)
        hits += check(SMALL, track, [], random_held(rng))
    assert 5 <= hits <= 35


def test_the_foot_on_an_axis():
    """An arm that is carried along counts as one whose foot moves: the same as the world moving."""
    from twin.plant.motion.box import Way
    from twin.plant.motion.path import trapezoid

    hits = 0
    for seed in range(500, 530):
        track, things, held = scene(seed)
        things = [thing for thing in things if not thing.moves]
        path = trapezoid(0.0, 0.0, 0.4, 0.8, 3.0)
        back = tuple(piece._replace(p=-piece.p, v=-piece.v, a=-piece.a) for piece in path)
        way = (0.6, 0.8, 0.0)
        carried = first_contact(SMALL, HERE, track, 0.0, things, held=held, moves=(Way(way, path),))
        world = [thing._replace(moves=(Way(way, back),)) for thing in things]
        seen = first_contact(SMALL, HERE, track, 0.0, world, held=held)
        assert (carried is None) == (seen is None)
        if carried is not None and seen is not None:
            hits += 1
            assert carried.pair == seen.pair
            assert carried.time_s == pytest.approx(seen.time_s, abs=5e-3)
    assert hits >= 4


def test_later_calls_find_the_same_contact():
    """What is foreseen from a later time on is what was foreseen before."""
    for seed in range(100, 130):
        track, things, held = scene(seed)
        found = first_contact(SMALL, HERE, track, 0.0, things, held=held)
        if found is None or found.time_s < 0.05:
            continue
        times = [
            again.time_s
            for share in (0.0, 0.3, 0.7, 0.95)
            if (again := first_contact(SMALL, HERE, track, share * found.time_s, things, held=held))
        ]
        assert len(times) == 4
        assert all(abs(a - b) < 3e-3 for a, b in pairwise(times))


def test_twice_the_same():
    from twin.plant.robot import collide, hulls, linkage, pairs

    track, things, held = scene(101)
    first = first_contact(SMALL, HERE, track, 0.0, things, held=held)
    for cache in (hulls.kit, hulls.geometry, linkage.zero, pairs.soft, collide._still):
        cache.cache_clear()
    assert first_contact(SMALL, HERE, track, 0.0, things, held=held) == first
