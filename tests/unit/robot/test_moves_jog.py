"""Jogging in a frame: straight on to where the arm can go no further, and why."""

import numpy as np
import pytest

from tests.unit.robot.arm_moves import FOOT, NOW, TOOL, off_line, smooth, stand, tip, tips, within
from twin.plant.robot.arm import load_arm
from twin.plant.robot.jog import jog
from twin.plant.robot.placement import Placement
from twin.plant.robot.stops import stop
from twin.plant.robot.track import at
from twin.spec.arms import catalogue_names

FRAME = Placement(5.0, 5.0, 5.0, 0.9, 0.1, 0.3, 0.3).normal()


def jogged(name, axis, way, frame=FRAME, **more):
    arm = load_arm(name)
    more = {"speed_m_s": 0.25, "turn_rad_s": 0.5, "limit_m_s": 0.25, **more}
    found, why = jog(arm, FOOT, NOW, stand(arm), frame=frame, tool=TOOL, axis=axis, way=way, **more)
    for language in ("en", "zh"):
        assert "{" not in why.text(language)
    return arm, found, why


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("axis", range(6))
@pytest.mark.parametrize("name", ["six", "ur5"])
def test_a_jog_goes_along_the_axis_as_far_as_it_can(name, axis, way):
    arm, found, _ = jogged(name, axis, way)
    assert within(arm, found.track)
    assert smooth(arm, found.track)
    begin = tip(arm, stand(arm))
    end = tip(arm, at(found.track, found.ends_s))
    assert found.ends_s > NOW + 0.2
    direction = np.array(FRAME.turned([float(k == axis % 3) for k in range(3)])) * way
    moved = np.array(end.place) - begin.place
    if axis < 3:
        assert moved @ direction > 0.02
        assert off_line(tips(arm, found.track, NOW, found.ends_s), begin, end) < 2e-5
        assert np.linalg.norm(np.cross(moved, direction)) < 1e-6
        assert begin.off(end)[1] < 1e-6
    else:
        assert np.abs(moved).max() < 1e-6
        turned = begin._replace(x=0, y=0, z=0).then(end._replace(x=0, y=0, z=0).inverse()).inverse()
        vector = np.array([turned.i, turned.j, turned.k])
        assert np.linalg.norm(np.cross(vector, direction)) < 1e-6
        assert vector @ direction > 0.0


def test_a_jog_up_ends_at_the_reach_or_a_singularity_and_down_at_a_limit():
    _, _, up = jogged("six", 2, 1, Placement())
    assert any(word in up.text("en") for word in ("reach", "axis", "singular"))
    _, found, away = jogged("scara", 2, -1, Placement())
    assert "axis 3" in away.text("en")
    assert "mm" in away.text("en")
    assert at(found.track, found.ends_s)[2] == pytest.approx(0.2, abs=5e-3)


def test_where_it_cannot_go_at_all_it_stays():
    for name in catalogue_names():
        _, found, why = jogged(name, 3, 1, Placement())
        if name == "scara":
            assert found.ends_s == NOW
            assert why.text("en")
        else:
            assert found.ends_s > NOW


def test_letting_go_stops_on_the_line():
    arm, found, _ = jogged("six", 1, -1)
    stopped = stop(arm, found, NOW + 0.5, 2)
    assert stopped.left_s > 0.0
    begin, end = tip(arm, stand(arm)), tip(arm, at(found.track, found.ends_s))
    assert off_line(tips(arm, stopped.track, NOW + 0.5, stopped.ends_s), begin, end) < 3e-5
