"""Assembly and disassembly, and inspections."""

import pytest

from tests.unit.plant.shapes import OUT, asset, buffer, feed, ran, row, spec_of, station

NEEDS = {"a": 2, "b": 1}


def assembly(collect, **more):
    """Join two a, one each 10 s, and one b, one each 50 s."""
    join = asset("join", "assembly", process_s=5, needs=NEEDS, makes="c", collect=collect)
    return spec_of(
        [
            feed("fa", part="a", interarrival_s=10),
            feed("fb", part="b", interarrival_s=50),
            buffer("qa"),
            buffer("qb"),
            join | more,
            OUT,
        ],
        [["fa", "qa", "join"], ["fb", "qb", "join"], ["join", "out"]],
    )


def test_parts_are_taken_as_they_come():
    line = ran(assembly("each"), 45)
    join = line.assets["join"]
    assert [part.type for part in join.fixture] == ["a", "a"]
    assert line.assets["qa"].content() == 2
    assert list(ran(assembly("each"), 160).departures_s) == [55, 105, 155]


def test_or_together_when_all_are_there():
    line = ran(assembly("together"), 45)
    assert line.assets["join"].content() == 0
    assert line.assets["qa"].content() == 4
    later = ran(assembly("together"), 160)
    assert list(later.departures_s) == [55, 105, 155]
    assert later.assets["qa"].content() == 16 - 6


def test_the_parts_of_a_product_count_as_one():
    line = ran(assembly("each"), 160)
    assert line.created == 16 + 3
    assert line.made == 3
    assert line.wip == 16 + 3 - 3 * 3
    # Since the first of its parts came: 10, 30, 50 s.
    assert list(line.lead_s) == [45, 75, 105]


def test_one_bad_part_spoils_the_product():
    spec = spec_of(
        [
            feed("fa", part="a"),
            feed("fb", part="b"),
            station("press", 1, defect_rate=1.0),
            asset("join", "assembly", process_s=5, needs={"a": 1, "b": 1}, makes="c"),
            OUT,
        ],
        [["fa", "press", "join"], ["fb", "join"], ["join", "out"]],
    )
    line = ran(spec, 50)
    assert line.made == line.escaped > 5


def test_what_was_joined_comes_apart_as_it_was():
    spec = spec_of(
        [
            feed("fa", part="a"),
            feed("fb", part="b"),
            asset("join", "assembly", process_s=5, needs=NEEDS, makes="c"),
            asset("cut", "disassembly", process_s=5, gives={"a": 2, "b": 1}),
            OUT,
            asset("rest", "sink"),
        ],
        [
            ["fa", "join"],
            ["fb", "join"],
            ["join", "cut"],
            {"from": "cut", "to": {"a": "out", "b": "rest"}},
        ],
    )
    line = ran(spec, 52)
    assert (line.assets["out"].made, line.assets["rest"].made) == (18, 9)
    assert line.assets["join"].made == 10
    assert line.wip == 3 + 3 - 2  # joined parts are one part: one product in work at each


def test_a_whole_that_was_never_joined():
    spec = row(feed(part="x"), asset("cut", "disassembly", process_s=10, gives={"y": 3}), OUT)
    line = ran(spec, 35)
    assert line.made == 9
    assert line.created == 4
    assert list(line.lead_s) == [10] * 9
    assert line.parts == 5 + 9  # one more waits at the source


# ---- inspection


def inspection(escape_rate, false_reject_rate, defect_rate, seconds):
    spec = spec_of(
        [
            feed(),
            station("m", 1, defect_rate=defect_rate),
            asset(
                "test",
                "inspection",
                process_s=1,
                escape_rate=escape_rate,
                false_reject_rate=false_reject_rate,
            ),
            OUT,
            asset("bin", "sink", scrap=True),
        ],
        [["feed", "m", "test"], {"from": "test", "to": {"pass": "out", "fail": "bin"}}],
    )
    return ran(spec, seconds)


def test_an_inspection_without_errors_lets_no_bad_part_through():
    line = inspection(0, 0, 0.4, 5000)
    assert line.escaped == 0
    assert line.scrapped / (line.made + line.scrapped) == pytest.approx(0.4, abs=0.03)
    assert line.assets["test"].scrapped == line.scrapped


def test_the_rates_of_its_errors():
    line = inspection(0.1, 0.2, 0.5, 40_000)
    total = line.made + line.scrapped
    assert line.escaped / total == pytest.approx(0.5 * 0.1, abs=0.006)
    assert line.made / total == pytest.approx(0.5 * 0.8 + 0.5 * 0.1, abs=0.012)


def test_one_that_rejects_everything_good_and_passes_everything_bad():
    line = inspection(1, 1, 0.5, 2000)
    assert line.escaped == line.made > 0
