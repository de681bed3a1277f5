import pytest

from twin.cli.quantities import half_width, seconds
from twin.study.precision import Precision
from twin.study.present import duration_text, number, rough


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8h", 28800.0),
        ("30min", 1800.0),
        ("3600s", 3600.0),
        ("3600", 3600.0),
        ("1h30min", 5400.0),
        ("1.5 h", 5400.0),
        ("2d", 172800.0),
        ("1e3", 1000.0),
        (" 90 S ", 90.0),
    ],
)
def test_durations_as_people_write_them(text, value):
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "h", "8x", "-3h", "3,5h", "nan", "inf", "1h-2", "八小时"])
def test_what_is_no_duration_is_refused_with_a_remedy(text):
    with pytest.raises(ValueError, match="write 8h"):
        seconds(text)


def test_half_widths():
    assert half_width("1%") == Precision(0.01)
    assert half_width("0.5") == Precision(0.5, relative=False)
    for text in ("0", "-1%", "wide", "%", "nan"):
        with pytest.raises(ValueError, match="no half-width"):
            half_width(text)


def test_figures_are_short_and_true():
    assert [number(one) for one in (0.5023, 89.75, 103.26, 6864.2, 718, None)] == [
        "0.5023", "89.75", "103.3", "6,864", "718", "–",
    ]  # fmt: skip
    assert [rough(one) for one in (0.1712, 3.277, 202.3)] == ["0.17", "3.3", "200"]
    assert duration_text(28800, "en") == "8 h"
    assert duration_text(90, "en") == "90 s"
    assert duration_text(1800, "zh") == "30 分钟"
