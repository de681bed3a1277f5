"""The stand on a gantry of which everything is known: joints are places, moves are straight."""

from bisect import bisect_right
from math import dist, sqrt

import numpy as np
import pytest
from scipy import stats

from twin.plant.robot.placement import OVER, Placement
from twin.spec.motion.robots import ArmErrors
from twin.study.errors import StudyError
from twin.study.iso9283.cube import TestCube
from twin.study.iso9283.evaluate import evaluate
from twin.study.iso9283.programme import Wanted, programme
from twin.study.iso9283.stand import Instrument, Leg, Stand

CUBE = TestCube(0.4, (0.5, 0.0, 0.3))
PERFECT = Instrument(0.0, 0.0)
SPEED_M_S = 0.5


class Gantry:
    """Three slides; each move goes at its own speed, at once."""

    id = "gantry"
    rest = (0.5, 0.0, 0.3)

    def leg(self, start, moves):
        points, times = [start], [0.0]
        for move in moves:
            place = (move.target.x, move.target.y, move.target.z + move.tool.tip.z)
            speed = move.speed_m_s if move.kind == "linear" else SPEED_M_S * move.joint_share
            times.append(times[-1] + max(dist(points[-1], place) / speed, 1e-9))
            points.append(place)

        def joints(time_s):
            at = min(max(bisect_right(times, time_s) - 1, 0), len(moves) - 1)
            share = (time_s - times[at]) / (times[at + 1] - times[at])
            pairs = zip(points[at], points[at + 1], strict=True)
            return tuple(a + min(share, 1.0) * (b - a) for a, b in pairs)

        return Leg(times[-1], joints)

    def tip(self, joints, tip):
        return Placement(*joints, *OVER.turn).then(tip)


def inspected(kinds, *, errors=None, shares=(1.0,), instrument=PERFECT, seed=0, limits=None):
    driven = programme(Gantry(), CUBE, Wanted(kinds=kinds, shares=shares))
    stand = Stand(Gantry(), errors or ArmErrors(), instrument, seed)
    return evaluate(driven, stand.measure(driven), limits or {})


def values(inspection, id_):
    return {one.place: one.value for one in inspection.figures if one.id == id_}


def test_a_perfect_arm_has_no_deviation():
    found = inspected(("pose", "direction", "distance", "line", "corner"))
    for id_ in ("AP", "RP", "vAP", "AD", "RD", "AT", "RT"):
        assert values(found, id_), id_
        for place, value in values(found, id_).items():
            assert value == pytest.approx(0.0, abs=2e-9), (id_, place)
    # A sharp corner lies between two samples, 5 mm apart at 1 m/s.
    assert all(value < 2.6e-3 for value in values(found, "CR").values())
    assert values(found, "CO") == {"P3": 0.0, "P4": 0.0, "P5": 0.0}
    assert values(found, "AV")["line"] == pytest.approx(0.0, abs=1e-6)
    assert found.passed is None


def test_all_thirty_cycles_are_measured():
    found = inspected(("pose",))
    assert [len(one.attained) for one in found.poses[1.0]] == [30] * 5
    assert [one.name for one in found.poses[1.0]] == ["P1", "P2", "P3", "P4", "P5"]


def test_declared_noise_gives_a_repeatability_of_about_three_and_a_half_sigma():
    sigma = 0.02
    found = [
        one.repeatability.position_m * 1000.0 / sigma
        for seed in range(40)
        for one in inspected(("pose",), errors=ArmErrors(repeat_mm=sigma), seed=seed).poses[1.0]
    ]
    expected = sqrt(29 / 30) * (stats.maxwell.mean() + 3.0 * stats.maxwell.std())
    assert expected == pytest.approx(3.555, abs=0.001)
    # 200 samples of which one spreads by 0.32: the mean is known to 0.023; S's bias is 0.02.
    assert np.mean(found) == pytest.approx(expected - 0.02, abs=0.07)


def test_declared_zero_errors_give_the_accuracy():
    # A joint of the gantry is a slide: what is declared in degrees counts in rad, here m.
    off = np.degrees([0.3e-3, -0.4e-3, 1.2e-3])
    found = inspected(("pose", "line", "distance"), errors=ArmErrors(joints_deg=tuple(off)))
    for one in found.poses[1.0]:
        assert one.accuracy.xyz_m == pytest.approx((0.3e-3, -0.4e-3, 1.2e-3))
        assert one.accuracy.position_m == pytest.approx(1.3e-3)
        assert one.repeatability.position_m == pytest.approx(0.0, abs=1e-12)
    # All are off alike: distances do not change.
    assert values(found, "AD")["P2-P4"] == pytest.approx(0.0, abs=1e-12)
    # Of the path only what is square to it counts.
    along = np.array(CUBE.pose(4).place) - np.array(CUBE.pose(2).place)
    along /= np.linalg.norm(along)
    shift = np.array([0.3e-3, -0.4e-3, 1.2e-3])
    square = float(np.linalg.norm(shift - (shift @ along) * along))
    assert values(found, "AT")["line"] == pytest.approx(square, rel=1e-6)


def test_overshoot_is_the_declared_swing_and_the_time_that_of_its_decay():
    errors = ArmErrors(settle_mm=0.2, settle_s=0.1, swing_hz=12.0)
    found = inspected(("settle",), errors=errors, limits={"RP": 0.02e-3})
    for name, value in values(found, "OV").items():
        assert value == pytest.approx(0.2e-3, rel=0.1), name
    # From 0.2 mm to 0.02 mm: the envelope needs 0.1 ln 10 + the way to its first peak, 0.25 s.
    for value in values(found, "PST").values():
        assert 0.15 < value < 0.27


def test_the_tracker_adds_its_own_deviation():
    found = inspected(("pose",), instrument=Instrument(0.01, 0.0))
    mean = np.mean([one.repeatability.position_m for one in found.poses[1.0]])
    assert mean == pytest.approx(3.55 * 0.01e-3, rel=0.2)


def test_the_same_seed_gives_the_same_figures():
    errors = ArmErrors(repeat_mm=0.03, settle_mm=0.1)
    one, two, other = (
        inspected(("pose", "line"), errors=errors, instrument=Instrument(), seed=seed).figures
        for seed in (7, 7, 8)
    )
    assert one == two
    assert one != other


def test_a_limit_that_is_not_kept_fails_the_inspection():
    errors = ArmErrors(repeat_mm=0.02)
    found = inspected(("pose",), errors=errors, limits={"RP": 0.2e-3})
    assert found.passed is True
    found = inspected(("pose",), errors=errors, limits={"RP": 0.2e-3, "AP": 1e-6})
    assert found.passed is False
    assert {one.id for one in found.figures if one.passed is False} == {"AP"}


def test_the_worst_place_of_each_speed_is_told():
    found = inspected(("pose",), errors=ArmErrors(repeat_mm=0.02), shares=(1.0, 0.5))
    worst = {(one.id, one.share): one.value for one in found.worst()}
    for share in (1.0, 0.5):
        same = [one.value for one in found.figures if one.id == "RP" and one.share == share]
        assert len(same) == 5
        assert worst["RP", share] == max(same)


def test_missing_measurements_are_named():
    driven = programme(Gantry(), CUBE, Wanted(kinds=("pose",), shares=(1.0,)))
    with pytest.raises(StudyError, match="AP"):
        evaluate(driven, {}, {})
