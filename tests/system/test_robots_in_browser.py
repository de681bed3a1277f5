"""The 3D view in a real browser has every link of every arm where the plant has it."""

import random  # noqa: TID251 - picks examples, nothing that a run depends on
from collections.abc import Iterator

import numpy as np
import pytest

from twin.plant.robot.arm import Arm, load_arm
from twin.plant.robot.placement import OVER
from twin.spec.errors import SpecError
from twin.spec.line import LineSpec
from twin.wire.model import Body, Path, Piece, Ride, Snapshot, along
from viewer.scene import SceneDocument, build_scene
from viewer.scene.cells.robots import node_name
from viewer.scene.frames import Frames

from .lab_browser import chromium
from .scene_page import ScenePage

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")

pytestmark = [pytest.mark.needs_browser, pytest.mark.timeout(300)]

HELD = Ride("lab__grip", 0.0, 0.0, -0.05, 0.6, 1.0, 0.0, 0.0, (Piece(0.0, 0.0),))


def installed() -> dict[str, Arm]:
    arms = {}
    for name in ("six", "scara", "ur5", "ur10", "panda"):
        try:
            arms[name] = load_arm(name)
        except SpecError:
            continue  # a model of the extra `robot-models`
    return arms


ARMS = installed()


@pytest.fixture(scope="module")
def document() -> SceneDocument:
    robots = [
        {"id": name, "kind": "robot", "arm": name, "at_m": [1.5 * k, 1.2, 0.4],
         "heading_deg": 40 * k, "pedestal_m": 0.4}
        for k, name in enumerate(ARMS)
    ]  # fmt: skip
    bodies = [
        {"id": "infeed", "kind": "belt", "length_m": 1.0, "speed_m_s": 0.2},
        {"id": "supply", "kind": "entry", "to": "infeed"},
        {"id": "way_out", "kind": "exit", "from": "infeed"},
        *robots,
        {"id": "grip", "kind": "gripper", "type": "vacuum", "on": "six", "at_m": [0, 0, -0.15]},
    ]
    return build_scene(
        LineSpec.model_validate(
            {
                "schema": "pilotline.line/1",
                "id": "arms",
                "parts": [{"id": "box", "size_m": [0.1, 0.1, 0.05]}],
                "assets": [
                    {"id": "feed", "kind": "source", "part": "box"},
                    {"id": "lab", "kind": "workcell", "bodies": bodies},
                    {"id": "out", "kind": "sink"},
                ],
                "flow": [["feed", "lab", "out"]],
            }
        )
    )


@pytest.fixture(scope="module")
def page(document: SceneDocument) -> Iterator["sync_api.Page"]:
    bent = {"lab/six/j5": (Piece(0.0, 0.5),)}
    first = Snapshot("r", "arms", 1, 9.0, 0.0, {}, {"p": Body("box", HELD)}, [], {}, bent)
    with ScenePage(document, first, "lab") as served, chromium() as browser:
        opened = browser.new_page(viewport={"width": 640, "height": 400})
        opened.goto(served.url)
        opened.wait_for_function("window.pilotline && pilotline.connected && pilotline.frames > 1")
        yield opened


def track(draw: random.Random, low: float, high: float) -> Path:
    return tuple(
        Piece(t0, draw.uniform(low, high), *(draw.uniform(-1, 1) for _ in range(3)))
        for t0 in (1.0, 1.2, 1.5)
    )


@pytest.mark.parametrize("name", ARMS)
def test_every_link_is_where_the_plant_has_it(
    page: "sync_api.Page", document: SceneDocument, name: str
) -> None:
    arm, draw = ARMS[name], random.Random(11)
    links = [f"lab__{name}__{node_name(link.name)}" for link in arm.description.links]
    asked = [*links, f"lab__{name}__moving"]
    foot = Frames(document).pose(f"lab__{name}")
    for _ in range(10):
        tracks = {
            f"lab/{name}/j{k}": track(draw, joint.low, joint.high)
            for k, joint in enumerate(arm.joints, 1)
        }
        time_s = draw.uniform(0.9, 2.0)
        found = page.evaluate(
            "([ids, time, joints]) => ids.map((id) => pilotline.nodePose(id, time, joints))",
            [asked, time_s, {j: [list(p) for p in path] for j, path in tracks.items()}],
        )
        q = [along(path, time_s) for path in tracks.values()]
        wanted = [*(link.matrix() for link in arm.links(q)), arm.flange(q).then(OVER).matrix()]
        for node, matrix, own in zip(asked, found, wanted, strict=True):
            assert pytest.approx(foot @ own, abs=1e-6) == np.array(matrix).reshape(4, 4).T, node


