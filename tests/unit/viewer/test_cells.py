"""Workcells in the scene: every kind of body is drawn, moves, and shows its signals."""

import math
from itertools import pairwise
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from ruamel.yaml import YAML

from twin.spec import load_line
from twin.spec import motion as kinds
from twin.spec.line import LineSpec
from twin.spec.motion import AnyBody, Workcell
from twin.spec.shipped import shipped
from twin.wire.model import Body, Piece, Ride, SignalState
from viewer.scene import SceneError, build_scene
from viewer.scene.cells.draw import DRAWERS
from viewer.scene.document import Joint, Light
from viewer.scene.frames import Frames
from viewer.scene.solid import moved, worlds
from viewer.window.errors import ViewError
from viewer.window.picture import view_named

ZOO = Path(__file__).with_name("all_bodies.yaml")
MOST_NODES = 700
UNSEEN = {kinds.Entry, kinds.Exit, kinds.Channel}
MOVED = {
    "belt", "magazine", "cylinder", "stopper", "pusher", "diverter", "clamp", "lift", "turntable",
    "index_table", "axis", "door", "zone", "robot",
}  # fmt: skip
"""Kinds with a moving part; a gripper with suction cups has none."""
STILL = (Piece(0.0, 0.0),)


@pytest.fixture(scope="module")
def spec():
    return LineSpec.model_validate(YAML(typ="safe").load(ZOO))


@pytest.fixture(scope="module")
def zoo(spec):
    return next(asset for asset in spec.assets if isinstance(asset, Workcell))


@pytest.fixture(scope="module")
def document(spec):
    return build_scene(spec)


def nodes_of(document, body):
    return [node for node in document.nodes if node.body == body]


def every_kind():
    return set(get_args(get_args(AnyBody)[0]))


def test_the_zoo_has_every_kind_of_body(zoo):
    assert {type(body) for body in zoo.bodies} == every_kind()


def test_every_kind_of_body_has_a_drawer():
    assert set(DRAWERS) == every_kind() - UNSEEN


def test_every_body_has_its_frame_and_a_shape(document, zoo):
    ids = {node.id: node for node in document.nodes}
    for body in zoo.bodies:
        frame = ids[f"zoo__{body.id}"]
        assert frame.shape is None
        assert frame.position_m == body.at_m
        assert frame.parent == (f"zoo__{body.on}__moving" if body.on else "zoo")
        assert f"zoo__{body.id}__moving" in ids
        shapes = [node for node in nodes_of(document, body.id) if node.shape]
        unseen = type(body) in UNSEEN or body.id == "beam"
        assert bool(shapes) != unseen, body.id


def test_every_body_that_moves_has_a_joint_of_its_own(document, zoo):
    for body in zoo.bodies:
        joints = [node.joint for node in nodes_of(document, body.id) if node.joint]
        axes = {f"zoo/{body.id}/j{k}" for k in range(1, 7)} if body.kind == "robot" else set()
        assert {joint.id for joint in joints} <= (axes or {f"zoo/{body.id}"})
        moves = body.kind in MOVED or getattr(body, "type", "") == "parallel"
        assert bool(joints) == moves, body.id


def test_lights_are_on_points_that_exist(document, zoo):
    paths = {
        f"hall/zoo/{body.id}_{pin.name}" if pin.name else f"hall/zoo/{body.id}": pin
        for body in zoo.bodies
        for pin in body.pins()
    }
    lights = [node.light for node in document.nodes if node.light]
    assert {light.path for light in lights} <= set(paths)
    for light in lights:
        assert light.rest == bool(paths[light.path].initial)
        assert light.lit is None or light.lit in document.materials
    for body in zoo.bodies:
        shown = [node for node in nodes_of(document, body.id) if node.light]
        digital = [pin for pin in body.pins() if pin.iec == "BOOL"]
        if digital and body.kind not in {"pallet_seat", "channel"}:
            assert shown, body.id


def test_a_beam_changes_when_it_is_broken(document):
    lights = {n.id: n.light for n in document.nodes if n.light}
    open_, closed = lights["zoo__eye__beam"], lights["zoo__near__beam"]
    assert (open_.shows(False), open_.shows(True)) == (False, True)
    assert (closed.shows(True), closed.shows(False)) == (False, True)
    assert not open_.shows(None)
    assert not closed.shows(None)


