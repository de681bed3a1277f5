"""The formulas of ISO 9283 on sets small enough to be worked by hand, in mm."""

from math import pi, sqrt

import numpy as np
import pytest
from scipy import stats

from twin.plant.robot.placement import Placement
from twin.study.errors import StudyError
from twin.study.iso9283.corner import cornering
from twin.study.iso9283.distance import distance
from twin.study.iso9283.drift import drift
from twin.study.iso9283.path import crossings, path_figures
from twin.study.iso9283.pose import accuracy, repeatability, variation
from twin.study.iso9283.sample import row
from twin.study.iso9283.stabilisation import one_cycle, stabilisation
from twin.study.iso9283.velocity import velocity

MM = 1e-3
ZERO = np.zeros(6)


def mm(*places: tuple[float, float, float]) -> np.ndarray:
    return np.array([[x * MM, y * MM, z * MM, 0.0, 0.0, 0.0] for x, y, z in places])


def test_pose_accuracy_is_the_way_from_the_command_to_the_barycentre():
    # x: (1 + 3) / 2 = 2, y: (2 + 4) / 2 = 3, z: (5 + 7) / 2 = 6; sqrt(4 + 9 + 36) = 7
    found = accuracy(mm((1, 2, 5), (3, 4, 7)), ZERO)
    assert found.position_m == pytest.approx(7 * MM)
    assert found.xyz_m == pytest.approx((2 * MM, 3 * MM, 6 * MM))


def test_pose_accuracy_of_the_angles_has_a_sign():
    attained = np.array([[0, 0, 0, 0.01, -0.02, 0.0], [0, 0, 0, 0.03, -0.04, 0.0]])
    assert accuracy(attained, ZERO).abc_rad == pytest.approx((0.02, -0.03, 0.0))


def test_repeatability_divides_by_n_minus_1():
    # barycentre (0, 0, 0); l = 1, 1, 3, 3; mean 2;
    # S = sqrt((1 + 1 + 1 + 1) / (4 - 1)) = sqrt(4/3); RP = 2 + 3 sqrt(4/3) = 5.4641
    found = repeatability(mm((1, 0, 0), (-1, 0, 0), (0, 3, 0), (0, -3, 0)))
    assert found.mean_m == pytest.approx(2 * MM)
    assert found.deviation_m == pytest.approx(sqrt(4 / 3) * MM)
    assert found.position_m == pytest.approx((2 + 2 * sqrt(3)) * MM)


def test_repeatability_does_not_depend_on_where_the_pose_is():
    sample = mm((1, 0, 0), (-1, 2, 0), (0, 3, -4), (0.5, -3, 0))
    there = sample + np.array([0.7, -0.2, 1.1, 0.0, 0.0, 0.0])
    assert repeatability(there).position_m == pytest.approx(repeatability(sample).position_m)


def test_repeatability_of_the_angles_is_three_deviations():
    # a: 1, 2, 3 mrad: mean 2, S = sqrt((1 + 0 + 1) / 2) = 1, RP_a = 3 mrad
    attained = np.zeros((3, 6))
    attained[:, 3] = [1e-3, 2e-3, 3e-3]
    assert repeatability(attained).abc_rad == pytest.approx((3e-3, 0.0, 0.0))


def test_isotropic_noise_gives_the_repeatability_of_the_maxwell_law():
    # l about the true middle is Maxwell: mean sqrt(8/pi) sigma, variance (3 - 8/pi) sigma^2. About
    # the barycentre of the same 30 it is smaller by sqrt(29/30); S is biased by c4(30) nearly.
    n, sigma, draws = 30, 0.02 * MM, 4000
    rng = np.random.default_rng(9283)
    noise = np.zeros((draws, n, 6))
    noise[:, :, :3] = rng.normal(0.0, sigma, (draws, n, 3))
    found = np.array([repeatability(one).position_m for one in noise]) / sigma
    shrink = sqrt((n - 1) / n)
    mean, deviation = stats.maxwell.mean(), stats.maxwell.std()
    assert mean == pytest.approx(sqrt(8 / pi))
    assert deviation == pytest.approx(sqrt(3 - 8 / pi))
    expected = shrink * (mean + 3 * deviation)  # 1.569 + 1.986 = 3.555
    error = found.std(ddof=1) / sqrt(draws)
    assert error < 0.006
    # S's own bias (the mean of a root) is -1/(4n) or so of 3 S, 0.02 sigma: within the tolerance.
    assert found.mean() == pytest.approx(expected, abs=3 * error + 0.03)
    assert found.mean() < expected
    assert 3.45 < found.mean() < 3.62


