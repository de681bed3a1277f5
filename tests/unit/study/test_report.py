import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

from twin.spec import load_line
from twin.study.plan import Plan, Study
from twin.study.report import Picture, page
from twin.study.report.svg import Canvas, label, ticks
from twin.study.summary import summarise
from twin.study.warmup import Warmup

VOID = {"meta", "img", "br"}

FAKE = """
schema: pilotline.line/1
id: fake
title: {en: "Left <b> & right", zh: 左与右}
assets:
  - {id: feed, kind: source}
  - {id: m1, kind: station, process_s: {normal: [40, 2]}, source: "assumption: a round figure"}
  - {id: b1, kind: buffer, capacity: 5}
  - {id: m2, kind: station, process_s: 40}
  - {id: out, kind: sink}
flow:
  - [feed, m1, b1, m2, out]
"""


@pytest.fixture
def study_of(tmp_path):
    path = tmp_path / "fake.yaml"
    path.write_text(FAKE, encoding="utf-8")
    spec = load_line(path)

    def make(results):
        warmup = Warmup(results[0].warmup_s, "given")
        plan = Plan(spec=spec, duration_s=3600.0, warmup=warmup)
        return Study(plan, warmup, results, summarise(results, warmup=warmup, wall_s=2.0), None)

    return make


def with_histories(result):
    changes = np.arange(0.0, result.simulated_s, 20.0)
    result.states = {"m1": np.column_stack([changes, np.arange(changes.size) % 6])}
    result.levels = {"b1": np.column_stack([changes, np.arange(changes.size) % 5])}
    return result


def html_of(study, language="en", picture=None):
    picture = picture or Picture(why_not="no OpenGL here")
    return page(study, language=language, command="twin run fake --seed 1", picture=picture)


class Nesting(HTMLParser):
    """Fails when an element is closed that is not the last one opened."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("count", [1, 4])
def test_the_page_is_whole_and_needs_nothing_beside_it(study_of, run_result, language, count):
    first = with_histories(run_result(0, warmup_s=600.0))
    results = [first, *(run_result(one, warmup_s=600.0) for one in range(1, count))]
    html = html_of(study_of(results), language)
    nesting = Nesting()
    nesting.feed(html)
    nesting.close()
    assert nesting.open == []
    assert not re.search(r"""(src|href)=["'](?!data:)""", html)
    assert "url(" not in html
    assert "nan" not in html
    for drawing in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        ElementTree.fromstring(drawing)
    assert html.count("<svg") == 8


def test_the_page_says_what_is_needed_to_repeat_it(study_of, run_result):
    html = html_of(study_of([with_histories(run_result(0)), run_result(1)]))
    assert "twin run fake --seed 1" in html
    assert "assumption: a round figure" in html
    assert "normal(40, 2)" in html
    assert "no OpenGL here" in html
    assert "Pilotline " in html


def test_names_cannot_break_the_page(study_of, run_result):
    html = html_of(study_of([run_result(0)]))
    assert "<h1>Left &lt;b&gt; &amp; right</h1>" in html


def test_a_run_without_parts_or_histories_has_a_page(study_of, run_result):
    empty = run_result(0)
    empty.made, empty.throughput_per_h = 0, 0.0
    empty.lead_time_s = empty.departures_s = np.empty(0)
    html = html_of(study_of([empty]))
    assert "No part was made" in html
    assert "NaN" not in html


def test_a_picture_is_within_the_page(study_of, run_result):
    html = html_of(study_of([run_result(0)]), picture=Picture(png=b"\x89PNG"))
    assert 'src="data:image/png;base64,iVBORw=="' in html


def test_ticks_are_round_and_inside():
    assert ticks(0, 10, 5) == [0, 2, 4, 6, 8, 10]
    assert ticks(0.0, 0.0) == [0.0]
    assert [label(one) for one in ticks(0, 0.3, 3)] == ["0", "0.1", "0.2", "0.3"]
    assert all(-3.2 <= one <= 7.9 for one in ticks(-3.2, 7.9, 6))


def test_a_canvas_maps_the_axes_to_its_edges():
    canvas = Canvas(200, 100, (0, 10), (0, 5))
    assert canvas.x(0) == canvas.left
    assert canvas.x(10) == 200 - canvas.right
    assert canvas.y(0) == 100 - canvas.bottom
    assert canvas.y(5) == canvas.top
