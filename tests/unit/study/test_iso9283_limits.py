"""Limits as a person types them."""

from math import radians

import pytest

from twin.study.errors import StudyError
from twin.study.iso9283.limits import parsed


def test_units():
    found = parsed(["RP=0.05mm, AP = 300um", "APo=0.1deg", "AV=5%", "PST=200ms", "FV=20mm/s"])
    assert found == pytest.approx(
        {"RP": 5e-5, "AP": 3e-4, "APo": radians(0.1), "AV": 5.0, "PST": 0.2, "FV": 0.02}
    )


def test_without_a_unit_that_of_the_report_is_meant():
    assert parsed(["rp=0.05"]) == {"RP": pytest.approx(5e-5)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RP", "RP=0.05mm"),
        ("RP=", "RP=0.05mm"),
        ("RP=-1mm", "RP=0.05mm"),
        ("RP=0mm", "RP=0.05mm"),
        ("RP=1e999mm", "RP=0.05mm"),
        ("RP=1.2.3mm", "RP=0.05mm"),
        ("XY=1mm", "AP, APo, RP"),
        ("RP=1deg", "in mm"),
        ("AV=1mm", "in %"),
        ("RP=1foot", "in mm"),
    ],
)
def test_bad_limits_are_refused_with_the_remedy(text, said):
    with pytest.raises(StudyError, match=said) as refused:
        parsed([text])
    assert refused.value.text("zh") != refused.value.text("en")
