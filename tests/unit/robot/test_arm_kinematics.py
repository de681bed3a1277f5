"""Where the links of an arm are: against a product of transforms, and another reader of URDF."""

from math import pi

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.plant.robot.arm import Arm, load_arm
from twin.plant.robot.placement import Placement
from twin.spec.arms import ArmDescription, catalogue_names

pin = pytest.importorskip("pinocchio")
NAMES = catalogue_names()
Array = NDArray[np.float64]


def turn_matrix(axis: tuple[float, float, float], angle: float) -> Array:
    x, y, z = axis
    across = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * across + (1 - np.cos(angle)) * across @ across


def link_matrices(description: ArmDescription, q: Array) -> dict[str, Array]:
    """The product of transforms, from the description alone."""
    found = {description.foot: np.eye(4)}
    values = iter(q)
    for joint in description.joints:
        at = np.eye(4)
        roll, pitch, yaw = joint.at.rpy
        at[:3, :3] = (
            turn_matrix((0, 0, 1), yaw)
            @ turn_matrix((0, 1, 0), pitch)
            @ turn_matrix((1, 0, 0), roll)
        )
        at[:3, 3] = joint.at.xyz
        moved = np.eye(4)
        if joint.kind == "turn":
            moved[:3, :3] = turn_matrix(joint.axis, next(values))
        elif joint.kind == "slide":
            moved[:3, 3] = np.array(joint.axis) * next(values)
        found[joint.child] = found[joint.parent] @ at @ moved
    return found


def stands(arm: Arm, count: int, seed: int = 7) -> Array:
    """Joints all over the range, and at every limit."""
    low, high = (np.array([getattr(j, side) for j in arm.joints]) for side in ("low", "high"))
    rows = list(np.random.default_rng(seed).uniform(low, high, (count, len(low))))
    for number in range(len(low)):
        here = np.arange(len(low)) == number
        rows += [np.where(here, limit, arm.rest) for limit in (low, high)]
    return np.array([low, high, *rows])


@pytest.mark.parametrize("name", NAMES)
def test_links_are_where_the_product_of_transforms_puts_them(name: str) -> None:
    arm = load_arm(name)
    for q in stands(arm, 40):
        wanted = link_matrices(arm.description, q)
        for link, at in zip(arm.description.links, arm.links(q), strict=True):
            assert np.abs(at.matrix() - wanted[link.name]).max() < 1e-9, (link.name, q)
        assert np.abs(arm.flange(q).matrix() - wanted[arm.description.flange]).max() < 1e-9


@pytest.mark.parametrize("name", NAMES)
def test_pinocchio_reads_the_same_arm_from_the_same_text(name: str) -> None:
    arm = load_arm(name)
    model = pin.buildModelFromXML(arm.description.urdf)
    fingers = [n for n, joint in enumerate(model.names) if "finger" in joint]
    model = pin.buildReducedModel(model, fingers, pin.neutral(model))
    data = model.createData()
    assert [*model.names[1:]] == [joint.name for joint in arm.joints]
    assert model.lowerPositionLimit == pytest.approx([joint.low for joint in arm.joints])
    assert model.upperPositionLimit == pytest.approx([joint.high for joint in arm.joints])
    flange = model.getFrameId(arm.description.flange)
    for q in stands(arm, 10):
        pin.framesForwardKinematics(model, data, q)
        assert np.abs(data.oMf[flange].homogeneous - arm.flange(q).matrix()).max() < 1e-9


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tip", [Placement(), Placement(0.05, -0.02, 0.2, 0.5, 0.5, 0.5, 0.5)])
def test_the_jacobian_is_the_change_of_the_tips_placement(name: str, tip: Placement) -> None:
    arm = load_arm(name)
    small = 1e-6
    for q in stands(arm, 3):
        found = arm.jacobian(q, tip)
        assert found.shape == (6, len(arm.joints))
        for number in range(len(q)):
            step = np.eye(len(q))[number] * small
            after = arm.flange(q + step).then(tip).matrix()
            before = arm.flange(q - step).then(tip).matrix()
            speed = (after[:3, 3] - before[:3, 3]) / (2 * small)
            spin = (
                (after - before)[:3, :3] / (2 * small) @ arm.flange(q).then(tip).matrix()[:3, :3].T
            )
            turns = [spin[2, 1], spin[0, 2], spin[1, 0]]
            assert found[:, number] == pytest.approx([*speed, *turns], abs=1e-7)


def test_the_six_stands_as_its_drawing_says() -> None:
    arm = load_arm("six")
    stretched = arm.flange([0.0] * 6)
    assert stretched.place == pytest.approx((0.06 + 0.42 + 0.08, 0.0, 0.40 + 0.42 + 0.03))
    assert stretched.turned((0, 0, 1)) == pytest.approx((1, 0, 0))  # z out of the flange
    down = arm.flange(arm.rest)
    assert down.turned((0, 0, 1)) == pytest.approx((0, 0, -1))
    turned = arm.flange([pi / 2, 0, 0, 0, 0, 0])
    assert turned.place == pytest.approx((0.0, 0.56, 0.85))
    # The wrist's farthest place: upper arm and forearm in line, level with axis 2.
    far = arm.flange([0, pi / 2, -pi / 2 + np.arctan2(0.03, 0.42), 0, -np.arctan2(0.03, 0.42), 0])
    assert far.x == pytest.approx(0.06 + 0.42 + np.hypot(0.42, 0.03) + 0.08, abs=1e-6)
    assert arm.payload_kg == 6.0


def test_the_scara_stands_as_its_drawing_says() -> None:
    arm = load_arm("scara")
    assert arm.flange([0, 0, 0, 0]).place == pytest.approx((0.6, 0.0, 0.39 - 0.12))
    assert arm.flange([0, 0, 0.15, 0]).z == pytest.approx(0.12)
    bent = arm.flange([pi / 2, -pi / 2, 0, 0])
    assert bent.place == pytest.approx((0.275, 0.325, 0.27))
    assert bent.turned((0, 0, 1)) == pytest.approx((0, 0, -1))


@pytest.mark.parametrize(
    ("name", "joints", "reach"),
    [
        ("ur5", (0, 0, 0, 0, 0, 0), 0.425 + 0.39225),
        ("ur10", (0, 0, 0, 0, 0, 0), 0.612 + 0.5723),
    ],
)
def test_the_cobots_have_the_lengths_of_their_data_sheets(
    name: str, joints: tuple[float, ...], reach: float
) -> None:
    """Universal Robots' table of DH parameters: a2 and a3."""
    arm = load_arm(name)
    names = [link.name for link in arm.description.links]
    at = dict(zip(names, arm.links(joints), strict=True))
    assert at["wrist_1_link"].x == pytest.approx(reach, abs=1e-6)


def test_the_panda_has_the_lengths_of_its_data_sheet() -> None:
    """DH parameters: d1 0.333, d3 0.316, a4 0.0825, d5 0.384, a7 0.088, flange 0.107 m."""
    arm = load_arm("panda")
    at = arm.flange([0.0] * 7)
    assert at.place == pytest.approx((0.088, 0.0, 0.333 + 0.316 + 0.384 - 0.107))
    assert at.turned((0, 0, 1)) == pytest.approx((0, 0, -1))
