"""The simulator beside exact results. With `-m slow` at full length, and the page is written."""

import pytest

from . import page
from .case import Case
from .cases import CASES, CHAPTERS
from .run import Row, run

CHECKS = sum(len(case.checks) for case in CASES)
REDUCED = 0.1
"""Share of the full length that a test without `-m slow` runs."""
LIMIT = 0.01
"""Largest half-width of a 95 % interval of a full run, as a share of the exact value."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="session")
def full(pytestconfig: pytest.Config) -> bool:
    """Tell whether the long form was asked for."""
    return bool(pytestconfig.getoption("markexpr") == "slow")


@pytest.fixture(scope="session")
def rows() -> dict[str, list[Row]]:
    """Return what the cases that hold leave here for the page."""
    return {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.line)
def test_exact_value_is_in_the_interval(case: Case, full: bool, rows: dict[str, list[Row]]) -> None:
    found = run(case, share=1.0 if full else REDUCED)
    for row in found:
        said = (
            f"{case.line}: {row.check.name}: simulated {row.mean:.6g} ± {row.half:.2g}, "
            f"exact {row.check.value:.6g}, deviation {row.deviation:+.2%}"
        )
        assert abs(row.deviation) <= row.wide(CHECKS), said
        if full:
            assert row.width <= LIMIT, f"{said}: the interval is too wide, run longer"
    rows[case.line] = found


def test_the_page_shows_every_case(full: bool, rows: dict[str, list[Row]]) -> None:
    if full and len(rows) == len(CASES):
        page.write(CHAPTERS, [row for case in CASES for row in rows[case.line]])
    text = page.PAGE.read_text(encoding="utf-8")
    for case in CASES:
        for check in case.checks:
            assert page.beginning(case, check) in text, (
                f"{page.PAGE.name} does not show {check.name} of {case.line} as it is now: "
                "run python -m pytest tests/validation -m slow"
            )


def test_every_line_file_has_a_case() -> None:
    files = {path.stem for path in CASES[0].path.parent.glob("*.yaml")}
    assert files == {case.line for case in CASES}