def test_bodies_stand_where_the_file_says(document, zoo):
    poses = worlds(document)
    root = poses["zoo"]
    for body in zoo.bodies:
        if body.on is None:
            local = np.linalg.inv(root) @ poses[f"zoo__{body.id}"]
            assert local[:3, 3] == pytest.approx(body.at_m)
            heading_rad = math.atan2(local[1, 0], local[0, 0])
            wanted = math.radians(body.heading_deg)
            assert math.cos(heading_rad - wanted) == pytest.approx(1.0)


def test_a_gripper_goes_where_its_axes_take_it(document):
    """By hand: x 1.5, y 0.25, z 0.4 down, and a quarter turn to the left."""
    frames = Frames(document)
    joints = {
        "zoo/x": (Piece(0.0, 1.5),),
        "zoo/y": (Piece(0.0, 0.25),),
        "zoo/z": (Piece(0.0, 0.0, 0.2),),
        "zoo/turn": (Piece(0.0, math.pi / 2),),
    }
    frames.at(joints, 2.0)
    root = frames.pose("zoo")
    local = np.linalg.inv(root) @ frames.pose("zoo__grip")
    assert local[:3, 3] == pytest.approx([2.0 + 1.5, 4.6 + 0.25, 2.0 - 0.4])
    ride = Ride("zoo__grip", 0.0, 0.0, -0.1, 0.0, 1.0, 0.0, 0.0, STILL)
    (x, y, z), heading_rad = frames.place(Body("box", ride))
    assert (np.linalg.inv(root) @ [x, y, z, 1.0])[:3] == pytest.approx([3.5, 4.85, 1.5])
    assert heading_rad == pytest.approx(math.pi / 2)


def test_a_part_on_a_dial_turns_along_and_one_on_a_belt_goes_along_it(document):
    frames = Frames(document)
    frames.at({"zoo/dial": (Piece(0.0, math.tau / 6),)}, 1.0)
    root = np.linalg.inv(frames.pose("zoo"))
    ride = Ride("zoo__dial_seat", 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, STILL)
    where, heading_rad = frames.place(Body("box", ride))
    wanted = [1.2 + 0.3 * math.cos(math.tau / 6), 2.4 + 0.3 * math.sin(math.tau / 6), 0.85]
    assert (root @ [*where, 1.0])[:3] == pytest.approx(wanted)
    assert heading_rad == pytest.approx(math.tau / 6)
    path = (Piece(0.0, 0.1, 0.5), Piece(2.0, 1.1))
    ride = Ride("zoo__slide", 0.0, 0.02, 0.0, 0.0, 1.0, 0.0, -0.1, path)
    for time_s, way in ((0.0, 0.1), (1.0, 0.6), (5.0, 1.1)):
        where, _ = frames.at({}, time_s).place(Body("box", ride))
        # The chute's x is the workcell's y.
        assert (root @ [*where, 1.0])[:3] == pytest.approx([1.73, 0.13 + way, 0.85 - 0.1 * way])


def test_frames_agree_with_the_tree(document):
    """Two ways through the tree: node by node when asked, and all at once."""
    joints = {
        node.joint.id: (Piece(0.0, 0.3 + 0.01 * k, 0.1),)
        for k, node in enumerate(document.nodes)
        if node.joint
    }
    frames = Frames(document).at(joints, 3.0)
    poses = worlds(document, frames.value)
    for node in document.nodes:
        assert frames.pose(node.id) == pytest.approx(poses[node.id]), node.id


def test_a_belts_marks_never_leave_the_belt(document):
    marks = next(node for node in document.nodes if node.id == "zoo__infeed__marks")
    joint = marks.joint
    for value in np.linspace(-3.0, 3.0, 101):
        way = joint.travel(value)
        assert 0.0 <= way < joint.wrap
    steps = [joint.travel(v) for v in np.linspace(0.0, 0.9 * joint.wrap, 20)]
    assert all(b > a for a, b in pairwise(steps))


@pytest.mark.parametrize("move", ["slide", "turn", "stretch"])
def test_a_joint_moves_by_its_formula(move):
    joint = Joint("c/b", move, (0.0, 0.0, 1.0), gain=2.0, offset=0.5)
    found = moved(joint, 0.75) @ [1.0, 0.0, 1.0, 1.0]
    wanted = {
        "slide": [1.0, 0.0, 3.0],
        "turn": [math.cos(2.0), math.sin(2.0), 1.0],
        "stretch": [1.0, 0.0, 2.0],
    }
    assert found[:3] == pytest.approx(wanted[move])


