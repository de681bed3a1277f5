"""The test cube: where its poses are."""

from itertools import pairwise
from math import dist, sqrt

import pytest

from twin.study.iso9283.cube import FLAT, PLANES, TestCube

CUBE = TestCube(0.4, (0.5, 0.0, 0.3))


@pytest.mark.parametrize("plane", PLANES)
def test_the_plane_is_a_diagonal_one(plane):
    one, two, three, four = TestCube(0.4, (0.5, 0.0, 0.3), plane).corners()
    assert dist(one, two) == pytest.approx(0.4)
    assert dist(three, four) == pytest.approx(0.4)
    assert dist(two, three) == pytest.approx(0.4 * sqrt(2))
    assert dist(one, three) == dist(two, four) == pytest.approx(0.4 * sqrt(3))


@pytest.mark.parametrize("plane", [*PLANES, FLAT])
def test_the_poses_lie_a_tenth_of_the_diagonal_from_the_corners(plane):
    cube = TestCube(0.4, (0.5, 0.0, 0.3), plane)
    corners = cube.corners()
    diagonal = dist(corners[0], corners[2])
    assert cube.pose(1).place == (0.5, 0.0, 0.3)
    for number in (2, 3, 4, 5):
        away = dist(cube.pose(number).place, corners[number - 2])
        assert away == pytest.approx(0.1 * diagonal)
    # So the line from P2 to P4 is 80 % of the diagonal.
    assert dist(cube.pose(2).place, cube.pose(4).place) == pytest.approx(0.8 * diagonal)


def test_the_large_circle_stays_in_the_cube():
    for k in range(36):
        place = CUBE.on_circle(0.8 * 0.4, k / 36 * 6.2832).place
        assert dist(place, CUBE.middle_m) == pytest.approx(0.16)
        assert all(abs(p - m) <= 0.2 for p, m in zip(place, CUBE.middle_m, strict=True))


def test_the_chain_of_places_has_no_jump():
    chain = CUBE.chain()
    assert max(a.off(b)[0] for a, b in pairwise(chain)) <= 0.05 + 1e-9
