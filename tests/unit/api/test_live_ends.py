"""A live run whose measured series is at its end pauses, says so, and stays alive."""

import asyncio
from math import inf

import pytest

from tests.unit.plant.shapes import OUT, feed, row, station
from twin.api.live import LiveRun
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused

TRACED = row(feed(), station("m", {"trace": [3, 5, 4]}), OUT)


async def paused(live: LiveRun) -> None:
    async with asyncio.timeout(20):
        while live.rate != 0:  # noqa: ASYNC110 - a rate tells nobody that it changes
            await asyncio.sleep(0.01)


async def test_it_pauses_and_says_so():
    live = LiveRun(TRACED, rate=inf)
    live.start()
    try:
        await paused(live)
        assert live.time_s == 12
        assert live.line.made == 3
        assert [alarm.id for alarm in live.alarms.standing()] == ["m/trace"]
        with pytest.raises(CommandRefused, match="has ended"):
            live.step()
        live.command(Command("acknowledge", "m", {"alarm": "m/trace"}))
        live.set_rate(1)
        await paused(live)
        live.reset()
        assert live.time_s == 0
        live.set_rate(inf)
        await paused(live)
        assert live.line.made == 3
    finally:
        await live.stop()
    assert live.record().end_s == pytest.approx(12)


async def test_a_head_start_beyond_the_end():
    live = LiveRun(TRACED, rate=1, head_start_s=100)
    live.start()
    try:
        await paused(live)
        assert live.line.made == 3
    finally:
        await live.stop()
