"""An enabling switch over HTTP is held for a lease: kept by who goes on saying so, else let go."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_world import serving
from fastapi import FastAPI

from twin.api import Access, Hub, Role, create_api
from twin.api.leases import Leases
from twin.api.live import LiveRun
from twin.control.line import build
from twin.kernel.command import Command
from twin.kernel.runner import Runner
from twin.plant.motion.robot import Robot
from twin.spec import load_line

pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")

CELL = Path(__file__).parents[2] / "system" / "robot_cell.yaml"
ARM = "/api/v1/runs/run/robots/lab/arm"
JOG = {"frame": "joint", "axis": 0, "way": -1, "speed": 5}
"""So slow that the arm is on its way for more than a minute."""
CLIENT = """
import json, sys, time, urllib.request
url, token = sys.argv[1:]
def do(verb, **args):
    urllib.request.urlopen(urllib.request.Request(
        url, json.dumps({"verb": verb, "args": args}).encode(),
        {"Authorization": "Bearer " + token, "Content-Type": "application/json"}))
do("mode", mode="manual")
do("motors", on=True)
do("enabling", on=True, lease_s=1.0)
do("jog", frame="joint", axis=0, way=-1, speed=5)
print("jogging", flush=True)
while True:
    time.sleep(0.1)
    do("enabling", on=True, lease_s=1.0)
