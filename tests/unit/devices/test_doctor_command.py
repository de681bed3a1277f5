"""`twin doctor` as a person calls it: words, signs, JSON and exit status."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from devices.modbus.outlet import ModbusOptions, ModbusOutlet
from tests.unit.devices.fake_cell import FakeCell
from twin.cli.doctor import doctor

DEVICES = """\
schema: pilotline.devices/1
line: pack_pilot
outlets:
  modbus: {{port: {port}}}
links:
  - {{id: plc, kind: modbus, address: "modbus://127.0.0.1:{port}", unit: {unit}}}
  - {{id: secret, kind: opcua, address: "opc.tcp://127.0.0.1:1", user: me, password_env: NO_SUCH}}
stations:
  - {{asset: unpack, link: plc, busy: "coil:0", done: "holding:900"}}
"""


def called(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(doctor)
    return CliRunner().invoke(app, [*arguments])


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a Modbus server in a loop of its own, as the command has one of its own."""
    outlet = ModbusOutlet(ModbusOptions(port=0))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(outlet.start(FakeCell()), loop).result(10)
    yield int(outlet.address.rsplit(":", 1)[1])
    asyncio.run_coroutine_threadsafe(outlet.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_nothing_is_wrong(port: int) -> None:
    result = called(f"modbus://127.0.0.1:{port}", "--tag", "coil:0", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "✓ unit 1 answers" in result.stdout
    assert "✓ coil:0 = False" in result.stdout
    assert "Nothing is wrong" in result.stderr


def test_something_is_wrong_and_the_remedy_follows(port: int) -> None:
    result = called(f"modbus://127.0.0.1:{port}", "--unit", "9", "--lang", "zh")
    assert result.exit_code == 1
    assert "✗ 单元 9 没有应答，而单元 1, 0, 255, 2 有应答" in result.stdout
    assert "→ 处理：" in result.stdout


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://127.0.0.1", "no address that can be looked at"),
        ("modbus://127.0.0.1:99999", "no address that can be looked at"),
        ("mqtt://me:secret@127.0.0.1", "no address that can be looked at"),
        ("no_such_devices_file", "no such file"),
    ],
)
def test_a_wrong_call_is_status_2(target: str, said: str) -> None:
    result = called(target, "--lang", "en")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_json_holds_every_finding(port: int) -> None:
    result = called(f"modbus://127.0.0.1:{port}", "--tag", "40001", "--json", "--lang", "en")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["well"] is False
    (target,) = document["targets"]
    last = target["findings"][-1]
    assert (last["about"], last["mark"]) == ("tag", "bad")
    assert last["remedy"] == "write holding:0"


def test_a_devices_file_is_looked_at_link_by_link(port: int, tmp_path: Path) -> None:
    file = tmp_path / "devices.yaml"
    file.write_text(DEVICES.format(port=port, unit=1), encoding="utf-8")
    result = called(str(file), "--json", "--lang", "en")
    assert result.exit_code == 1, result.output
    plc, secret, own = json.loads(result.stdout)["targets"]
    tags = [finding["found"] for finding in plc["findings"] if finding["about"] == "tag"]
    assert tags == ["coil:0 = False", "the device has nothing at holding:900 (exception 2)"]
    assert "NO_SUCH is not set" in secret["findings"][0]["found"]
    assert f"port {port} on 127.0.0.1 is taken" in own["findings"][0]["found"]


def test_a_closed_port_is_status_1() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    result = called(f"modbus://127.0.0.1:{closed}", "--lang", "en")
    assert result.exit_code == 1
    assert "refused at once" in result.stdout