def test_a_door_follows_its_switch_while_nobody_says_how_it_swings(document):
    def angle_rad(joints, **signals):
        said = {f"hall/zoo/{name}": SignalState(v, "good", 0.0) for name, v in signals.items()}
        frames = Frames(document).at(joints, 1.0, said)
        ahead = np.linalg.inv(frames.pose("zoo__gate")) @ frames.pose("zoo__gate__moving")
        return math.atan2(ahead[1, 0], ahead[0, 0])

    assert angle_rad({}) == 0.0
    assert angle_rad({}, gate_closed=True) == 0.0
    wide_rad = angle_rad({}, gate_closed=False)
    assert wide_rad < -1.0
    half = {"zoo/gate": (Piece(0.0, 0.5),)}
    assert angle_rad(half, gate_closed=False) == pytest.approx(wide_rad / 2)


def test_an_unknown_frame_is_named(document):
    ride = Ride("zoo__nobody", 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, STILL)
    with pytest.raises(SceneError, match="zoo__nobody"):
        Frames(document).place(Body("box", ride))


def test_views_are_cameras(document, zoo):
    camera = document.cameras["cell:zoo:near"]
    assert "cell:zoo" in document.cameras
    root = np.linalg.inv(worlds(document)["zoo"])
    assert (root @ [*camera.position_m, 1.0])[:3] == pytest.approx(zoo.views[0].from_m)
    assert (root @ [*camera.target_m, 1.0])[:3] == pytest.approx(zoo.views[0].to_m)


def test_pallets_look_like_pallets_and_full_ones_like_stacks(document):
    assert document.parts["box"].look == "box"
    assert document.parts["pallet"].look == "pallet"
    full = document.parts["full"]
    assert full.look == "stack"
    boxes = [block for block in full.blocks if block.colour == "#c8372d"]
    assert len(boxes) == 3 * 3 * 2
    highest = max(block.at_m[2] + block.size_m[2] / 2 for block in boxes)
    assert highest == pytest.approx(0.32, abs=0.01)


def test_parts_of_a_workcell_have_their_true_size(document, spec):
    for part in spec.parts:
        assert document.parts[part.id].size_m == part.size_m


def test_ways_lead_to_the_belts_of_the_workcell(document):
    root = np.linalg.inv(worlds(document)["zoo"])
    into, out = document.tracks["feed>zoo"], document.tracks["zoo>out"]
    assert (root @ [*into.path[-1][:2], 0, 1.0])[:2] == pytest.approx([0.0, 0.0], abs=1e-6)
    assert (root @ [*out.path[0][:2], 0, 1.0])[:2] == pytest.approx([4.4, 0.0], abs=1e-6)


@pytest.mark.parametrize("name", sorted(shipped("lines")))
def test_a_shipped_workcell_is_no_burden(name):
    spec = load_line(name)
    document = build_scene(spec)
    for asset in spec.assets:
        if isinstance(asset, Workcell):
            count = sum(node.asset == asset.id for node in document.nodes)
            assert count <= MOST_NODES, f"{asset.id} has {count} nodes"


def test_a_light_without_a_value_is_as_it_was_in_the_beginning():
    assert Light("c/p", "x", rest=True).shows(None)
    assert not Light("c/p", "x", inverted=True, rest=True).shows(None)
    assert not Light("c/p", "x").shows(0.0)
    assert Light("c/p", "x").shows(12.5)


def test_a_placed_workcell_has_its_origin_there(spec):
    data = spec.model_dump(by_alias=True, exclude_unset=True)
    zoo = next(asset for asset in data["assets"] if asset["id"] == "zoo")
    zoo["place"] = {"at_m": [20.0, 5.0], "heading_deg": 90}
    document = build_scene(LineSpec.model_validate(data))
    pose = worlds(document)["zoo"]
    assert pose[:3, 3] == pytest.approx([20.0, 5.0, 0.0])
    assert pose[:3, 0] == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)


def test_a_view_of_a_cell_is_known_by_its_short_name_where_only_one_has_it():
    scene = build_scene(load_line("sorting_cell"))
    assert view_named(scene, "student") is scene.cameras["cell:sorting:student"]
    mixed = build_scene(load_line("mixed_pilot"))
    with pytest.raises(ViewError, match="student"):
        view_named(mixed, "student")
