"""Inspections of real arms, their report, and the stand's own program."""

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("pinocchio")

from typer.testing import CliRunner

from twin.__main__ import app
from twin.cli.inspection import _urdf
from twin.plant.robot.arm import load_arm
from twin.plant.robot.placement import OVER, Placement
from twin.spec.motion.robots import ArmErrors
from twin.spec.shipped import shipped
from twin.study.errors import StudyError
from twin.study.iso9283.inspect import KNOWN, Subject, cube_of, inspect_arm
from twin.study.iso9283.place import CLOSER, chain, largest_cube
from twin.study.iso9283.programme import Wanted, programme
from twin.study.iso9283.rapid import module
from twin.study.iso9283.report import Occasion, Typeface, write
from viewer.window.fonts import font_file

QUICK = Wanted(kinds=("pose", "settle", "line"), shares=(1.0,), cycles=4)


@pytest.fixture(scope="module")
def found():
    errors = ArmErrors(repeat_mm=0.02, settle_mm=0.1, joints_deg=(0.0, 0.02))
    return inspect_arm(Subject(load_arm("six"), errors, QUICK, {"RP": 1e-3, "AP": 1e-6}))


@pytest.mark.parametrize("name", ["six", "scara"])
def test_the_known_cubes_are_in_reach(name):
    arm = load_arm(name)
    cube, tip = KNOWN[name], Wanted().tool.tip
    assert cube_of(arm, tip, None) is cube
    assert chain(arm, tip, cube.chain(CLOSER[1][0]), CLOSER[1][1]) is not None


def test_a_cube_that_is_asked_for_is_looked_for():
    cube = cube_of(load_arm("six"), Wanted().tool.tip, 0.25)
    assert cube.edge_m == 0.25
    assert chain(load_arm("six"), Wanted().tool.tip, cube.chain()) is not None


