"""What the routes answer, and how they refuse."""

import io
import json
import math

import pytest
from api_world import World
from beside import Beside
from PIL import Image

from twin.api import Role
from twin.wire.codec import decode
from twin.wire.model import Snapshot

RUN = "/api/v1/runs/demo"


async def test_runs_are_listed_with_their_time_and_rate(world: World) -> None:
    world.live.tick(5)
    world.live.set_rate(math.inf)
    async with world.client() as client:
        [run] = (await client.get("/api/v1/runs")).json()
    assert run["id"] == "demo"
    assert run["title"] == {"en": "Two machines and a buffer", "zh": "双机一缓冲"}
    assert run["time_s"] == 5
    assert run["rate"] == "max"
    assert run["source_time"] == "2026-03-02T08:00:05.000Z"


async def test_the_clock_pauses_steps_and_goes_on(world: World) -> None:
    async with world.client(Role.OPERATOR) as client:
        running = await client.post(f"{RUN}/step")
        assert running.status_code == 409
        assert "pause" in running.json()["detail"]
        assert (await client.post(f"{RUN}/pause")).json()["rate"] == 0
        assert (await client.post(f"{RUN}/step")).json()["time_s"] == 1
        assert (await client.post(f"{RUN}/start")).json()["rate"] == 1
        assert (await client.post(f"{RUN}/speed", json={"rate": "max"})).json()["rate"] == "max"
    assert world.live.rate == math.inf


async def test_start_leaves_a_running_pace_alone(world: World) -> None:
    world.live.set_rate(10)
    async with world.client(Role.OPERATOR) as client:
        assert (await client.post(f"{RUN}/start")).json()["rate"] == 10


async def test_break_alarm_acknowledge_repair_confirm(world: World) -> None:
    async with world.client(Role.INSTRUCTOR) as client:
        done = await client.post(f"{RUN}/assets/m1/break", json={"failure": "jam"})
        assert done.json()["args"] == {"failure": "jam"}
        assert done.json()["by"] == "instructor"
        assert (await client.get(f"{RUN}/assets/m1")).json()["state"] == "down"
        [alarm] = (await client.get(f"{RUN}/alarms")).json()
        assert (alarm["id"], alarm["active"], alarm["acknowledged"]) == ("m1/jam", True, False)
        early = await client.post(f"{RUN}/alarms/m1/jam/confirm")
        assert early.status_code == 409
        assert "acknowledged before" in early.json()["detail"]
        assert (await client.post(f"{RUN}/alarms/m1/jam/acknowledge")).status_code == 200
        assert (await client.post(f"{RUN}/assets/m1/repair")).status_code == 200
        assert (await client.post(f"{RUN}/alarms/m1/jam/confirm")).status_code == 200
        assert (await client.get(f"{RUN}/alarms")).json() == []
        [kept] = (await client.get(f"{RUN}/alarms", params={"all": True})).json()
        assert (kept["active"], kept["confirmed"]) == (False, True)


async def test_what_the_run_refuses_is_a_conflict_with_its_text(world: World) -> None:
    async with world.client(Role.INSTRUCTOR) as client:
        await client.post(f"{RUN}/assets/m1/break")
        again = await client.post(f"{RUN}/assets/m1/break")
    assert again.status_code == 409
    assert again.json()["detail"] == "m1 is down already; repair it first"


async def test_signals_are_listed_read_and_written(world: World) -> None:
    path = f"{RUN}/signals/m1/speed_factor"
    async with world.client(Role.OPERATOR) as client:
        listed = (await client.get(f"{RUN}/signals", params={"writable": True})).json()
        assert [s["path"] for s in listed] == ["m1/speed_factor", "m2/speed_factor"]
        state = (await client.get(f"{RUN}/signals/m1/state")).json()
        assert state["enum"]["DOWN"] == 3
        assert (await client.put(path, json={"value": 2})).status_code == 200
        assert (await client.get(path)).json()["reading"]["value"] == 2.0


