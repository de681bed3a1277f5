"""The feed: outlets are told what changed, at their own pace, and one's trouble is its own."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import pytest

from devices.base import Outlet, Run
from devices.errors import OutletError
from devices.feed import Feed
from tests.unit.devices.fake_run import FakeRun
from twin.kernel.alarm import Alarm, AlarmLog
from twin.kernel.signal import Reading, SignalStore


class Recorder(Outlet):
    """Keeps what it is told; can be slow, and can fail."""

    def __init__(self, name: str = "a") -> None:
        self.name = name
        self.told: list[dict[str, object]] = []
        self.alarms: list[Alarm] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.life: list[str] = []
        self.failing = 0
        self.refuses = False

    @property
    def address(self) -> str:
        return f"record://{self.name}"

    async def start(self, run: Run) -> None:
        if self.refuses:
            raise OutletError("port in use")
        self.life.append("start")

    async def publish(self, changes: Mapping[str, Reading], alarms: Sequence[Alarm]) -> None:
        await self.gate.wait()
        if self.failing:
            self.failing -= 1
            raise RuntimeError("a bug in a driver")
        self.told.append({path: reading.value for path, reading in changes.items()})
        self.alarms.extend(alarms)

    async def stop(self) -> None:
        self.life.append("stop")


async def eventually(true: Callable[[], bool]) -> None:
    for _ in range(300):
        if true():
            return
        await asyncio.sleep(0.01)
    assert true()


def change(run: FakeRun, path: str, value: object) -> None:
    run.set(path, value)
    run.tick()


async def test_only_changes_are_told() -> None:
    run, outlet = FakeRun(), Recorder()
    feed = Feed(run, [outlet], period_s=0.0)
    await feed.start()
    change(run, "pack/made", 1)
    await eventually(lambda: outlet.told == [{"pack/made": 1}])
    run.tick()
    change(run, "pack/part", "x")
    await eventually(lambda: outlet.told[1:] == [{"pack/part": "x"}])
    await feed.stop()
    change(run, "pack/made", 2)
    assert outlet.told[2:] == []
    assert outlet.life == ["start", "stop"]


async def test_a_slow_outlet_gets_the_latest_and_holds_up_nobody() -> None:
    run, slow, quick = FakeRun(), Recorder("slow"), Recorder("quick")
    feed = Feed(run, [slow, quick], period_s=0.0)
    await feed.start()
    slow.gate.clear()
    for count in range(1, 50):
        change(run, "pack/made", count)
        await asyncio.sleep(0)
    await eventually(lambda: quick.told[-1:] == [{"pack/made": 49}])
    slow.gate.set()
    await eventually(lambda: slow.told[-1:] == [{"pack/made": 49}])
    assert len(slow.told) <= 2
    await feed.stop()


async def test_a_failing_outlet_goes_on_and_is_reported_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.feed.AGAIN_S", 0.01)
    run, bad, good = FakeRun(), Recorder("bad"), Recorder("good")
    feed = Feed(run, [bad, good], period_s=0.0)
    await feed.start()
    bad.failing = 3
    for count in range(1, 5):
        change(run, "pack/made", count)
        await eventually(lambda count=count: good.told[-1:] == [{"pack/made": count}])
    await eventually(lambda: bad.told[-1:] == [{"pack/made": 4}])
    assert len([r for r in caplog.records if "record://bad" in r.message]) == 1
    await feed.stop()


async def test_when_one_cannot_start_the_others_are_stopped() -> None:
    first, second = Recorder("first"), Recorder("second")
    second.refuses = True
    feed = Feed(FakeRun(), [first, second])
    with pytest.raises(OutletError, match="in use"):
        await feed.start()
    assert first.life == ["start", "stop"]


async def test_a_reset_run_is_told_whole_and_its_old_alarms_are_over() -> None:
    run, outlet = FakeRun(), Recorder()
    feed = Feed(run, [outlet], period_s=0.0)
    await feed.start()
    run.alarms.raise_("weld", "jam", message="Jam", severity=500, time_s=1.0)
    run.tick()
    await eventually(lambda: bool(outlet.alarms))
    run.signals, old = SignalStore(), run.signals
    run.signals.define(list(old))
    run.alarms = AlarmLog()
    run.tick()
    await eventually(lambda: len(outlet.told) == 2)
    assert outlet.told[1].keys() == {signal.path for signal in old}
    last = outlet.alarms[-1]
    assert (last.id, last.active, last.acknowledged, last.confirmed) == (
        "weld/jam", False, True, True,
    )  # fmt: skip
    await feed.stop()
