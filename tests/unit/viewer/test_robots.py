"""Robot arms in the scene: every link where the plant has it, and what stands on the flange."""

import random  # noqa: TID251 - picks examples, nothing that a run depends on

import numpy as np
import pytest

from twin.plant.robot.arm import load_arm
from twin.plant.robot.placement import OVER, Placement
from twin.spec.arms import catalogue_names
from twin.spec.line import LineSpec
from twin.wire.model import Body, Piece, Ride
from viewer.scene import build_scene
from viewer.scene.cells.robots import node_name
from viewer.scene.facets import coarser, creased, hulled, revolved
from viewer.scene.frames import Frames
from viewer.scene.glb import export
from viewer.scene.shapes import mesh, normals
from viewer.scene.stock import keep

pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")


def line(arm):
    return {
        "schema": "pilotline.line/1",
        "id": "arms",
        "parts": [{"id": "box", "size_m": [0.1, 0.1, 0.05]}],
        "assets": [
            {"id": "feed", "kind": "source", "part": "box"},
            {
                "id": "lab",
                "kind": "workcell",
                "bodies": [
                    {"id": "infeed", "kind": "belt", "length_m": 1.0, "speed_m_s": 0.2},
                    {"id": "supply", "kind": "entry", "to": "infeed"},
                    {"id": "way_out", "kind": "exit", "from": "infeed"},
                    {"id": "arm", "kind": "robot", "arm": arm, "at_m": [0.3, 1.2, 0.4],
                     "heading_deg": 40, "pedestal_m": 0.4},
                    {"id": "grip", "kind": "gripper", "type": "vacuum", "on": "arm",
                     "at_m": [0.02, 0, -0.15]},
                ],
            },
            {"id": "out", "kind": "sink"},
        ],
        "flow": [["feed", "lab", "out"]],
    }  # fmt: skip


def document_of(arm):
    return build_scene(LineSpec.model_validate(line(arm)))


@pytest.fixture(scope="module")
def six():
    return document_of("six")


def tracks(arm, draw):
    """Random cubics, 0.3 s long, that begin anywhere within the joints' limits."""
    found = {}
    for number, joint in enumerate(arm.joints, 1):
        start = draw.uniform(joint.low, joint.high)
        found[f"lab/arm/j{number}"] = (
            Piece(1.0, start, *(draw.uniform(-1, 1) for _ in range(3))),
            Piece(1.3, draw.uniform(joint.low, joint.high)),
        )
    return found


@pytest.mark.parametrize("name", catalogue_names())
def test_every_link_is_where_the_plant_has_it(name):
    try:
        arm = load_arm(name)
    except Exception as error:
        if "example-robot-data" in str(error):
            pytest.skip(str(error))
        raise
    document, draw = document_of(name), random.Random(5)
    frames = Frames(document)
    for _ in range(25):
        joints, time_s = tracks(arm, draw), draw.uniform(0.9, 1.5)
        frames.at(joints, time_s)
        q = [
            path[-1].p if time_s >= path[-1].t0 else path[0].at(max(time_s, 1.0))
            for path in joints.values()
        ]
        foot = frames.pose("lab__arm")
        for link, placement in zip(arm.description.links, arm.links(q), strict=True):
            wanted = foot @ placement.matrix()
            node = f"lab__arm__{node_name(link.name)}"
            assert frames.pose(node) == pytest.approx(wanted, abs=1e-6), (name, link.name)
        flange = foot @ arm.flange(q).then(OVER).matrix()
        assert frames.pose("lab__arm__moving") == pytest.approx(flange, abs=1e-6)
        on_it = flange @ Placement(0.02, 0.0, -0.15).matrix()
        assert frames.pose("lab__grip") == pytest.approx(on_it, abs=1e-6)


