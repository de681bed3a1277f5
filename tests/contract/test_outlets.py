"""What every outlet does, seen by a client of its protocol."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from devices.base import Link, Outlet, TagReading
from devices.errors import OutletError
from devices.feed import Feed
from tests.contract.benches import (
    DIALECTS,
    Dialect,
    free_port,
    make_outlet,
    outlet_tag,
    reader_of,
)
from tests.unit.devices.fake_run import FakeRun, State
from twin.kernel.signal import Quality, SignalStore

pytestmark = pytest.mark.asyncio(loop_scope="module")
WITH_ENUMERATIONS = [kind for kind, dialect in DIALECTS.items() if dialect.enumeration]


@dataclass
class Stage:
    kind: str
    run: FakeRun
    outlet: Outlet
    reader: Link
    directory: Path
    dialect: Dialect

    def tag(self, path: str) -> str:
        return outlet_tag(self.kind, path)


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=DIALECTS)
async def stage(request, tmp_path_factory) -> AsyncIterator[Stage]:
    directory = tmp_path_factory.mktemp("outlet")
    dialect = DIALECTS[request.param]
    run = dialect.run()
    outlet = make_outlet(request.param, directory, free_port())
    feed = Feed(run, [outlet], period_s=0.02)
    await feed.start()
    reader = reader_of(request.param, directory, outlet.address)
    await reader.connect()
    yield Stage(request.param, run, outlet, reader, directory, dialect)
    await reader.close()
    await feed.stop()
    await feed.stop()


async def until(stream: AsyncIterator[TagReading], value: object) -> TagReading:
    async with asyncio.timeout(20):
        async for reading in stream:
            if reading.value == value:
                return reading
    raise AssertionError(f"the stream ended before {value}")


async def test_everything_is_there_at_the_start(stage: Stage) -> None:
    paths = [signal.path for signal in stage.run.signals]
    readings = await stage.reader.read([stage.tag(path) for path in paths])
    for path in paths:
        expected = stage.run.signals.read(path).value
        reading = readings[stage.tag(path)]
        assert (reading.value, reading.quality) == (expected, Quality.GOOD), path


async def test_a_change_comes_with_its_own_time(stage: Stage) -> None:
    path = stage.dialect.integer
    stream = stage.reader.subscribe([stage.tag(path)])
    await until(stream, stage.run.signals.read(path).value)
    stage.run.time_s = 12.25
    stage.run.set(path, 3)
    stage.run.tick()
    reading = await until(stream, 3)
    moment = stage.run.wall_at(12.25).timestamp()
    assert reading.source_s == (moment if stage.dialect.times else None)


async def test_an_unchanged_signal_is_not_sent_again(stage: Stage) -> None:
    path, other = stage.dialect.integer, stage.dialect.other
    tags = [stage.tag(path), stage.tag(other)]
    stream = stage.reader.subscribe(tags)
    await until(stream, stage.dialect.before)
    made = stage.run.signals.read(path)
    await stage.outlet.publish({path: made}, [])
    stage.run.set(other, stage.dialect.after)
    stage.run.tick()
    seen = []
    async with asyncio.timeout(10):
        async for reading in stream:
            seen.append(reading)
            if reading.tag == tags[1] and reading.value == stage.dialect.after:
                break
    assert [r.value for r in seen if r.tag == tags[0]] in ([], [made.value])


@pytest.mark.parametrize(
    ("quality", "value"), [(Quality.UNCERTAIN, 5.5), (Quality.BAD, None), (Quality.GOOD, 5.5)]
)
async def test_quality_travels(stage: Stage, quality: Quality, value: float | None) -> None:
    tag = stage.tag(stage.dialect.real)
    stage.run.set(stage.dialect.real, 5.5, quality)
    stage.run.tick()
    lost = quality is Quality.UNCERTAIN and not stage.dialect.doubts
    told = Quality.GOOD if lost else quality
    async with asyncio.timeout(10):
        while True:
            reading = (await stage.reader.read([tag]))[tag]
            if reading.quality is told and reading.value == value:
                break
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("stage", WITH_ENUMERATIONS, indirect=True)
async def test_enumerations_are_their_numbers(stage: Stage) -> None:
    stream = stage.reader.subscribe([stage.tag(stage.dialect.enumeration)])
    stage.run.set(stage.dialect.enumeration, State.down)
    stage.run.tick()
    await until(stream, int(State.down))


async def test_a_reset_run_is_published_anew(stage: Stage) -> None:
    path = stage.dialect.integer
    stage.run.set(path, 17)
    stage.run.tick()
    stream = stage.reader.subscribe([stage.tag(path)])
    await until(stream, 17)
    stage.run.signals, old = SignalStore(), stage.run.signals
    stage.run.signals.define(list(old))
    stage.run.tick()
    await until(stream, 0)


async def test_a_burst_ends_at_the_latest_value(stage: Stage) -> None:
    path = stage.dialect.integer
    stream = stage.reader.subscribe([stage.tag(path)])
    for count in range(1, 400):
        stage.run.set(path, count)
        stage.run.tick()
        if count % 50 == 0:
            await asyncio.sleep(0.01)
    await until(stream, 399)


async def test_a_port_in_use_is_said_with_the_remedy(stage: Stage) -> None:
    port = urlsplit(stage.outlet.address).port
    other = make_outlet(stage.kind, stage.directory, port)
    with pytest.raises(OutletError, match=rf"port {port} .* is in use.*--{stage.kind}-port"):
        await other.start(stage.run)
    await other.stop()
