"""Pictures: what they show is looked for in the pixels themselves."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from twin.wire.model import Body, Motion, SignalState, Snapshot
from viewer.scene import build_scene
from viewer.scene.camera import near
from viewer.scene.solid import worlds
from viewer.window.errors import ViewError
from viewer.window.overlay import Overlay, projected
from viewer.window.picture import rendered, shot

pytestmark = pytest.mark.needs_gl

SIZE = (480, 270)
GOLDEN = Path(__file__).with_name("small.png")
STATES = {"m1": 0, "belt": 0, "eol": 1, "fix": 5, "park": 1, "out": 1}


def snapshot(states=STATES, bodies=None, time_s=0.0):
    signals = {f"{a}/state": SignalState(s, "good", 0.0) for a, s in states.items()}
    return Snapshot("run", "small", 1, time_s, 1.0, signals, bodies or {}, [], {"made": 12.0})


def pixels(document, state, **more):
    picture, matrix = rendered(document, state, SIZE, "overview", 1, **more)
    return np.asarray(picture).astype(int), matrix


def changed(before, after, point, matrix, *, reach=12):
    """How much a picture changed around a point of the hall, and elsewhere."""
    x, y = projected({"p": point}, matrix, SIZE)["p"]
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    near = np.hypot(columns - x, rows - y) < reach
    difference = np.abs(before - after).sum(axis=2)
    return difference[near].mean(), difference[~near].mean()


@pytest.fixture(scope="module")
def document(small):
    return build_scene(small)


def test_a_picture_shows_something(document):
    seen, _ = pixels(document, None)
    assert seen.shape == (SIZE[1], SIZE[0], 3)
    assert seen.std() > 15
    assert len(np.unique(seen.reshape(-1, 3), axis=0)) > 500


def test_a_machine_that_breaks_turns_red(document):
    working, matrix = pixels(document, snapshot())
    broken, _ = pixels(document, snapshot(STATES | {"m1": 3}))
    lamps = {n.id: n for n in document.nodes if n.asset == "m1" and n.role in {"lamp", "beacon"}}
    poses = worlds(document)
    for lamp in ("m1__lamp_down", "m1__beacon_down"):
        point = tuple(poses[lamps[lamp].id][:3, 3])
        near, elsewhere = changed(working, broken, point, matrix)
        assert near > 10 * elsewhere
        x, y = projected({"p": point}, matrix, SIZE)["p"]
        red, green, blue = broken[round(y), round(x)]
        assert red > 150
        assert red > 2 * max(green, blue)


def test_each_state_looks_different(document):
    seen = [pixels(document, snapshot(STATES | {"m1": state}))[0] for state in range(6)]
    for k, one in enumerate(seen):
        for other in seen[k + 1 :]:
            assert np.abs(one - other).sum() > 2000


def test_a_part_is_seen_where_the_closed_form_puts_it(document):
    empty, matrix = pixels(document, snapshot())
    motion = Motion("belt", 0, 0.0, 1.0, 0.0, 20.0)
    part = {"p1": Body("pack", motion)}
    for time_s in (4.0, 10.0, 16.0):
        seen, _ = pixels(document, snapshot(bodies=part, time_s=time_s))
        (x, y, z), _ = document.place(motion, time_s)
        near, elsewhere = changed(empty, seen, (x, y, z + 0.2), matrix, reach=10)
        assert near > 40
        assert near > 20 * elsewhere


def test_a_vehicle_is_seen_on_its_way(document):
    empty, matrix = pixels(document, snapshot())
    motion = Motion("park>out", 0, 0.0, 1.0, 0.0, 10.0)
    seen, _ = pixels(document, snapshot(bodies={"v": Body("vehicle:agv", motion)}, time_s=5.0))
    (x, y, z), _ = document.place(motion, 5.0)
    near, elsewhere = changed(empty, seen, (x, y, z - 0.2), matrix)
    assert near > 20 * elsewhere


def test_the_same_snapshot_gives_the_same_picture(document):
    one, _ = pixels(document, snapshot())
    other, _ = pixels(document, snapshot())
    assert np.abs(one - other).max() <= 2


def test_a_shot_is_written(small, tmp_path):
    path = tmp_path / "line.png"
    picture = shot(small, snapshot(), path, SIZE, language="zh", fine=False)
    assert picture.size == SIZE
    assert np.array_equal(np.asarray(Image.open(path)), np.asarray(picture))


def test_a_path_that_cannot_be_written_is_named(small, tmp_path):
    with pytest.raises(ViewError, match=r"nowhere.*line\.png"):
        shot(small, None, tmp_path / "nowhere" / "line.png", SIZE, fine=False)


def test_an_unknown_view_is_named(small):
    with pytest.raises(ViewError, match="overview, front"):
        shot(small, None, None, SIZE, camera="backstage")


def test_labels_keep_out_of_each_other(document):
    points = {name: asset.label_m for name, asset in document.assets.items()}
    _, matrix = pixels(document, snapshot())
    overlay = Overlay(document, "en")
    size = (1280, 720)
    boxes = overlay.label_boxes(size, snapshot(), projected(points, matrix, size))
    assert len(boxes) >= 5
    for k, a in enumerate(boxes):
        for b in boxes[k + 1 :]:
            assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]


def test_an_asset_can_be_looked_at(small):
    view = near(build_scene(small), "m1")
    _, matrix = rendered(build_scene(small), None, SIZE, view, 1)
    x, y = projected({"m1": build_scene(small).assets["m1"].position_m}, matrix, SIZE)["m1"]
    assert abs(x - SIZE[0] / 2) < SIZE[0] / 4
    assert abs(y - SIZE[1] / 2) < SIZE[1] / 2


def test_the_picture_is_the_one_that_was_looked_at(document):
    """Compares with a picture that a person has seen; PILOTLINE_REDRAW=1 draws it anew."""
    motions = {
        "p1": Body("pack", Motion("belt", 0, 0.0, 1.0, 0.0, 20.0)),
        "p2": Body("pack", Motion("m1", 0, 0.5, 0.5, 0.0, 0.0)),
        "p3": Body("pack", Motion("park", 0, 0.5, 0.5, 0.0, 0.0), good=False),
        "v1": Body("vehicle:agv", Motion("park>out", 0, 0.0, 1.0, 0.0, 20.0)),
    }
    state = snapshot(STATES | {"eol": 3, "fix": 2}, motions, time_s=9.0)
    picture, _ = rendered(document, state, SIZE, "overview", 2)
    if os.environ.get("PILOTLINE_REDRAW"):
        picture.save(GOLDEN)
    seen = np.asarray(picture).astype(int)
    golden = np.asarray(Image.open(GOLDEN).convert("RGB")).astype(int)
    difference = np.abs(seen - golden).max(axis=2)
    assert difference.mean() < 3
    assert (difference > 60).mean() < 0.01
