"""A live twin: put together, and taken down again."""

import asyncio
import contextlib
import gc
import os
import secrets
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import uvicorn

from devices.base import Outlet
from devices.feed import Feed
from devices.ports import is_loopback, require_free
from devices.registry import make_link
from devices.shopfloor.process import ShopFloor, until_listening
from scenarios.load import load_scenario
from scenarios.storyboard import Storyboard
from twin.api.access import Access, Role
from twin.api.app import create_api
from twin.api.hub import Hub
from twin.api.live import LiveRun
from twin.api.serve import server_config
from twin.control.line import check_programs
from twin.kernel.runner import Runner
from twin.mirror.load import load_devices
from twin.mirror.mirror import Mirror
from twin.spec.device import DevicesSpec
from twin.spec.line import LineSpec
from twin.spec.load import load_line
from twin.spec.messages import message
from twin.spec.programs import with_program
from twin.spec.scenario import ScenarioSpec
from viewer.lab.attach import attach_lab

from .outlets import make_outlets
from .wishes import STATE_DIR, Wishes

STOP_WITHIN_S = 1.0
PUBLISH_S = 0.1
"""Shortest time between two publications at one outlet."""
PROMPT_S = 0.01
"""The same where a controller outside may wait for them."""

Tell = Callable[[str], None]


