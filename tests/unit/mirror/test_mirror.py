"""The mirror beside a run: links that come and go, bindings both ways, a run that begins anew."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable

import pytest

from devices.base import Link, LinkState, TagReading, unanswered
from devices.errors import LinkError, WriteRefused
from devices.stream import TagStream
from tests.unit.devices.fake_run import FakeRun, State
from twin.kernel.errors import PilotlineError
from twin.kernel.signal import Quality, SignalStore, Value
from twin.mirror.mirror import Mirror
from twin.spec.device import DevicesSpec, LinkSpec


class FakeLink(Link):
    """A device in memory."""

    def __init__(self, spec: LinkSpec) -> None:
        super().__init__(spec.id, armed=spec.armed)
        self.values: dict[str, Value] = {}
        self.written: list[tuple[str, Value]] = []
        self.streams: list[TagStream] = []
        self.there = True

    async def connect(self) -> None:
        if not self.there:
            raise LinkError(f"link {self.id!r}: nothing listens")
        self._become(LinkState.CONNECTED)

    async def close(self) -> None:
        for stream in self.streams:
            stream.close()
        self._become(LinkState.CLOSED)

    async def read(self, tags: Iterable[str]) -> dict[str, TagReading]:
        return {tag: self.reading(tag) for tag in tags}

    async def write(self, tag: str, value: Value) -> None:
        if not self.armed:
            raise WriteRefused(f"link {self.id!r} is not armed")
        self.written.append((tag, value))

    def subscribe(self, tags: Iterable[str]) -> AsyncIterator[TagReading]:
        stream = TagStream(tags)
        self.streams.append(stream)
        for tag in stream.tags:
            stream.push(self.reading(tag))
        return stream

    def reading(self, tag: str) -> TagReading:
        return TagReading(tag, self.values[tag]) if tag in self.values else unanswered(tag)

    def say(self, **values: Value) -> None:
        self.values.update(values)
        for stream in self.streams:
            for tag in values:
                stream.push(self.reading(tag))

    def lose(self) -> None:
        self._become(LinkState.LOST)
        for stream in self.streams:
            stream.lose()

    def mend(self) -> None:
        self._become(LinkState.CONNECTED)
        for stream in self.streams:
            for tag in stream.tags:
                stream.push(self.reading(tag))


class Stage:
    def __init__(self, **devices: object) -> None:
        self.run = FakeRun()
        self.links: dict[str, FakeLink] = {}
        document = {"schema": "pilotline.devices/1", "line": "small"} | devices
        document.setdefault("links", [{"id": "plc", "kind": "fake", "address": "fake://x"}])
        spec = DevicesSpec.model_validate(document)
        self.mirror = Mirror(spec, self.run, self.make)

    def make(self, spec: LinkSpec) -> FakeLink:
        return self.links.setdefault(spec.id, FakeLink(spec))

    @property
    def plc(self) -> FakeLink:
        return self.links["plc"]


STATION = {"asset": "weld", "link": "plc", "busy": "busy", "done": "done"}


async def eventually(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        await asyncio.sleep(0.01)
    assert true()


async def test_a_station_follows_its_device() -> None:
    stage = Stage(stations=[STATION])
    stage.plc.values = {"busy": False, "done": 4}
    await stage.mirror.start()
    await eventually(lambda: stage.mirror.figures()["weld"]["quality"] == "good")
    stage.plc.say(busy=True)
    stage.plc.say(busy=False, done=5)
    await eventually(lambda: stage.run.verbs("weld").count("finish") == 1)
    assert [v for v in stage.run.verbs("weld") if v not in ("follow", "mark")] == [
        "begin",
        "finish",
    ]
    assert {c.by for c in stage.run.log} == {"device:plc"}
    await stage.mirror.stop()
    assert [c.args for c in stage.run.log[-2:]] == [{"on": False}, {"quality": "good"}]


async def test_a_lost_link_is_told_and_mended(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage(stations=[STATION])
    stage.plc.values = {"busy": True, "done": 4}
    await stage.mirror.start()
    await eventually(lambda: stage.mirror.figures()["weld"]["quality"] == "good")
    stage.plc.lose()
    await eventually(lambda: stage.mirror.figures()["weld"]["quality"] == "bad")
    assert "lost" in stage.mirror.links()["plc"]["problem"]
    stage.plc.values["done"] = 9
    stage.plc.mend()
    await eventually(lambda: stage.mirror.figures()["weld"]["quality"] == "good")
    figures = stage.mirror.figures()["weld"]
    assert (figures["real_done"], figures["missed"], figures["losses"]) == (5, 4, 1)
    told = stage.mirror.links()["plc"]
    assert (told["state"], told["armed"], told["problem"]) == ("connected", False, "")
    await stage.mirror.stop()


async def test_a_device_that_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.mirror.channel.AGAIN_S", 0.05)
    stage = Stage(stations=[STATION])
    stage.plc.there = False
    await stage.mirror.start()
    await eventually(lambda: "nothing listens" in stage.mirror.links()["plc"]["problem"])
    assert [c.args for c in stage.run.log] == [{"on": True}, {"quality": "bad"}]
    stage.plc.values = {"busy": False, "done": 0}
    stage.plc.there = True
    await eventually(lambda: stage.mirror.figures()["weld"]["quality"] == "good")
    await stage.mirror.stop()


async def test_a_reset_run_follows_again() -> None:
    stage = Stage(stations=[STATION])
    stage.plc.values = {"busy": True, "done": 4}
    await stage.mirror.start()
    await eventually(lambda: "begin" in stage.run.verbs("weld"))
    stage.run.log.clear()
    stage.run.signals, old = SignalStore(), stage.run.signals
    stage.run.signals.define(list(old))
    stage.run.tick()
    assert stage.run.verbs("weld") == ["follow", "mark", "begin"]
    await stage.mirror.stop()


@pytest.mark.parametrize(
    ("cell", "own", "mode"),
    [
        ("virtual", None, None),
        ("real", None, "real"),
        ("shadow", None, "shadow"),
        ("virtual", "real", "real"),
        (None, None, "real"),
    ],
)
async def test_the_mode_is_the_stations_or_its_cells(
    cell: str | None, own: str | None, mode: str | None
) -> None:
    station = STATION | ({"mode": own} if own else {})
    cells = [{"cell": "weld_cell", "plant": cell}] if cell else []
    stage = Stage(stations=[station], cells=cells)
    await stage.mirror.start()
    figures = stage.mirror.figures()
    assert (figures["weld"]["mode"] if figures else None) == mode
    assert bool(stage.run.log) == (mode == "real")
    await stage.mirror.stop()


async def test_what_the_twin_owes_it_finishes_when_it_can() -> None:
    stage = Stage(stations=[STATION])
    stage.plc.values = {"busy": False, "done": 0}
    await stage.mirror.start()
    await eventually(lambda: stage.mirror.figures()["weld"]["quality"] == "good")
    stage.plc.say(busy=True)
    await eventually(lambda: "begin" in stage.run.verbs("weld"))
    stage.run.refuse = "weld has no part in work to finish"
    stage.plc.say(busy=False, done=1)
    await eventually(lambda: stage.mirror.figures()["weld"]["behind"] == 1)
    assert "no part in work" in stage.mirror.figures()["weld"]["last_refusal"]
    stage.run.refuse = None
    stage.run.set("weld_cell/weld/state", State.busy)
    stage.run.tick()
    assert stage.run.verbs("weld")[-1] == "finish"
    assert stage.mirror.figures()["weld"]["behind"] == 0
    await stage.mirror.stop()


async def test_made_parts_are_compared() -> None:
    stage = Stage(stations=[STATION])
    stage.run.set("weld_cell/weld/made", 40)
    await stage.mirror.start()
    stage.run.set("weld_cell/weld/made", 43)
    stage.run.tick()
    assert stage.mirror.figures()["weld"]["twin_done"] == 3
    await stage.mirror.stop()


async def test_the_expected_cycle_is_the_models() -> None:
    stage = Stage(
        stations=[STATION, {"asset": "pack", "link": "plc", "busy": "b", "expected_cycle_s": 5}]
    )
    figures = stage.mirror.figures()
    assert figures["weld"]["expected_cycle_s"] == 40
    assert figures["pack"]["expected_cycle_s"] == 5


SPEED = {"signal": "pack/speed_factor", "link": "plc", "tag": "override"}


async def test_a_tag_becomes_a_signal() -> None:
    stage = Stage(signals=[SPEED | {"scale": 0.01}])
    stage.plc.values = {"override": 150}
    await stage.mirror.start()
    await eventually(lambda: stage.run.signals.read("pack/speed_factor").value == 1.5)
    assert stage.mirror.bindings() == {"pack/speed_factor": "good"}
    stage.plc.say(override=5000)
    await eventually(lambda: stage.mirror.bindings()["pack/speed_factor"] == "bad")
    assert stage.run.signals.read("pack/speed_factor").value == 1.5
    await eventually(lambda: stage.run.log[-1].args == {"quality": "bad"})
    stage.plc.say(override=200)
    await eventually(lambda: stage.mirror.bindings()["pack/speed_factor"] == "good")
    await eventually(lambda: stage.run.log[-1].args == {"quality": "good"})
    stage.plc.lose()
    await eventually(lambda: stage.mirror.bindings()["pack/speed_factor"] == "bad")
    await eventually(lambda: stage.run.log[-1].args == {"quality": "bad"})
    await stage.mirror.stop()
    assert stage.run.log[-1].args == {"quality": "good"}


async def test_a_signal_becomes_a_tag_only_when_armed(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage(signals=[SPEED | {"scale": 0.01, "direction": "to_device"}])
    await stage.mirror.start()
    stage.run.set("pack/speed_factor", 2.0)
    stage.run.tick()
    await eventually(lambda: "not armed" in caplog.text)
    assert stage.plc.written == []
    stage.mirror.arm("plc", on=True)
    stage.run.set("pack/speed_factor", 3.0)
    stage.run.tick()
    await eventually(lambda: bool(stage.plc.written))
    assert stage.plc.written == [("override", pytest.approx(300))]
    with pytest.raises(PilotlineError, match="plc"):
        stage.mirror.arm("plk", on=True)
    await stage.mirror.stop()


async def test_a_bad_signal_is_not_passed_on() -> None:
    stage = Stage(signals=[SPEED | {"direction": "to_device"}])
    stage.plc.armed = True
    await stage.mirror.start()
    await eventually(lambda: stage.plc.written == [("override", 1.0)])
    stage.run.set("pack/speed_factor", 4.0, Quality.BAD)
    stage.run.tick()
    stage.run.set("pack/speed_factor", 5.0)
    stage.run.tick()
    await eventually(lambda: len(stage.plc.written) > 1)
    assert stage.plc.written[1:] == [("override", 5.0)]
    await stage.mirror.stop()
