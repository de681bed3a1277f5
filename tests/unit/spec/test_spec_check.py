"""A line whose values are sound but which makes no sense as a whole: place and remedy."""

import pytest

from tests.unit.spec.pieces import (
    CHECK,
    CREW,
    FEED,
    OUT,
    PARTS,
    RED,
    SHIFTS,
    M,
    N,
    machine,
    paced,
    simple,
)
from tests.unit.spec.refusal import HEAD, marked_line, problems_of
from twin.spec.check import check_line
from twin.spec.load import load_line
from twin.spec.shipped import shipped

CASES = [
    # --- names ---
    (
        "an asset twice",
        f"assets:\n{FEED}{M}- {{id: m, kind: sink}}  # <--\nflow:\n- [feed, m]",
        ["'m' is taken by another asset"],
    ),
    (
        "a part twice",
        "parts:\n- {id: part}\n- {id: part}  # <--\n" + simple(M),
        ["'part' is taken by another part"],
    ),
    (
        "a failure twice",
        machine(
            "failures: [{id: jam, uptime_s: 9, downtime_s: 1}, "
            "{id: jam, uptime_s: 8, downtime_s: 1}]"
        ),
        ["'jam' is taken by another failure"],
    ),
    (
        "the name of the line's own signals",
        simple("- {id: line, kind: station, process_s: 1}  # <--", flow="- [feed, line, out]\n"),
        ["'line'", "another id"],
    ),
    (
        "a cell and an asset of one name",
        simple("- {id: m, kind: station, process_s: 1, cell: m}  # <--", "cells: [{id: m}]\n"),
        ["both a cell and an asset", "rename"],
    ),
    ("an unknown cell", machine("cell: weldin"), ["no cell 'weldin'", "none to choose"]),
    (
        "a misspelt cell",
        "cells: [{id: welding}]\n" + machine("cell: weldin"),
        ["no cell 'weldin'", "did you mean 'welding'"],
    ),
    (
        "an unknown asset in a chain",
        f"assets:\n{FEED}{M}{OUT}flow:\n- [feed, n, m,\n   ouut]  # <--\n".replace("n, m", "m"),
        ["no asset 'ouut'", "did you mean 'out'"],
    ),
    (
        "an unknown asset after a branch",
        f"assets:\n{FEED}{M}{OUT}flow:\n- [feed, m]\n- from: m\n  to:\n    out: 0.5\n"
        "    otu: 0.5  # <--\n",
        ["no asset 'otu'", "did you mean 'out'"],
    ),
    (
        "an unknown start of a branch",
        f"assets:\n{FEED}{M}{OUT}flow:\n- [feed, m, out]\n- {{from: mm, to: {{out: 1}}}}  # <--\n",
        ["no asset 'mm'", "did you mean 'm'"],
    ),
    (
        "an unknown member of a loop",
        f"assets:\n{M}{N}flow:\n- loop: [m, nn]  # <--\n  pallets: 1\n",
        ["no asset 'nn'", "did you mean 'n'"],
    ),
    (
        "a shift without a calendar",
        machine("shifts: [early]"),
        ["no shift 'early'", "none to choose"],
    ),
    (
        "a misspelt shift",
        SHIFTS + machine("shifts: [erly]"),
        ["no shift 'erly'", "did you mean 'early'"],
    ),
    (
        "an unknown pool",
        simple("- {id: m, kind: station, process_s: 4, operator: crw}  # <--\n" + CREW),
        ["no operator pool 'crw'", "did you mean 'crew'"],
    ),
    (
        "a machine for a pool",
        machine("maintenance: [{id: oil, every_s: 9, duration_s: 1, by: out}]"),
        ["no operator pool 'out'"],
    ),
    (
        "a skill nobody has",
        simple(
            "- id: m\n  kind: station\n  process_s: 4\n  setups:\n"
            "    by: {pool: crew, skill: wield}  # <--\n" + CREW
        ),
        ["no skill in this pool 'wield'", "did you mean 'weld'"],
    ),
    (
        "more people than there are",
        simple(
            "- {id: m, kind: station, process_s: 4, operator: {pool: crew, count: 3}}  # <--\n"
            + CREW
        ),
        ["3 people", "'crew', which has 2"],
    ),
    (
        "an undeclared part",
        PARTS + simple(M).replace("source}", "source, part: rde}  # <--"),
        ["no part type 'rde'", "did you mean 'red'"],
    ),
    (
        "no part named where some are declared",
        PARTS + simple(M).replace("source}", "source}  # <--"),
        ["no part type 'part'", "red, blue"],
    ),
    (
        "a setup of an unknown part",
        PARTS
        + RED
        + "- id: m\n  kind: station\n  process_s: 4\n  setups:\n    pairs:\n"
        + f"    - {{from: red, to: blu, s: 4}}  # <--\n{OUT}flow:\n- [feed, m, out]",
        ["no part type 'blu'", "did you mean 'blue'"],
    ),
    (
        "an order of an unknown part",
        PARTS
        + "orders: [{id: o1, part: gren, quantity: 4}]  # <--\n"
        + "assets:\n- {id: feed, kind: source, orders: true}\n"
        + OUT
        + M
        + "flow:\n- [feed, m, out]",
        ["no part type 'gren'"],
    ),
    # --- figures ---
    (
        "shares below 1",
        f"assets:\n{FEED}{M}{N}{OUT}flow:\n- [feed, m]\n- [n, out]\n"
        "- {from: m, to: {n: 0.6, out: 0.3}}  # <--\n",
        ["sum to 0.9", "0.1 short of 1", "raise"],
    ),
    (
        "shares above 1",
        simple(M).replace("source}", "source, part: {a: 0.7, b: 0.4}}  # <--"),
        ["sum to 1.1", "0.1 above 1", "lower"],
    ),
    (
        "a conveyor without time",
        paced("- {id: m, kind: conveyor, length_m: 4}  # <--"),
        ["no transit time", "length_m and speed_m_s"],
    ),
    (
        "a conveyor with two times",
        paced("- {id: m, kind: conveyor, length_m: 4, speed_m_s: 1, transit_s: 9}  # <--"),
        ["transit_s is 9", "gives 4 s"],
    ),
    (
        "more parts than the belt holds",
        simple(
            "- {id: m, kind: conveyor, length_m: 4, speed_m_s: 1, pitch_m: 1, capacity: 5}  # <--"
        ),
        ["5 parts do not fit", "holds 4"],
    ),
    (
        "a pitch above the length",
        simple("- {id: m, kind: conveyor, length_m: 4, speed_m_s: 1, pitch_m: 5}  # <--"),
        ["5.0 m does not fit", "4.0"],
    ),
    (
        "a batch that is never full enough",
        machine("batch: {size: 4, min: 5}"),
        ["min 5 is above the batch size 4"],
    ),
    (
        "more at the start than room",
        paced("- {id: m, kind: buffer, capacity: 2, initial: {part: 3}}  # <--"),
        ["3 parts", "capacity of 2"],
    ),
    (
        "a machine that breaks at once",
        machine("failures: [{id: jam, uptime_s: 0, downtime_s: 4}]"),
        ["break again", "uptime_s above 0"],
    ),
    (
        "a setup to itself",
        machine("setups: {pairs: [{from: a, to: a, s: 1}]}"),
        ["from 'a' to itself"],
    ),
    (
        "a setup twice",
        machine("setups: {pairs: [{from: a, to: b, s: 1}, {from: a, to: b, s: 2}]}"),
        ["from 'a' to 'b' is here twice"],
    ),
    (
        "a warm-up as long as the run",
        "warmup_s: 3600  # <--\nduration_s: 3600\n" + simple(M),
        ["3600", "shorten"],
    ),
    (
        "a break after the shift",
        "calendar:\n  shifts:\n  - id: early\n    from: 06:00\n    to: 14:00\n    breaks:\n"
        "    - {from: 09:00, to: 09:15}\n    - {from: 13:50, to: 14:10}  # <--\n" + simple(M),
        ["13:50–14:10", "06:00–14:00"],
    ),
    # --- chains ---
    (
        "people in a chain",
        simple(M + CREW, flow="- [feed, crew, m, out]  # <--\n"),
        ["'crew' is an operator pool", "repair_by"],
    ),
    (
        "a fleet at the end of a chain",
        simple(M + "- {id: agv, kind: vehicle}", flow="- [feed, m, out]\n- [m, agv]  # <--\n"),
        ["'agv'", "between the two assets"],
    ),
    (
        "two fleets in a row",
        simple(
            M + "- {id: agv, kind: vehicle}\n- {id: rgv, kind: vehicle}",
            flow="- [feed, agv, rgv, m, out]  # <--\n",
        ),
        ["'agv' and 'rgv'", "put an asset between"],
    ),
    (
        "a fleet as a target",
        simple(
            M + "- {id: agv, kind: vehicle}",
            flow="- [feed, m]\n- {from: m, to: {agv: 0.5, out: 0.5}}  # <--\n",
        ),
        ["'agv' is a vehicle fleet", "'via'"],
    ),
    (
        "a machine that carries",
        simple(
            M + N, flow="- [feed, m]\n- [n, out]\n- {from: m, to: [n], by: cyclic, via: n}  # <--\n"
        ),
        ["'n' is no vehicle"],
    ),
    (
        "a fleet with nothing to do",
        simple(M + "- {id: agv, kind: vehicle}  # <--"),
        ["'agv' carries nothing", "between two assets"],
    ),
    (
        "a distance that nothing tells",
        simple(
            M + "- id: agv\n  kind: vehicle\n  distance_m: {feed: {out: 4}}  # <--",
            flow="- [feed, agv, m, out]\n",
        ),
        ["from 'feed' to 'm'", "distance_m: {feed: {m: 10}}", "at_m"],
    ),
    (
        "a distance to an unknown place",
        simple(
            M + "- id: agv\n  kind: vehicle\n  distance_m:\n    feed: {mm: 4, m: 4}  # <--",
            flow="- [feed, agv, m, out]\n",
        ),
        ["no asset 'mm'", "did you mean 'm'"],
    ),
    (
        "a home that is not there",
        simple(
            M + "- {id: agv, kind: vehicle, home: med, distance_m: {feed: {m: 4}}}  # <--",
            flow="- [feed, agv, m, out]\n",
        ),
        ["no asset 'med'"],
    ),
    # --- connections ---
    (
        "a station in no chain",
        simple(M + N.replace("}", "}  # <--")),
        ["'n' is in no chain", "[feed, n, out]"],
    ),
    (
        "no way in",
        simple(M + N.replace("}", "}  # <--"), flow="- [feed, m, out]\n- [n, out]\n"),
        ["'n' has no way in", "'out'"],
    ),
    (
        "no way out",
        f"assets:\n{FEED}{M.replace('}', '}  # <--')}flow:\n- [feed, m]\n",
        ["'m' has no way out", "a sink"],
    ),
    (
        "a way into a source",
        f"assets:\n{FEED.replace('}', '}  # <--')}{M}{OUT}flow:\n- [feed, m]\n"
        "- {from: m, to: {feed: 0.5, out: 0.5}}\n",
        ["'feed' is a source", "'m' leads into it"],
    ),
    (
        "a way out of a sink",
        f"assets:\n{FEED}{M}{OUT.replace('}', '}  # <--')}{N}- {{id: end, kind: sink}}\n"
        "flow:\n- [feed, m, out, n, end]\n",
        ["'out' is a sink", "'n'"],
    ),
    (
        "an asset that gives to itself",
        f"assets:\n{FEED}{M.replace('}', '}  # <--')}{OUT}flow:\n- [feed, m]\n"
        "- {from: m, to: {m: 0.1, out: 0.9}}\n",
        ["'m' gives to itself", "a buffer between"],
    ),
    (
        "two ways and no branch",
        f"assets:\n{FEED}{M}{N}{OUT}flow:\n- [feed, m, out]\n- [feed, n, out]  # <--\n",
        ["'feed'", "several assets (m, n)", "{from: feed, to: [m, n], by: shortest}"],
    ),
    (
        "a chain beside a branch",
        f"assets:\n{FEED}{M}{N}{OUT}flow:\n- [feed, m, out]  # <--\n- [n, out]\n"
        "- {from: feed, to: [n], by: cyclic}\n",
        ["branch that does not name 'm'"],
    ),
    # --- branches ---
    (
        "two branches of one asset",
        f"assets:\n{FEED}{M}{N}{OUT}flow:\n- {{from: feed, to: [m, n], by: cyclic}}\n"
        "- {from: feed, to: [m, out], by: cyclic}  # <--\n- [m, out]\n- [n, out]\n",
        ["'feed' has a branch already"],
    ),
    (
        "a list without a rule",
        f"assets:\n{FEED}{M}{N}{OUT}flow:\n- {{from: feed, to: [m, n]}}  # <--\n"
        "- [m, out]\n- [n, out]\n",
        ["needs a rule", "shortest, cyclic or priority"],
    ),
    (
        "shares by quality",
        f"assets:\n{FEED}{CHECK}{N}{OUT}flow:\n- [feed, check]\n- [n, out]\n"
        "- {from: check, to: {n: 0.5, out: 0.5}, by: quality}  # <--\n",
        ["shares go with by: share", "'quality'"],
    ),
    (
        "no way for the bad ones",
        f"assets:\n{FEED}{CHECK}{OUT}flow:\n- [feed, check]\n"
        "- {from: check, to: {pass: out}, by: quality}  # <--\n",
        ["keys pass and fail", "found: pass"],
    ),
    (
        "names by a rule",
        f"assets:\n{FEED}{M}{N}{OUT}flow:\n- [feed, m]\n- [n, out]\n"
        "- {from: m, to: {a: n, b: out}, by: cyclic}  # <--\n",
        ["'cyclic'", "to: [a, b]"],
    ),
    (
        "quality that nobody judges",
        f"assets:\n{FEED}{M}{N}{OUT}flow:\n- [feed, m]\n- [n, out]\n"
        "- {from: m, to: {pass: out, fail: n}, by: quality}  # <--\n",
        ["'m'", "nothing judges", "inspection", "by share"],
    ),
    (
        "a part type without a way",
        f"assets:\n- {{id: feed, kind: source, part: {{a: 0.5, b: 0.5}}}}\n{M}{OUT}flow:\n"
        "- [feed, m]\n- {from: m, to: {a: out}, by: part}  # <--\n",
        ["'b' comes to 'm'", "no way for it"],
    ),
    # --- reach ---
    (
        "a rework loop without a way out",
        f"assets:\n{FEED.replace('}', '}  # <--')}{CHECK}{M}{OUT}"
        "- {id: other, kind: source, interarrival_s: 5}\n"
        "flow:\n- [feed, check, m, check]\n- [other, out]\n",
        ["no way leads to a sink from feed, check, m", "a branch to a sink"],
    ),
    (
        "a cycle that no part comes to",
        f"assets:\n- {{id: feed, kind: source, interarrival_s: 5}}\n"
        f"{M.replace('}', '}  # <--')}{N}{OUT}flow:\n- [feed, out]\n- [m, n]\n"
        "- {from: n, to: {m: 0.5, out: 0.5}}\n",
        ["no way leads from a source to m, n"],
    ),
    (
        "a loop that parts only come into",
        f"assets:\n{FEED}{M}{N.replace('}', '}  # <--')}flow:\n- [feed, m]\n"
        "- {loop: [m, n], pallets: 2}\n",
        ["'n' has no way out", "a sink"],
    ),
    (
        "a loop that parts only leave",
        f"assets:\n{M.replace('}', '}  # <--')}{N}{OUT}flow:\n- {{loop: [m, n], pallets: 2}}\n"
        "- [n, out]\n",
        ["'m' has no way in"],
    ),
    (
        "an asset twice in a loop",
        f"assets:\n{M}{N}- {{id: b, kind: buffer, capacity: 9}}\nflow:\n"
        "- {loop: [m, b, n, m], pallets: 3}  # <--\n",
        ["twice (m, b, n, m)", "each once"],
    ),
    (
        "more pallets than places",
        f"assets:\n{M}{N}- {{id: b, kind: buffer, capacity: 2}}\nflow:\n"
        "- {loop: [m, n, b], pallets: 4}  # <--\n",
        ["4 pallets", "4 places", "fewer than 4"],
    ),
    (
        "a pallet loop without time",
        "assets:\n- {id: b, kind: buffer}  # <--\n- {id: c, kind: buffer}\nflow:\n"
        "- {loop: [b, c], pallets: 4}\n",
        ["b, c", "in no time", "a time above 0"],
    ),
    (
        "a rework loop without time",
        f"assets:\n{FEED}- {{id: b, kind: buffer, capacity: 4}}  # <--\n"
        "- {id: check, kind: inspection, process_s: 0}\n"
        f"{M}{OUT}flow:\n- [feed, m, b, check]\n"
        "- {from: check, to: {pass: out, fail: b}, by: quality}\n",
        ["b, check", "in no time"],
    ),
    (
        "a source that floods a buffer",
        f"assets:\n{FEED.replace('}', '}  # <--')}- {{id: b, kind: buffer}}\n{M}{OUT}"
        "flow:\n- [feed, b, m, out]\n",
        ["'feed' gives as fast as it can", "'b' takes without limit", "interarrival_s"],
    ),
    (
        "a source straight into a sink",
        f"assets:\n{FEED.replace('}', '}  # <--')}- {{id: b, kind: buffer, capacity: 3}}\n{OUT}"
        "flow:\n- [feed, b, out]\n",
        ["'out' takes without limit"],
    ),
    (
        "arrivals all at once",
        simple(M).replace("source}", "source, interarrival_s: 0}  # <--"),
        ["at one instant", "a time above 0"],
    ),
    (
        "parts lost without end",
        simple(M).replace("source}", "source, when_full: lose}  # <--"),
        ["lose parts without end", "interarrival_s"],
    ),
    # --- parts ---
    (
        "an assembly that waits in vain",
        f"assets:\n{FEED}- id: m\n  kind: assembly\n  process_s: 4\n  makes: pack\n"
        f"  needs:\n    part: 2\n    tray: 1  # <--\n{OUT}flow:\n- [feed, m, out]\n",
        ["no 'tray' ever comes", "what comes: part"],
    ),
    (
        "an assembly that chokes",
        f"assets:\n- {{id: feed, kind: source, part: {{a: 0.5, b: 0.5}}}}\n- id: m\n"
        f"  kind: assembly\n  process_s: 4\n  makes: pack\n  needs: {{a: 2}}  # <--\n{OUT}"
        "flow:\n- [feed, m, out]\n",
        ["'b' comes to 'm'", "does not need it"],
    ),
    (
        "a time for every part but one",
        f"assets:\n- {{id: feed, kind: source, part: {{a: 0.5, b: 0.5}}}}\n- id: m\n"
        f"  kind: station\n  process_s:\n    by_part: {{a: 4}}  # <--\n{OUT}"
        "flow:\n- [feed, m, out]\n",
        ["'b' comes to 'm'", "no time for it"],
    ),
    (
        "what comes out of a disassembly",
        f"assets:\n{FEED}- id: split\n  kind: disassembly\n  process_s: 1\n"
        "  gives: {lid: 1, box: 1}\n"
        f"- id: m\n  kind: station\n  process_s:\n    by_part: {{lid: 4}}  # <--\n{OUT}"
        "flow:\n- [feed, split, m, out]\n",
        ["'box' comes to 'm'"],
    ),
    # --- orders ---
    (
        "orders that nobody releases",
        "orders: [{id: o1, part: part, quantity: 4}]  # <--\n" + simple(M),
        ["no source releases", "orders: true"],
    ),
    (
        "a source that waits for orders",
        simple(M).replace("source}", "source, orders: true}  # <--"),
        ["the line has none"],
    ),
    (
        "orders released twice",
        "orders: [{id: o1, part: part, quantity: 4}]\n"
        "assets:\n- {id: feed, kind: source, orders: true}\n"
        f"- {{id: feed2, kind: source, orders: true}}  # <--\n{M}{OUT}"
        "flow:\n- [feed, m, out]\n- [feed2, m]\n",
        ["'feed' releases the orders already"],
    ),
    (
        "orders with a pace",
        "orders: [{id: o1, part: part, quantity: 4}]\n"
        + simple(M).replace("source}", "source, orders: true, interarrival_s: 4}  # <--"),
        ["interarrival_s has no effect"],
    ),
    (
        "due before release",
        "orders: [{id: o1, part: part, quantity: 4, release_s: 60, due_s: 60}]  # <--\n"
        + simple(M).replace("source}", "source, orders: true}"),
        ["due at 60", "later due_s"],
    ),
]


@pytest.mark.parametrize(
    ("body", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_line_without_sense_is_one_problem_with_place_and_remedy(body, words):
    text = HEAD + body
    found = problems_of(text, check_line)
    assert [p.line for p in found] == [marked_line(text)], "\n".join(map(str, found))
    for word in words:
        assert word in found[0].message


def test_all_problems_are_told_at_once():
    text = HEAD + (
        "parts: [{id: red}]\nassets:\n- {id: feed, kind: source, part: rde}\n"
        "- {id: m, kind: station, process_s: 4, cell: c}\n"
        "- {id: b, kind: conveyor}\n- {id: out, kind: sink}\n"
        "flow:\n- [feed, mm, b, ouut]\n"
    )
    assert [p.line for p in problems_of(text, check_line)] == [5, 6, 7, 10, 10]


@pytest.mark.parametrize("name", sorted(shipped("lines")))
def test_the_shipped_lines_are_sound(name):
    assert load_line(name).id == name
