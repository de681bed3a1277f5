"""A workcell whose controller is outside: bound by a template, safe when the controller is gone."""

import asyncio
from pathlib import Path

import pytest

from tests.unit.devices.fake_cell import CELL, FakeCell
from tests.unit.mirror.test_mirror import FakeLink, eventually
from twin.api.live import LiveRun
from twin.kernel.signal import Quality
from twin.mirror.control import bindings
from twin.mirror.load import load_devices
from twin.mirror.mirror import Mirror
from twin.spec.device import ControlSpec, DevicesSpec, LinkSpec
from twin.spec.errors import SpecError
from twin.spec.io import io_list
from twin.spec.load import load_line

GVL = "ns=2;s=GVL.{name}"
POINTS = {point.name: point for point in io_list(CELL) if point.workcell == "cell"}


def devices(**more: object) -> DevicesSpec:
    document: dict[str, object] = {
        "schema": "pilotline.devices/1",
        "line": CELL.id,
        "links": [{"id": "plc", "kind": "opcua", "address": "opc.tcp://x", "armed": True}],
        "control": {"workcell": "cell", "link": "plc", "tags": GVL},
    }
    return DevicesSpec.model_validate(document | more)


class Stage:
    def __init__(self, spec: DevicesSpec) -> None:
        self.run = FakeCell()
        self.mirror = Mirror(spec, self.run, self._make)

    def _make(self, spec: LinkSpec) -> FakeLink:
        self.plc = FakeLink(spec)
        return self.plc


def test_one_line_binds_all_points() -> None:
    found = {b.signal: (b.tag, b.direction, b.link) for b in bindings(devices(), CELL)}
    assert found.keys() == {point.path for point in POINTS.values()}
    assert found["cell/infeed_run"] == ("ns=2;s=GVL.infeed_run", "to_twin", "plc")
    assert found["cell/eye"] == ("ns=2;s=GVL.eye", "to_device", "plc")
    assert found["cell/panel_start"] == ("ns=2;s=GVL.panel_start", "to_device", "plc")


def test_what_the_file_binds_by_itself_is_left() -> None:
    own = {"signal": "cell/panel_start", "link": "plc", "tag": "ns=2;s=hmi", "direction": "to_twin"}
    found = {b.signal for b in bindings(devices(signals=[own]), CELL)}
    assert found == {point.path for point in POINTS.values()} - {"cell/panel_start"}


@pytest.mark.parametrize(
    ("template", "name", "tag"),
    [
        ("{address}", "x_start", "%QX3.1"),
        ("{address}", "x_target", "%QD68"),
        ("DB{bit+7}.DB{place+256}:{type}", "x_start", "DB8.DBX259.1:bool"),
        ("DB1.DB{place}", "infeed_count", "DB1.DBD64"),
        ("coil:{coil+100}", "x_start", "coil:125"),
        ("holding:{register}:{type}", "x_target", "holding:2:real"),
        ("{size}{byte}", "eye", "X0"),
    ],
)
def test_templates(template: str, name: str, tag: str) -> None:
    control = ControlSpec(workcell="cell", link="plc", tags=template)
    assert control.tag(POINTS[name]) == tag


def test_templates_by_direction_and_size() -> None:
    tags = {"output": "coil:{coil}", "output_word": "holding:{register}:{type}", "input": "i{name}"}
    control = ControlSpec.model_validate({"workcell": "cell", "link": "plc", "tags": tags})
    names = ("infeed_run", "infeed_speed", "eye", "infeed_count")
    assert [control.tag(POINTS[name]) for name in names] == [
        "coil:0",
        "holding:0:real",
        "ieye",
        "iinfeed_count",
    ]