def test_the_axes_of_a_tool_show_when_they_are_asked_for_and_stand_at_its_point(
    page: "sync_api.Page", document: SceneDocument
) -> None:
    seen = "pilotline.shown('lab__six__tool_x')"
    assert page.evaluate(seen) is False
    flange = [0.1, 0.2, 0.9, 1.0, 0.0, 0.0, 0.0]
    tip = [0.1, 0.2, 1.1, 1.0, 0.0, 0.0, 0.0]
    near = {"distance_m": 0.05, "point": [0, 0, 1], "other_point": [0, 0, 1.05]}
    state = {"flange": flange, "tip": tip, "nearest": near, "moving": False, "ghost": [0.0] * 6}
    told = {
        "id": "six", "node": "lab__six", "joint": "lab/six/j", "state": state,
        "show": {"axes": True, "trace": True, "ghost": True},
    }  # fmt: skip
    page.evaluate("(told) => pilotline.robot(told)", told)
    assert page.evaluate(seen) is True
    joints = {"lab/six/j5": (Piece(0.0, 0.5),)}
    hand = Frames(document).at(joints, 9.0).pose("lab__six__flange")
    found = np.array(page.evaluate("pilotline.nodePose('lab__six__tool')")).reshape(4, 4).T
    assert found[:3, 3] == pytest.approx((hand @ [0.0, 0.0, 0.2, 1.0])[:3], abs=1e-6)
    assert page.evaluate("pilotline.sight().reach") is True
    told["state"] = state | {"nearest": near | {"distance_m": 0.3}}
    told["show"] = {"axes": False, "trace": False, "ghost": False}
    page.evaluate("(told) => pilotline.robot(told)", told)
    assert page.evaluate(seen) is False
    assert page.evaluate("pilotline.sight().reach") is False


def told_of(**changes: object) -> dict[str, object]:
    """What a page tells the view of the robot `six`, which stands as the snapshot says."""
    flange = [0.1, 0.2, 0.9, 1.0, 0.0, 0.0, 0.0]
    state = {"flange": flange, "tip": flange, "nearest": None, "moving": True, "ghost": [0.0] * 6}
    show = {"axes": False, "trace": True, "ghost": True}
    return {
        "id": "six", "node": "lab__six", "joint": "lab/six/j", "state": state | changes,
        "show": show,
    }  # fmt: skip


def test_the_ghost_stands_where_the_arm_has_been_sent(
    page: "sync_api.Page", document: SceneDocument
) -> None:
    goal = [0.4, -0.3, 0.5, 0.1, 0.9, -0.2]
    page.evaluate("(told) => pilotline.robot(told)", told_of(ghost=goal))
    page.wait_for_function("pilotline.sight().ghost")
    joints = {f"lab/six/j{k}": (Piece(0.0, value),) for k, value in enumerate(goal, 1)}
    there = Frames(document).at(joints, 9.0)
    seen = 0
    for node in document.nodes:
        matrix = page.evaluate("(id) => pilotline.ghostPose(id)", node.id)
        if matrix is None:
            continue
        seen += 1
        found = np.array(matrix).reshape(4, 4).T
        assert found == pytest.approx(there.pose(node.id) @ np.diag([*node.size_m, 1.0]), abs=1e-5)
    assert seen > 6
    # The arm itself stands elsewhere; and there is no ghost of an arm that has arrived.
    hand = np.array(page.evaluate("pilotline.nodePose('lab__six__flange')")).reshape(4, 4).T
    assert np.linalg.norm((hand - there.pose("lab__six__flange"))[:3, 3]) > 0.1
    page.evaluate("(told) => pilotline.robot(told)", told_of(moving=False, ghost=goal))
    page.wait_for_function("!pilotline.sight().ghost")


def test_the_way_of_the_tool_is_seen_from_before_the_page_was_opened(
    page: "sync_api.Page",
) -> None:
    page.evaluate("(told) => pilotline.robot(told)", told_of() | {"node": "lab__scara"})
    now = page.evaluate("pilotline.time_s")
    past = {"points": [[now - 3 + k, 0.1 * k, 0.0, 0.5] for k in range(3)]}
    path = {"from_s": now - 1, "ends_s": now + 1000, "points": [[0.1 * k, 0, 0] for k in range(61)]}
    page.evaluate("(told) => pilotline.robot(told)", told_of() | {"past": past, "path": path})
    page.wait_for_function("pilotline.sight().ahead && pilotline.sight().trace")
    assert page.evaluate("pilotline.sight().first_s") == pytest.approx(now - 3)
    path = path | {"ends_s": now - 0.5}
    page.evaluate("(told) => pilotline.robot(told)", told_of() | {"past": past, "path": path})
    page.wait_for_function("!pilotline.sight().ahead")


def test_a_held_part_leans_with_the_gripper(page: "sync_api.Page", document: SceneDocument) -> None:
    frames = Frames(document).at({"lab/six/j5": (Piece(0.0, 0.5),)}, 9.0)
    lies = frames.lie(Body("box", HELD))
    assert abs(lies[2, 2]) < 0.99
    found = np.array(page.evaluate("pilotline.partPose('p')")).reshape(4, 4).T
    assert found == pytest.approx(lies, abs=1e-4)