class _Server(uvicorn.Server):
    """A web server that leaves Ctrl-C to whoever composed it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class Twin:
    """A live twin with all its organs."""

    def __init__(self, wishes: Wishes, tell: Tell) -> None:
        self.wishes = wishes
        self._tell = tell
        self._scenario: ScenarioSpec | None = None
        if wishes.scenario is not None:
            line = load_line(wishes.line) if wishes.line else None
            self._scenario, spec = load_scenario(wishes.scenario, line)
        else:
            spec = load_line(wishes.line)
        for wish in wishes.programs:
            spec = with_program(spec, wish)
        check_programs(spec)
        self._devices = load_devices(wishes.devices, spec) if wishes.devices else None
        self._port = require_free(wishes.host, wishes.port, what="the page", option="--port")
        self.live = self._run(spec)
        self.password = secrets.token_urlsafe(9)
        """Of the account `operator` that may write over OPC UA and MQTT."""
        self.access = Access(hosts=wishes.hosts)
        self.token = self.access.grant(Role.INSTRUCTOR)
        self._ends: list[Callable[[], Awaitable[None]]] = []
        """What takes down each organ that is up."""
        self._serving: asyncio.Task[None]
        self._alive = False

    def _run(self, spec: LineSpec) -> LiveRun:
        wishes = self.wishes
        scenario = self._scenario
        document = scenario.document() if scenario else None
        live = LiveRun(
            spec,
            seed=wishes.seed,
            rate=wishes.rate,
            scenario=document,
            head_start_s=wishes.head_start_s,
        )
        if scenario is not None:
            end_s = wishes.head_start_s + scenario.duration_s

            def time_up(runner: Runner, goal_s: float) -> float:
                if runner.time_s >= end_s and live.rate:
                    live.set_rate(0.0)
                    duration = f"{scenario.duration_s:g}"
                    self._tell(message("app.time_up", wishes.language, duration=duration))
                return min(goal_s, end_s)

            def begin() -> None:
                story = Storyboard(scenario, wishes.seed, start_s=wishes.head_start_s)
                live.hurdles[:] = [time_up, story]

            begin()
            live.on_reset.append(begin)
        return live

    @property
    def url(self) -> str:
        """Where the page is, with the token that lets one act."""
        host = f"[{self.wishes.host}]" if ":" in self.wishes.host else self.wishes.host
        lang = "&lang=zh" if self.wishes.language == "zh" else ""
        return f"http://{host}:{self._port}/?token={self.token}{lang}"

    # ---- life

    async def live_until(self, stop: asyncio.Event) -> None:
        """Bring everything up, wait, and take everything down.

        Raises:
            PilotlineError: Something cannot start; the text says what to do.
        """
        self._tell(message("app.starts", self.wishes.language))
        try:
            await self._start()
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait({waiting, self._serving}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
        finally:
            for end in reversed(self._ends):
                await _soon(end)
            if self._alive:
                self._save()

    async def _start(self) -> None:
        devices = self._devices
        if devices is not None and self.wishes.shopfloor:
            devices = await self._shopfloor(devices)
        if devices is not None:
            self.live.mirror = mirror = Mirror(
                devices, self.live, lambda link: make_link(link, os.environ, STATE_DIR / "links")
            )
        outlets = make_outlets(
            self.wishes, self.password, devices.outlets if devices is not None else None
        )
        prompt = any(asset.prompt for asset in self.live.line.assets.values())
        feed = Feed(self.live, outlets, period_s=PROMPT_S if prompt else PUBLISH_S)
        if devices is not None:
            mirror.feed = feed
        await feed.start()
        self._ends.append(feed.stop)
        self.live.start()
        self._ends.append(self.live.stop)
        await self._serve()
        # What start-up made stays. Looking through it again and again would hold up the plant
        # for a quarter of a second each time.
        gc.freeze()
        self._alive = True
        self._welcome(outlets)
        if devices is not None:
            following = asyncio.create_task(self._follow(mirror, devices), name="mirror")
            self._ends.append(_cancelling(following))

    async def _follow(self, mirror: Mirror, devices: DevicesSpec) -> None:
        if self.wishes.shopfloor:
            for link in devices.links:
                await until_listening(link.address)
        await mirror.start()
        self._ends.append(mirror.stop)

    async def _shopfloor(self, devices: DevicesSpec) -> DevicesSpec:
        """Start the process that plays the real devices; return where they are."""
        shop_floor = ShopFloor()
        await shop_floor.start()
        self._ends.append(shop_floor.end)
        links = (
            link.model_copy(update={"address": shop_floor.moved(link.kind, link.address)})
            for link in devices.links
        )
        return devices.model_copy(update={"links": tuple(links)})

    async def _serve(self) -> None:
        hub = Hub()
        hub.add(self.live)
        api = create_api(hub, self.access)
        attach_lab(api, hub, self.access)
        server = _Server(server_config(api, host=self.wishes.host, port=self._port))
        serving = self._serving = asyncio.create_task(server.serve(), name="page")

        async def end() -> None:
            server.should_exit = True
            hub.close()
            await asyncio.shield(serving)

        self._ends.append(end)
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.02)

    def _save(self) -> None:
        """Keep the run's record."""
        record = self.live.record()
        began = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        name = self._scenario.id if self._scenario else self.live.spec.id
        self.wishes.runs.mkdir(parents=True, exist_ok=True)
        path = self.wishes.runs / f"{name}-{began}.jsonl"
        record.write(path)
        self._tell(message("app.saved", self.wishes.language, path=path))
        if self._scenario is not None:
            self._tell(message("app.grade", self.wishes.language, path=path))

    def _welcome(self, outlets: list[Outlet]) -> None:
        wishes, language = self.wishes, self.wishes.language
        title = self.live.spec.title
        name = title.get(language) if title else self.live.spec.id
        self._tell(message("app.lives", language, name=name))
        self._tell(message("app.page", language, url=self.url))
        for outlet in outlets:
            self._tell(message("app.outlet", language, address=outlet.address))
        if outlets:
            self._tell(message("app.account", language, password=self.password))
        if self._devices is not None:
            names = ", ".join(station.asset for station in self._devices.stations)
            self._tell(message("app.mirrored", language, names=names))
        if self._scenario is not None and self._scenario.task is not None:
            self._tell(message("app.task", language, task=self._scenario.task.get(language)))
        if wishes.head_start_s:
            minutes = int(wishes.head_start_s // 60)
            clock = f"{minutes // 60:02}:{minutes % 60:02}:00"
            self._tell(message("app.clock", language, clock=clock))
        if not is_loopback(wishes.host):
            self._tell(message("app.open", language, host=wishes.host))
        self._tell(message("app.end", language))


def _cancelling(task: "asyncio.Task[None]") -> Callable[[], Awaitable[None]]:
    async def end() -> None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return end


async def _soon(end: Callable[[], Awaitable[None]]) -> None:
    """Take something down, but not wait for it for ever."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(end(), STOP_WITHIN_S)


async def _until_told(twin: Twin) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    await twin.live_until(stop)


def serve(wishes: Wishes, tell: Tell) -> None:
    """Let a twin live until Ctrl-C."""
    asyncio.run(_until_told(Twin(wishes, tell)))