def test_variation_is_the_greatest_distance_of_barycentres():
    # barycentres (0,0,0), (3,0,0), (3,4,0): 3, 4 and 5
    groups = [mm((-1, 0, 0), (1, 0, 0)), mm((3, 1, 0), (3, -1, 0)), mm((3, 4, 2), (3, 4, -2))]
    assert variation(groups).position_m == pytest.approx(5 * MM)


def test_distance_between_two_poses():
    # D = 100.2, 100.4, 100.0: mean 100.2, command 100: AD = 0.2; S = 0.2, RD = 0.6
    first = mm((0.1, 0, 0), (0.2, 0, 0), (0.0, 0, 0))
    second = mm((-100.1, 0, 0), (-100.2, 0, 0), (-100.0, 0, 0))
    found = distance(first, second, ZERO, mm((-100, 0, 0))[0])
    assert found.accuracy_m == pytest.approx(0.2 * MM)
    assert found.accuracy_xyz_m == pytest.approx((0.2 * MM, 0.0, 0.0))
    assert found.repeatability_m == pytest.approx(0.6 * MM)


def test_distance_accuracy_has_a_sign():
    found = distance(mm((0, 0, 0), (0, 0, 0)), mm((9, 0, 0), (9, 0, 0)), ZERO, mm((10, 0, 0))[0])
    assert found.accuracy_m == pytest.approx(-1 * MM)
    assert found.repeatability_m == 0.0


def test_stabilisation_counts_from_the_first_entry_to_the_last():
    # Comes along x, band 0.1: in at 0.02 s, out beyond by 0.3 at 0.03 s, back in at 0.05 s.
    times = np.array([0.00, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06])
    x = np.array([-5.0, -1.0, -0.05, 0.3, -0.2, 0.05, 0.0]) * MM
    positions = np.stack([x, 0 * x, 0 * x], axis=1)
    time_s, over_m = one_cycle(times, positions, 0.1 * MM)
    assert time_s == pytest.approx(0.03)
    assert over_m == pytest.approx(0.3 * MM)


def test_an_arm_that_creeps_in_has_no_overshoot_and_no_stabilisation_time():
    times = np.linspace(0.0, 1.0, 101)
    x = -np.exp(-8.0 * times) * 0.01
    positions = np.stack([x, 0 * x, 0 * x], axis=1)
    # It still creeps at the end: what counts as its rest is a mean of the last samples.
    assert one_cycle(times, positions, 0.1 * MM) == (0.0, pytest.approx(0.0, abs=1e-3 * MM))


def test_stabilisation_is_a_mean_and_overshoot_a_greatest():
    times = np.array([0.0, 1.0, 2.0, 3.0])
    low = np.array([[-9, 0, 0], [1, 0, 0], [2, 0, 0], [0, 0, 0]]) * MM
    high = np.array([[-9, 0, 0], [0.5, 0, 0], [0.5, 0, 0], [0, 0, 0]]) * MM
    found = stabilisation([(times, low), (times, high)], 1.0 * MM)
    assert found.time_s == pytest.approx((2.0 + 0.0) / 2)
    assert found.overshoot_m == pytest.approx(2 * MM)


