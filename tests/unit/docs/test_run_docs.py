"""What the documentation shows is run: Python, shell and the how-to that changes the program."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from twin.spec import parse_model
from twin.spec.check import check_line
from twin.spec.device import DevicesSpec
from twin.spec.line import LineSpec
from twin.spec.scenario import ScenarioSpec

from .pages import DOCS, ROOT, Block, assert_prints, blocks

PAGES = sorted(page for page in DOCS.rglob("*.md") if "decisions" not in page.parts)
SHELL = [
    page
    for page in PAGES
    # a translation has the same blocks, as test_reference.py makes sure
    if ".zh-CN" not in page.name and any(b.language == "sh" and b.is_run for b in blocks(page))
]
SCRIPT = DOCS / "how-to" / "script-a-run-from-python.md"
NEW_KIND = DOCS / "how-to" / "add-a-kind-of-asset.md"
SCHEMAS = {
    "pilotline.line/1": (LineSpec, [check_line]),
    "pilotline.scenario/1": (ScenarioSpec, []),
    "pilotline.devices/1": (DevicesSpec, []),
}


def what_it_prints(found: tuple[Block, ...], number: int) -> str | None:
    follower = found[number + 1] if number + 1 < len(found) else None
    return follower.text if follower and follower.language == "text" else None


def twin_on_path(folder: Path, code: Path) -> dict[str, str]:
    """An environment in which `twin` and `python` are those of the tests, with this code."""
    programs = folder / "programs"
    programs.mkdir()
    for name, call in (("twin", "-m twin"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n')
        program.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(code),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "140",
    }


def shell(text: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["sh", "-eu", "-c", text],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.mark.parametrize("page", SHELL, ids=lambda page: page.stem)
def test_shell_blocks_do_what_the_page_says(page: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "config").symlink_to(ROOT / "config")
    environment = twin_on_path(tmp_path, ROOT)
    found = blocks(page)
    for block in found:
        if block.language in ("yaml", "python") and block.file:
            (work / block.file).write_text(block.text, encoding="utf-8")
    for number, block in enumerate(found):
        if block.language == "sh" and block.is_run:
            printed = shell(block.text, work, environment)
            expected = what_it_prints(found, number)
            if expected is not None:
                assert_prints(expected, printed)


def test_the_script_prints_what_the_page_says() -> None:
    found = blocks(SCRIPT)
    names: dict[str, object] = {"__name__": "script"}
    told = 0
    for number, block in enumerate(found):
        if block.language != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block.text, f"{SCRIPT.name}, block {number}", "exec"), names)
        expected = what_it_prints(found, number)
        if expected is not None:
            told += 1
            assert_prints(expected, printed.getvalue())
    assert told >= 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_whole_files_on_a_page_are_right(page: Path) -> None:
    for block in blocks(page):
        schema = block.text.partition("\n")[0].removeprefix("schema: ")
        if block.language == "yaml" and schema in SCHEMAS and "kind: dispenser" not in block.text:
            model, checks = SCHEMAS[schema]
            parse_model(block.text, model, checks)


def apply(diff: str, text: str) -> str:
    """Apply a diff without line numbers: each hunk's context stands in the text once."""
    for hunk in diff.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] != "+")
        after = "".join(line[1:] for line in lines if line[0] != "-")
        assert text.count(before) == 1, f"not there, or not once:\n{before}"
        text = text.replace(before, after)
    return text


AS_IF_NEVER_STOPPED = """
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.line import build
from twin.spec import load_line

def begin():
    spec = load_line("glue.yaml")
    run = Runner(build(spec), Header(spec.document()))
    run.digest()
    return run

one, other = begin(), begin()
one.run_until(777)
other.restore(one.snapshot())
for run in (one, other):
    run.run_until(5000)
print(one.plant.made, one.digest().hex() == other.digest().hex())
"""


def test_a_new_kind_of_asset_works_as_the_page_says(tmp_path: Path) -> None:
    code, work = tmp_path / "code", tmp_path / "work"
    code.mkdir()
    work.mkdir()
    for package in ("twin", "devices", "scenarios", "viewer", "config"):
        shutil.copytree(
            ROOT / package, code / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    touched = set()
    for block in blocks(NEW_KIND):
        if block.language in ("diff", "python"):
            assert block.file
            path = code / block.file
            touched.add(block.file)
            if block.language == "diff":
                path.write_text(apply(block.text, path.read_text("utf-8")), "utf-8")
            else:
                assert not path.exists()
                path.write_text(block.text, "utf-8")
        elif block.language == "yaml":
            (work / str(block.file)).write_text(block.text, "utf-8")
    assert len(touched) == 3
    environment = twin_on_path(tmp_path, code)
    shell("twin check glue.yaml", work, environment)
    calls = [block.text.strip() for block in blocks(NEW_KIND) if block.language == "sh"]
    assert calls == ["twin run glue.yaml --for 10h"]
    # 5 k parts are done after 300 k - 100 s: the first round needs no purge
    assert_prints("throughput 60 …\nglue dispenser 100.0% …", shell(calls[0], work, environment))
    script = work / "same.py"
    script.write_text(AS_IF_NEVER_STOPPED)
    assert shell("python same.py", work, environment).split() == ["85", "True"]


def test_a_how_to_is_a_page() -> None:
    words = NEW_KIND.read_text(encoding="utf-8").split()
    assert len(words) < 600
