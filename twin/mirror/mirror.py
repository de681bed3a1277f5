"""The mirror at work: a live run beside real devices, as a devices file says."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from devices.base import Link, LinkState, Run
from devices.feed import Feed
from twin.kernel.alarm import Alarm
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused, PilotlineError, SignalError
from twin.kernel.signal import Quality, Reading
from twin.plant.states import AssetState
from twin.spec.device import DevicesSpec, LinkSpec, StationTags
from twin.spec.io import io_list

from .binding import Bound
from .channel import Channel
from .control import bindings, controlled
from .divergence import Divergence
from .expected import cell_mode, expected_cycle_s
from .follower import Follower

_logger = logging.getLogger(__name__)

CHECK_S = 0.25
"""How often freshness is looked at."""
MISSES_AFTER_S = 6.0
"""How long a device that is there may owe a first value."""
WORSE = [Quality.GOOD, Quality.UNCERTAIN, Quality.BAD]

MakeLink = Callable[[LinkSpec], Link]


class Mirror:
    """Makes a run follow real devices.

    Args:
        spec: the devices file.
        run: the live run.
        make_link: makes the link of a `LinkSpec`; nothing is connected before `start`.
    """

    def __init__(self, spec: DevicesSpec, run: Run, make_link: MakeLink) -> None:
        self._spec = spec
        self._run = run
        self._store = run.signals
        self._paths = {s.path.split("/")[-2]: s.path.rpartition("/")[0] for s in run.signals}
        stations = [(s.link, f) for s in spec.stations if (f := self._follower(s)) is not None]
        entries = [*spec.signals, *bindings(spec, run.spec)]
        bounds = [Bound(entry, run.signals[entry.signal]) for entry in entries]
        cells = controlled(spec, run.spec, entries)
        self._points = {point.path for point in io_list(run.spec)}
        """Signals that a controller writes or reads: the plant itself stands behind them."""
        self._channels = {
            link.id: Channel(
                make_link(link),
                [follower for name, follower in stations if name == link.id],
                [bound for bound in bounds if bound.spec.link == link.id],
                self._read,
                self._give,
                cells.get(link.id, []),
            )
            for link in spec.links
        }
        self._followers = [follower for _, follower in stations]
        self._link_of = {follower.asset: name for name, follower in stations}
        self._bounds = bounds
        self.feed: Feed | None = None
        """What publishes the run, once somebody joins it to the mirror."""
        self._made: dict[str, int] = {}
        self._marks: dict[str, Quality] = {}
        self._there_s: dict[str, float] = {}
        """Since when the device of a station is there."""
        self._missed: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._end: Callable[[], None] | None = None

    def _follower(self, station: StationTags) -> Follower | None:
        line = self._run.spec
        mode = station.mode or cell_mode(self._spec, line, station.asset)
        if mode == "virtual":
            return None
        expected = station.expected_cycle_s or expected_cycle_s(line, station.asset)
        figures = Divergence(station.asset, mode, expected)
        return Follower(station, figures, self._give, f"device:{station.link}")

    # ---- what a person sees

    def figures(self) -> dict[str, dict[str, Any]]:
        """Return where each mirrored station and its model depart, and by which link, by asset."""
        return {
            follower.asset: follower.figures.as_dict() | {"link": self._link_of[follower.asset]}
            for follower in self._followers
        }

    def links(self) -> dict[str, dict[str, Any]]:
        """Return how each link is: state, whether it may write, what is wrong, how quick it is."""
        return {
            name: {
                "state": channel.link.state.value,
                "armed": channel.link.armed,
                "problem": channel.problem,
                "timing": channel.link.timing.figures(),
                "warnings": list(channel.link.warnings),
            }
            for name, channel in self._channels.items()
        }

    def outlets(self) -> dict[str, dict[str, float | None]]:
        """Return how long publishing takes and how often it happens, by the outlet's address."""
        if self.feed is None:
            return {}
        return {address: timing.figures() for address, timing in self.feed.timings().items()}

    def bindings(self) -> dict[str, str]:
        """Return the quality of each bound signal, by path: BAD when its link does not carry it."""
        return {bound.signal.path: bound.quality.value for bound in self._bounds}

    def arm(self, link: str, *, on: bool) -> None:
        """Let a link write, or no longer; a person decides that."""
        if link not in self._channels:
            known = ", ".join(self._channels)
            raise PilotlineError(f"there is no link {link!r}; links are: {known}")
        channel = self._channels[link]
        channel.link.armed = on
        if on:
            channel.tell()

    # ---- life

    async def start(self) -> None:
        """Follow from now on. A device that is not there yet is called again and again."""
        self._end = self._run.on_change(self._changed)
        self._begin()
        for name, channel in self._channels.items():
            self._task(channel.serve(), f"mirror {name}")
        self._task(self._check(), "mirror freshness")

    async def stop(self) -> None:
        """Give all stations back to their models and let go of the devices."""
        if self._end is not None:
            self._end()
            self._end = None
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(channel.link.close() for channel in self._channels.values()))
        for follower in self._followers:
            follower.stop()
        for asset in self._marks:
            self._give(Command("mark", asset, {"quality": Quality.GOOD.value}, "mirror"))
        self._marks.clear()

    def _task(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(_report)
        self._tasks.append(task)

    def _begin(self) -> None:
        for follower in self._followers:
            path = self._paths[follower.asset]
            self._made[path] = int(self._read(f"{path}/made").value)
            busy = self._read(f"{path}/state").value == AssetState.BUSY
            follower.start(occupied=busy)

    async def _check(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(CHECK_S)
            for follower in self._followers:
                follower.check(now())
            for bound in self._bounds:
                bound.check(now())
            self._mark()
            self._miss(now())

    def _miss(self, now_s: float) -> None:
        """Say once which tags a device that is there does not have."""
        for follower in self._followers:
            asset = follower.asset
            channel = self._channels[self._link_of[asset]]
            if channel.link.state is not LinkState.CONNECTED:
                self._there_s.pop(asset, None)
                continue
            since_s = self._there_s.setdefault(asset, now_s)
            if now_s - since_s < MISSES_AFTER_S or asset in self._missed:
                continue
            self._missed.add(asset)
            for tag, name in follower.unheard().items():
                channel.problem = (
                    f"link {channel.link.id!r}: nothing answers at {tag!r} (station {asset}, "
                    f"{name}); see what the device offers with twin browse"
                )
                _logger.warning("%s", channel.problem)

    def _mark(self) -> None:
        """Tell how far assets are to be trusted: as far as the worst of their bound signals."""
        followed = {follower.asset for follower in self._followers}
        trust: dict[str, tuple[Quality, str]] = {}
        for bound in self._bounds:
            asset = bound.signal.path.split("/")[-2]
            if bound.spec.direction == "to_device" or asset in followed:
                continue
            if bound.signal.path in self._points:
                continue  # a controller that is gone makes no sensor doubtful
            entry = bound.quality, f"device:{bound.spec.link}"
            trust[asset] = max(trust.get(asset, entry), entry, key=lambda e: WORSE.index(e[0]))
        for asset, (quality, by) in trust.items():
            if self._marks.get(asset) is not quality:
                self._marks[asset] = quality
                self._give(Command("mark", asset, {"quality": quality.value}, by))

    # ---- beside the run

    def _read(self, path: str) -> Reading:
        return self._run.signals.read(path)

    def _give(self, command: Command) -> str | None:
        try:
            self._run.command(command)
        except (CommandRefused, SignalError) as error:
            _logger.debug("refused %s of %s: %s", command.verb, command.target, error)
            return str(error)
        return None

    def _changed(self, changes: dict[str, Reading], _alarms: list[Alarm]) -> None:
        if self._run.signals is not self._store:
            self._store = self._run.signals
            self._marks.clear()
            self._begin()
            for channel in self._channels.values():
                channel.renew()
        for follower in self._followers:
            self._compare(follower, changes)
        for channel in self._channels.values():
            channel.changed(changes)

    def _compare(self, follower: Follower, changes: dict[str, Reading]) -> None:
        path = self._paths[follower.asset]
        made = changes.get(f"{path}/made")
        if made is not None:
            before = self._made.get(path, 0)
            self._made[path] = int(made.value)
            follower.figures.twin_done += max(0, int(made.value) - before)
        busy = self._read(f"{path}/state").value == AssetState.BUSY
        if follower.figures.behind and busy:
            follower.took()


def _report(task: asyncio.Task[None]) -> None:
    """Say it at once when a task ends that should not."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _logger.error("%s ended: %s", task.get_name(), error, exc_info=error)
