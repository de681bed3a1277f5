"""Arms of one's own, of shapes that the catalogue does not have."""

import numpy as np
import pytest

from twin.plant.robot.arm import Arm, load_arm
from twin.plant.robot.placement import Placement
from twin.spec.motion.robots import ArmFile

pytest.importorskip("pinocchio")
TURN, SLIDE = "revolute", "prismatic"
X, Y, Z = "1 0 0", "0 1 0", "0 0 1"
Row = tuple[str, str, str, float, float]

ODD_SIX = (
    (TURN, "0 0 .3", Z, -3, 3),
    (TURN, ".05 .02 0", ".1 1 0", -2, 2),
    (TURN, "0 .03 .4", "0 1 .2", -2, 2),
    (TURN, ".1 0 .03", "1 .1 0", -3, 3),
    (TURN, ".25 .04 0", Y, -2, 2),
    (TURN, ".08 0 .02", "1 0 .2", -3, 3),
)
FIVE = (
    (TURN, "0 0 .1", Z, -3, 3),
    (TURN, "0 0 0", Y, -2, 2),
    (TURN, "0 0 .15", Y, -2, 2),
    (TURN, ".15 0 0", Y, -2, 2),
    (TURN, ".05 0 0", X, -3, 3),
)
PALLETISER = (
    (TURN, "0 0 .1", Z, -3, 3),
    (TURN, "0 0 0", Y, -2, 2),
    (TURN, "0 0 .4", Y, -2, 2),
    (TURN, ".4 0 0", Y, -2, 2),
)
LIFTED_SCARA = (
    (SLIDE, "0 0 .1", Z, 0, 0.4),
    (TURN, "0 0 0", Z, -3, 3),
    (TURN, ".3 .05 .1", "0 0 -1", -2.5, 2.5),
    (TURN, ".02 .3 .1", Z, -6, 6),
)
GANTRY = (
    (SLIDE, "0 0 1", X, 0, 1),
    (SLIDE, "0 0 0", Y, 0, 1),
    (SLIDE, "0 0 0", "0 0 -1", 0, 0.5),
    (TURN, "0 0 0", Z, -3, 3),
)
ON_A_RAIL = (
    (SLIDE, "0 0 .1", X, 0, 1),
    (TURN, "0 0 .1", Z, -3, 3),
    (TURN, "0 0 0", Y, -2, 2),
    (TURN, "0 0 .3", Y, -2, 2),
    (TURN, ".1 0 0", X, -3, 3),
    (TURN, ".2 0 0", Y, -2, 2),
    (TURN, ".05 0 0", X, -3, 3),
)
ALL_MEET = (
    (TURN, "0 0 .34", Z, -2.9, 2.9),
    (TURN, "0 0 0", Y, -2, 2),
    (TURN, "0 0 .2", Z, -2.9, 2.9),
    (TURN, "0 0 .2", "0 -1 0", -2, 2),
    (TURN, "0 0 .2", Z, -2.9, 2.9),
    (TURN, "0 0 .2", Y, -2, 2),
    (TURN, "0 0 .1", Z, -3, 3),
)
KINDS = {
    "odd_six": ODD_SIX,
    "five": FIVE,
    "palletiser": PALLETISER,
    "lifted_scara": LIFTED_SCARA,
    "gantry": GANTRY,
    "on_a_rail": ON_A_RAIL,
    "all_meet": ALL_MEET,
}


def made(name: str) -> Arm:
    rows: tuple[Row, ...] = KINDS[name]
    links = "".join(f'<link name="l{n}"/>' for n in range(len(rows) + 1))
    joints = "".join(
        f'<joint name="j{n}" type="{kind}"><parent link="l{n - 1}"/><child link="l{n}"/>'
        f'<origin xyz="{at}"/><axis xyz="{axis}"/>'
        f'<limit lower="{low}" upper="{high}" velocity="2"/></joint>'
        for n, (kind, at, axis, low, high) in enumerate(rows, start=1)
    )
    flange = (
        f'<link name="flange"/><joint name="f" type="fixed"><parent link="l{len(rows)}"/>'
        '<child link="flange"/><origin xyz=".05 0 0" rpy="0 1.5707963267948966 0"/></joint>'
    )
    urdf = f'<robot name="{name}">{links}{joints}{flange}</robot>'
    return load_arm(ArmFile(file=f"{name}.urdf", urdf=urdf))


def draws(arm: Arm, count: int, seed: int) -> np.ndarray:
    low, high = (np.array([getattr(j, side) for j in arm.joints]) for side in ("low", "high"))
    return np.random.default_rng(seed).uniform(low, high, (count, len(low)))


@pytest.mark.parametrize("name", KINDS)
def test_reachable_poses_are_found_again(name: str) -> None:
    arm = made(name)
    for q, near in zip(draws(arm, 30, 4), draws(arm, 30, 5), strict=True):
        pose = arm.flange(q)
        found = arm.inverse(pose, near)
        assert found, f"{name}: nothing found for {q.tolist()}"
        assert max(max(pose.off(arm.flange(each))) for each in found[:6]) < 1e-8
        nearest = arm.inverse(pose, q)[0]
        assert np.abs(np.array(nearest) - q).max() < 1e-6, f"{name}: {q.tolist()} itself"


@pytest.mark.parametrize("name", KINDS)
def test_what_is_too_far_away_says_so(name: str) -> None:
    arm = made(name)
    away = Placement(0.0, 0.0, 9.0)
    assert arm.inverse(away, arm.rest) == []
    assert arm.nearest(away, arm.rest) is None
    assert arm.follow(away, arm.rest) is None
    assert arm.trouble(away, arm.rest).key in {"arm.beyond_reach", "arm.beyond_limit"}


@pytest.mark.parametrize("name", KINDS)
def test_shapes_and_singularities_have_an_answer(name: str) -> None:
    arm = made(name)
    for q in draws(arm, 20, 6):
        configuration = arm.configuration(q)
        assert len(configuration) == 4
        assert 0 <= configuration[3] <= 7
        assert arm.has(q, configuration)
        singular = arm.singularity(q)
        assert singular is None or singular[0] in {"wrist", "elbow", "shoulder", "arm"}
