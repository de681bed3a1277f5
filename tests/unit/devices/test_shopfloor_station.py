"""The stations of the shop floor: what they tell, and that a seed gives the same moods."""

import asyncio

import pytest

from devices.shopfloor.station import Belt, Station, Temper
from twin.kernel.signal import Value

SPEED = 2000.0
CALM = Temper(cycle_s=10.0, slower=0.0, drift=0.0, jitter=0.0, stop_every=1e12, bad_every=1e12)


async def life(temper: Temper, seed: int, parts: int) -> list[tuple[str, Value]]:
    told: list[tuple[str, Value]] = []
    enough = asyncio.Event()

    async def tell(_station: str, tag: str, value: Value) -> None:
        told.append((tag, value))
        if tag == "done_count" and value == parts:
            enough.set()

    async def nothing() -> None:
        pass

    station = Station("s", temper, tell, seed=seed, speed=SPEED)
    running = asyncio.create_task(station.run(nothing, nothing))
    await asyncio.wait_for(enough.wait(), 20)
    running.cancel()
    end = max(i for i, entry in enumerate(told) if entry == ("done_count", parts))
    return told[: end + 1]


async def test_the_order_of_a_cycle() -> None:
    told = await life(CALM, 1, 2)
    assert [tag for tag, _ in told] == [
        "begun_count", "busy", "cycle_s", "good", "busy", "done_count",
    ] * 2  # fmt: skip
    assert [value for tag, value in told if tag == "busy"] == [True, False] * 2
    assert [value for tag, value in told if tag == "cycle_s"] == [10.0, 10.0]


async def test_a_seed_gives_the_same_moods() -> None:
    moody = Temper(cycle_s=5.0, stop_every=4.0, bad_every=4.0, stop_s=(1.0, 2.0))
    assert await life(moody, 7, 30) == await life(moody, 7, 30)
    assert await life(moody, 7, 30) != await life(moody, 8, 30)


async def test_it_is_imperfect() -> None:
    told = await life(Temper(cycle_s=5.0, stop_every=5.0, stop_s=(1.0, 2.0), bad_every=5.0), 3, 60)
    cycles = [value for tag, value in told if tag == "cycle_s"]
    assert len(set(cycles)) > 50
    assert sum(cycles) / len(cycles) == pytest.approx(5.0, rel=0.15)
    faults = [value for tag, value in told if tag == "fault"]
    assert faults == [True, False] * (len(faults) // 2)
    assert faults
    assert False in [value for tag, value in told if tag == "good"]


async def test_a_belt_is_full_at_some_point() -> None:
    belt = Belt(transit_s=20.0, places=3, speed=SPEED, filled=1)
    for _ in range(2):
        await belt.put()
    fourth = asyncio.create_task(belt.put())
    await asyncio.sleep(0.05)
    assert not fourth.done()
    await belt.take()
    await asyncio.wait_for(fourth, 5)
