"""Lines that look odd and make sense: they are not refused."""

import pytest

from tests.unit.spec.pieces import CHECK, FEED, OUT, M, N, machine, paced, simple
from tests.unit.spec.refusal import HEAD
from twin.spec import parse_model
from twin.spec.check import check_line
from twin.spec.line import LineSpec

SOUND = [
    ("a line of conveyors", paced("- {id: m, kind: conveyor, length_m: 4, speed_m_s: 2}")),
    ("a batch as small as it may be", machine("batch: {size: 4, min: 4}").replace("# <--", "")),
    (
        "shares within the last digit",
        simple(M).replace("source}", "source, part: {a: 0.3333333, b: 0.6666667}}"),
    ),
    (
        "a branch without by",
        f"assets:\n{FEED}{CHECK}{OUT}- {{id: bin, kind: sink, scrap: true}}\nflow:\n"
        "- [feed, check]\n- {from: check, to: {pass: out, fail: bin}}\n",
    ),
    (
        "quality that a machine spoils",
        f"assets:\n{FEED}- {{id: m, kind: station, process_s: 4, defect_rate: 0.1}}\n{OUT}"
        "- {id: bin, kind: sink, scrap: true}\nflow:\n- [feed, m]\n"
        "- {from: m, to: {pass: out, fail: bin}, by: quality}\n",
    ),
    (
        "quality judged further up",
        f"assets:\n{FEED}{CHECK}- {{id: b, kind: buffer, capacity: 1}}\n{OUT}"
        "- {id: bin, kind: sink}\nflow:\n- [feed, check, b]\n"
        "- {from: b, to: {pass: out, fail: bin}}\n",
    ),
    (
        "rework that comes back through a buffer",
        f"assets:\n{FEED}- {{id: b, kind: buffer, capacity: 9}}\n{M}{CHECK}{OUT}flow:\n"
        "- [feed, m, b, check]\n- {from: check, to: {pass: out, fail: b}}\n",
    ),
    (
        "pallets that go round",
        f"assets:\n{M}{N}- {{id: b, kind: buffer, capacity: 2}}\nflow:\n"
        "- {loop: [m, n, b], pallets: 3}\n",
    ),
    (
        "cards around unlimited buffers",
        f"assets:\n{FEED}- {{id: b, kind: buffer}}\n{M}{OUT}flow:\n"
        "- {loop: [feed, b, m, out], pallets: 3}\n",
    ),
    (
        "a fleet with the way back given",
        simple(
            M + "- {id: agv, kind: vehicle, distance_m: {m: {feed: 4}}}",
            flow="- [feed, agv, m, out]\n",
        ),
    ),
    (
        "a fleet between places in the layout",
        "assets:\n- {id: feed, kind: source, place: {at_m: [0, 0]}}\n"
        "- {id: m, kind: station, process_s: 4, place: {at_m: [4, 0]}}\n"
        "- {id: agv, kind: vehicle}\n- {id: out, kind: sink}\nflow:\n- [feed, agv, m, out]\n",
    ),
    (
        "a break over midnight in a night shift",
        "calendar:\n  shifts:\n  - {id: night, from: 22:00, to: 06:00, "
        "breaks: [{from: 23:50, to: 00:20}, {from: 03:00, to: 03:10}]}\n" + simple(M),
    ),
    (
        "a shift round the clock",
        "calendar:\n  shifts:\n  - {id: all, from: 00:00, to: 24:00, "
        "breaks: [{from: 23:00, to: 24:00}]}\n" + simple(M),
    ),
    (
        "a buffer that starts full feeds a line by itself",
        f"assets:\n- {{id: b, kind: buffer, capacity: 4, initial: {{part: 4}}}}\n{M}{OUT}"
        "flow:\n- [b, m, out]\n",
    ),
]


@pytest.mark.parametrize("body", [case[1] for case in SOUND], ids=[case[0] for case in SOUND])
def test_a_sound_line_is_not_refused(body):
    assert parse_model(HEAD + body, LineSpec, [check_line]).id == "x"