def test_drift_is_counted_from_the_cold_start():
    start, later = mm((0, 0, 0), (2, 0, 0)), mm((0, 3, 0), (6, 3, 0))
    # barycentres (1,0,0), (3,3,0): sqrt(4 + 9); RP: l = 1, 1 → 1; l = 3, 3 → 3
    found = drift([start, later], ZERO)
    assert found.accuracy_m == pytest.approx(sqrt(13) * MM)
    assert found.repeatability_m == pytest.approx(2 * MM)


def test_path_figures_take_the_worst_place():
    # Two cycles at two places. Place 1: y = 1, 1: off 1, spread 0.
    # Place 2: y = 0, 4: barycentre 2 off; l = 2, 2: mean 2, S 0: 2.
    commanded = mm((0, 0, 0), (10, 0, 0))
    attained = np.stack([mm((0, 1, 0), (10, 0, 0)), mm((0, 1, 0), (10, 4, 0))])
    found = path_figures(attained, commanded)
    assert found.accuracy_m == pytest.approx(2 * MM)
    assert found.repeatability_m == pytest.approx(2 * MM)
    assert found.offs_m == pytest.approx([1 * MM, 2 * MM])


def test_path_repeatability_has_its_three_deviations():
    # z at one place: 0, 0, 3: barycentre 1; l = 1, 1, 2: mean 4/3, S = sqrt((1+1+4)/9 / 2)
    attained = np.stack([mm((0, 0, z)) for z in (0, 0, 3)])
    expected = 4 / 3 + 3 * sqrt((2 * (1 / 3) ** 2 + (2 / 3) ** 2) / 2)
    assert path_figures(attained, mm((0, 0, 0))).repeatability_m == pytest.approx(expected * MM)


def test_a_measured_path_is_compared_in_planes_square_to_the_command():
    measured = mm((0, 1, 0), (4, 1, 0), (8, 3, 0))
    places, along = np.array([[2, 0, 0], [6, 0, 0]]) * MM, np.tile([1.0, 0.0, 0.0], (2, 1))
    assert crossings(measured, places, along)[:, :3] == pytest.approx(
        np.array([[2, 1, 0], [6, 2, 0]]) * MM
    )


def test_a_corner_cut_and_a_corner_overshot():
    before, after = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    cut = np.array([[-2, 0, 0], [-0.3, 0.4, 0], [0, 2, 0]]) * MM
    over = np.array([[-2, 0, 0], [0, 0, 0], [0.7, 0.5, 0], [0, 2, 0]]) * MM
    assert cornering([cut], np.zeros(3), before, after).round_off_m == pytest.approx(0.5 * MM)
    assert cornering([cut], np.zeros(3), before, after).overshoot_m == 0.0
    found = cornering([over, over], np.zeros(3), before, after)
    assert found.overshoot_m == pytest.approx(0.7 * MM)
    assert found.round_off_m == 0.0


def test_velocity():
    # means 0.99, 1.01, 1.00: v̄ = 1.00; S = 0.01; command 1.25: AV = -20 %, RV = 3 0.01 / 1.25
    cycles = [np.array([0.98, 1.00]), np.array([1.01, 1.01]), np.array([0.97, 1.03])]
    found = velocity(cycles, 1.25)
    assert found.accuracy_percent == pytest.approx(-20.0)
    assert found.repeatability_percent == pytest.approx(2.4)
    assert found.fluctuation_m_s == pytest.approx(0.06)


@pytest.mark.parametrize("angle", [1e-9, 0.01, -0.3, pi / 2])
def test_angles_are_turns_about_the_axes_of_the_base_from_the_command(angle):
    half = angle / 2
    turn = Placement(0, 0, 0, np.cos(half), 0.0, 0.0, np.sin(half))
    commanded = Placement(1, 2, 3, 0.0, 1.0, 0.0, 0.0)
    measured = turn.then(Placement(0, 0, 0, *commanded.turn))
    assert row(measured, commanded)[3:] == pytest.approx((0.0, 0.0, angle), abs=1e-15)


def test_too_few_measurements_are_refused():
    with pytest.raises(StudyError, match="RP"):
        repeatability(mm((0, 0, 0)))
