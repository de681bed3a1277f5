"""The command that adds an extra, in a copy of the source and where the package was installed."""

import pickle
import shlex
import sys
from pathlib import Path

import pytest
import typer

from twin.cli.check import _checked
from twin.cli.failure import explained
from twin.plant.motion.robot import NoLibraries
from twin.spec import extras

LINE = "schema: pilotline.line/1\nid: mine\ntitle: {en: Mine, zh: 我的}\nassets:\n"
SOLID = "{{id: s, kind: solid, at_m: [0, 0, 0], size_m: [0.1, 0.1, 0.1]}}"
CELL = f"  - {{{{id: {{id}}, kind: workcell, size_m: [1, 1], bodies: [{SOLID}]}}}}\n"


@pytest.fixture
def source(tmp_path, monkeypatch):
    for name in ("pyproject.toml", "constraints.txt"):
        (tmp_path / name).touch()
    monkeypatch.setattr(extras, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv/bin/python"))
    return tmp_path


def test_in_the_folder_of_the_source_it_is_the_readmes(source, monkeypatch):
    monkeypatch.chdir(source)
    said = extras.install_command("robots")
    assert said == ".venv/bin/python -m pip install -c constraints.txt -e '.[robots]'"
    readme = Path(__file__).parents[3] / "README.md"
    words = " ".join(shlex.split(said)[3:])
    assert words in readme.read_text(encoding="utf-8").replace("'", "")


def test_from_elsewhere_the_source_is_named(source, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))
    words = shlex.split(extras.install_command("robots", "robot-models"))
    assert words[0] == f"{source}/.venv/bin/python"
    assert words[-4:] == ["-c", f"{source}/constraints.txt", "-e", f"{source}[robots,robot-models]"]


def test_without_the_source_it_is_the_packages_name(tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    words = shlex.split(extras.install_command("robots"))
    assert words == [sys.executable, "-m", "pip", "install", "pilotline[robots]"]


@pytest.mark.parametrize(("language", "told"), [("en", "missing: eaik"), ("zh", "缺少：eaik")])
def test_the_command_says_it_in_the_readers_language(capsys, language, told):
    with pytest.raises(typer.Exit), explained(language):
        raise NoLibraries("r1", ["eaik"])
    assert told in capsys.readouterr().err


def test_the_error_goes_from_one_process_to_another():
    one = NoLibraries("r1", ["eaik"])
    assert str(pickle.loads(pickle.dumps(one))) == str(one)


@pytest.mark.parametrize(("cells", "told"), [("a", "1 asset"), ("ab", "2 assets")])
def test_a_line_is_right_with_as_many_assets(tmp_path, cells, told):
    file = tmp_path / "mine.yaml"
    file.write_text(LINE + "".join(CELL.format(id=f"cell_{one}") for one in cells), "utf-8")
    assert _checked(file, "en") == f"right, {told}"