async def test_outputs_come_in_and_sensors_go_out() -> None:
    stage = Stage(devices())
    stage.plc.values = {GVL.format(name=name): False for name in POINTS}
    await stage.mirror.start()
    await eventually(lambda: stage.mirror.bindings()["cell/infeed_run"] == "good")
    await eventually(lambda: ("ns=2;s=GVL.eye", False) in stage.plc.written)
    stage.plc.say(**{"ns=2;s=GVL.infeed_run": True})
    await eventually(lambda: stage.run.signals.read("cell/infeed_run").value is True)
    assert stage.run.log[-1].by == "device:plc"
    stage.run.set("cell/eye", value=True)
    stage.run.tick()
    await eventually(lambda: stage.plc.written[-1] == ("ns=2;s=GVL.eye", True))
    assert stage.mirror.bindings()["cell/eye"] == "good"
    stage.plc.lose()
    assert stage.mirror.bindings()["cell/eye"] == "bad"
    await stage.mirror.stop()


async def test_each_edge_goes_out_in_order(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage(devices())
    await stage.mirror.start()
    await eventually(lambda: ("ns=2;s=GVL.eye", False) in stage.plc.written)
    stage.plc.written.clear()
    for edge in range(6):
        stage.run.time_s += 1.0
        stage.run.set("cell/eye", value=edge % 2 == 0)
        stage.run.set("cell/infeed_count", edge)
        stage.run.tick()
    await eventually(lambda: stage.plc.written[-1:] == [("ns=2;s=GVL.infeed_count", 5)])
    assert [value for tag, value in stage.plc.written if tag.endswith("eye")] == [
        *[True, False] * 3
    ]
    assert [value for tag, value in stage.plc.written if tag.endswith("count")] == [5]
    assert stage.plc.warnings == []
    for _ in range(3):
        stage.run.time_s += 1.0
        stage.run.set("cell/eye", value=True)
        stage.run.set("cell/eye", value=False)
        stage.run.tick()
    assert len(stage.plc.warnings) == caplog.text.count("cell/eye came and went") == 1
    assert stage.mirror.links()["plc"]["warnings"] == stage.plc.warnings
    await stage.mirror.stop()


async def test_a_link_that_is_armed_late_is_told_everything() -> None:
    links = [{"id": "plc", "kind": "opcua", "address": "opc.tcp://x"}]
    stage = Stage(devices(links=links))
    await stage.mirror.start()
    stage.run.set("cell/eye", value=True)
    stage.run.tick()
    await asyncio.sleep(0.05)
    assert stage.plc.written == []
    stage.mirror.arm("plc", on=True)
    inputs = [point for point in POINTS.values() if point.direction != "output"]
    await eventually(lambda: len(stage.plc.written) == len(inputs))
    assert ("ns=2;s=GVL.eye", True) in stage.plc.written
    await stage.mirror.stop()


async def test_a_reset_run_hears_its_controller_again() -> None:
    stage = Stage(devices())
    stage.plc.values = {"ns=2;s=GVL.infeed_run": True, "ns=2;s=GVL.eye": False}
    await stage.mirror.start()
    await eventually(lambda: stage.run.signals.read("cell/infeed_run").value is True)
    await eventually(lambda: ("ns=2;s=GVL.eye", False) in stage.plc.written)
    stage.plc.written.clear()
    stage.run.signals = stage.run.fresh_store()
    stage.run.tick()
    assert stage.run.signals.read("cell/infeed_run").value is True
    await eventually(lambda: ("ns=2;s=GVL.eye", False) in stage.plc.written)
    await stage.mirror.stop()


@pytest.mark.parametrize("on_loss", ["safe", "hold"])
async def test_a_controller_that_is_gone(on_loss: str) -> None:
    control = {"workcell": "cell", "link": "plc", "tags": GVL, "on_loss": on_loss}
    stage = Stage(devices(control=[control]))
    stage.plc.values = {
        GVL.format(name=name): 0 if point.iec == "REAL" else False
        for name, point in POINTS.items()
        if point.direction == "output"
    }
    stage.plc.values |= {"ns=2;s=GVL.infeed_run": True, "ns=2;s=GVL.infeed_speed": 0.25}
    read = stage.run.signals.read
    await stage.mirror.start()
    await eventually(lambda: read("cell/infeed_speed").value == 0.25)
    stage.plc.lose()
    await eventually(lambda: stage.run.verbs("cell")[-1:] == ["lost"])
    safe = on_loss == "safe"
    assert read("cell/infeed_run").value is not safe
    assert read("cell/infeed_speed").value == (0.0 if safe else 0.25)
    # The plant is there: what it says is as good as before.
    assert read("cell/eye").quality is Quality.GOOD
    stage.plc.mend()
    await eventually(lambda: read("cell/infeed_speed").value == 0.25)
    assert stage.run.verbs("cell") == ["found", "lost", "found"]
    await stage.mirror.stop()


LINE = """
schema: pilotline.devices/1
line: bench_cell
links:
  - {id: plc, kind: opcua, address: "opc.tcp://x"}
control: {workcell: cell, link: plc, tags: "ns=2;s=GVL.{name}"}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("{name}", "{nam}", r":\d+: .*'\{nam\}'.*did you mean 'name'"),
        ("{name}", "{name+3}", r":\d+: .*only byte, bit"),
        ("{name}", "all", r":\d+: .*the same tag for every point"),
        ("workcell: cell,", "workcell: cel,", r":\d+: .*'cel' is no workcell.*did you mean 'cell'"),
        ("link: plc, tags", "link: plk, tags", r":\d+: .*'plk'.*did you mean 'plc'"),
        (', tags: "ns=2;s=GVL.{name}"', "", r":\d+: .*give 'tags'"),
        (
            "control:",
            "signals: [{signal: cell/eye, link: plc, tag: x}]\ncontrol:",
            r":\d+: .*is an input.*to_device",
        ),
        (
            "control:",
            "signals: [{signal: cell/eyed, link: plc, tag: x}]\ncontrol:",
            r":\d+: .*no point 'eyed'; did you mean 'eye'",
        ),
    ],
)
def test_a_mistake_is_said(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in LINE
    path = tmp_path / "devices.yaml"
    path.write_text(LINE.replace(right, wrong), encoding="utf-8")
    with pytest.raises(SpecError, match=said):
        load_devices(path, CELL)


def test_the_right_file_is_right(tmp_path: Path) -> None:
    path = tmp_path / "devices.yaml"
    path.write_text(LINE, encoding="utf-8")
    assert load_devices(path, CELL).control[0].on_loss == "safe"


async def test_the_cell_itself_stands_still_and_says_so() -> None:
    """The shipped cell: belts off when the controller goes, an alarm until it is back."""
    live = LiveRun(load_line("sorting_cell"))
    live.start()
    document = devices().model_dump(by_alias=True) | {"line": "sorting_cell"}
    document["control"] = [{"workcell": "sorting", "link": "plc", "tags": "{name}"}]
    links: list[FakeLink] = []

    def make(spec: LinkSpec) -> FakeLink:
        links.append(FakeLink(spec))
        links[0].values = {p.name: False for p in io_list(live.spec) if p.direction == "output"}
        links[0].values["infeed_run"] = True
        return links[0]

    mirror = Mirror(DevicesSpec.model_validate(document), live, make)
    await mirror.start()

    def read(name: str) -> object:
        return live.signals.read(f"sorting/{name}").value

    def alarm() -> bool:
        return any(a.active and a.id == "sorting/controller" for a in live.alarms)

    try:
        await eventually(lambda: read("owner") == "device:plc" and read("infeed_run") is True)
        await eventually(lambda: ("panel_stop", True) in links[0].written)
        assert not alarm()
        links[0].lose()
        await eventually(lambda: read("infeed_run") is False)
        assert alarm()
        links[0].mend()
        await eventually(lambda: read("infeed_run") is True)
        assert not alarm()
    finally:
        await mirror.stop()
        await live.stop()