"""


class Bench:
    """A served robot, and two operators at it."""

    def __init__(self, port: int, live: LiveRun, app: FastAPI, access: Access) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.live = live
        self.leases: Leases = app.state.pilotline.leases
        self.tokens = {name: access.grant(Role.OPERATOR, name) for name in ("ann", "bo")}
        self.client = httpx.AsyncClient(base_url=self.url)

    @property
    def robot(self) -> Robot:
        robot = self.live.workcells["lab"].world.bodies["arm"]
        assert isinstance(robot, Robot)
        return robot

    @property
    def held(self) -> bool:
        return bool(self.robot.points["enabling"].value)

    @property
    def moving(self) -> bool:
        return self.robot.drive.moves(self.live.time_s)

    @property
    def log(self) -> list[tuple[str, dict[str, Any], str]]:
        """What was done with the switch, and what moved the arm."""
        commands = [entry.command for entry in self.live.runner.log]
        return [(c.verb, c.args, c.by) for c in commands if c.verb in ("enabling", "jog")]

    async def do(self, verb: str, by: str = "ann", **args: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens[by]}"}
        body = {"verb": verb, "args": args}
        return await self.client.post(f"{ARM}/commands", json=body, headers=headers)

    async def must(self, verb: str, by: str = "ann", **args: object) -> dict[str, Any]:
        answer = await self.do(verb, by, **args)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def take(self, lease_s: float, by: str = "ann") -> dict[str, Any]:
        return await self.must("enabling", by, on=True, lease_s=lease_s)

    async def jog(self, lease_s: float) -> None:
        await self.must("mode", mode="manual")
        await self.must("motors", on=True)
        await self.take(lease_s)
        await self.must("jog", **JOG)


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not done():  # noqa: ASYNC110 - a switch tells nobody that it changes
            await asyncio.sleep(0.02)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    live, hub, access = LiveRun(load_line(CELL), run_id="run", seed=1, rate=0.0), Hub(), Access()
    hub.add(live)
    app = create_api(hub, access, writes_per_s=1000.0)
    live.start()
    async with serving(app) as port:
        bench = Bench(port, live, app, access)
        yield bench
        await bench.client.aclose()
    assert not len(bench.leases)
    await live.stop()


ON, OFF = ("enabling", {"on": True}, "ann"), ("enabling", {"on": False}, "ann")


async def test_who_is_silent_is_let_go_of(bench: Bench) -> None:
    bench.live.set_rate(1.0)
    await bench.jog(lease_s=1.0)
    assert (bench.held, bench.moving) == (True, True)
    await until(lambda: not bench.held)
    await until(lambda: not bench.moving)
    assert bench.log == [ON, ("jog", JOG, "ann"), OFF]
    assert bench.robot.drive.at(bench.live.time_s)[0] > bench.robot.arm.joints[0].low + 0.1
    assert len(bench.leases) == 0


async def test_who_goes_on_saying_so_holds_on_and_the_log_says_it_once(bench: Bench) -> None:
    taken = await bench.take(1.0)
    end_s = time.monotonic() + 1.5
    while time.monotonic() < end_s:
        await asyncio.sleep(0.1)
        said_s = time.monotonic()
        assert await bench.take(1.0) == taken
        assert bench.held
    assert bench.log == [ON]
    await until(lambda: not bench.held)
    assert time.monotonic() - said_s > 0.99
    assert bench.log == [ON, OFF]


async def test_a_program_that_is_killed_lets_go(bench: Bench) -> None:
    bench.live.set_rate(1.0)
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CLIENT, f"{bench.url}{ARM}/commands", bench.tokens["ann"],
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert client.stdout is not None
        assert await asyncio.wait_for(client.stdout.readline(), 60) == b"jogging\n"
        await asyncio.sleep(1.5)
        assert (bench.held, bench.moving) == (True, True)
    finally:
        client.kill()
        await client.wait()
    await until(lambda: not bench.held)
    await until(lambda: not bench.moving)
    assert bench.log == [ON, ("jog", JOG, "ann"), OFF]


async def test_it_is_let_go_while_the_run_is_paused_too(bench: Bench) -> None:
    await bench.jog(lease_s=1.0)
    await until(lambda: not bench.held)
    assert bench.log[-1] == OFF
    assert bench.live.time_s < 1e-6


async def test_the_record_gives_the_same_run(bench: Bench) -> None:
    bench.live.set_rate(1.0)
    await bench.jog(lease_s=1.0)
    await until(lambda: not bench.held)
    await until(lambda: not bench.moving)
    record = bench.live.record()
    assert [entry.command.args for entry in record.log if entry.command.verb == "enabling"] == [
        {"on": True}, {"on": False},
    ]  # fmt: skip
    again = Runner(build(load_line(CELL), 1), record.header)
    again.digest()
    again.replay(record)
    assert again.record().digest == record.digest


async def test_who_lets_go_is_not_let_go_of_again(bench: Bench) -> None:
    await bench.take(0.5)
    await bench.must("enabling", on=False)
    assert len(bench.leases) == 0
    await asyncio.sleep(0.8)
    assert bench.log == [ON, OFF]


async def test_the_last_word_counts(bench: Bench) -> None:
    await bench.take(0.5, "ann")
    await bench.take(10.0, "bo")
    await asyncio.sleep(0.8)
    assert bench.held
    assert bench.log == [ON, ("enabling", {"on": True}, "bo")]
    await bench.take(0.2, "bo")
    await until(lambda: not bench.held)
    assert bench.log[-1] == ("enabling", {"on": False}, "bo")


async def test_what_somebody_else_holds_elsewhere_is_theirs(bench: Bench) -> None:
    await bench.take(0.2)
    bench.live.command(Command("enabling", bench.robot.address, {"on": True}, "a panel"))
    await until(lambda: len(bench.leases) == 0)
    assert bench.held
    assert bench.log[-1][2] == "a panel"


async def test_a_run_that_begins_again_has_nothing_held(bench: Bench) -> None:
    await bench.take(0.5)
    bench.live.reset()
    await until(lambda: len(bench.leases) == 0)
    assert bench.log == []
    await bench.take(0.5)
    assert bench.log == [ON]
    await until(lambda: not bench.held)


async def test_a_run_that_has_stopped_keeps_nobody(bench: Bench) -> None:
    await bench.take(0.2)
    await bench.live.stop()
    await until(lambda: not bench.held)
    assert bench.log == [ON, OFF]


async def test_a_late_server_lets_go_of_nobody(bench: Bench) -> None:
    await bench.take(0.2)
    time.sleep(0.6)  # noqa: ASYNC251 - everybody waits: nobody could have been heard
    await asyncio.sleep(0)
    assert bench.held
    await until(lambda: not bench.held)


async def test_it_is_let_go_when_the_server_ends_and_nothing_is_left_behind() -> None:
    live, hub, access = LiveRun(load_line(CELL), run_id="run", seed=1, rate=0.0), Hub(), Access()
    hub.add(live)
    app = create_api(hub, access)
    before = asyncio.all_tasks()
    async with serving(app) as port:
        bench = Bench(port, live, app, access)
        await bench.take(10.0)
        await bench.client.aclose()
        assert bench.held
    assert bench.log == [ON, OFF]
    assert len(bench.leases) == 0
    await until(lambda: asyncio.all_tasks() == before)


@pytest.mark.parametrize("lease_s", [0, -1, 10.5, True, "long"])
async def test_what_is_no_lease_is_refused(bench: Bench, lease_s: object) -> None:
    answer = await bench.do("enabling", on=True, lease_s=lease_s)
    assert answer.status_code == 422
    assert "at most 10" in answer.json()["detail"]
    assert str(lease_s) in answer.json()["detail"]
    assert (bench.held, len(bench.leases), bench.log) == (False, 0, [])


async def test_it_is_held_without_a_lease_being_named(bench: Bench) -> None:
    await bench.must("enabling")
    assert (bench.held, len(bench.leases)) == (True, 1)
    assert bench.log == [("enabling", {}, "ann")]
