"""Workcells over HTTP: points, forces, the soft PLC and its program, traces, who may do what."""

import asyncio
import csv
from io import StringIO
from typing import get_args

import httpx
import pytest
from api_world import HOST
from beside import Beside
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.api import Access, Hub, Role, create_api
from twin.api.cell_shapes import Verb
from twin.api.live import LiveRun
from twin.api.traces import Recorder
from twin.kernel.command import Command
from twin.spec.line import LineSpec
from twin.spec.load import parse_model

CELL = "/api/v1/runs/run/cells/cell"
PROGRAM = """\
PROGRAM main
  VAR
    starts : CTU;
  END_VAR
  starts(CU := panel_start, PV := 3);
  panel_start_lamp := panel_start;
  tower_green := starts.Q;
END_PROGRAM
"""
LINE = """\
schema: pilotline.line/1
id: trial
parts: [{id: module}]
assets:
- {id: feed, kind: source, part: module, interarrival_s: 1000}
- id: cell
  kind: workcell
  title: {en: Trial cell, zh: 试验单元}
  control: {program: {text: %s}}
  bodies:
  - {id: infeed, kind: belt, length_m: 2, at_m: [0, 0, 0.8]}
  - {id: way_in, kind: entry, to: infeed}
  - {id: way_out, kind: exit, from: infeed}
  - {id: seen, kind: sensor, sees: infeed, along_m: 1.0, title: {en: Eye, zh: 光眼}}
  - {id: panel, kind: panel, at_m: [0, -1, 0]}
  - {id: tower, kind: stack_light, at_m: [0.5, -1, 0]}
- {id: out, kind: sink}
flow:
- [feed, cell, out]
"""


def line(program: str = PROGRAM) -> LineSpec:
    return parse_model(LINE % repr(program).replace("'", '"'), LineSpec)


class CellWorld:
    """An app with one paused run of a line with one workcell, and a token for each role."""

    def __init__(self) -> None:
        self.live = LiveRun(line(), rate=0.0)
        hub, self.access = Hub(), Access()
        hub.add(self.live)
        self.tokens = {role: self.access.grant(role) for role in Role}
        self.app = create_api(hub, self.access)

    def client(self, role: Role | None = Role.OPERATOR) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 5000))
        return httpx.AsyncClient(transport=transport, base_url=HOST, headers=headers)

    def write(self, point: str, value: object, at_s: float) -> None:
        self.live.runner.run_until(at_s)
        self.live.runner.apply(
            Command("write", f"cell/{point}", {"value": value}, "test"), at_s=at_s
        )

    def run(self, until_s: float) -> None:
        self.live.runner.run_until(until_s)


@pytest.fixture
def cells() -> CellWorld:
    return CellWorld()


def points(answer: httpx.Response) -> dict[str, dict]:
    return {point["name"]: point for point in answer.json()["points"]}


async def test_a_workcell_tells_its_points_with_addresses_and_comments(cells: CellWorld) -> None:
    async with cells.client(None) as visitor:
        listed = (await visitor.get("/api/v1/runs/run/cells")).json()
        answer = await visitor.get(CELL)
    assert [(cell["id"], cell["title"]["zh"]) for cell in listed] == [("cell", "试验单元")]
    found = points(answer)
    assert listed[0]["points"] == len(found)
    start = found["panel_start"]
    assert (start["direction"], start["type"], start["path"]) == (
        "operator", "BOOL", "cell/panel_start",
    )  # fmt: skip
    assert found["infeed_run"]["address"].startswith("%QX")
    assert found["seen"]["comment"]["en"].startswith("Eye")
    assert found["seen"]["comment"]["zh"].startswith("光眼")
    assert found["panel_stop"]["value"] is True
    assert answer.json()["plc"]["mode"] == "run"
    assert answer.json()["owner"] == "plc"


