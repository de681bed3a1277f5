"""The mirror at work: links, followers and bindings beside a live run."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from devices.base import Link, LinkState, Run, TagReading
from devices.errors import DeviceError, WriteRefused
from twin.kernel.alarm import Alarm
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused, PilotlineError, SignalError
from twin.kernel.signal import Quality, Reading, SignalStore
from twin.plant.samplers import mean_s
from twin.plant.states import AssetState
from twin.spec.device import DevicesSpec, LinkSpec, StationTags
from twin.spec.line import LineSpec
from twin.spec.times import Time, TimeByPart

from .binding import Bound, outgoing
from .divergence import Divergence
from .follower import Follower

_logger = logging.getLogger(__name__)

CHECK_S = 0.25
"""How often freshness is looked at."""
AGAIN_S = 3.0
"""How soon a device is called again that was never there."""

OCCUPIED = frozenset({int(AssetState.BUSY)})

WORSE = [Quality.GOOD, Quality.UNCERTAIN, Quality.BAD]

MakeLink = Callable[[LinkSpec], Link]


class Mirror:
    """Makes a run follow real devices, as a devices file says.

    Args:
        spec: the devices file.
        run: the live run.
        make_link: makes the link of a `LinkSpec`; nothing is connected before `start`.
    """

    def __init__(self, spec: DevicesSpec, run: Run, make_link: MakeLink) -> None:
        self._spec = spec
        self._run = run
        self._store: SignalStore = run.signals
        self._links = {link.id: make_link(link) for link in spec.links}
        self._problems: dict[str, str] = {}
        self._followers: dict[str, list[Follower]] = {link: [] for link in self._links}
        for station in spec.stations:
            if (follower := self._follower(station)) is not None:
                self._followers[station.link].append(follower)
        self._bound: dict[str, list[Bound]] = {link: [] for link in self._links}
        for binding in spec.signals:
            self._bound[binding.link].append(Bound(binding, run.signals[binding.signal]))
        self._outgoing: dict[str, dict[str, Reading]] = {link: {} for link in self._links}
        self._wake: dict[str, asyncio.Event] = {}
        self._made: dict[str, int] = {}
        self._marks: dict[str, Quality] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._end: Callable[[], None] | None = None
        self._paths = {s.path.split("/")[-2]: s.path.rpartition("/")[0] for s in run.signals}

    # ---- what a person sees

    def figures(self) -> dict[str, dict[str, Any]]:
        """Return where each mirrored station and its model depart, by asset."""
        return {f.asset: f.figures.as_dict() for f in self._all()}

    def links(self) -> dict[str, dict[str, Any]]:
        """Return how each link is: state, whether it may write, and what is wrong with it."""
        return {
            name: {
                "state": link.state.value,
                "armed": link.armed,
                "problem": self._problems.get(name, ""),
            }
            for name, link in self._links.items()
        }

    def bindings(self) -> dict[str, str]:
        """Return the quality of each bound signal, by path."""
        return {b.signal.path: b.quality.value for some in self._bound.values() for b in some}

    def arm(self, link: str, *, on: bool) -> None:
        """Let a link write, or no longer; a person decides that."""
        if link not in self._links:
            raise PilotlineError(f"there is no link {link!r}; links are: {', '.join(self._links)}")
        self._links[link].armed = on

    # ---- life

    async def start(self) -> None:
        """Follow from now on. A device that is not there yet is called again and again."""
        self._end = self._run.on_change(self._changed)
        self._begin()
        for name in self._links:
            self._wake[name] = asyncio.Event()
            self._task(self._serve(name), f"mirror {name}")
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
        await asyncio.gather(*(link.close() for link in self._links.values()))
        for follower in self._all():
            follower.stop()
        for asset in self._marks:
            self._give(Command("mark", asset, {"quality": Quality.GOOD.value}, "mirror"))
        self._marks.clear()

    def _begin(self) -> None:
        read = self._run.signals.read
        for follower in self._all():
            path = self._paths[follower.asset]
            self._made[path] = int(read(f"{path}/made").value)
            follower.start(occupied=read(f"{path}/state").value in OCCUPIED)

    def _task(self, work: Any, name: str) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))

    def _all(self) -> Iterable[Follower]:
        return [follower for some in self._followers.values() for follower in some]

    def _follower(self, station: StationTags) -> Follower | None:
        spec = self._run.spec
        mode = station.mode or _cell_mode(self._spec, spec, station.asset)
        if mode == "virtual":
            return None
        expected = station.expected_cycle_s or expected_cycle_s(spec, station.asset)
        figures = Divergence(station.asset, mode, expected)
        return Follower(station, figures, self._give, f"device:{station.link}")

    # ---- devices to run

    async def _serve(self, name: str) -> None:
        link = self._links[name]
        incoming = [b for b in self._bound[name] if b.spec.direction == "to_twin"]
        tags = {tag for follower in self._followers[name] for tag in follower.wanted}
        tags |= {bound.spec.tag for bound in incoming}
        await self._connect(name, link)
        writer = asyncio.create_task(self._write(name, link))
        try:
            await self._listen(link.subscribe(sorted(tags)), self._followers[name], incoming)
        finally:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer

    async def _connect(self, name: str, link: Link) -> None:
        link.on_state(lambda state: self._state(name, state))
        while True:
            try:
                await link.connect()
            except DeviceError as error:
                if self._problems.get(name) != str(error):
                    _logger.warning("%s; trying again", error)
                self._problems[name] = str(error)
                await asyncio.sleep(AGAIN_S)
            else:
                return

    def _state(self, name: str, state: LinkState) -> None:
        if state is LinkState.CONNECTED:
            self._problems.pop(name, None)
            for bound in self._bound[name]:
                bound.forget()
                if bound.spec.direction == "to_device":
                    self._queue(name, bound, self._run.signals.read(bound.signal.path))
        elif state is LinkState.LOST:
            self._problems[name] = f"link {name!r} is lost; coming back by itself"

    async def _listen(
        self,
        readings: AsyncIterator[TagReading],
        followers: list[Follower],
        incoming: list[Bound],
    ) -> None:
        now = asyncio.get_running_loop().time
        async for reading in readings:
            for follower in followers:
                follower.hear(reading, now())
            for bound in incoming:
                if bound.spec.tag == reading.tag:
                    self._take(bound, reading, now())
                    self._mark(bound)

    def _take(self, bound: Bound, reading: TagReading, now_s: float) -> None:
        if reading.value is None or reading.quality is Quality.BAD:
            bound.quality = Quality.BAD
            bound.forget()
            return
        bound.heard(reading.quality, now_s)
        try:
            value = bound.to_twin(reading.value)
        except (ValueError, SignalError) as error:
            _logger.debug("%s: %s", bound.spec.tag, error)
            bound.quality = Quality.BAD
            return
        if bound.moved(value):
            by = f"device:{bound.spec.link}"
            command = Command("write", bound.signal.path, {"value": value}, by)
            if self._give(command) is not None:
                bound.quality = Quality.BAD

    def _give(self, command: Command) -> str | None:
        try:
            self._run.command(command)
        except (CommandRefused, SignalError) as error:
            _logger.debug("refused %s of %s: %s", command.verb, command.target, error)
            return str(error)
        return None

    def _mark(self, bound: Bound) -> None:
        """Tell how far an asset is to be trusted: as far as the worst of its bound signals."""
        asset = _asset(bound)
        if bound.spec.direction != "to_twin" or any(f.asset == asset for f in self._all()):
            return
        beside = (b for some in self._bound.values() for b in some if _asset(b) == asset)
        worst = max((b.quality for b in beside), key=WORSE.index)
        if self._marks.get(asset) is not worst:
            self._marks[asset] = worst
            by = f"device:{bound.spec.link}"
            self._give(Command("mark", asset, {"quality": worst.value}, by))

    async def _check(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(CHECK_S)
            for follower in self._all():
                follower.check(now())
            for some in self._bound.values():
                for bound in some:
                    bound.check(now())
                    self._mark(bound)

    # ---- run to devices

    def _changed(self, changes: dict[str, Reading], _alarms: list[Alarm]) -> None:
        if self._run.signals is not self._store:
            self._store = self._run.signals
            self._marks.clear()
            self._begin()
        for follower in self._all():
            self._compare(follower, changes)
        for name, some in self._bound.items():
            for bound in some:
                if bound.spec.direction == "to_device" and bound.signal.path in changes:
                    self._queue(name, bound, changes[bound.signal.path])

    def _compare(self, follower: Follower, changes: dict[str, Reading]) -> None:
        path = self._paths[follower.asset]
        made = changes.get(f"{path}/made")
        if made is not None:
            before = self._made.get(path, 0)
            self._made[path] = int(made.value)
            follower.figures.twin_done += max(0, int(made.value) - before)
        state = self._run.signals.read(f"{path}/state").value
        if follower.figures.behind and state == AssetState.BUSY:
            follower.took()

    def _queue(self, name: str, bound: Bound, reading: Reading) -> None:
        self._outgoing[name][bound.signal.path] = reading
        if name in self._wake:
            self._wake[name].set()

    async def _write(self, name: str, link: Link) -> None:
        bound = {b.signal.path: b for b in self._bound[name]}
        told = ""
        while True:
            await self._wake[name].wait()
            self._wake[name].clear()
            waiting, self._outgoing[name] = self._outgoing[name], {}
            for path, reading in waiting.items():
                try:
                    value = outgoing(bound[path], reading)
                    if value is not None:
                        await link.write(bound[path].spec.tag, value)
                    told = ""
                except (WriteRefused, ValueError) as error:
                    bound[path].forget()
                    if not told:
                        _logger.warning("%s", error)
                    told = str(error)


def _asset(bound: Bound) -> str:
    return "" if bound.spec.direction == "to_device" else bound.signal.path.split("/")[-2]


def _cell_mode(devices: DevicesSpec, line: LineSpec, asset: str) -> str:
    cell = next((a.cell for a in line.assets if a.id == asset), None)
    return next((entry.plant for entry in devices.cells if entry.cell == cell), "real")


def expected_cycle_s(line: LineSpec, asset: str) -> float | None:
    """Return the mean process time of a station as its line file has it, s."""
    spec = next((a for a in line.assets if a.id == asset), None)
    process = getattr(spec, "process_s", None)
    if isinstance(process, TimeByPart):
        means = [mean_s(time) for time in process.by_part.values()]
        return sum(means) / len(means)
    return mean_s(process) if isinstance(process, Time) else None