@pytest.mark.parametrize(
    ("value", "says"),
    [(99, "above its highest value 10"), ("fast", "holds float, not str"), (True, "not bool")],
)
async def test_a_value_that_a_signal_cannot_hold(world: World, value: object, says: str) -> None:
    async with world.client(Role.OPERATOR) as client:
        answer = await client.put(f"{RUN}/signals/m1/speed_factor", json={"value": value})
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body", "says"),
    [
        ("GET", "/api/v1/runs/none", None, "没有运行"),
        ("GET", "/api/v1/none", None, "没有内容"),
        ("POST", "/docs", None, "不支持 POST"),
        ("GET", f"{RUN}/assets/none", None, "没有设备"),
        ("GET", f"{RUN}/signals/none", None, "没有信号"),
        ("PUT", f"{RUN}/signals/m1/made", {"value": 5}, "由产线报告"),
        ("PUT", f"{RUN}/signals/m1/speed_factor", {"value": 99}, "高于上限 10"),
        ("PUT", f"{RUN}/signals/m1/speed_factor", {"value": "fast"}, "类型是 float"),
    ],
)
async def test_refusals_in_chinese(
    world: World, method: str, path: str, body: object, says: str
) -> None:
    async with world.client(Role.OPERATOR) as client:
        answer = await client.request(method, path, json=body, headers={"Accept-Language": "zh-CN"})
    assert answer.status_code >= 400
    assert says in answer.json()["detail"]
    assert answer.headers["content-language"] == "zh-CN"


async def test_who_may_not_is_told_in_chinese(world: World) -> None:
    headers = {"Accept-Language": "zh-CN"}
    async with world.client(Role.VIEWER) as client:
        answer = await client.put(
            f"{RUN}/signals/m1/speed_factor", json={"value": 2}, headers=headers
        )
    assert answer.json()["detail"] == "此操作需要角色“操作员”；您的令牌对应的角色是“观看者”"


async def test_what_the_line_reports_cannot_be_written(world: World) -> None:
    async with world.client(Role.OPERATOR) as client:
        answer = await client.put(f"{RUN}/signals/m1/made", json={"value": 5})
    assert answer.status_code == 409
    assert "cannot be written" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("speed", {"rate": -1}, "rate"),
        ("speed", {"rate": 1e9}, "rate"),
        ("speed", {"rate": "fast"}, "rate"),
        ("speed", {"rate": 1, "typo": 2}, "typo"),
        ("speed", {}, "rate"),
        ("speed", [], "body"),
        ("assets/m1/break", {"downtime_s": 0}, "downtime_s"),
        ("assets/m1/break", {"failure": "x" * 65}, "failure"),
    ],
)
async def test_bad_values_name_the_field(world: World, path: str, body: object, field: str) -> None:
    async with world.client(Role.INSTRUCTOR) as client:
        answer = await client.post(f"{RUN}/{path}", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in answer.json()["errors"][0]["field"]
    assert world.live.log == []


@pytest.mark.parametrize("text", ['{"rate": NaN}', '{"rate": 1e999}', "{", ""])
async def test_what_is_no_json_is_refused(world: World, text: str) -> None:
    async with world.client(Role.OPERATOR) as client:
        answer = await client.post(
            f"{RUN}/speed", content=text, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code == 422
    assert world.live.rate == 1.0


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/api/v1/runs/other", "there are: demo"),
        (f"{RUN}/assets/m3", "there are: b1, feed, m1, m2, out"),
        (f"{RUN}/signals/m3/state", "no signal 'm3/state'"),
        ("/api/v1/nothing", "/docs"),
    ],
)
async def test_what_is_not_there_says_what_is(world: World, path: str, says: str) -> None:
    async with world.client() as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert says in answer.json()["detail"]
    assert answer.json()["instance"] == path


async def test_an_unknown_alarm_is_not_found(world: World) -> None:
    async with world.client(Role.OPERATOR) as client:
        answer = await client.post(f"{RUN}/alarms/m1/jam/acknowledge")
    assert answer.status_code == 404


async def test_snapshot_is_the_wire_message(world: World) -> None:
    async with world.client() as client:
        message = decode((await client.get(f"{RUN}/snapshot")).text)
    assert isinstance(message, Snapshot)
    assert message.bodies == world.live.bodies


async def test_the_line_comes_back_as_its_file_says_it(world: World) -> None:
    async with world.client() as client:
        line = (await client.get(f"{RUN}/line")).json()
    assert type(world.live.spec).model_validate(line) == world.live.spec


async def test_the_record_downloads_header_and_log(world: World) -> None:
    async with world.client(Role.INSTRUCTOR) as client:
        await client.post(f"{RUN}/assets/m1/break")
        answer = await client.get(f"{RUN}/record")
        header = (await client.get(f"{RUN}/header")).json()
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert 'filename="demo.jsonl"' in answer.headers["content-disposition"]
    assert lines[0] == header
    assert lines[1]["verb"] == "break"


