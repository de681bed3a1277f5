"""Robots over HTTP: state, program, checks, commands, who may do what."""

from collections.abc import AsyncIterator, Callable
from math import atan2, degrees
from pathlib import Path

import httpx
import pytest
from api_world import HOST

from twin.api import Access, Hub, Role, create_api
from twin.api.live import LiveRun
from twin.spec import load_line
from twin.spec.messages import message

pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")

CELL = Path(__file__).parents[2] / "system" / "robot_cell.yaml"
ROBOTS = "/api/v1/runs/run/robots"
ARM = f"{ROBOTS}/lab/arm"
Client = Callable[[Role | None], httpx.AsyncClient]


@pytest.fixture
async def live() -> LiveRun:
    return LiveRun(load_line(CELL), run_id="run", seed=1, rate=0.0)


@pytest.fixture
async def client(live: LiveRun) -> AsyncIterator[Client]:
    hub, access = Hub(), Access()
    hub.add(live)
    app = create_api(hub, access, writes_per_s=1000.0)
    opened: list[httpx.AsyncClient] = []

    def make(role: Role | None) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {access.grant(role)}"} if role else {}
        transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 5000))
        opened.append(httpx.AsyncClient(transport=transport, base_url=HOST, headers=headers))
        return opened[-1]

    yield make
    for each in opened:
        await each.aclose()


async def do(client: httpx.AsyncClient, verb: str, **args: object) -> httpx.Response:
    return await client.post(f"{ARM}/commands", json={"verb": verb, "args": args})


async def test_the_robots_are_listed(client: Client) -> None:
    answer = (await client(None).get(ROBOTS)).json()
    title = {"en": "Robot arm", "zh": "机械臂"}
    assert answer == [{"cell": "lab", "id": "arm", "title": title, "arm": "six", "mode": "auto"}]


async def test_a_robot_tells_its_joints_and_its_program(client: Client) -> None:
    told = (await client(None).get(ARM)).json()
    assert [round(joint["value"], 6) for joint in told["robot"]["joints"]] == [0, 0, 0, 0, 90, 0]
    assert told["robot"]["ready"] is False
    assert told["robot"]["why_not"]["zh"]
    assert told["program"]["mode"] == "ready"
    assert "PROC main()" in told["program"]["text"]


async def test_an_operator_steps_a_joint_in_manual(client: Client, live: LiveRun) -> None:
    operator = client(Role.OPERATOR)
    for verb, args in (
        ("mode", {"mode": "manual"}), ("motors", {"on": True}), ("enabling", {"on": True}),
        ("jog_step", {"frame": "joint", "axis": 0, "by": 5.0}),
    ):  # fmt: skip
        assert (await do(operator, verb, **args)).status_code == 200, verb
    path = (await operator.get(f"{ARM}/path")).json()["points"]
    assert len(path) > 2
    live.runner.run_until(5.0)
    told = (await operator.get(ARM)).json()["robot"]
    assert told["joints"][0]["value"] == pytest.approx(5.0)
    assert told["tip"][:3] == pytest.approx(path[-1], abs=1e-6)


async def test_in_auto_nobody_jogs_and_the_answer_says_why(client: Client) -> None:
    operator = client(Role.OPERATOR)
    await do(operator, "motors", on=True)
    answer = await do(operator, "jog", frame="joint", axis=0, way=1)
    assert answer.status_code == 409
    assert "manual" in answer.json()["detail"]


async def test_a_refusal_is_told_in_the_language_that_is_asked_for(client: Client) -> None:
    operator = client(Role.OPERATOR)
    wish = {"verb": "jog", "args": {"frame": "joint", "axis": 0, "way": 1}}
    said = {}
    for language in ("zh-CN,zh;q=0.9,en;q=0.8", "en-GB", "de"):
        headers = {"Accept-Language": language}
        answer = await operator.post(f"{ARM}/commands", json=wish, headers=headers)
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        said[answer.headers["content-language"]] = answer.json()["detail"]
    assert said == {
        "zh-CN": message("robot.in_auto", "zh", robot="arm"),
        "en": message("robot.in_auto", "en", robot="arm"),
    }


async def test_a_program_is_checked_but_not_loaded(client: Client) -> None:
    operator = client(Role.OPERATOR)
    before = (await operator.get(ARM)).json()["program"]["text"]
    text = "MODULE m\n  PROC main()\n    MoveJ p9, v100, fine, tool0;\n  ENDPROC\nENDMODULE\n"
    found = (await operator.post(f"{ARM}/check", json={"text": text})).json()
    assert [entry["line"] for entry in found if entry["severity"] == "error"] == [3]
    assert "p9" in found[0]["text"]["en"]
    assert found[0]["text"]["zh"] != found[0]["text"]["en"]
    assert (await operator.get(ARM)).json()["program"]["text"] == before


