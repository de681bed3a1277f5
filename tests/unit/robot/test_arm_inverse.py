"""How the flange gets somewhere: every way there, and why there is none."""

from math import pi, radians

import numpy as np
import pytest

from twin.plant.robot.arm import Arm, load_arm
from twin.plant.robot.placement import Placement

pytest.importorskip("pinocchio")
COUNTS = {"six": 3600, "scara": 2400, "ur5": 1600, "ur10": 1600, "panda": 800}
DOWN = (0.0, 1.0, 0.0, 0.0)


def draws(arm: Arm, count: int, seed: int = 11) -> np.ndarray:
    low, high = (np.array([getattr(j, side) for j in arm.joints]) for side in ("low", "high"))
    return np.random.default_rng(seed).uniform(low, high, (count, len(low)))


def test_ten_thousand_poses_are_in_the_counts() -> None:
    assert sum(COUNTS.values()) == 10_000


@pytest.mark.parametrize("name", COUNTS)
def test_every_reachable_pose_is_found_again(name: str) -> None:
    arm = load_arm(name)
    low, high = (np.array([getattr(j, side) for j in arm.joints]) for side in ("low", "high"))
    failures: list[str] = []
    nears = draws(arm, COUNTS[name], seed=12)
    for q, near in zip(draws(arm, COUNTS[name]), nears, strict=True):
        pose = arm.flange(q)
        found = arm.inverse(pose, near)
        if not found:
            failures.append(f"none: {q.tolist()}, {arm.singularity(q)}")
            continue
        all_ = np.array(found)
        for solution in found[:: max(len(found) // 8, 1)]:
            far, turned = pose.off(arm.flange(solution))
            if far > 1e-8 or turned > 1e-8:
                failures.append(f"off by {far} m, {turned} rad: {q.tolist()}")
        if (all_ < low).any() or (all_ > high).any():
            failures.append(f"beyond a limit: {q.tolist()}")
        same = np.abs(all_ - q).max(axis=1).min()
        if name == "panda":  # endless many solutions: from the joints themselves it finds them
            same = np.abs(np.array(arm.inverse(pose, q)[0]) - q).max()
        if same > 1e-6 and arm.singularity(q) is None:
            failures.append(f"itself not found, by {same} rad: {q.tolist()}")
    assert not failures, f"{name}: {len(failures)} of {COUNTS[name]}: " + "; ".join(failures[:5])


@pytest.mark.parametrize("name", ["six", "scara", "ur5"])
def test_the_nearest_comes_first_and_alone(name: str) -> None:
    arm = load_arm(name)
    speeds = np.array([joint.speed for joint in arm.joints])
    for q, near in zip(draws(arm, 40), draws(arm, 40, seed=5), strict=True):
        pose = arm.flange(q)
        found = arm.inverse(pose, near)
        times = [float(np.linalg.norm((np.array(each) - near) / speeds)) for each in found]
        assert times == sorted(times)
        assert len(set(found)) == len(found)
        assert arm.nearest(pose, near) == found[0]


def test_a_joint_with_more_than_a_turn_gives_each_of_its_turns() -> None:
    arm = load_arm("six")
    pose = arm.flange([0.3, 0.2, -0.1, 0.4, 0.9, 0.5])
    sixths = sorted(
        round(q[5], 6) for q in arm.inverse(pose, arm.rest) if abs(q[3] - 0.4) < 1e-6
        and abs(q[2] + 0.1) < 1e-6 and abs(q[4] - 0.9) < 1e-6
    )  # fmt: skip
    assert sixths == [round(0.5 + turn * 2 * pi, 6) for turn in (-1, 0, 1)]


def test_eight_shapes_reach_one_pose() -> None:
    arm = load_arm("six")
    pose = arm.flange([0.3, -0.2, 0.4, 0.8, 0.9, 0.5])
    every = arm._inverse.everywhere(pose, arm.rest)
    assert sorted(arm.configuration(q)[3] for q in every) == list(range(8))


@pytest.mark.parametrize("name", ["six", "ur5", "ur10"])
@pytest.mark.parametrize("gap", [0.0, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-4, -1e-8, -1e-5])
def test_in_the_wrists_singularity_the_near_solution_is_found(name: str, gap: float) -> None:
    arm = load_arm(name)
    for q in draws(arm, 60):
        q[4] = gap
        near = np.clip(q + 0.02, [j.low for j in arm.joints], [j.high for j in arm.joints])
        pose = arm.flange(q)
        found = arm.nearest(pose, near)
        assert found is not None
        assert np.abs(np.array(found) - near).max() < 0.1
        assert max(pose.off(arm.flange(found))) < 1e-8


@pytest.mark.parametrize("name", COUNTS)
def test_a_path_is_followed_without_a_leap(name: str) -> None:
    arm = load_arm(name)
    q, start = arm.rest, arm.flange(arm.rest)
    end = Placement(start.x - 0.05, start.y + 0.04, start.z - 0.06, *start.turn)
    for step in range(1, 51):
        goal = start.towards(end, step / 50)
        found = arm.follow(goal, q)
        assert found is not None
        assert np.abs(np.array(found) - q).max() < 0.05
        assert max(goal.off(arm.flange(found))) < 1e-9
        q = found


@pytest.mark.parametrize("name", COUNTS)
def test_it_answers_the_same_whatever_was_asked_before(name: str) -> None:
    arm = load_arm(name)
    pose = arm.flange(draws(arm, 1)[0])
    first = arm.inverse(pose, arm.rest)
    for q in draws(arm, 5, seed=3):
        arm.inverse(arm.flange(q), q)
    assert arm.inverse(pose, arm.rest) == first


def test_out_of_reach_says_by_how_much() -> None:
    arm = load_arm("six")
    # Straight ahead at the height of axis 2, the flange turned forward.
    far = 0.06 + 0.42 + np.hypot(0.42, 0.03) + 0.08
    pose = Placement(far + 0.025, 0.0, 0.4, *arm.flange([0.0] * 6).turn)
    assert arm.inverse(pose, arm.rest) == []
    said = arm.trouble(pose, arm.rest)
    assert said.key == "arm.beyond_reach"
    assert said.text() == "out of reach by 25.0 mm"
    assert "25.0 mm" in said.text("zh")
    inside = Placement(far - 0.001, 0.0, 0.4, *arm.flange([0.0] * 6).turn)
    assert arm.inverse(inside, arm.rest)


def test_past_a_limit_says_which_axis_and_by_how_much() -> None:
    arm = load_arm("six")
    for degrees, axis in ((175.0, 1), (-174.0, 1)):
        q = [radians(degrees), 1.4, -1.3, 0.0, 0.4, 0.0]
        pose = arm.flange(q)
        assert arm.inverse(pose, arm.rest) == []
        said = arm.trouble(pose, arm.rest)
        assert said.key == "arm.beyond_limit"
        assert said.values["axis"] == axis
        assert said.values["by"].text() == f"{abs(degrees) - 170.0:.1f}°"
        assert said.text().startswith(f"axis 1 would have to go to {degrees:.1f}°")


def test_a_slide_past_its_limit_is_told_in_mm() -> None:
    arm = load_arm("scara")
    pose = arm.flange([0.2, 0.5, 0.2, 0.0])
    low = Placement(pose.x, pose.y, pose.z - 0.013, *pose.turn)
    said = arm.trouble(low, arm.rest)
    assert said.text() == "axis 3 would have to go to 213.0 mm, 13.0 mm past its limit of 200.0 mm"


def test_an_orientation_that_the_arm_does_not_have_is_told_in_degrees() -> None:
    arm = load_arm("scara")
    pose = arm.flange([0.2, 0.5, 0.1, 0.0]).then(Placement(0, 0, 0, *tilt(radians(8.0))))
    assert arm.inverse(pose, arm.rest) == []
    said = arm.trouble(pose, arm.rest)
    assert said.key == "arm.not_this_way"
    assert said.values["by"].text() == "8.0°"


def tilt(angle: float) -> tuple[float, float, float, float]:
    return float(np.cos(angle / 2)), float(np.sin(angle / 2)), 0.0, 0.0
