"""Pictures of workcells: what moved, what lies and what is lit is looked for in the pixels."""

import math
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from ruamel.yaml import YAML

from twin.spec.line import LineSpec
from twin.wire.model import Body, Piece, Ride, SignalState, Snapshot
from viewer.scene import build_scene
from viewer.scene.document import Camera
from viewer.scene.frames import Frames
from viewer.window.overlay import projected
from viewer.window.picture import rendered

pytestmark = pytest.mark.needs_gl

ZOO = Path(__file__).with_name("all_bodies.yaml")
GOLDEN = Path(__file__).with_name("all_bodies.png")
SIZE = (480, 270)
REST = (Piece(0.0, 0.0),)


@pytest.fixture(scope="module")
def document():
    return build_scene(LineSpec.model_validate(YAML(typ="safe").load(ZOO)))


def snapshot(*, joints=None, bodies=None, signals=None, time_s=0.0):
    said = {path: SignalState(v, "good", 0.0) for path, v in (signals or {}).items()}
    return Snapshot("r", "zoo", 1, time_s, 0.0, said, bodies or {}, [], {}, joints or {})


def looking_at(document, node, back=(0.4, -1.1, 0.9)):
    """A camera that looks at a node from so far away, in the workcell's directions."""
    target = Frames(document).pose(node)[:3, 3]
    eye = target + Frames(document).pose("zoo")[:3, :3] @ back
    return Camera(tuple(map(float, eye)), tuple(map(float, target)), 40.0)


def drawn(document, camera, **state):
    picture, matrix = rendered(document, snapshot(**state), SIZE, camera, 1)
    return np.asarray(picture).astype(int), matrix


def pixel(point, matrix):
    x, y = projected({"p": tuple(point)}, matrix, SIZE)["p"]
    return round(y), round(x)


def near(before, after, point, matrix, reach=9):
    """How much a picture changed around a point, and elsewhere."""
    row, column = pixel(point, matrix)
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    close = np.hypot(columns - column, rows - row) < reach
    difference = np.abs(before - after).sum(axis=2)
    return difference[close].mean(), difference[~close].mean()


def test_a_pushers_plate_is_where_its_joint_says(document):
    camera = looking_at(document, "zoo__push__mount")
    joints = {"zoo/push": (Piece(0.0, 0.0, 0.1),)}
    still, _ = drawn(document, camera)
    out, matrix = drawn(document, camera, joints=joints, time_s=2.0)
    plate = next(node for node in document.nodes if node.id == "zoo__push__plate")
    frames = Frames(document).at(joints, 2.0)
    where = frames.pose("zoo__push__plate")[:3, 3]
    away = math.dist(where, Frames(document).pose("zoo__push__plate")[:3, 3])
    assert away == pytest.approx(0.2)
    here, elsewhere = near(still, out, where + np.array([0, 0, plate.size_m[2] / 2]), matrix)
    assert here > 5 * elsewhere
    assert here > 25


def test_a_part_lies_where_its_ride_says_and_goes_along(document):
    joints = {"zoo/dial": (Piece(0.0, 0.9),)}
    ride = Ride("zoo__dial_seat", 0.0, 0.0, 0.0, 0.3, 1.0, 0.0, 0.0, REST)
    camera = looking_at(document, "zoo__dial", (0.6, -1.4, 1.3))
    empty, _ = drawn(document, camera, joints=joints)
    full, matrix = drawn(document, camera, joints=joints, bodies={"p1": Body("box", ride)})
    (x, y, z), _ = Frames(document).at(joints, 0.0).place(Body("box", ride))
    here, elsewhere = near(empty, full, (x, y, z + 0.05), matrix)
    assert here > 30 * elsewhere
    red, green, blue = full[pixel((x, y, z + 0.1), matrix)]
    assert red > 1.2 * max(green, blue)


