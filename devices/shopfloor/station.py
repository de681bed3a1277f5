"""One station of the shop floor: its cycle, its moods, and what it tells of them."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import numpy as np

from twin.kernel.signal import Value

Tell = Callable[[str, str, Value], Awaitable[None]]
"""Tells the world a tag of a station: station, tag, value."""


@dataclass(frozen=True, slots=True)
class Temper:
    """How a station departs from its plan.

    The cycle drifts by `drift` to both sides over `period_s`, on top of `slower`; each cycle has a
    lognormal jitter of `jitter`; one in `stop_every` stops for `stop_s` (low, high). One part in
    `bad_every` is bad.
    """

    cycle_s: float
    slower: float = 0.03
    drift: float = 0.06
    period_s: float = 600.0
    jitter: float = 0.03
    stop_every: float = 60.0
    stop_s: tuple[float, float] = (6.0, 20.0)
    bad_every: float = 80.0


class Station:
    """Takes a part when there is one, works, hands over.

    Args:
        name: what it is called.
        temper: how it departs from its plan.
        tell: how the world hears of it.
        seed: of its moods; the same seed gives the same ones.
        speed: how many of its seconds pass in one of ours.
    """

    def __init__(self, name: str, temper: Temper, tell: Tell, *, seed: int, speed: float) -> None:
        self.name = name
        self._temper = temper
        self._tell = tell
        self._draw = np.random.default_rng([seed, *name.encode()])
        self._speed = speed
        self._clock_s = 0.0
        self.done = 0

    def first(self) -> dict[str, Value]:
        """Return every tag and its value before anything has happened."""
        return {
            "busy": False,
            "begun_count": 0,
            "done_count": 0,
            "good": True,
            "fault": False,
            "cycle_s": 0.0,
            "alive": 0,
        }

    async def run(
        self, take: Callable[[], Awaitable[object]], give: Callable[[], Awaitable[object]]
    ) -> None:
        """Work for ever."""
        while True:
            await take()
            await self._say("begun_count", value=self.done + 1)
            await self._say("busy", value=True)
            cycle_s = await self._work()
            self.done += 1
            await self._say("cycle_s", value=round(cycle_s, 3))
            await self._say("good", value=bool(self._draw.random() >= 1.0 / self._temper.bad_every))
            await self._say("busy", value=False)
            await self._say("done_count", value=self.done)
            await give()

    async def beat(self) -> None:
        """Show that the station lives, once a second."""
        beats = 0
        while True:
            beats += 1
            await self._say("alive", value=beats)
            await asyncio.sleep(1.0)

    async def _work(self) -> float:
        temper = self._temper
        angle = 2.0 * math.pi * self._clock_s / temper.period_s
        pace = 1.0 + temper.slower + temper.drift * math.sin(angle)
        cycle_s = temper.cycle_s * pace * float(self._draw.lognormal(0.0, temper.jitter))
        if self._draw.random() < 1.0 / temper.stop_every:
            at = float(self._draw.uniform(0.2, 0.8))
            await self._wait(cycle_s * at)
            await self._say("fault", value=True)
            await self._wait(float(self._draw.uniform(*temper.stop_s)))
            await self._say("fault", value=False)
            await self._wait(cycle_s * (1.0 - at))
        else:
            await self._wait(cycle_s)
        return cycle_s

    async def _wait(self, seconds: float) -> None:
        self._clock_s += seconds
        await asyncio.sleep(seconds / self._speed)

    async def _say(self, tag: str, *, value: Value) -> None:
        await self._tell(self.name, tag, value)


class Belt:
    """A belt between two stations: parts travel, and it is full at some point.

    Args:
        transit_s: time from one end to the other.
        places: how many parts it takes.
        speed: how many of its seconds pass in one of ours.
        filled: how many parts wait at its end at first.
    """

    def __init__(self, *, transit_s: float, places: int, speed: float, filled: int = 0) -> None:
        self._transit_s = transit_s / speed
        self._room = asyncio.Semaphore(places - filled)
        self._arrived: asyncio.Queue[None] = asyncio.Queue()
        for _ in range(filled):
            self._arrived.put_nowait(None)

    async def put(self) -> None:
        """Lay a part on, once there is room."""
        await self._room.acquire()
        asyncio.get_running_loop().call_later(self._transit_s, self._arrived.put_nowait, None)

    async def take(self) -> None:
        """Take the part that arrives next."""
        await self._arrived.get()
        self._room.release()