def test_no_cube_beyond_the_reach_and_which_one_is_within():
    six, tip = load_arm("six"), Wanted().tool.tip
    with pytest.raises(StudyError, match="3000 mm") as refused:
        largest_cube(six, tip, 3.0)
    fits = re.search(r"--edge (\d+)", str(refused.value))
    assert largest_cube(six, tip, float(fits[1]) / 1000.0).edge_m * 1000.0 == float(fits[1])


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """The arm of the how-to: its last joint turns by less than half a turn to either side."""
    page = Path(__file__).parents[3] / "docs/how-to/add-your-own-arm.md"
    found = re.search(r"```xml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path_factory.mktemp("own") / "my_arm.urdf"
    file.write_text(found[1], encoding="utf-8")
    return file


def test_an_arm_whose_last_axis_does_not_turn_all_round_has_a_cube(own):
    arm, tip = load_arm(_urdf(own)), Wanted().tool.tip
    cube = cube_of(arm, tip, None)
    assert cube.edge_m == 0.4
    # With the tool turned as for others, the arm's front is beyond a limit of its last axis.
    plain = Placement(*cube.middle_m, *OVER.turn).then(tip.inverse())
    assert not arm.inverse(plain, arm.rest)
    assert chain(arm, tip, cube.chain(), CLOSER[1][1]) is not None
    quick = ("--tests", "pose,settle", "--speeds", "100", "--cycles", "3", "--json")
    data = json.loads(run(own, *quick).stdout)
    assert data["cube"]["edge_m"] == 0.4
    assert data["errors_from"] == "example"
    assert data["limits"] == {}


def test_an_arm_that_cannot_point_its_tool_is_told_why(own, tmp_path):
    text = own.read_text(encoding="utf-8")
    stiff = '<limit lower="-0.1" upper="0.1" velocity="5"/>'
    text = text.replace('<limit lower="-2" upper="2" velocity="5"/>', stiff)
    file = tmp_path / "stiff.urdf"
    file.write_text(text.replace('1.5707963267948966 0">', '0 0">'), encoding="utf-8")
    with pytest.raises(StudyError, match="not even one of 50 mm") as refused:
        largest_cube(load_arm(_urdf(file)), Wanted().tool.tip)
    assert "axis 5 would have to go to" in str(refused.value)


def test_a_joint_zero_that_is_off_shows_in_the_accuracy(found):
    ap = [one.accuracy.position_m for one in found.poses[1.0]]
    # 0.02 degrees at a lever of 0.3 to 0.9 m, and noise of 0.02 mm.
    assert all(0.05e-3 < each < 0.5e-3 for each in ap)
    assert found.passed is False


def test_an_arm_without_errors_is_exact():
    from twin.study.iso9283.stand import Instrument

    exact = inspect_arm(Subject(load_arm("six"), ArmErrors(), QUICK, {}, Instrument(0.0, 0.0)))
    for one in exact.poses[1.0]:
        assert one.accuracy.position_m < 1e-6
        assert one.repeatability.position_m < 1e-9
    (line,) = exact.paths[1.0]
    assert line.figures.accuracy_m < 0.03e-3
    assert abs(line.velocity.accuracy_percent) < 1.0


def test_the_stands_program_is_the_one_that_is_written_for_its_arm():
    wanted = Wanted(shares=(1.0,), payload_kg=6)
    arm = load_arm("six")
    text = module(programme(arm, cube_of(arm, wanted.tool.tip, None), wanted))
    file = shipped("lines")["inspection_stand"].with_suffix(".mod")
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_is_a_pdf_of_some_pages(found, tmp_path, language):
    font = font_file()
    if language == "zh" and not font.chinese:
        pytest.skip("there is no Chinese font here")
    file = tmp_path / "report.pdf"
    face = Typeface(font.path, font.face)
    count = write(found, Occasion(arm="six"), file, language=language, typeface=face)
    data = file.read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", data)) == count >= 5


def test_the_report_does_not_know_the_time(found, tmp_path):
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"
    for file in (one, two):
        write(found, Occasion(arm="six"), file)
    assert one.read_bytes() == two.read_bytes()
    assert b"CreationDate" not in one.read_bytes()


def run(*words):
    return CliRunner().invoke(app, ["inspect", *map(str, words)])


def test_the_command_says_what_it_found_and_fails_on_a_limit():
    quick = ("--tests", "pose", "--speeds", "100", "--cycles", "3", "--lang", "en")
    kept = run("six", *quick, "--limits", "RP=1mm")
    assert kept.exit_code == 0, kept.output
    assert "Pose repeatability" in kept.output
    assert "PASSED" in kept.output
    failed = run("six", *quick, "--limits", "RP=0.001mm")
    assert failed.exit_code == 1
    assert "FAILED" in failed.output
    chinese = run("six", *quick[:-1], "zh")
    assert "位姿重复性" in chinese.output


def test_the_command_gives_data():
    result = run("six", "--tests", "pose", "--speeds", "100", "--cycles", "3", "--json")
    data = json.loads(result.stdout)
    assert data["arm"] == "six"
    assert {one["id"] for one in data["figures"]} == {"AP", "APo", "RP", "RPo"}
    assert {one["place"] for one in data["figures"]} == {"P1", "P2", "P3", "P4", "P5"}
    assert data["errors_from"] == "example"
    assert data["limits"] == {"RP": {"limit": 0.05e-3, "from": "maker"}}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("nobody has declared any", "RP ≤ 0.050 mm (as its maker declares)")),
        ("zh", ("未另行设定", "RP ≤ 0.050 mm（制造商声明值）")),
    ],
)
def test_the_command_says_where_errors_and_limits_come_from(language, said):
    quick = ("--tests", "pose", "--speeds", "100", "--cycles", "3", "--lang", language)
    output = run("six", *quick).output
    assert all(each in output for each in said), output
    given = run("six", *quick, "--limits", "RP=1mm").output
    assert "RP ≤ 1.000 mm" in given
    assert said[1] not in given


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sevn",), "scara"),
        (("nofile.urdf",), "no such file"),
        (("\0",), "no such arm"),
        (("six", "--limits", "RP=5deg"), "mm"),
        (("six", "--limits", "XX=1mm"), "no characteristic XX"),
        (("six", "--speeds", "0"), "speeds"),
        (("six", "--speeds", "fast"), "speeds"),
        (("six", "--tests", "weaving"), "pose, direction"),
        (("two_machine",), "no robot"),
        (("no_such_line",), "no_such_line"),
        (("inspection_stand", "--robot", "r9"), "stand/robot"),
        (("six", "--errors", "/nowhere/errors.yaml"), "errors.yaml"),
        (("six", "--report", "/nowhere/report.pdf"), "nowhere"),
        (("six", "--edge", "3000"), "3000 mm"),
    ],
)
def test_a_wrong_call_is_explained(words, said):
    result = run(*words, "--lang", "en")
    assert result.exit_code == 2, result.output
    flat = re.sub(r"[\s│]+", " ", result.output)
    assert said in flat
    assert "defect" not in flat


def test_errors_come_from_a_file(tmp_path):
    file = Path(tmp_path) / "worn.yaml"
    file.write_text("repeat_mm: 0.5\n", encoding="utf-8")
    result = run(
        "six", "--errors", file, "--tests", "pose", "--speeds", "100", "--cycles", "3", "--json"
    )
    data = json.loads(result.stdout)
    assert data["errors"]["repeat_mm"] == 0.5
    assert data["errors_from"] == "file"
    assert max(one["value"] for one in data["figures"] if one["id"] == "RP") > 0.5e-3
