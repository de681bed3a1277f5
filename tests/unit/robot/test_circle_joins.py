"""Two arcs of one circle, joined without a stop: the tool stays on the circle."""

import numpy as np
import pytest

pytest.importorskip("pinocchio")

from twin.plant.robot.arm import load_arm
from twin.plant.robot.blend import blend
from twin.plant.robot.moves import plan
from twin.plant.robot.order import Move, Tool
from twin.plant.robot.placement import HERE, OVER, Placement
from twin.plant.robot.ring import Ring
from twin.plant.robot.track import at

CENTRE, RADIUS_M = np.array([0.4, 0.0, 0.5]), 0.16
TOOL = Tool("pin", Placement(0.0, 0.0, 0.1))


def on_circle(angle, radius_m=RADIUS_M):
    x, y = CENTRE[:2] + radius_m * np.array([np.cos(angle), np.sin(angle)])
    return Placement(float(x), float(y), 0.5, *OVER.turn)


def arc(via, to, zone_m):
    return Move("circular", to, via, tool=TOOL, speed_m_s=0.3, zone_m=zone_m)


def places(second):
    """Return where the tool is on half a circle and what is joined to it, (m, 3)."""
    arm = load_arm("six")
    first = arc(on_circle(np.pi / 2), on_circle(np.pi), 0.06)
    start = arm.inverse(on_circle(0.0).then(TOOL.tip.inverse()), arm.rest)[0]
    running = plan(arm, HERE, 0.0, start, first)
    both = blend(arm, HERE, running.enters_s, running, second)
    assert both.ends_s > running.enters_s
    times = np.arange(running.enters_s, both.ends_s, 0.004)
    joined = [arm.flange(at(both.track, time)).then(TOOL.tip).place for time in times]
    return np.array(joined), both


def off_circle(found):
    return float(np.abs(np.linalg.norm(found - CENTRE, axis=1) - RADIUS_M).max())


def test_the_tool_stays_on_a_circle_of_two_arcs():
    found, _ = places(arc(on_circle(1.5 * np.pi), on_circle(0.0), -1.0))
    assert off_circle(found) < 0.03e-3
    # It did not stop between them, where the sum of the ways would have left the circle by 0.7 mm.
    steps = np.linalg.norm(np.diff(found, axis=0), axis=1) / 0.004
    near = np.linalg.norm(found[1:] - on_circle(np.pi).place, axis=1) < 0.02
    assert steps[near].min() > 0.29
    assert np.allclose(found[-1], on_circle(0.0).place, atol=2e-3)


def test_arcs_of_two_circles_are_joined_as_before():
    inside = (Placement(x, -0.06, 0.5, *OVER.turn) for x in (0.28, 0.36))
    found, _ = places(arc(*inside, -1.0))
    assert off_circle(found) > 10e-3


def test_arcs_add_up():
    angle = np.linspace(-0.4, 0.0, 5)
    first, second = (
        np.array([on_circle(a).place for a in turned]) for turned in (angle, angle + 0.5)
    )
    corner = np.array(on_circle(0.0).place)
    ring = Ring.through(corner, np.array(on_circle(0.3).place), np.array(on_circle(0.9).place))
    assert ring.centre == pytest.approx(CENTRE)
    expected = np.array([on_circle(2.0 * a + 0.5).place for a in angle])
    assert ring.added(first, second, corner) == pytest.approx(expected)
    assert ring.holds(first, corner)
    assert not ring.holds(first + np.array([0.0, 0.0, 2e-5]), corner)


def test_three_places_in_line_make_no_circle():
    line = np.array([[0.0, 0.0, 0.0], [0.1, 0.0, 0.0], [0.2, 0.0, 0.0]])
    assert Ring.through(*line) is None
