"""Another program on the command line, of a PLC or a robot; what is wrong is told in one line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from twin.__main__ import app
from twin.cli.lines import load
from twin.control.line import build
from twin.spec.programs import with_program

MODULE = 'MODULE mine\nPROC main()\nTPWrite "mine";\nStop;\nENDPROC\nENDMODULE\n'
PROGRAM = "PROGRAM main VAR n : INT; END_VAR n := n + 1; END_PROGRAM\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.mod").write_text(MODULE, encoding="utf-8")
    (tmp_path / "mine.st").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "wrong.mod").write_text(MODULE.replace('"mine"', "mine"), encoding="utf-8")
    (tmp_path / "latin.mod").write_bytes(MODULE.replace("mine", "né").encode("latin-1"))
    return tmp_path


def run(*wishes: str, lang: str = "en"):
    options = [word for wish in wishes for word in ("--program", wish)]
    call = ["run", "picking_cell", *options, "--for", "2s", "--json", "--lang", lang]
    return CliRunner().invoke(app, call)


def test_a_robot_and_a_plc_get_other_programs(folder: Path) -> None:
    wishes = (f"picking/robot={folder / 'mine.mod'}", f"picking={folder / 'mine.st'}")
    spec = load("picking_cell")
    for wish in wishes:
        spec = with_program(spec, wish)
    cell = build(spec).assets["picking"]
    assert cell.controller.source == PROGRAM
    assert cell.world.bodies["robot"].program.source == MODULE
    found = run(*wishes)
    assert found.exit_code == 0
    assert json.loads(found.stdout)["line"] == "picking_cell"


def test_none_is_no_program() -> None:
    cell = build(with_program(load("picking_cell"), "picking/robot=none")).assets["picking"]
    assert cell.world.bodies["robot"].program.source == ""
    assert cell.controller.source != ""


@pytest.mark.parametrize(
    ("wish", "status", "en", "zh"),
    [
        ("packing/robot=mine.mod", 2, "workcells here: picking", "工作单元：picking"),
        ("picking/arm=mine.mod", 2, "with one of: picking/robot", "可用：picking/robot"),
        ("picking/robot=none.mod", 2, "no program file 'none.mod' in", "没有程序文件“none.mod”"),
        ("picking/robot=latin.mod", 2, "is not UTF-8 text", "不是 UTF-8 文本"),
        ("picking/robot=wrong.mod", 1, "wrong.mod:3:9: `mine` is not declared", "`mine` 没有声明"),
    ],
)
def test_a_wrong_wish_is_told_in_one_line(
    folder: Path, wish: str, status: int, en: str, zh: str
) -> None:
    place, _, file = wish.partition("=")
    for language, words in (("en", en), ("zh", zh)):
        found = run(f"{place}={folder / file}", lang=language)
        assert found.exit_code == status
        assert found.stdout == ""
        assert found.stderr.count("\n") == 1
        assert words in found.stderr