async def test_a_learner_cannot_read_what_a_scenario_hides(world: World) -> None:
    scenario = {"id": "s", "title": {"en": "T"}, "task": {"en": "Find it"}, "events": ["secret"]}
    world.live.scenario = scenario
    async with world.client(Role.OPERATOR) as client:
        header = (await client.get(f"{RUN}/header")).json()
        assert header["scenario"] == {"id": "s", "title": {"en": "T"}, "task": {"en": "Find it"}}
        assert "seed" not in header
        assert (await client.get(f"{RUN}/record")).status_code == 403
    async with world.client() as stranger:
        assert (await stranger.get(f"{RUN}/record")).status_code == 401
        assert "secret" not in (await stranger.get(f"{RUN}/header")).text
    async with world.client(Role.INSTRUCTOR) as client:
        whole = (await client.get(f"{RUN}/header")).json()
    assert whole["scenario"] == scenario


async def test_nothing_is_mirrored_until_a_real_device_stands_beside_the_run(world: World) -> None:
    async with world.client() as client:
        before = (await client.get(f"{RUN}/mirror")).json()
        assert before == {"links": {}, "assets": {}, "signals": {}, "outlets": {}}
        world.live.mirror = Beside("m1", 4.0, [4.0, 6.0])
        mirror = (await client.get(f"{RUN}/mirror")).json()
    quiet = {"armed": False, "problem": "", "timing": {}, "warnings": []}
    assert mirror["links"] == {"plc": {"state": "connected", **quiet}}
    assert mirror["signals"] == {"m1/speed_factor": "uncertain"}
    station = mirror["assets"]["m1"]
    assert (station["link"], station["quality"], station["cycles"]) == ("plc", "good", 2)
    assert (station["expected_cycle_s"], station["observed_cycle_s"]) == (4.0, 5.0)
    assert station["ratio"] == 1.25
    # Whatever the mirror counts is told: no figure is lost on the way.
    assert {"asset": "m1"} | station == world.live.mirror.figures()["m1"]


async def test_a_station_not_yet_seen_has_no_ratio(world: World) -> None:
    world.live.mirror = Beside("m1", None, [])
    async with world.client() as client:
        station = (await client.get(f"{RUN}/mirror")).json()["assets"]["m1"]
    assert station["ratio"] is station["observed_cycle_s"] is station["expected_cycle_s"] is None


async def test_the_floor_is_a_picture_of_the_floors_shape(world: World) -> None:
    async with world.client() as client:
        x0, y0, x1, y1 = (await client.get(f"{RUN}/scene")).json()["floor_m"]
        answer = await client.get(f"{RUN}/floor.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    width, height = Image.open(io.BytesIO(answer.content)).size
    assert width / height == pytest.approx((x1 - x0) / (y1 - y0), rel=0.01)


async def test_the_scene_is_the_document_and_the_same_as_glb(world: World) -> None:
    async with world.client() as client:
        document = (await client.get(f"{RUN}/scene")).json()
        glb = (await client.get(f"{RUN}/scene.glb")).content
    assert set(document["assets"]) >= {"m1", "m2", "b1"}
    assert glb[:4] == b"glTF"


async def test_the_docs_stand_alone_and_name_every_route(world: World) -> None:
    async with world.client() as client:
        page = (await client.get("/docs")).text
        openapi = (await client.get("/api/v1/openapi.json")).json()
    assert "src=" not in page
    assert "https://" not in page
    for path in openapi["paths"]:
        assert path in page


async def test_openapi_describes_success_and_problems_with_examples(world: World) -> None:
    async with world.client() as client:
        openapi = (await client.get("/api/v1/openapi.json")).json()
    schemas = openapi["components"]["schemas"]
    assert "Problem" in schemas
    assert "HTTPValidationError" not in schemas
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            assert "200" in answers, (method, path)
            problems = [s for s in answers if s.startswith("4")]
            assert problems, (method, path)
            for status in problems:
                assert list(answers[status]["content"]) == ["application/problem+json"]
    for name in ("RunSummary", "Speed", "Break", "SignalOut", "AssetOut", "AlarmOut", "Done"):
        assert "example" in schemas[name], name
