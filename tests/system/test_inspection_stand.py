"""The inspection stand as a person uses it: its program runs, its tracker reads, a report comes."""

import json

import pytest

pytest.importorskip("pinocchio")

from typer.testing import CliRunner

from twin.__main__ import app
from twin.spec.shipped import shipped
from twin.study.iso9283.limits import CHARACTERISTICS

SPEC = "inspection_stand"


def inspected(*words):
    result = CliRunner().invoke(app, ["inspect", *words, "--json"])
    assert result.exit_code in {0, 1}, result.output
    data = json.loads(result.stdout)
    return (
        result.exit_code,
        data,
        {(one["id"], one["place"]): one["value"] for one in data["figures"]},
    )


@pytest.fixture(scope="module")
def stand(tmp_path_factory):
    report = tmp_path_factory.mktemp("stand") / "stand.pdf"
    return (*inspected(SPEC, "--limits", "RP=0.1mm,AP=1mm", "--report", str(report)), report)


def test_the_stand_measures_every_characteristic(stand):
    status, data, values, report = stand
    assert status == 0
    assert data["passed"] is True
    assert data["remarks"] == []
    assert {id_ for id_, _ in values} == set(CHARACTERISTICS)
    assert {one["speed"] for one in data["figures"]} == {1.0}
    assert report.read_bytes().startswith(b"%PDF")


def test_the_line_and_the_model_of_its_arm_agree(stand, tmp_path):
    _, data, line, _ = stand
    file = tmp_path / "errors.yaml"
    file.write_text(json.dumps(data["errors"]), encoding="utf-8")
    _, _, model = inspected("six", "--errors", str(file), "--speeds", "100", "--payload", "6")
    # Two roads to the same figures: RAPID, controller and tracker in a line, and the stand's own.
    for pose in ("P1", "P2", "P3", "P4", "P5"):
        # A barycentre of 30 is known to 0.02 mm / sqrt(30) per axis.
        assert line["AP", pose] == pytest.approx(model["AP", pose], abs=0.02e-3)
        assert line["RP", pose] == pytest.approx(model["RP", pose], rel=0.4)
    assert line["AD", "P2-P4"] == pytest.approx(model["AD", "P2-P4"], abs=0.03e-3)
    assert line["AT", "line"] == pytest.approx(model["AT", "line"], abs=0.06e-3)
    assert line["AV", "line"] == pytest.approx(model["AV", "line"], abs=0.3)


def test_one_test_of_the_program_may_be_asked_for(stand):
    _, _, alone = inspected(
        SPEC, "--tests", "corner", "--speeds", "100", "--limits", "RP=0.1mm,AP=1mm"
    )
    assert alone == {key: value for key, value in stand[2].items() if key[0] in {"CR", "CO"}}


def test_a_program_that_ends_too_early_is_told(tmp_path):
    folder = shipped("lines")[SPEC].parent
    text = (folder / f"{SPEC}.mod").read_text(encoding="utf-8")
    body = text.replace("    test_8_circle_large;\n", "    Stop;\n")
    assert body != text
    (tmp_path / f"{SPEC}.mod").write_text(body, encoding="utf-8")
    copy = tmp_path / f"{SPEC}.yaml"
    copy.write_text((folder / f"{SPEC}.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    _, data, values = inspected(str(copy), "--limits", "RP=0.1mm")
    assert ("AT", "line") in values
    assert data["remarks"] == [
        "test circle_large at 100 % has 0 of 10 cycles",
        "test circle_small at 100 % has 0 of 10 cycles",
        "test reorient at 100 % has 0 of 10 cycles",
        "test corner at 100 % has 0 of 3 cycles",
    ]


def test_a_worn_arm_fails(tmp_path):
    file = tmp_path / "worn.yaml"
    file.write_text("repeat_mm: 0.2\n", encoding="utf-8")
    status, data, _ = inspected(SPEC, "--errors", str(file), "--limits", "RP=0.1mm")
    assert status == 1
    assert data["passed"] is False