async def test_a_force_wins_over_what_is_written_until_it_is_released(cells: CellWorld) -> None:
    cells.run(0.5)
    async with cells.client() as operator:
        done = await operator.post(
            f"{CELL}/commands", json={"verb": "force", "point": "tower_green", "value": True}
        )
        assert done.status_code == 200
        assert done.json()["target"] == "cell/tower_green"
        green = points(await operator.get(CELL))["tower_green"]
        assert (green["value"], green["forced"], green["raw"]) == (True, True, False)
        assert green["writer"] == "plc"
        status = (await operator.get(f"{CELL}/status")).json()
        assert (status["forced"], status["raw"]) == (
            {"tower_green": True},
            {"tower_green": False},
        )
        await operator.post(f"{CELL}/commands", json={"verb": "release", "point": "tower_green"})
        green = points(await operator.get(CELL))["tower_green"]
        assert (green["value"], green["forced"]) == (False, None)


async def test_what_is_stuck_is_hidden_until_its_body_is_repaired(cells: CellWorld) -> None:
    cells.live.runner.apply(Command("break", "cell/tower_green", {"value": True}, "scenario:e"))
    cells.run(0.5)
    async with cells.client() as operator:
        green = points(await operator.get(CELL))["tower_green"]
        assert (green["value"], green["forced"], green["raw"]) == (True, None, True)
        assert (await operator.get(f"{CELL}/status")).json()["forced"] == {}
        for body, status in (("tower", 200), ("tower", 409), ("towr", 404), (None, 422)):
            done = await operator.post(f"{CELL}/commands", json={"verb": "repair", "body": body})
            assert done.status_code == status, done.text
        green = points(await operator.get(CELL))["tower_green"]
        assert (green["value"], green["raw"]) == (False, False)


async def test_who_writes_an_output_takes_the_cell_and_gives_it_back(cells: CellWorld) -> None:
    async with cells.client() as operator:
        wish = {"verb": "write", "point": "infeed_run", "value": True}
        await operator.post(f"{CELL}/commands", json=wish)
        assert (await operator.get(f"{CELL}/status")).json()["owner"] == "operator"
        await operator.post(f"{CELL}/commands", json={"verb": "control", "owner": "plc"})
        assert (await operator.get(f"{CELL}/status")).json()["owner"] == "plc"


async def test_the_link_of_a_controller_outside_is_told_with_its_figures(cells: CellWorld) -> None:
    cells.live.mirror = Beside("cell", None, [])
    wish = Command("write", "cell/infeed_run", {"value": True}, "device:plc")
    cells.live.runner.apply(wish, at_s=0.0)
    async with cells.client(None) as visitor:
        status = (await visitor.get(f"{CELL}/status")).json()
        assert status["owner"] == "device:plc"
        assert status["link"]["state"] == "connected"
        cells.live.command(Command("control", "cell", {"owner": "plc"}, "test"))
        assert (await visitor.get(f"{CELL}/status")).json()["link"] is None


@pytest.mark.parametrize(
    ("wish", "status", "says"),
    [
        ({"verb": "force", "point": "nowhere", "value": True}, 404, "nowhere"),
        ({"verb": "force", "point": "seen"}, 422, "value"),
        ({"verb": "force", "value": True}, 422, "point"),
        ({"verb": "write", "point": "seen", "value": True}, 409, "seen"),
        ({"verb": "force", "point": "seen", "value": "yes"}, 409, ""),
        ({"verb": "explode"}, 422, "verb"),
        ({"verb": "enter", "zone": "moon"}, 409, "moon"),
        ({"verb": "remove", "part": 99}, 409, "99"),
        ({"verb": "control", "owner": "me"}, 422, "owner"),
    ],
)
async def test_a_wrong_wish_is_refused_with_a_reason(
    cells: CellWorld, wish: dict, status: int, says: str
) -> None:
    async with cells.client() as operator:
        answer = await operator.post(f"{CELL}/commands", json=wish)
    assert answer.status_code == status, answer.text
    assert says in answer.json()["detail"]


