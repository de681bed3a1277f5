"""What stands on which page of a report, and how large."""

from functools import partial

import numpy as np
import pytest
from matplotlib.font_manager import FontProperties

from tests.unit.study.test_iso9283_stand import inspected
from twin.spec.messages import message
from twin.spec.motion.robots import ArmErrors
from twin.study.iso9283.evaluate import PathResult
from twin.study.iso9283.path import path_figures
from twin.study.iso9283.programme import KINDS
from twin.study.iso9283.report.cover import cover_page
from twin.study.iso9283.report.occasion import Occasion
from twin.study.iso9283.report.sheet import HEIGHT_MM, Sheet
from twin.study.iso9283.report.tables import detail_pages
from twin.study.iso9283.report.words import breadth, folded

NEW = partial(Sheet, FontProperties(family="DejaVu Sans"))
TESTS = tuple(kind for kind in KINDS if kind not in ("reorient", "circle_large", "circle_small"))
LONG = (
    "stops 1σ 0.01 mm; joint zeros up to 0.02°; swing 0.1 mm (an example: nobody has declared any)"
)


def texts(page):
    return {one.get_text(): one for one in page.figure.texts}


@pytest.fixture(scope="module")
def found():
    errors = ArmErrors(repeat_mm=0.02)
    return inspected(TESTS, errors=errors, shares=(1.0, 0.5, 0.1), limits={"RP": 1e-6, "AP": 1.0})


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_notes_are_never_alone_on_their_page(language, count):
    found = inspected(TESTS, errors=ArmErrors(repeat_mm=0.02), shares=(1.0, 0.5, 0.1)[:count])
    notes, table = message("inspect.notes", language), message("inspect.col_pose", language)
    pages = list(detail_pages(found, language, NEW))
    (last,) = [page for page in pages if notes in texts(page)]
    assert last is pages[-1]
    assert table in texts(last)
    lowest = min(one.get_position()[1] for page in pages for one in page.figure.texts)
    assert (1.0 - lowest) * HEIGHT_MM < 283.0  # above the rule of the footer


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_facts_are_in_letters_of_one_size(found, language):
    occasion = Occasion(
        "six", place="inspection_stand / stand / robot", errors=LONG, limits="RP ≤ 1 mm"
    )
    (page,) = cover_page(occasion, found, language, NEW)
    written = texts(page)
    facts = ["six", "RP ≤ 1 mm", *folded(LONG, 112)]
    assert {written[text].get_fontsize() for text in facts} == {7.8}


def test_the_cover_names_what_was_not_kept(found):
    (page,) = cover_page(Occasion("six"), found, "en", NEW)
    said = [text for text in texts(page) if text.startswith("Not kept")]
    assert len(said) == 3  # RP at each of the speeds; AP is kept
    assert all(text.startswith("Not kept: RP at ") for text in said)
    assert all(text.endswith("limit 0.001 mm") for text in said)


def test_a_path_says_where_it_is_worst():
    places = np.zeros((100, 6))
    attained = np.zeros((3, 100, 6))
    attained[:, 24, 1] = 1e-3
    figures = path_figures(attained, places)
    path = PathResult("line", figures, None, 0.5, attained, places[:, :3], 2.0)
    assert path.worst_m == pytest.approx(2.0 * 24.5 / 100)


def test_long_texts_are_folded_between_words_and_chinese_letters():
    assert folded("one two  three", 7) == ["one two", "three"]
    assert folded("short", 7) == ["short"]
    assert folded("位姿重复性，姿态 RP", 6) == ["位姿重", "复性，", "姿态", "RP"]
    for text in (LONG, "设定误差：停位与关节零位，示例值，未另行设定" * 3):
        lines = folded(text, 40)
        assert max(map(breadth, lines)) <= 42  # a comma may stand out
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
