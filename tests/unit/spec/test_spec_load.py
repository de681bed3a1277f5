"""Files that load, and files that cannot be read: the place, what was found, the remedy."""

import pickle
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.unit.spec.refusal import HEAD, problems_of
from twin.spec import SpecError, load_line, load_model, parse_model
from twin.spec.document import MAX_BYTES, MAX_VALUES
from twin.spec.line import LineSpec

EXAMPLE = """\
schema: pilotline.line/1
id: two_machine
title: {en: Two machines and a buffer, zh: 双机一缓冲}
parts:
  - {id: module, size_m: [0.35, 0.15, 0.11], colour: "#4a7ebb"}
assets:
  - {id: feed, kind: source, part: module}      # no interarrival_s: never starves the line
  - id: m1
    kind: station
    process_s: 40
    failures:
      - {id: jam, clock: operating, uptime_s: {exponential: 12000}, downtime_s: {exponential: 300}}
  - {id: b1, kind: buffer, capacity: 5}
  - {id: m2, kind: station, process_s: {normal: [40, 2]}, capacity: 1}
  - {id: out, kind: sink}
flow:
  - [feed, m1, b1, m2, out]
"""


def test_the_example_of_the_design_loads(tmp_path):
    path = tmp_path / "line.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    line = load_line(path)
    assert line.title.get("zh") == "双机一缓冲"
    assert line.title.get("en") == "Two machines and a buffer"
    assert [asset.id for asset in line.assets] == ["feed", "m1", "b1", "m2", "out"]
    assert line.assets[1].process_s.law == "constant"
    assert line.assets[1].process_s.parameters == (40,)
    assert line.assets[3].process_s.parameters == (40, 2)
    assert line.flow == (("feed", "m1", "b1", "m2", "out"),)


def test_a_shipped_line_is_found_by_its_name():
    assert load_line("two_machine").id == "two_machine"


def test_every_problem_of_a_file_is_told_in_its_order():
    text = HEAD + "titel: x\nassets:\n- {id: m, kind: sation}\n- {id: b, kind: buffer, order: x}\n"
    assert [p.line for p in problems_of(text)] == [3, 5, 6]


def test_a_problem_can_be_read_in_chinese():
    with pytest.raises(SpecError) as caught:
        parse_model(HEAD + "assets:\n- {id: m, kind: sation}", LineSpec, name="x.yaml")
    said = caught.value.text("zh")
    assert "您是否想写“station”" in said
    assert said.startswith("x.yaml:4: assets.m.kind: ")


def test_many_problems_are_counted_not_all_spelled_out():
    text = HEAD + "assets:\n" + "- {id: m, kind: sation}\n" * 100
    with pytest.raises(SpecError) as caught:
        parse_model(text, LineSpec)
    assert len(caught.value.problems) == 100
    assert str(caught.value).endswith("and 70 more")


def test_a_problem_travels_between_processes():
    with pytest.raises(SpecError) as caught:
        parse_model(HEAD, LineSpec)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.problems == caught.value.problems


# --- whole texts: (name, text, line, words) -------------------------------------------------------

TEXTS = [
    ("empty", "", 1, ["empty", "schema: pilotline.line/1"]),
    ("blank", "\n\n", 1, ["empty"]),
    ("only a remark", "# nothing yet\n", 1, ["empty"]),
    ("only dashes", "---\n", 1, ["empty"]),
    ("a list", "- a\n- b\n", 1, ["a list of 2", "key: value"]),
    ("a word", "hello", 1, ["'hello'", "key: value"]),
    ("no schema", "id: x\nassets:\n- {id: m, kind: sink}", 1, ["'schema' is missing"]),
    (
        "another version",
        "schema: pilotline.line/2\nid: x\nassets:\n- {id: m, kind: sink}",
        1,
        ["pilotline.line/2", "reads 'pilotline.line/1'"],
    ),
    ("a tab", HEAD + "assets:\n\t- {id: m, kind: sink}", 4, ["a tab", "blanks"]),
    ("an open bracket", HEAD + "assets: [a\n", 4, ["not YAML", "brackets"]),
    ("an open quote", HEAD + 'title: "a\n', 4, ["not YAML", "quotes"]),
    ("a colon too many", HEAD + "title: a: b\n", 3, ["not YAML", "colons"]),
    ("a wrong indent", HEAD + "assets:\n  - id: m\n   kind: sink\n", 5, ["not YAML", "indents"]),
    ("a key twice", HEAD + "title: a\ntitle: b\n", 4, ["'title' is here twice", "line 3"]),
    ("two documents", HEAD + "---\nid: y\n", 3, ["second document", "---"]),
    ("an unknown alias", HEAD + "title: *name\n", 3, ["'*name'", "'&name'"]),
    ("an alias of itself", HEAD + "parts: &a\n- *a\n", 3, ["contains itself"]),
    ("a tag", HEAD + "title: !!python/object:os.system {}\n", 3, ["tag", "python/object"]),
    ("a scalar with a tag", HEAD + "title: !secret x\n", 3, ["tag", "!secret"]),
    ("binary data", HEAD + "title: !!binary aGVsbG8=\n", 3, ["tag", "binary"]),
    ("no number", HEAD + "warmup_s: !!int abc\n", 3, ["'abc'", "int"]),
    ("a list as a key", HEAD + "? [a, b]\n: c\n", 3, ["as a key", "plain name"]),
    ("a merge of a word", HEAD + "<<: x\n", 3, ["'<<'", "'x'"]),
    ("a control character", HEAD + "title: a\x00b\n", 3, ["U+0000", "remove"]),
    ("a future YAML", "%YAML 9.1\n---\nid: x\n", 1, ["not YAML"]),
]


