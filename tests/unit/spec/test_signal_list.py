"""Signal lists: what engineering tools read, and back again after somebody has changed them."""

import csv
import io
import re

import pytest
from ruamel.yaml import YAML

from devices.mqtt.address import base_topic
from devices.opcua.address import NAMESPACE
from devices.s7.image import OUTPUTS_AT
from tests.unit.devices.fake_cell import CELL
from twin.spec.errors import SpecError
from twin.spec.io import io_list
from twin.spec.line import LineSpec
from twin.spec.signal_list import (
    COLUMNS,
    MQTT_ROOT,
    S7_OUTPUTS_AT,
    TIA_COLUMNS,
    Format,
    as_yaml,
    decoded,
    read_list,
    written,
)
from twin.spec.signal_list import NAMESPACE as HERE

POINTS = {point.name: point for point in io_list(CELL) if point.workcell == "cell"}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def applied(line: LineSpec, text: str) -> LineSpec:
    """The line with what a list says put into its `io:` blocks, as a person pastes it."""
    document = line.document()
    blocks = re.split(r"^# workcell (\w+)\n", text, flags=re.MULTILINE)[1:]
    for cell, block in zip(blocks[::2], blocks[1::2], strict=True):
        asset = next(asset for asset in document["assets"] if asset["id"] == cell)
        asset["io"] = YAML(typ="safe").load(block)["io"]
    return LineSpec.model_validate(document)


def test_the_names_are_those_of_the_drivers() -> None:
    assert (HERE, S7_OUTPUTS_AT) == (NAMESPACE, OUTPUTS_AT)
    assert base_topic(CELL) == f"{MQTT_ROOT}/{CELL.site}/{CELL.id}"


def test_csv_holds_every_point_with_all_its_names() -> None:
    found = rows(written(CELL, Format.CSV))
    assert tuple(found[0]) == COLUMNS
    assert [row["path"] for row in found] == [point.path for point in io_list(CELL)]
    by_name = {row["path"]: row for row in found}
    eye = by_name["cell/eye"]
    assert (eye["address"], eye["type"], eye["direction"]) == ("%IX0.0", "BOOL", "input")
    assert (eye["modbus"], eye["s7"]) == ("discrete:0", "DB1.DBX0.0")
    assert eye["opcua"] == "nsu=urn:pilotline:twin;s=bench_cell/cell/eye"
    assert eye["mqtt"].endswith("/bench_cell/cell/eye")
    target = by_name["cell/x_target"]
    assert (target["modbus"], target["s7"]) == ("holding:2:real", "DB1.DBD324:real")
    assert by_name["second/out_run"]["s7"] == "DB2.DBX256.0"
    assert by_name["second/out_run"]["modbus_unit"] == "2"


def test_tia_has_its_columns_and_addresses() -> None:
    found = list(csv.reader(io.StringIO(written(CELL, Format.TIA, cell="cell")), delimiter="\t"))
    assert tuple(found[0]) == TIA_COLUMNS
    by_name = {row[0]: row for row in found[1:]}
    assert by_name.keys() == POINTS.keys()
    assert by_name["x_start"][2:4] == ["Bool", "%Q3.1"]
    assert by_name["infeed_count"][2:4] == ["DInt", "%ID64"]
    assert by_name["x_target"][2:4] == ["Real", "%QD68"]


def test_codesys_counts_double_words() -> None:
    text = written(CELL, Format.CODESYS, cell="cell")
    assert "x_start AT %QX3.1 : BOOL;" in text
    assert "x_target AT %QD17 : REAL;" in text
    assert text.count("VAR_GLOBAL") == text.count("END_VAR") == 1


def test_codesys_says_what_it_cannot_address() -> None:
    odd = applied(CELL, '# workcell cell\nio:\n  x_target: {address: "%QD70"}\n')
    with pytest.raises(SpecError, match=r"x_target.*%QD70.*4 divides"):
        written(odd, Format.CODESYS)


def test_openplc_asks_the_twin_as_its_first_device() -> None:
    text = written(CELL, Format.OPENPLC, cell="cell", language="zh")
    assert "x_start AT %QX103.1 : BOOL;" in text
    assert "x_target_high AT %QW102 : UINT;" in text
    assert "x_target_low AT %QW103 : UINT;" in text
    assert "主站" in text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_out_and_in_again_is_the_same(separator: str) -> None:
    text = written(CELL, Format.CSV)
    table = io.StringIO()
    csv.writer(table, delimiter=separator).writerows(csv.reader(io.StringIO(text)))
    again = applied(CELL, as_yaml(read_list(CELL, table.getvalue(), file="list.csv")))
    assert io_list(again) == io_list(CELL)


def test_what_was_changed_comes_in() -> None:
    table = list(csv.DictReader(io.StringIO(written(CELL, Format.CSV))))
    for row in table:
        if row["path"] == "cell/eye":
            row["address"], row["comment_zh"] = "I7.5", "来料：有无（改）"
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(table)
    saved = decoded(text.getvalue().encode("gb18030"))
    again = applied(CELL, as_yaml(read_list(CELL, saved, file="list.csv")))
    changed = {p.path: p for p in io_list(again) if p not in io_list(CELL)}
    assert changed.keys() == {"cell/eye"}
    assert str(changed["cell/eye"].address) == "%IX7.5"
    assert changed["cell/eye"].comment.zh == "来料：有无（改）"
    assert changed["cell/eye"].comment.en == POINTS["eye"].comment.en


def test_a_tia_tag_table_comes_in() -> None:
    text = written(CELL, Format.TIA, cell="cell").replace("%Q3.1", "%Q7.7")
    found = read_list(CELL, text, file="tags.txt", cell="cell")
    assert str(found["cell"]["x_start"].address) == "%QX7.7"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["eye,%IX0.0", "eye,%IX0.1"], r"list.csv:3: eye: 'eye' is in line 2, too"),
        (["eyed,%IX0.0"], r"list.csv:2: eyed: .*no point 'eyed'; did you mean 'eye'"),
        (["eye,%IX0.9"], r"list.csv:2: eye: '%IX0.9' is no address"),
        (["eye,"], r"list.csv:2: eye: '' is no address"),
        (["eye,%QX0.0"], r"list.csv:2: eye: .*wrong area"),
        (["eye,%IW64"], r"list.csv:2: eye: .*wrong size"),
        (["eye,%IX0.0", "x_homed,I0.0"], r"list.csv:3: x_homed: 'x_homed' and 'eye' overlap"),
        (["x_position,%ID68", "scale_weight,%ID70"], r"list.csv:3: .*overlap"),
        (["eyed,%IX0.0", "eye,x"], r"(?s)list.csv:2: .*list.csv:3: "),
    ],
)
def test_a_mistake_is_said_with_its_line(lines: list[str], said: str) -> None:
    text = "\n".join(["name,address", *lines])
    with pytest.raises(SpecError, match=said):
        read_list(CELL, text, file="list.csv", cell="cell")


def test_of_several_workcells_one_must_be_named() -> None:
    with pytest.raises(SpecError, match=r"several workcells.*--cell"):
        read_list(CELL, "name,address\neye,%IX0.0\n", file="list.csv")
    with pytest.raises(SpecError, match="no column 'address'"):
        read_list(CELL, "name,adress\neye,%IX0.0\n", file="list.csv")
    with pytest.raises(SpecError, match="empty"):
        read_list(CELL, "", file="list.csv")
    with pytest.raises(SpecError, match=r"'cel' is no workcell.*did you mean 'cell'"):
        written(CELL, Format.CSV, cell="cel")
