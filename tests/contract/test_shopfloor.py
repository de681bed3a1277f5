"""The shipped devices file with the shipped shop floor: a live line follows two real stations."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from devices.registry import make_link
from devices.shopfloor.__main__ import play
from tests.contract.benches import free_port
from twin.api.live import LiveRun
from twin.kernel.signal import Quality
from twin.mirror.load import load_devices
from twin.mirror.mirror import Mirror
from twin.spec.device import DevicesSpec
from twin.spec.load import load_line

SPEED = 20.0


class Floor:
    """The shop floor, opened and closed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.opcua_port, self.mqtt_port = free_port(), free_port()
        self.playing: asyncio.Task[None] | None = None

    def open(self) -> None:
        self.playing = asyncio.create_task(
            play(
                host="127.0.0.1",
                opcua_port=self.opcua_port,
                mqtt_port=self.mqtt_port,
                seed=3,
                speed=SPEED,
                state_dir=self.directory,
            )
        )

    async def close(self) -> None:
        if self.playing is not None:
            self.playing.cancel()
            await asyncio.gather(self.playing, return_exceptions=True)

    def spec(self) -> DevicesSpec:
        shipped = load_devices("pack_pilot").model_dump(by_alias=True)
        for link in shipped["links"]:
            port = self.opcua_port if link["kind"] == "opcua" else self.mqtt_port
            head, _, path = link["address"].removeprefix("opc.tcp://").partition("/")
            link["address"] = (
                f"mqtt://127.0.0.1:{port}"
                if link["kind"] == "mqtt"
                else f"opc.tcp://{head.split(':')[0]}:{port}/{path}"
            )
        return DevicesSpec.model_validate(shipped)


@pytest_asyncio.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    floor = Floor(tmp_path)
    yield floor
    await floor.close()


async def eventually(true: Callable[[], bool], seconds: float = 40.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # the truth is polled as a person would look at it
            await asyncio.sleep(0.05)


async def test_a_line_follows_the_shop_floor(floor: Floor, tmp_path: Path) -> None:
    live = LiveRun(load_line("pack_pilot"), rate=SPEED)
    mirror = Mirror(floor.spec(), live, lambda spec: make_link(spec, {}, tmp_path))
    floor.open()
    live.start()
    await mirror.start()

    def quality(asset: str) -> set[Quality]:
        names = ("state", "made", "cycle_s")
        return {live.signals.read(f"cell_prep/{asset}/{name}").quality for name in names}

    def done(asset: str) -> tuple[int, int]:
        figures = mirror.figures()[asset]
        return figures["real_done"], figures["twin_done"] + figures["behind"]

    try:
        await eventually(lambda: quality("unpack") == quality("ocv") == {Quality.GOOD})
        await eventually(lambda: min(*done("unpack"), *done("ocv")) >= 4)
        for asset in ("unpack", "ocv"):
            real, twin = done(asset)
            assert abs(real - twin) <= 1
            figures = mirror.figures()[asset]
            assert live.signals.read(f"cell_prep/{asset}/mode").value == "follow"
            # The floor's seconds are SPEED times shorter; its figure of the cycle is its own.
            assert figures["device_cycle_s"] == pytest.approx(figures["expected_cycle_s"], rel=0.35)
        await floor.close()
        await eventually(lambda: quality("unpack") == quality("ocv") == {Quality.BAD})
        standing = done("unpack")
        assert "lost" in mirror.links()["unpack_plc"]["problem"]
        await asyncio.sleep(0.5)
        assert done("unpack") == standing
        floor.open()
        await eventually(lambda: quality("unpack") == quality("ocv") == {Quality.GOOD})
        await eventually(lambda: done("unpack")[0] > standing[0])
    finally:
        await mirror.stop()
        await live.stop()
    assert [state["state"] for state in mirror.links().values()] == ["closed", "closed"]
