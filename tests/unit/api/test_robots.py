"""Robots over HTTP: state, program, checks, commands, who may do what."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from api_world import HOST

from twin.api import Access, Hub, Role, create_api
from twin.api.live import LiveRun
from twin.spec import load_line

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
