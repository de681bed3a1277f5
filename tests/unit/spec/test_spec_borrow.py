"""Workcells taken from other lines, and control programs read from files beside a line."""

from pathlib import Path

import pytest

from twin.spec import SpecError, load_line
from twin.spec.motion import Workcell
from twin.spec.programs import MAX_BYTES

HEAD = "schema: pilotline.line/1\nid: mine\n"
FEED = "- {id: feed, kind: source, part: box, interarrival_s: 9}\n"
PROGRAM = "PROGRAM main\n    belt_run := TRUE;\nEND_PROGRAM\n"
OTHER = (
    "schema: pilotline.line/1\nid: other\nparts:\n- {id: box, mass_kg: 2}\n- {id: lid}\nassets:\n"
    f"{FEED}- {{id: out, kind: sink}}\n"
    "- id: cell\n  kind: workcell\n  title: Theirs\n"
    "  control: {program: their.st, period_ms: 20}\n  bodies:\n"
    "  - {id: belt, kind: belt, length_m: 2}\n  - {id: way_in, kind: entry, to: belt}\n"
    "  - {id: way_out, kind: exit, from: belt}\nflow:\n- [feed, cell, out]\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "other.yaml").write_text(OTHER, encoding="utf-8")
    (tmp_path / "their.st").write_text(PROGRAM, encoding="utf-8")
    return tmp_path


def mine(folder: Path, cell: str, parts: str = "") -> Path:
    path = folder / "mine.yaml"
    path.write_text(
        f"{HEAD}{parts}assets:\n{FEED}- {{id: out, kind: sink}}\n"
        f"- {cell}\nflow:\n- [feed, c, out]\n",
        encoding="utf-8",
    )
    return path


def cell_of(path: Path) -> Workcell:
    found = load_line(path).assets[2]
    assert isinstance(found, Workcell)
    return found


def refused(path: Path) -> tuple[str, str, int]:
    with pytest.raises(SpecError) as caught:
        load_line(path)
    problem = caught.value.problems[0]
    return problem.message, problem.text("zh"), problem.line


def test_a_workcell_comes_with_its_bodies_program_and_parts(folder: Path) -> None:
    path = mine(folder, "{id: c, kind: workcell, like: other/cell}")
    cell = cell_of(path)
    assert [body.id for body in cell.bodies] == ["belt", "way_in", "way_out"]
    assert cell.control.program is not None
    assert (cell.control.program.text, cell.control.period_ms) == (PROGRAM, 20)
    assert [part.id for part in load_line(path).parts] == ["box", "lid"]


def test_what_the_file_says_itself_goes_before(folder: Path) -> None:
    cell = "{id: c, kind: workcell, like: other/cell, title: Mine, control: {period_ms: 5}}"
    path = mine(folder, cell, "parts:\n- {id: box, mass_kg: 9}\n")
    found = cell_of(path)
    assert found.title is not None
    assert (found.id, found.title.en, found.control.period_ms) == ("c", "Mine", 5)
    assert found.control.program is not None
    assert found.control.program.text == PROGRAM
    masses = {part.id: part.mass_kg for part in load_line(path).parts}
    assert masses == {"box": 9, "lid": None}


def test_a_program_of_its_own_goes_before(folder: Path) -> None:
    own = "{id: c, kind: workcell, like: other/cell, control: {program: {text: 'mine'}}}"
    program = cell_of(mine(folder, own)).control.program
    assert program is not None
    assert program.text == "mine"


def test_a_borrowed_line_is_whole_in_its_document(folder: Path) -> None:
    spec = load_line(mine(folder, "{id: c, kind: workcell, like: other/cell}"))
    again = type(spec).model_validate(spec.document())
    assert again == spec


def test_a_line_that_is_not_there_is_named_with_the_nearest(folder: Path) -> None:
    path = mine(folder, "{id: c, kind: workcell, like: sortin_cell/sorting}")
    english, chinese, line = refused(path)
    assert "'sortin_cell'" in english
    assert "did you mean 'sorting_cell'" in english
    assert "sorting_cell" in chinese
    assert line == 6


def test_a_cell_that_is_not_there_is_named_with_the_nearest(folder: Path) -> None:
    english, chinese, _ = refused(mine(folder, "{id: c, kind: workcell, like: other/sell}"))
    assert "did you mean 'cell'" in english
    assert "LINE/WORKCELL" in english
    assert "cell" in chinese


@pytest.mark.parametrize("like", ["other", "/", "''", "../secret/cell", "other/cell/more"])
def test_whatever_stands_behind_like_is_refused_in_words(folder: Path, like: str) -> None:
    english, chinese, _ = refused(mine(folder, f"{{id: c, kind: workcell, like: {like}}}"))
    assert english
    assert chinese


def own(folder: Path, program: str) -> Path:
    path = folder / "own.yaml"
    text = OTHER.replace("id: other", "id: own").replace("their.st", program)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_program_is_read_with_its_mark_left_out(folder: Path) -> None:
    (folder / "marked.st").write_text(PROGRAM, encoding="utf-8-sig")
    program = cell_of(own(folder, "marked.st")).control.program
    assert program is not None
    assert program.text == PROGRAM


def test_a_program_that_is_not_there_is_refused(folder: Path) -> None:
    english, chinese, line = refused(own(folder, "there.st"))
    assert "there is no program file 'there.st'" in english
    assert "there.st" in chinese
    assert line == 12


def test_a_program_elsewhere_is_not_read(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (folder / "secret.st").write_text(PROGRAM, encoding="utf-8")
    english, _, _ = refused(own(inner, "../secret.st"))
    assert "there is no program file" in english


def test_a_link_to_elsewhere_is_not_read(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "link.st").symlink_to(folder / "their.st")
    english, _, _ = refused(own(inner, "link.st"))
    assert "there is no program file" in english


def test_a_program_that_is_no_text_or_too_long_is_refused(folder: Path) -> None:
    (folder / "picture.st").write_bytes(b"\x89PNG\xff\xfe")
    assert "not UTF-8 text" in refused(own(folder, "picture.st"))[0]
    (folder / "long.st").write_text(" " * (MAX_BYTES + 1), encoding="utf-8")
    assert f"longer than {MAX_BYTES}" in refused(own(folder, "long.st"))[0]