@pytest.mark.parametrize("name", catalogue_names())
def test_an_arm_is_drawn_with_shapes_that_exist_and_looks_that_are_told(name):
    try:
        document = document_of(name)
    except Exception as error:
        if "example-robot-data" in str(error):
            pytest.skip(str(error))
        raise
    drawn = [n for n in document.nodes if n.body == "arm" and n.shape and n.role != "axes"]
    assert len(drawn) > 8
    for node in drawn:
        points, triangles = mesh(node.shape)
        assert triangles.max() < len(points)
        assert np.linalg.norm(normals(node.shape), axis=1) == pytest.approx(1.0, abs=1e-6)
        if node.material is not None:
            assert node.material in document.materials
    parents = {node.parent for node in drawn}
    links = {f"lab__arm__{node_name(link.name)}" for link in load_arm(name).description.links}
    assert len(parents & links) >= len(load_arm(name).joints)


def test_the_axes_of_the_tool_are_at_its_gripper_and_only_drawn_when_asked_for(six):
    axes = [node for node in six.nodes if node.role == "axes"]
    assert {node.material for node in axes} == {"axis_x", "axis_y", "axis_z"}
    assert {node.parent for node in axes} == {"lab__arm__tool"}
    frames = Frames(six).at({}, 0.0)
    tool, grip = frames.pose("lab__arm__tool"), frames.pose("lab__grip")
    assert tool[:3, 3] == pytest.approx(grip[:3, 3])
    assert tool[:3, 2] == pytest.approx(-grip[:3, 2])
    assert b"axis_x" not in export(six, floor=False)


def test_a_part_that_is_held_leans_with_the_gripper(six):
    joints = {"lab/arm/j5": (Piece(0.0, 0.4),)}
    ride = Ride("lab__grip", 0.0, 0.0, -0.05, 0.6, 1.0, 0.0, 0.0, (Piece(0.0, 0.0),))
    frames = Frames(six).at(joints, 0.0)
    found = frames.lie(Body("box", ride))
    grip = frames.pose("lab__grip")
    assert found[:3, 2] == pytest.approx(grip[:3, 2])
    assert found[:3, 3] == pytest.approx((grip @ [0.0, 0.0, -0.05, 1.0])[:3])
    ahead = grip[:3, :3] @ [np.cos(0.6), np.sin(0.6), 0.0]
    assert found[:3, 0] == pytest.approx(ahead)
    assert abs(found[2, 2]) < 0.99


def volume(points, triangles):
    a, b, c = (points[triangles[:, k]] for k in range(3))
    return np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6


def test_solids_of_revolution_and_hulls_are_closed_and_outside_out():
    cone = revolved([(0.5, 0.0), (0.0, 1.0)])
    assert volume(*cone) == pytest.approx(np.pi * 0.25 / 3, rel=0.01)
    step = revolved([(0.5, 0.0), (0.5, 0.2), (0.2, 0.2), (0.2, 0.6)])
    assert volume(*step) == pytest.approx(np.pi * (0.25 * 0.2 + 0.04 * 0.4), rel=0.01)
    corners = [(x, y, z) for x in (0, 1) for y in (0, 2) for z in (0, 3)]
    assert volume(*hulled(corners)) == pytest.approx(6.0)


def test_a_box_keeps_its_edges_and_a_cylinder_looks_round():
    box, _ = creased(hulled([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]))
    assert len(box) == 24
    made = keep(*revolved([(0.5, -0.5), (0.5, 0.5)]))
    assert made.size == pytest.approx((1.0, 1.0, 1.0))
    points, around = mesh(made.shape)[0], normals(made.shape)
    side = np.abs(around[:, 2]) < 0.5
    outwards = points[side, :2] / np.linalg.norm(points[side, :2], axis=1, keepdims=True)
    assert around[side, :2] == pytest.approx(outwards, abs=0.04)


def test_a_fine_mesh_is_made_coarser_and_keeps_its_size():
    angles = np.linspace(0, np.pi, 90)
    ball = revolved([(np.sin(a), -np.cos(a)) for a in angles])
    points, faces = coarser(ball, 1000)
    assert 200 < len(faces) <= 1000
    assert volume(points, faces) == pytest.approx(4 / 3 * np.pi, rel=0.08)
