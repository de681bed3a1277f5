"""A line file with one wrong value is refused with one problem: place, value, remedy."""

import pytest

from tests.unit.spec.refusal import HEAD, marked_line, problems_of

# (name, text with the line marked by `<--`, the path, words that must be there)

VALUES = [
    (
        "misspelt key",
        "assets:\n- id: m\n  kind: station\n  proces_s: 4  # <--",
        "assets.m.proces_s",
        ["unknown key 'proces_s'", "did you mean 'process_s'"],
    ),
    (
        "key of another kind",
        "assets:\n- {id: m, kind: sink, process_s: 4}  # <--",
        "assets.m.process_s",
        ["unknown key 'process_s'", "scrap"],
    ),
    (
        "misspelt kind",
        "assets:\n- {id: m, kind: sation}  # <--",
        "assets.m.kind",
        ["'sation'", "did you mean 'station'", "conveyor"],
    ),
    ("no kind", "assets:\n- {id: m}  # <--", "assets.m", ["'kind' is missing", "station"]),
    ("no id", "assets:\n- {kind: sink}  # <--", "assets[1]", ["'id' is missing"]),
    (
        "missing key",
        "assets:\n- id: m  # <--\n  kind: station",
        "assets.m",
        ["'process_s' is missing", "add it"],
    ),
    (
        "missing key with its meaning",
        "assets:\n- id: v\n  kind: vehicle\n  battery: {charge_s: 4}  # <--",
        "assets.v.battery",
        ["'runtime_s' is missing", "driving time on a full battery"],
    ),
    (
        "misspelt law",
        "assets:\n- {id: m, kind: station, process_s: {exponentail: 4}}  # <--",
        "assets.m.process_s.exponentail",
        ["did you mean 'exponential'"],
    ),
    (
        "two laws",
        "assets:\n- {id: m, kind: station, process_s: {exponential: 4, normal: [1, 1]}}  # <--",
        "assets.m.process_s",
        ["exactly one law", "exponential, normal"],
    ),
    (
        "no law",
        "assets:\n- {id: m, kind: station, process_s: {}}  # <--",
        "assets.m.process_s",
        ["exactly one law"],
    ),
    (
        "an empty law",
        "assets:\n- id: m\n  kind: station\n  process_s:\n    exponential:  # <--",
        "assets.m.process_s",
        ["exactly one law"],
    ),
    (
        "a word for a time",
        "assets:\n- {id: m, kind: station, process_s: fast}  # <--",
        "assets.m.process_s",
        ["'fast'", "seconds as a number", "{exponential: 40}"],
    ),
    (
        "a unit in a number",
        "assets:\n- {id: m, kind: station, process_s: 40s}  # <--",
        "assets.m.process_s",
        ["'40s'", "seconds as a number"],
    ),
    (
        "a number in quotes",
        'assets:\n- {id: m, kind: station, process_s: {exponential: "40"}}  # <--',
        "assets.m.process_s.exponential",
        ["'40'", "write a number", "mean, s"],
    ),
    (
        "a negative time",
        "assets:\n- {id: m, kind: station, process_s: -4}  # <--",
        "assets.m.process_s",
        ["-4", "0 or more"],
    ),
    (
        "a time of no time",
        "assets:\n- {id: m, kind: station, process_s: }  # <--",
        "assets.m.process_s",
        ["nothing", "seconds as a number"],
    ),
    (
        "infinite",
        "assets:\n- {id: m, kind: station, process_s: .inf}  # <--",
        "assets.m.process_s",
        ["inf", "finite"],
    ),
    (
        "not a number",
        "assets:\n- {id: m, kind: sink, place: {heading_deg: .nan}}  # <--",
        "assets.m.place.heading_deg",
        ["nan", "finite"],
    ),
    (
        "one of two parameters",
        "assets:\n- {id: m, kind: station, process_s: {normal: [4]}}  # <--",
        "assets.m.process_s.normal",
        ["a list of 1", "at least 2", "[mean, sd]"],
    ),
    (
        "three of two parameters",
        "assets:\n- {id: m, kind: station, process_s: {normal: [4, 1, 2]}}  # <--",
        "assets.m.process_s.normal",
        ["a list of 3", "at most 2"],
    ),
    (
        "low above high",
        "assets:\n- {id: m, kind: station, process_s: {uniform: [4, 1]}}  # <--",
        "assets.m.process_s",
        ["low 4", "above high 1"],
    ),
    (
        "logarithms for times",
        "assets:\n- {id: m, kind: station, process_s: {lognormal: [0.01, 3.7]}}  # <--",
        "assets.m.process_s",
        ["3.7", "[mean, sd] of the times themselves"],
    ),
    (
        "a weibull without a mean",
        "assets:\n- {id: m, kind: station, process_s: {weibull: [0.01, 40]}}  # <--",
        "assets.m.process_s.weibull[1]",
        ["0.01", "0.1 or more"],
    ),
    (
        "a number beyond all sense",
        "assets:\n- {id: m, kind: station, process_s: 1e300}  # <--",
        "assets.m.process_s",
        ["1e+300", "or less"],
    ),
    (
        "more servers than a machine can hold",
        "assets:\n- {id: m, kind: station, process_s: 1, capacity: 1000000000}  # <--",
        "assets.m.capacity",
        ["100000 or less"],
    ),
    (
        "mode out of range",
        "assets:\n- {id: m, kind: station, process_s: {triangular: [1, 9, 4]}}  # <--",
        "assets.m.process_s",
        ["[1.0, 9.0, 4.0]", "low <= mode <= high"],
    ),
    (
        "chance above 1",
        "assets:\n- {id: m, kind: station, process_s: {geometric: 1.5}}  # <--",
        "assets.m.process_s.geometric",
        ["1.5", "1 or less"],
    ),
    (
        "an empty trace",
        "assets:\n- {id: m, kind: station, process_s: {trace: []}}  # <--",
        "assets.m.process_s.trace",
        ["a list of 0", "at least 1"],
    ),
    (
        "a bad value inside a trace",
        "assets:\n- id: m\n  kind: station\n  process_s:\n    trace: [1,\n      2,\n"
        "      -3]  # <--",
        "assets.m.process_s.trace[3]",
        ["-3", "0 or more"],
    ),
    (
        "a bad time by part",
        "assets:\n- {id: m, kind: station, process_s: {by_part: {a: 1, b: x}}}  # <--",
        "assets.m.process_s.by_part.b",
        ["'x'", "seconds as a number"],
    ),
    (
        "an id with a dot",
        "assets:\n- {id: m.1, kind: sink}  # <--",
        "assets.m.1.id",
        ["'m.1' is no id", "begin with a letter"],
    ),
    (
        "an id that is a number",
        "assets:\n- {id: 1, kind: sink}  # <--",
        "assets[1].id",
        ["found 1", "in quotes"],
    ),
    (
        "an id too long",
        f"assets:\n- {{id: {'m' * 65}, kind: sink}}  # <--",
        f"assets.{'m' * 65}.id",
        ["longer than 64", "shorten"],
    ),
    (
        "an id as a key",
        "assets:\n- {id: s, kind: source, part: {a b: 1}}  # <--",
        "assets.s.part.a b",
        ["'a b' is no id"],
    ),
    (
        "capacity of a word",
        "assets:\n- {id: b, kind: buffer, capacity: unlimted}  # <--",
        "assets.b.capacity",
        ["did you mean 'unlimited'"],
    ),
    (
        "half a place",
        "assets:\n- {id: b, kind: buffer, capacity: 2.5}  # <--",
        "assets.b.capacity",
        ["2.5", "whole number from 0, or unlimited"],
    ),
    (
        "less than no place",
        "assets:\n- {id: b, kind: buffer, capacity: -1}  # <--",
        "assets.b.capacity",
        ["-1", "0 or more"],
    ),
    (
        "true for a number",
        "assets:\n- {id: m, kind: station, process_s: 1, capacity: true}  # <--",
        "assets.m.capacity",
        ["true", "whole number"],
    ),
    (
        "a batch of a word",
        "assets:\n- {id: m, kind: station, process_s: 1, batch: many}  # <--",
        "assets.m.batch",
        ["'many'", "how many parts"],
    ),
    (
        "a share of 70",
        "assets:\n- {id: m, kind: station, process_s: 1, defect_rate: 70}  # <--",
        "assets.m.defect_rate",
        ["70", "1 or less"],
    ),
    (
        "a rule misspelt",
        "assets:\n- {id: b, kind: buffer, order: filo}  # <--",
        "assets.b.order",
        ["did you mean 'fifo'", "lifo", "priority"],
    ),
    (
        "yes for a list",
        "assets:\n- {id: m, kind: station, process_s: 1, failures: none}  # <--",
        "assets.m.failures",
        ["'none'", "write a list"],
    ),
    (
        "a call of a number",
        "assets:\n- {id: m, kind: station, process_s: 1, operator: 2}  # <--",
        "assets.m.operator",
        ["found 2", "the pool's id"],
    ),
    (
        "a title of a list",
        "title: [a]  # <--\nassets:\n- {id: m, kind: sink}",
        "title",
        ["a list of 1", "{en: …, zh: …}"],
    ),
    (
        "an asset that is a word",
        "assets:\n- machine  # <--",
        "assets[1]",
        ["'machine'", "{id: m1, kind: station, process_s: 40}"],
    ),
    ("no assets", "assets: []  # <--", "assets", ["a list of 0", "at least 1"]),
    (
        "a colour of a word",
        "assets:\n- {id: m, kind: sink, place: {colour: red}}  # <--",
        "assets.m.place.colour",
        ["'red'", "#rrggbb"],
    ),
    (
        "a size of nothing",
        "parts:\n- {id: p, size_m: [1, 1, 0]}  # <--\nassets:\n- {id: m, kind: sink}",
        "parts.p.size_m[3]",
        ["found 0", "above 0"],
    ),
    (
        "a chain of a word",
        "assets:\n- {id: m, kind: sink}\nflow:\n- m  # <--",
        "flow[1]",
        ["'m'", "a chain [a, b, c]"],
    ),
    (
        "a chain of one",
        "assets:\n- {id: m, kind: sink}\nflow:\n- [m]  # <--",
        "flow[1]",
        ["a list of 1", "at least 2"],
    ),
    (
        "a branch to nowhere",
        "assets:\n- {id: m, kind: sink}\nflow:\n- {from: m}  # <--",
        "flow[1]",
        ["'to' is missing"],
    ),
    (
        "a branch of shares and names",
        "assets:\n- {id: m, kind: sink}\nflow:\n- from: m\n  to: {a: b, c: 0.5}  # <--",
        "flow[1].to.c",
        ["0.5", "{asset: share, …}"],
    ),
    (
        "a branch by a misspelt rule",
        "assets:\n- {id: m, kind: sink}\nflow:\n- {from: m, to: [a, b], by: shortes}  # <--",
        "flow[1].by",
        ["did you mean 'shortest'"],
    ),
    (
        "the field's own name for a key",
        "assets:\n- {id: m, kind: sink}\nflow:\n- {from_: m, to: [a, b]}  # <--",
        "flow[1].from_",
        ["unknown key 'from_'", "did you mean 'from'"],
    ),
    (
        "a loop without pallets",
        "assets:\n- {id: m, kind: sink}\nflow:\n- {loop: [a, b]}  # <--",
        "flow[1]",
        ["'pallets' is missing"],
    ),
    (
        "an hour without its zero",
        "calendar:\n  shifts:\n  - {id: a, from: 6:00, to: 14:00}  # <--\n"
        "assets:\n- {id: m, kind: sink}",
        "calendar.shifts.a.from",
        ["'6:00'", "HH:MM", "06:00"],
    ),
    (
        "a day that is none",
        "calendar:\n  shifts:\n  - {id: a, days: [mon, tus], from: 06:00, to: 14:00}  # <--\n"
        "assets:\n- {id: m, kind: sink}",
        "calendar.shifts.a.days[2]",
        ["'tus'", "did you mean 'tue'"],
    ),
]


@pytest.mark.parametrize(
    ("body", "path", "words"), [case[1:] for case in VALUES], ids=[case[0] for case in VALUES]
)
def test_a_wrong_value_is_one_problem_with_place_and_remedy(body, path, words):
    text = HEAD + body
    found = problems_of(text)
    assert [(p.file, p.line, p.path) for p in found] == [("x.yaml", marked_line(text), path)]
    for word in words:
        assert word in found[0].message
    assert str(found[0]) == f"x.yaml:{marked_line(text)}: {path}: {found[0].message}"