async def test_an_endless_number_is_refused(cells: CellWorld) -> None:
    async with cells.client() as operator:
        said = '{"verb": "force", "point": "seen", "value": Infinity}'
        headers = {"Content-Type": "application/json"}
        answer = await operator.post(f"{CELL}/commands", content=said, headers=headers)
    assert answer.status_code == 422
    assert "inf" in answer.json()["detail"]


async def test_an_unknown_workcell_is_named(cells: CellWorld) -> None:
    async with cells.client() as operator:
        answer = await operator.get("/api/v1/runs/run/cells/other")
    assert answer.status_code == 404
    assert "cell" in answer.json()["detail"]


async def test_a_program_is_checked_refused_and_loaded(cells: CellWorld) -> None:
    faulty = PROGRAM.replace("panel_start_lamp :=", "panel_start_lamb :=")
    async with cells.client() as operator:
        before = (await operator.get(f"{CELL}/program")).json()
        assert before["text"] == PROGRAM
        found = (await operator.post(f"{CELL}/program/check", json={"text": faulty})).json()
        assert [entry["line"] for entry in found if entry["severity"] == "error"] == [6]
        assert "panel_start_lamp" in found[0]["text"]["en"]
        assert found[0]["text"]["zh"] != found[0]["text"]["en"]
        refused = await operator.put(f"{CELL}/program", json={"text": faulty})
        assert refused.status_code == 409
        assert (await operator.get(f"{CELL}/program")).json() == before
        other = PROGRAM.replace("PV := 3", "PV := 1")
        assert (await operator.put(f"{CELL}/program", json={"text": other})).status_code == 200
        after = (await operator.get(f"{CELL}/program")).json()
        assert after["text"] == other
        assert after["plc"]["program"] != before["plc"]["program"]
        assert after["plc"]["mode"] == "run"


async def test_variables_are_read_and_written(cells: CellWorld) -> None:
    cells.write("panel_start", True, 1.0)
    cells.run(2.0)
    async with cells.client() as operator:
        known = {v["path"]: v for v in (await operator.get(f"{CELL}/variables")).json()}
        path = next(path for path in known if path.endswith("starts.CV"))
        assert known[path]["value"] == 1
        wish = {"verb": "plc_write", "path": path, "value": 7}
        assert (await operator.post(f"{CELL}/commands", json=wish)).status_code == 200
        known = {v["path"]: v for v in (await operator.get(f"{CELL}/variables")).json()}
        assert known[path]["value"] == 7
        stopped = await operator.post(f"{CELL}/commands", json={"verb": "plc_stop"})
        assert stopped.status_code == 200
        assert (await operator.get(f"{CELL}/status")).json()["plc"]["mode"] == "stop"


def same(samples: list, wanted: list[tuple[float, bool]]) -> bool:
    """Tell whether samples are these; a command acts within a rounding error of its time."""
    times = [time_s for time_s, _ in wanted]
    return [value for _, value in samples] == [value for _, value in wanted] and [
        time_s for time_s, _ in samples
    ] == pytest.approx(times, abs=1e-9)


async def test_a_trace_has_each_change_at_its_exact_time(cells: CellWorld) -> None:
    for at_s, value in ((1.25, True), (1.5, False), (3.125, True)):
        cells.write("panel_start", value, at_s)
    cells.run(4.0)
    async with cells.client(None) as visitor:
        whole = (await visitor.get(f"{CELL}/trace?points=panel_start,seen")).json()
        late = (await visitor.get(f"{CELL}/trace?points=panel_start&since=1.5")).json()
        wrong = await visitor.get(f"{CELL}/trace?points=nothing")
    edges = [(1.25, True), (1.5, False), (3.125, True)]
    assert list(whole["points"]) == ["panel_start", "seen"]
    assert same(whole["points"]["panel_start"], [(0.0, False), *edges])
    assert same(whole["points"]["seen"], [(0.0, False)])
    assert same(late["points"]["panel_start"], edges)
    assert wrong.status_code == 404


