"""What every link to a device does, tried on a real device of its protocol."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from devices.base import Link, LinkState, TagReading
from devices.errors import LinkError, WriteRefused
from tests.contract.benches import BENCHES, FIRST, Bench, free_port
from tests.contract.proxy import network
from twin.kernel.signal import Quality

pytestmark = pytest.mark.asyncio(loop_scope="module")
WITH_ACCOUNTS = [kind for kind, bench in BENCHES.items() if bench.has_accounts]


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=BENCHES)
async def bench(request, tmp_path_factory) -> AsyncIterator[Bench]:
    bench = BENCHES[request.param](tmp_path_factory.mktemp("link"))
    await bench.start()
    yield bench
    await bench.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def link(bench: Bench) -> AsyncIterator[Link]:
    link = bench.link(armed=True)
    await link.connect()
    yield link
    await link.close()


async def until(stream: AsyncIterator[TagReading], tag: str, value: object) -> TagReading:
    async with asyncio.timeout(20):
        async for reading in stream:
            if reading.tag == tag and reading.value == value:
                return reading
    raise AssertionError(f"the stream ended before {tag} was {value}")


async def test_reads_all_four_types(bench: Bench, link: Link) -> None:
    readings = await link.read([bench.tag(name) for name in FIRST])
    for name, value in FIRST.items():
        reading = readings[bench.tag(name)]
        assert (reading.value, reading.quality) == (value, Quality.GOOD)
        assert type(reading.value) is type(value)


async def test_an_unknown_tag_is_bad_not_zero(bench: Bench, link: Link) -> None:
    tag = bench.tag("no_such_thing")
    assert (await link.read([tag]))[tag] == TagReading(tag, None, Quality.BAD)


async def test_a_subscription_begins_with_what_is_and_goes_on(bench: Bench, link: Link) -> None:
    await bench.set("busy", False)
    stream = link.subscribe([bench.tag("busy")])
    assert (await until(stream, bench.tag("busy"), False)).quality is Quality.GOOD
    await bench.set("busy", True)
    assert (await until(stream, bench.tag("busy"), True)).quality is Quality.GOOD
    await bench.set("busy", False)
    await until(stream, bench.tag("busy"), False)


async def test_keeps_the_order_of_one_tag(bench: Bench, link: Link) -> None:
    await bench.set("count", 0)
    stream = link.subscribe([bench.tag("count")])
    await until(stream, bench.tag("count"), 0)
    for count in range(1, 21):
        await bench.set("count", count)
    seen = []
    async with asyncio.timeout(20):
        async for reading in stream:
            seen.append(reading.value)
            if reading.value == 20:
                break
    # A retained 0 may come once more: a broker repeats what it keeps to a new subscriber.
    counts = [count for count in seen if count]
    assert counts == (list(range(1, 21)) if bench.every_step else sorted(set(counts)))


async def test_writes_when_armed(bench: Bench, link: Link) -> None:
    await link.write(bench.tag("count"), 41)
    for _ in range(100):
        if await bench.get("count") == 41:
            break
        await asyncio.sleep(0.05)
    assert await bench.get("count") == 41


async def test_refuses_to_write_unarmed(bench: Bench) -> None:
    link = bench.link()
    await link.connect()
    before = await bench.get("count")
    with pytest.raises(WriteRefused, match="not armed"):
        await link.write(bench.tag("count"), 99)
    assert await bench.get("count") == before
    await link.close()


@pytest.mark.parametrize("bench", WITH_ACCOUNTS, indirect=True)
async def test_a_wrong_password_is_said_clearly(bench: Bench) -> None:
    link = bench.link(password="wrong")
    with pytest.raises(LinkError, match=r"check.*user and password"):
        await link.connect()
    assert link.state is LinkState.CLOSED


async def test_nobody_there_is_said_clearly(bench: Bench) -> None:
    with pytest.raises(LinkError, match="running"):
        await bench.link(port=free_port()).connect()


async def test_close_ends_the_stream_and_can_be_called_twice(bench: Bench) -> None:
    link = bench.link()
    await link.connect()
    stream = link.subscribe([bench.tag("recipe")])
    await until(stream, bench.tag("recipe"), "pack")
    await link.close()
    await link.close()
    # What was said before the end may still be told (a broker may say it twice), then it ends.
    assert {reading.value async for reading in stream} <= {"pack"}
    assert link.state is LinkState.CLOSED


async def test_a_lost_device_is_bad_and_comes_back(bench: Bench, caplog) -> None:
    link = bench.link()
    states: list[LinkState] = []
    link.on_state(states.append)
    await link.connect()
    await bench.set("count", 100)
    tag = bench.tag("count")
    stream = link.subscribe([tag])
    await until(stream, tag, 100)
    await bench.stop()
    lost = await until(stream, tag, None)
    assert lost.quality is Quality.BAD
    assert (await link.read([tag]))[tag].quality is Quality.BAD
    with pytest.raises(WriteRefused):
        await bench.link(armed=True).write(tag, 1)
    await bench.start()
    await bench.set("count", 104)
    assert (await until(stream, tag, 104)).quality is Quality.GOOD
    assert states == [
        LinkState.CONNECTING,
        LinkState.CONNECTED,
        LinkState.LOST,
        LinkState.CONNECTED,
    ]
    told = [r for r in caplog.records if r.name.startswith("devices.") and "lost" in r.message]
    assert len([r for r in told if "bench" in r.message]) == 1
    await link.close()


async def test_a_reader_that_is_late_loses_steps_never_the_end(bench: Bench, link: Link) -> None:
    tag = bench.tag("temperature")
    stream = link.subscribe([tag])
    await until(stream, tag, FIRST["temperature"])
    for step in range(1500):
        await bench.set("temperature", float(step))
        if step % 100 == 0:
            await asyncio.sleep(0.06)
    await bench.set("temperature", -1.0)
    await asyncio.sleep(1.0)
    await until(stream, tag, -1.0)


async def test_a_slow_network_is_no_loss(bench: Bench) -> None:
    """A round trip of 1.2 s: with the OPC UA library's own settings nothing would connect."""
    async with network(bench.port, one_way_s=0.6) as between:
        link = bench.link(port=between.port)
        states: list[LinkState] = []
        link.on_state(states.append)
        await link.connect()
        stream = link.subscribe([bench.tag("count")])
        for count in range(200, 208):
            await bench.set("count", count)
            await asyncio.sleep(0.5)
        await until(stream, bench.tag("count"), 207)
        assert states == [LinkState.CONNECTING, LinkState.CONNECTED]
        await link.close()


async def test_a_silent_network_is_a_loss_within_its_time(bench: Bench) -> None:
    async with network(bench.port) as between:
        link = bench.link(port=between.port, timeout_s=2.0)
        await link.connect()
        tag = bench.tag("recipe")
        stream = link.subscribe([tag])
        await until(stream, tag, FIRST["recipe"])
        between.swallow = True
        assert (await until(stream, tag, None)).quality is Quality.BAD
        assert link.state is LinkState.LOST
        between.swallow = False
        assert (await until(stream, tag, FIRST["recipe"])).quality is Quality.GOOD
        await link.close()
