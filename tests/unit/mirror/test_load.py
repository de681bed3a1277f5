"""Devices files: what is wrong is said with its place and the nearest choice."""

from pathlib import Path

import pytest

from twin.mirror.load import load_devices
from twin.spec.errors import SpecError
from twin.spec.load import load_line

SHIPPED = Path("config/devices/pack_pilot.yaml")


def test_the_shipped_file_fits_its_line() -> None:
    line = load_line("pack_pilot")
    spec = load_devices("pack_pilot", line)
    assert {station.asset for station in spec.stations} == {"unpack", "ocv"}
    assert {link.kind for link in spec.links} == {"opcua", "mqtt"}
    assert not any(link.armed for link in spec.links)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("asset: unpack\n", "asset: unpak\n", r":\d+: stations.*'unpak'.*did you mean 'unpack'"),
        ("link: test_bus", "link: testbus", r":\d+: .*'testbus'.*did you mean 'test_bus'"),
        ("plant: real", "plant: reel", r":\d+: .*did you mean 'real'"),
        ("asset: ocv", "asset: cell_rack", r":\d+: .*is a buffer, which cannot follow"),
        ("    busy: shop", "    bussy: shop", r":\d+: .*unknown key 'bussy'; did you mean 'busy'"),
        ("line: pack_pilot", "line: other", r":\d+: line: the file is for line 'other'"),
        ("cell: cell_prep", "cell: cellprep", r":\d+: cells.*did you mean 'cell_prep'"),
        ("mqtt://127.0.0.1:1884", "mqtt://me:pw@127.0.0.1", r"links.*address"),
        ("{id: test_bus", "{id: unpack_plc", r":\d+: link 'unpack_plc' is there twice"),
    ],
)
def test_a_mistake_is_said(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "devices.yaml"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(SpecError, match=said):
        load_devices(path, load_line("pack_pilot"))