async def test_who_only_looks_may_not_move_it(client: Client) -> None:
    assert (await do(client(None), "motors", on=True)).status_code == 401
    assert (await do(client(Role.VIEWER), "motors", on=True)).status_code == 403
    for role, status in ((None, 401), (Role.VIEWER, 403)):
        answer = await client(role).post(f"{ARM}/check", json={"text": "MODULE m\nENDMODULE\n"})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("path", "status"), [(f"{ROBOTS}/lab/legs", 404), (f"{ROBOTS}/nowhere/arm", 404)]
)
async def test_what_is_not_there_is_said_with_what_is(
    client: Client, path: str, status: int
) -> None:
    answer = await client(None).get(path)
    assert answer.status_code == status
    assert "arm" in answer.json()["detail"] or "lab" in answer.json()["detail"]


async def test_a_wrong_verb_is_answered_with_the_right_ones(client: Client) -> None:
    answer = await do(client(Role.OPERATOR), "dance")
    assert answer.status_code == 422
    assert "jog" in answer.json()["detail"]


async def by_hand(client: httpx.AsyncClient, **jog: object) -> None:
    for verb, args in (
        ("mode", {"mode": "manual"}), ("motors", {"on": True}), ("enabling", {"on": True}),
    ):  # fmt: skip
        assert (await do(client, verb, **args)).status_code == 200, verb
    assert (await do(client, "jog_step", **jog)).status_code == 200


async def test_the_trace_is_where_the_tool_has_been(client: Client, live: LiveRun) -> None:
    operator = client(Role.OPERATOR)
    await operator.get(f"{ARM}/trace")
    await by_hand(operator, frame="joint", axis=0, by=30.0)
    ahead = (await operator.get(f"{ARM}/path")).json()
    begun, half = ahead["from_s"], (ahead["from_s"] + ahead["ends_s"]) / 2
    live.runner.run_until(half)
    # It is stopped half way, and goes back: the first half has been, the second never was.
    await do(operator, "enabling", on=False)
    live.runner.run_until(half + 1.0)
    turned = (await operator.get(ARM)).json()["robot"]["joints"][0]["value"]
    await by_hand(operator, frame="joint", axis=0, by=-5.0)
    live.runner.run_until(half + 3.0)
    points = (await operator.get(f"{ARM}/trace?seconds=60")).json()["points"]
    angles = [degrees(atan2(y, x)) for _, x, y, _ in points]
    assert max(angles) == pytest.approx(turned, abs=0.2)
    assert 10.0 < turned < 25.0
    assert angles[0] == pytest.approx(0.0, abs=1e-6)
    assert angles[-1] == pytest.approx(turned - 5.0, abs=1e-6)
    times = [time_s for time_s, *_ in points]
    assert times == sorted(times)
    for time_s, *place in points:
        if begun <= time_s <= half:
            share = (time_s - begun) / (ahead["ends_s"] - begun) * (len(ahead["points"]) - 1)
            near = ahead["points"][round(share)]
            assert place == pytest.approx(near, abs=0.02)
    late = (await operator.get(f"{ARM}/trace?seconds=0.5")).json()["points"]
    assert late[0][0] >= half + 2.5
    assert late[-1] == points[-1]


async def test_a_trace_has_an_end(client: Client) -> None:
    viewer = client(None)
    for seconds in ("0", "-1", "61", "nan", "x"):
        assert (await viewer.get(f"{ARM}/trace?seconds={seconds}")).status_code == 422, seconds
    assert len((await viewer.get(f"{ARM}/trace")).json()["points"]) == 1


async def test_a_stop_names_things_by_their_titles(client: Client, live: LiveRun) -> None:
    operator = client(Role.OPERATOR)
    await by_hand(operator, frame="joint", axis=0, by=80.0)
    live.runner.run_until(20.0)
    robot = (await operator.get(ARM)).json()["robot"]
    assert "Fixture" in robot["fault"]["en"]
    assert "夹具" in robot["fault"]["zh"]
    assert "fixture" not in robot["fault"]["zh"]
    assert robot["nearest"]["other"] == "fixture"
    assert robot["nearest"]["other_text"] == {"en": "Fixture", "zh": "夹具"}
    assert "夹具" in robot["why_not"]["zh"]
    status = (await operator.get("/api/v1/runs/run/cells/lab/status")).json()
    text = status["incidents"][-1]["text"]
    assert "夹具" in text["zh"]
    assert "fixture" not in text["zh"]
    refused = await do(operator, "jog", frame="joint", axis=0, way=1)
    assert "Fixture" in refused.json()["detail"]
    alarms = (await operator.get("/api/v1/runs/run/alarms")).json()
    assert any("夹具" in str(alarm) for alarm in alarms)