@pytest.mark.parametrize(
    ("text", "line", "words"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS]
)
def test_a_text_that_is_no_document_is_one_problem(text, line, words):
    found = problems_of(text)
    assert found[0].line == line
    for word in words:
        assert word in found[0].message


def test_aliases_are_read():
    text = EXAMPLE.replace("process_s: 40\n", "process_s: &t 40\n")
    text = text.replace("{normal: [40, 2]}", "*t")
    line = parse_model(text, LineSpec)
    assert line.assets[3].process_s.parameters == (40,)


def test_a_merge_fills_in_what_is_not_written():
    text = HEAD + (
        "assets:\n- &m {id: m1, kind: station, process_s: 4}\n- {<<: *m, id: m2, capacity: 3}\n"
    )
    first, second = parse_model(text, LineSpec).assets
    assert (first.id, first.capacity) == ("m1", 1)
    assert (second.id, second.capacity, second.process_s.parameters) == ("m2", 3, (4,))


def test_aliases_that_unfold_without_bound_are_refused():
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    found = problems_of("\n".join(rows))
    assert str(MAX_VALUES) in found[0].message
    assert "aliases" in found[0].message


@pytest.mark.parametrize("depth", [61, 1_000, 50_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_endless_nesting_is_refused(depth, opening):
    found = problems_of(HEAD + "parts:\n  " + opening * depth)
    assert "nested deeper" in found[0].message


def test_brackets_as_deep_as_allowed_are_read():
    found = problems_of(HEAD + "title: " + "[" * 50 + "]" * 50)
    assert not any("nested deeper" in problem.message for problem in found)


# --- files ----------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_names_the_nearest_and_the_shipped(tmp_path):
    (tmp_path / "pack_line.yaml").write_text("x")
    with pytest.raises(SpecError) as caught:
        load_line(tmp_path / "pack_lin.yaml")
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / 'pack_lin.yaml'}: no such file")
    assert str(tmp_path / "pack_line.yaml") in said
    assert "two_machine" in said


def test_a_name_of_no_line_names_the_shipped():
    with pytest.raises(SpecError, match="two_machine"):
        load_line("two_machin")


@pytest.mark.parametrize("name", ["", "a" * 5000, "\0", "/", "..", "nowhere/at/all.yaml"])
def test_an_odd_name_is_one_problem(name):
    with pytest.raises(SpecError) as caught:
        load_line(name)
    assert len(caught.value.problems) == 1


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(SpecError, match="this is a folder"):
        load_line(tmp_path)


def test_a_picture_is_no_line(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    with pytest.raises(SpecError, match="byte 1 is not UTF-8"):
        load_line(path)


def test_another_encoding_is_told(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(EXAMPLE.encode("gb18030"))
    with pytest.raises(SpecError, match="UTF-8"):
        load_line(path)


def test_a_byte_order_mark_and_dos_lines_are_read(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode())
    assert load_line(path).id == "two_machine"


def test_a_file_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "x.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(SpecError, match=str(MAX_BYTES)):
        load_line(path)


def test_a_file_that_the_system_refuses_is_told(tmp_path, monkeypatch):
    path = tmp_path / "x.yaml"
    path.write_text(EXAMPLE)

    def refuse(self, *arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SpecError, match="Permission denied; check its permissions"):
        load_line(path)


def test_an_endless_device_is_refused():
    with pytest.raises(SpecError, match=str(MAX_BYTES)):
        load_line("/dev/zero")


# --- any model ------------------------------------------------------------------------------------


class Point(BaseModel):
    """A model that is not one of ours."""

    x: int
    label: int | str | list[int] = 0


def test_any_model_is_loaded_the_same_way(tmp_path):
    path = tmp_path / "point.yaml"
    path.write_text("x: 4\n")
    assert load_model(path, Point) == Point(x=4)
    path.write_text("x: 4\nlabel: {}\n")
    with pytest.raises(SpecError) as caught:
        load_model(path, Point)
    assert re.search(r"point.yaml:2: label: .*whole number, a text, a list", str(caught.value))