def test_a_fallen_part_lies_on_the_floor(document):
    ride = Ride("zoo", -1.2, -0.7, 0.8, 0.7, 0.0, 0.0, 1.0, (Piece(0.0, 0.0), Piece(1.0, -0.8)))
    camera = looking_at(document, "zoo", (-1.2, -2.4, 1.6))
    empty, _ = drawn(document, camera, time_s=5.0)
    full, matrix = drawn(document, camera, bodies={"p": Body("box", ride)}, time_s=5.0)
    (x, y, z), heading_rad = Frames(document).at({}, 5.0).place(Body("box", ride))
    assert z == pytest.approx(0.0)
    assert heading_rad == pytest.approx(0.7)
    here, elsewhere = near(empty, full, (x, y, 0.05), matrix)
    assert here > 30 * elsewhere


def test_a_lamp_shines_while_its_signal_is_on(document):
    camera = looking_at(document, "zoo__light__lamp_green", (0.1, -0.5, 0.2))
    dark, _ = drawn(document, camera)
    lit, matrix = drawn(document, camera, signals={"hall/zoo/light_green": True})
    where = Frames(document).pose("zoo__light__lamp_green")[:3, 3]
    here, elsewhere = near(dark, lit, where, matrix)
    assert here > 30 * elsewhere
    red, green, _ = lit[pixel(where, matrix)]
    assert green > 150
    assert green > 1.5 * red


def test_a_broken_beam_has_another_colour(document):
    camera = looking_at(document, "zoo__eye__beam", (0.15, -0.5, 0.4))
    free, _ = drawn(document, camera)
    hit, matrix = drawn(document, camera, signals={"hall/zoo/eye": True})
    where = Frames(document).pose("zoo__eye__beam")[:3, 3]
    here, elsewhere = near(free, hit, where, matrix, reach=4)
    assert here > 10 * elsewhere


def test_a_glow_is_there_only_while_the_head_works(document):
    camera = looking_at(document, "zoo__weld__arc", (0.3, -0.6, 0.4))
    idle, _ = drawn(document, camera)
    works, matrix = drawn(document, camera, signals={"hall/zoo/weld_busy": True})
    here, elsewhere = near(idle, works, Frames(document).pose("zoo__weld__arc")[:3, 3], matrix)
    assert here > 10 * elsewhere


def test_a_full_pallet_shows_its_boxes(document):
    ride = Ride("zoo__stack", 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, REST)
    camera = looking_at(document, "zoo__stack", (0.5, -1.2, 0.9))
    seen, matrix = drawn(document, camera, bodies={"p": Body("full", ride)})
    frame = Frames(document).pose("zoo__stack")
    for block in document.parts["full"].blocks:
        if block.colour == "#c8372d" and block.at_m[2] > 0.25:
            top = block.at_m[2] + block.size_m[2] / 2
            red, green, blue = seen[pixel((frame @ [*block.at_m[:2], top, 1.0])[:3], matrix)]
            assert red > 1.5 * max(green, blue), block


def test_the_picture_is_the_one_that_was_looked_at(document):
    """Compares with a picture that a person has seen; PILOTLINE_REDRAW=1 draws it anew."""
    joints = {
        "zoo/x": (Piece(0.0, 0.9),),
        "zoo/z": (Piece(0.0, 0.5),),
        "zoo/crane": (Piece(0.0, 0.6),),
        "zoo/tower": (Piece(0.0, 1.6),),
        "zoo/table": (Piece(0.0, 0.6),),
        "zoo/gate": (Piece(0.0, 1.0),),
        "zoo/inside": (Piece(0.0, 1.0),),
    }
    rides = {
        "p1": Body("box", Ride("zoo__infeed", 0.9, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, REST)),
        "p2": Body("full", Ride("zoo__stack", 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, REST)),
        "p3": Body("box", Ride("zoo__grip", 0.0, 0.0, -0.1, 0.0, 1.0, 0.0, 0.0, REST)),
    }
    signals = {"hall/zoo/light_red": True, "hall/zoo/bake_heat": True, "hall/zoo/weld_busy": True}
    said = snapshot(joints=joints, bodies=rides, signals=signals)
    picture, _ = rendered(document, said, SIZE, "cell:zoo", 2)
    if os.environ.get("PILOTLINE_REDRAW"):
        picture.save(GOLDEN)
    seen = np.asarray(picture).astype(int)
    golden = np.asarray(Image.open(GOLDEN).convert("RGB")).astype(int)
    difference = np.abs(seen - golden).max(axis=2)
    assert difference.mean() < 3
    assert (difference > 60).mean() < 0.01
