"""The OPC UA server, seen by node-opcua: a client that we did not write."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from devices.accounts import Account, Accounts, Right
from devices.opcua.outlet import OpcUaOptions, OpcUaOutlet
from tests.unit.devices.fake_run import FakeRun, State
from twin.kernel.signal import Quality

pytestmark = [pytest.mark.needs_node, pytest.mark.asyncio(loop_scope="module")]

SCRIPT = Path(__file__).parent / "node" / "opcua.js"
ACCOUNTS = Accounts(
    [
        Account("tech", "pw-tech", frozenset(Right)),
        Account("guest", "pw-guest"),
    ]
)


@dataclass
class Stage:
    run: FakeRun
    outlet: OpcUaOutlet

    async def node(self, mode: str, user: str = "") -> list[dict[str, Any]]:
        return [document async for document in self.lines(mode, user)]

    async def lines(self, mode: str, user: str = "") -> AsyncIterator[dict[str, Any]]:
        login = [user, f"pw-{user}"] if user else []
        process = await asyncio.create_subprocess_exec(
            "node",
            str(SCRIPT),
            mode,
            self.outlet.address,
            *login,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        last: dict[str, Any] = {}
        try:
            async with asyncio.timeout(60):
                async for line in process.stdout:
                    if line.startswith(b"{"):
                        last = json.loads(line)
                        yield last
        finally:
            if process.returncode is None and not last.get("done"):
                process.kill()
            _, errors = await process.communicate()
        assert last.get("done"), f"{last} {errors.decode()[-2000:]}"

    async def publish(self, path: str) -> None:
        await self.outlet.publish({path: self.run.signals.read(path)}, self.run.alarms.drain())


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory) -> AsyncIterator[Stage]:
    run = FakeRun()
    run.set("weld_cell/weld/state", State.down)
    run.set("pack/cycle_s", 30.0, Quality.BAD)
    outlet = OpcUaOutlet(
        OpcUaOptions(port=0, accounts=ACCOUNTS, state_dir=tmp_path_factory.mktemp("opcua"))
    )
    await outlet.start(run)
    yield Stage(run, outlet)
    await outlet.stop()


async def test_it_browses_and_reads(stage: Stage) -> None:
    objects, line, asset, state, bad, unit, _ = await stage.node("browse")
    assert "small" in objects["objects"]
    assert {"weld_cell", "pack", "line"} <= set(line["line"])
    assert {"state", "made", "speed_factor"} <= set(asset["asset"])
    assert (state["value"], state["type"], state["status"]) == (3, "UInt32", "Good")
    assert state["strings"][3] == "down"
    assert state["source"] == "2026-03-02T06:00:00.000Z"
    assert bad["bad"] == "BadNoCommunication"
    assert (unit["unit"], unit["id"]) == ("s", 5457219)


async def test_it_hears_changes_and_comes_back_after_a_cut(stage: Stage) -> None:
    seen: list[int] = []
    back = 0

    async def count_to(last: int) -> None:
        while (count := stage.run.signals.read("line/wip").value) < last:
            stage.run.set("line/wip", count + 1)
            await stage.publish("line/wip")
            await asyncio.sleep(0.05)

    counting: asyncio.Task[None] | None = None
    cut = False
    async for document in stage.lines("subscribe"):
        if "value" in document:
            seen.append(document["value"])
            counting = counting or asyncio.create_task(count_to(40))
        if document.get("value", 0) >= 20 and not cut:
            cut = True
            for client in list(stage.outlet._server.bserver.clients):
                client.transport.abort()
        if document.get("reestablished"):
            back += 1
            await counting
            counting = asyncio.create_task(count_to(99))
    await counting
    assert back == 1
    assert seen == sorted(set(seen))
    # Everything before the cut and everything after; what was under way then may be lost.
    assert set(range(seen[0], 21)) | set(range(60, 100)) <= set(seen)


async def test_a_stranger_and_a_guest_may_not_write(stage: Stage) -> None:
    stage.run.log.clear()
    for user in ("", "guest"):
        answers = await stage.node("write", user)
        assert {answer["status"] for answer in answers[:-1]} == {"BadUserAccessDenied"}
    assert stage.run.log == []


async def test_a_technician_writes_what_may_be_written(stage: Stage) -> None:
    stage.run.log.clear()
    answers = await stage.node("write", "tech")
    assert [answer["status"] for answer in answers[:-1]] == [
        "Good",
        "BadOutOfRange",
        "BadTypeMismatch",
        "BadNotWritable",
    ]
    assert [command.args for command in stage.run.log] == [{"value": 2.5}]


async def test_it_sees_and_acknowledges_an_alarm(stage: Stage) -> None:
    stage.run.log.clear()
    stage.run.alarms.raise_("weld", "jam", message="Nozzle blocked", severity=600, time_s=2.0)
    await stage.publish("pack/part")
    documents = []
    async for document in stage.lines("alarms", "tech"):
        documents.append(document)
        if document.get("status"):
            await stage.publish("pack/part")
            await stage.outlet.publish({}, list(stage.run.alarms))
    standing, answer, seen, _ = documents
    assert (standing["message"], standing["severity"]) == ("Nozzle blocked", 600)
    assert (standing["active"], standing["acked"], standing["retain"]) == (True, False, True)
    assert answer == {"status": "Good"}
    assert (seen["active"], seen["acked"], seen["confirmed"]) == (True, True, False)
    assert [(c.verb, c.by) for c in stage.run.log] == [("acknowledge", "opcua:tech")]