async def test_a_run_that_begins_again_is_recorded_anew(cells: CellWorld) -> None:
    cells.write("panel_start", True, 1.0)
    async with cells.client(None) as visitor:
        first = (await visitor.get(f"{CELL}/trace?points=panel_start")).json()
        cells.live.reset()
        cells.write("panel_start", True, 0.5)
        again = (await visitor.get(f"{CELL}/trace?points=panel_start")).json()
    assert same(first["points"]["panel_start"], [(0.0, False), (1.0, True)])
    assert same(again["points"]["panel_start"], [(0.0, False), (0.5, True)])
    assert again["epoch"] != first["epoch"]


def test_only_the_latest_changes_are_kept() -> None:
    live = LiveRun(line(), rate=0.0)
    recorder = Recorder(live.workcells["cell"], kept=4)
    for step in range(10):
        command = Command("write", "cell/panel_start", {"value": step % 2 == 0}, "test")
        live.runner.run_until(float(step + 1))
        live.runner.apply(command, at_s=float(step + 1))
    samples = recorder.read(["panel_start"])["panel_start"]
    assert same(samples, [(7.0, True), (8.0, False), (9.0, True), (10.0, False)])


async def test_the_table_of_points_opens_in_a_spreadsheet(cells: CellWorld) -> None:
    async with cells.client(None) as visitor:
        answer = await visitor.get(f"{CELL}/signals.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    by_name = {row["name"]: row for row in rows}
    assert len(rows) == len(cells.live.workcells["cell"].points)
    assert by_name["seen"]["comment_zh"].startswith("光眼")
    assert by_name["panel_stop"]["value"] == "True"


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
VALUES |= st.floats(allow_nan=False, allow_infinity=False)
WISHES = st.fixed_dictionaries(
    {"verb": st.sampled_from(get_args(Verb))},
    optional={
        "point": st.sampled_from(["seen", "infeed_run", "panel_start", "panel_estop", "moon"]),
        "value": VALUES,
        "part": st.none() | st.integers(),
        "zone": VALUES,
        "owner": st.sampled_from(["plc", "", "me"]),
        "text": st.text(max_size=40) | st.just(PROGRAM),
        "cold": VALUES,
        "path": st.sampled_from(["main.starts.CV", "seen", "moon", ""]),
    },
)


@settings(max_examples=25, deadline=None)
@given(wishes=st.lists(WISHES, max_size=6))
def test_any_wishes_get_results_or_problems(wishes: list[dict]) -> None:
    async def ask() -> None:
        cells = CellWorld()
        async with cells.client() as operator:
            for second, wish in enumerate(wishes):
                answer = await operator.post(f"{CELL}/commands", json=wish)
                assert answer.status_code < 500, (wish, answer.text)
                cells.run(second + 1.0)
                for part in ("", "/status", "/variables", "/program", "/trace"):
                    assert (await operator.get(f"{CELL}{part}")).status_code == 200, (wish, part)

    asyncio.run(ask())


WRITES = [
    ("POST", f"{CELL}/commands", {"verb": "force", "point": "seen", "value": True}),
    ("POST", f"{CELL}/program/check", {"text": PROGRAM}),
    ("PUT", f"{CELL}/program", {"text": PROGRAM}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
async def test_only_who_may_operate_acts_on_a_workcell(
    cells: CellWorld, method: str, path: str, body: dict
) -> None:
    async with cells.client(None) as stranger, cells.client(Role.VIEWER) as viewer:
        assert (await stranger.request(method, path, json=body)).status_code == 401
        assert (await viewer.request(method, path, json=body)).status_code == 403
    assert [entry.command.verb for entry in cells.live.record().log] == []
    async with cells.client(Role.OPERATOR) as operator:
        assert (await operator.request(method, path, json=body)).status_code == 200
