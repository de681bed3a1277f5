"""The 3D view in a real browser puts joints, parts and lamps where the scene's own forms do."""

import random  # noqa: TID251 - picks examples, nothing that a run depends on
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from twin.spec.line import LineSpec
from twin.wire.model import Body, Delta, Piece, Ride, SignalState, Snapshot
from twin.wire.model import Path as Way
from viewer.scene import SceneDocument, build_scene
from viewer.scene.frames import Frames

from .lab_browser import chromium
from .scene_page import ScenePage

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = pytest.mark.needs_browser

ZOO = Path(__file__).parents[1] / "unit" / "viewer" / "all_bodies.yaml"
NOW_S = 100.0
BELT: Way = (Piece(90.0, 0.0, 0.1), Piece(95.0, 0.5))
PART = Ride("zoo__infeed", 0.0, 0.02, 0.0, 0.1, 1.0, 0.0, 0.0, (Piece(0.0, 0.7),))
EYE = "hall/zoo/eye"


def way(draw: random.Random) -> Way:
    begin_s = sorted(NOW_S + draw.uniform(-2, 2) for _ in range(3))
    return tuple(Piece(t0, *(draw.uniform(-1, 1) for _ in range(4))) for t0 in begin_s)


def listed(path: Way) -> list[list[float]]:
    return [list(piece) for piece in path]


@pytest.fixture(scope="module")
def document() -> SceneDocument:
    return build_scene(LineSpec.model_validate(YAML(typ="safe").load(ZOO)))


@pytest.fixture(scope="module")
def served(document: SceneDocument) -> Iterator[ScenePage]:
    first = Snapshot(
        "r", "all_bodies", 1, NOW_S, 0.0,
        {EYE: SignalState(False, "good", 0.0)},
        {"p1": Body("box", PART)}, [], {}, {"zoo/infeed": BELT},
    )  # fmt: skip
    with ScenePage(document, first, "zoo") as page:
        yield page


@pytest.fixture(scope="module")
def page(served: ScenePage) -> Iterator["sync_api.Page"]:
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 640, "height": 400})
        opened.goto(served.url)
        opened.wait_for_function("window.pilotline && pilotline.connected && pilotline.frames > 1")
        yield opened


def test_every_moving_node_is_where_the_document_says(
    page: "sync_api.Page", document: SceneDocument
) -> None:
    draw = random.Random(3)
    joints = {node.joint.id: way(draw) for node in document.nodes if node.joint}
    moving = [node.id for node in document.nodes if node.joint] + ["zoo__grip", "zoo__stack"]
    assert len(moving) > 40
    times_s = [NOW_S + draw.uniform(-3, 3) for _ in moving]
    found = page.evaluate(
        "([ids, times, joints]) => ids.map((id, k) => pilotline.nodePose(id, times[k], joints))",
        [moving, times_s, {name: listed(path) for name, path in joints.items()}],
    )
    frames = Frames(document)
    for name, time_s, matrix in zip(moving, times_s, found, strict=True):
        wanted = frames.at(joints, time_s).pose(name)
        assert wanted == pytest.approx(np.array(matrix).reshape(4, 4).T, abs=2e-4), name


def test_every_ride_is_where_the_document_says(
    page: "sync_api.Page", document: SceneDocument
) -> None:
    draw = random.Random(4)
    joints = {node.joint.id: way(draw) for node in document.nodes if node.joint}
    names = ["zoo", "zoo__infeed", "zoo__dial_seat", "zoo__grip", "zoo__grip__moving", "zoo__stack"]
    cases = [
        (
            Ride(name, *(draw.uniform(-1, 1) for _ in range(7)), way(draw)),
            NOW_S + draw.uniform(-3, 3),
        )
        for name in names * 8
    ]
    found = page.evaluate(
        "([cases, joints]) => cases.map(([ride, time]) => pilotline.poseAt(ride, time, joints))",
        [
            [[[*ride[:-1], listed(ride.path)], time_s] for ride, time_s in cases],
            {name: listed(path) for name, path in joints.items()},
        ],
    )
    frames = Frames(document)
    for (ride, time_s), (x, y, z, heading_rad) in zip(cases, found, strict=True):
        where, facing_rad = frames.at(joints, time_s).place(Body("box", ride))
        assert (x, y, z) == pytest.approx(where, abs=2e-4)
        assert np.cos(heading_rad - facing_rad) == pytest.approx(1.0, abs=1e-6)


def test_what_the_stream_says_is_shown(
    page: "sync_api.Page", served: ScenePage, document: SceneDocument
) -> None:
    assert page.evaluate("pilotline.joint('zoo/infeed')") == pytest.approx(0.5)
    where, _ = Frames(document).at({}, NOW_S).place(Body("box", PART))
    assert page.evaluate("pilotline.bodies().p1.slice(0, 3)") == pytest.approx(where, abs=1e-4)
    assert page.evaluate("pilotline.lit('zoo__eye__beam')") is False
    held = Ride("zoo__grip", 0.0, 0.0, -0.1, 0.0, 1.0, 0.0, 0.0, (Piece(0.0, 0.0),))
    shut = SignalState(False, "good", NOW_S)
    signals = {EYE: SignalState(True, "good", NOW_S), "hall/zoo/gate_closed": shut}
    joints = {"zoo/x": (Piece(0.0, 1.0),)}
    served.say(Delta(2, NOW_S, 0.0, signals, {"p1": Body("box", held)}, joints=joints))
    page.wait_for_function("pilotline.lit('zoo__eye__beam') === true")
    grip = Frames(document).at({"zoo/x": (Piece(0.0, 1.0),)}, NOW_S).pose("zoo__grip")
    page.wait_for_function("pilotline.joint('zoo/x') === 1")
    assert page.evaluate("pilotline.joint('zoo/gate')") == 1
    open_ = Frames(document).at({}, NOW_S, {"hall/zoo/gate_closed": shut}).pose("zoo__gate__moving")
    found = np.array(page.evaluate("pilotline.nodePose('zoo__gate__moving')")).reshape(4, 4).T
    assert open_ == pytest.approx(found, abs=2e-4)
    x, y, z = (grip @ [0.0, 0.0, -0.1, 1.0])[:3]
    assert page.evaluate("pilotline.bodies().p1.slice(0, 3)") == pytest.approx([x, y, z], abs=1e-4)


def test_a_click_chooses_a_body_of_the_workcell(page: "sync_api.Page") -> None:
    """The middle of the picture that looks at the panel's desk is the panel's desk."""
    page.evaluate("pilotline.lookAt('zoo__panel__desk', [0.5, -1.2, 0.9])")
    page.evaluate("window.selected.length = 0")
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("selected.length > 0")
    assert page.evaluate("selected") == ["zoo/panel"]
