"""The shapes of an arm, as RAPID numbers them, and its singularities."""

from math import atan2, pi, radians

import numpy as np
import pytest

from twin.plant.robot.arm import load_arm

pytest.importorskip("pinocchio")
IN_LINE = -pi / 2 + atan2(0.03, 0.42)
"""Axis 3 of the six when forearm and upper arm are in line."""


def degrees(*q: float) -> list[float]:
    return [radians(each) for each in q]


@pytest.mark.parametrize(
    ("angle", "quarter"),
    [(0, 0), (45, 0), (89, 0), (91, 1), (185, 2), (-1, -1), (-89, -1), (-91, -2), (-200, -3)],
)
def test_quarter_turns_are_counted_as_in_rapid(angle: float, quarter: int) -> None:
    """0 is 0 to 90 degrees, -1 is 0 to -90."""
    arm = load_arm("six")
    assert arm.configuration(degrees(0, 0, 0, angle, 30, 0))[1] == quarter
    assert arm.configuration(degrees(0, 0, 0, 0, 30, angle))[2] == quarter


@pytest.mark.parametrize(
    ("q", "shape"),
    [
        ((0, 0, 0, 0, 30, 0), 0),
        ((0, 0, 0, 0, -30, 0), 1),
        ((0, 50, -120, 0, 30, 0), 2),
        ((0, 50, -120, 0, -30, 0), 3),
        ((0, -90, 0, 0, 30, 0), 4),
        ((0, -90, 0, 0, -30, 0), 5),
        ((0, -50, -120, 0, 30, 0), 6),
        ((0, -50, -120, 0, -30, 0), 7),
    ],
)
def test_the_eight_shapes_have_rapids_numbers(q: tuple[float, ...], shape: int) -> None:
    """4: the wrist is behind axis 1; 2: it is behind the lower arm; 1: axis 5 is negative."""
    arm = load_arm("six")
    found = degrees(*q)
    assert arm.configuration(found)[3] == shape
    # What the numbers mean, from the places of the links.
    names = [link.name for link in arm.description.links]
    at = dict(zip(names, arm.links(found), strict=True))
    wrist, shoulder, elbow = at["wrist"], at["upper_arm"], at["elbow"]
    assert (wrist.x < 0) == bool(shape & 4)
    along = np.array([elbow.x - shoulder.x, elbow.z - shoulder.z])
    towards = np.array([wrist.x - shoulder.x, wrist.z - shoulder.z])
    assert (along[1] * towards[0] - along[0] * towards[1] < 0) == bool(shape & 2)
    assert (q[4] < 0) == bool(shape & 1)


def test_a_turn_of_axis_1_does_not_change_the_shape() -> None:
    arm = load_arm("six")
    for first in (-150, -80, 20, 120):
        assert arm.configuration(degrees(first, -90, 0, 0, 30, 0))[3] == 4


def test_at_an_edge_both_sides_are_right() -> None:
    arm = load_arm("six")
    q = [0.0, 0.2, 0.1, -1e-15, 0.5, pi / 2]
    assert arm.configuration(q)[1] == 0  # rounding does not count as below 0
    assert arm.has(q, (0, 0, 1, 0))
    assert arm.has(q, (-1, -1, 0, 0))
    assert not arm.has(q, (0, 1, 1, 0))
    assert not arm.has(q, (0, 0, 1, 2))
    assert arm.has([0.0, 0.2, 0.1, 0.0, 0.0, 0.0], (0, 0, 0, 1))


def test_a_solution_is_chosen_by_its_configuration() -> None:
    arm = load_arm("six")
    for q in (degrees(10, 20, -30, 40, 50, 60), degrees(-70, 30, -130, -100, -20, 210)):
        wanted = arm.configuration(q)
        found = [s for s in arm.inverse(arm.flange(q), arm.rest) if arm.has(s, wanted)]
        assert len(found) == 1
        assert found[0] == pytest.approx(q, abs=1e-8)


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ((0.2, 0.3, 0.1, 0.4, 0.0, 0.5), "wrist"),
        ((0.2, 0.3, IN_LINE, 0.4, 0.7, 0.5), "elbow"),
    ],
)
def test_singularities_have_names(q: tuple[float, ...], name: str) -> None:
    arm = load_arm("six")
    found = arm.singularity(q)
    assert found is not None
    assert found[0] == name
    assert found[1] < 1e-9
    assert arm.singularity([*q[:2], 0.4, q[3], 1.0, q[5]]) is None


def test_the_wrist_above_axis_1_is_the_shoulders_singularity() -> None:
    arm = load_arm("six")
    # The wrist's distance from axis 1: 0.06 + 0.42 sin q2 + 0.42 cos(q2+q3) + 0.03 sin(q2+q3).
    third, low, high = -0.6, -1.4, 0.5
    for _ in range(80):
        q2 = (low + high) / 2
        out = 0.06 + 0.42 * np.sin(q2) + 0.42 * np.cos(q2 + third) + 0.03 * np.sin(q2 + third)
        low, high = (q2, high) if out < 0 else (low, q2)
    found = arm.singularity([0.3, low, third, 0.2, 0.9, 0.1])
    assert found is not None
    assert found[0] == "shoulder"
    assert found[1] < 1e-9


def test_the_measure_grows_away_from_the_singularity() -> None:
    arm = load_arm("six")
    ratios = [arm.singularity([0.2, 0.3, 0.1, 0.4, angle, 0.5]) for angle in (0.0, 0.01, 0.03)]
    assert [r and r[0] for r in ratios] == ["wrist"] * 3
    values = [r[1] for r in ratios if r]
    assert values == sorted(values)
    assert values[2] > 1e-3


@pytest.mark.parametrize("name", ["scara", "ur5", "ur10", "panda"])
def test_other_arms_tell_their_shapes_apart(name: str) -> None:
    arm = load_arm(name)
    assert arm.singularity(arm.rest) is None
    q = np.array(arm.rest) + 0.1
    pose = arm.flange(q)
    every = arm._inverse.everywhere(pose, q)
    shapes = [arm.configuration(s)[3] for s in every]
    if name != "panda":  # whose elbow may be anywhere on a circle
        assert len(set(shapes)) == len(every)
    assert arm.configuration(q)[3] in shapes


def test_the_scara_stretched_is_in_its_elbows_singularity() -> None:
    arm = load_arm("scara")
    assert arm.singularity([0.3, 0.0, 0.1, 0.0]) == ("elbow", pytest.approx(0.0, abs=1e-9))
    assert arm.configuration([0.3, 0.5, 0.1, 0.0])[3] == 0
    assert arm.configuration([0.3, -0.5, 0.1, 0.0])[3] == 2
