"""The same header and log give the same run: replayed, restored, forked, on every shipped line."""

import json
from functools import cache
from math import inf, nextafter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.unit.plant.lives import alive, do, doings, fingerprint, line_of, reborn
from tests.unit.plant.truths import check
from twin.kernel.command import Command
from twin.kernel.errors import SnapshotError
from twin.kernel.record import RunRecord
from twin.plant.line import build
from twin.spec import load_line
from twin.spec.line import LineSpec
from twin.spec.shipped import shipped

NAMES = sorted(shipped("lines"))
EVENTS = 1000
few = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a whole line takes minutes
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@cache
def shipped_line(name: str) -> tuple[LineSpec, float]:
    """Return a shipped line, and the time in which about `EVENTS` things happen, s."""
    spec = load_line(name)
    runner = alive(spec)
    runner.run_until(inf, most=EVENTS)
    return spec, runner.time_s


@pytest.mark.parametrize("name", NAMES)
@few
@given(data=st.data())
def test_restored_at_any_instant_is_never_having_stopped(name, data):
    spec, until_s = shipped_line(name)
    doing = data.draw(doings(spec, until_s, most=8))
    moments = sorted(data.draw(st.lists(st.floats(0, until_s), min_size=1, max_size=3)))
    whole, parted = alive(spec, 3), alive(spec, 3)
    whole.digest(), parted.digest()
    ahead, again = list(doing), list(doing)
    for moment in moments:
        do(parted, ahead, moment)
        parted = reborn(parted, spec)
        do(whole, again, moment)
    do(parted, ahead, until_s)
    do(whole, again, until_s)
    assert parted.digest().hex() == whole.digest().hex()
    assert fingerprint(parted) == fingerprint(whole)
    assert parted.record().text() == whole.record().text()
    check(line_of(parted))


@pytest.mark.parametrize("name", NAMES)
@few
@given(data=st.data())
def test_a_replay_is_the_run(name, data, tmp_path_factory):
    spec, until_s = shipped_line(name)
    runner = alive(spec, 5)
    digest = runner.digest()
    do(runner, data.draw(doings(spec, until_s, most=8)), until_s)
    path = tmp_path_factory.mktemp("replay") / "run.jsonl"
    runner.record().write(path)
    record = RunRecord.read(path)
    again = alive(LineSpec.model_validate(record.header.line), record.header.seed)
    its = again.digest()
    again.replay(record)
    assert its.hex() == digest.hex() == record.digest
    assert fingerprint(again) == fingerprint(runner)


@pytest.mark.parametrize("name", ["pack_pilot", "training_four"])
def test_a_snapshot_between_the_events_of_one_instant(name):
    spec, _ = shipped_line(name)
    whole = alive(spec, 1)
    for _ in range(40):
        whole.run_until(inf, most=7)
        parted = reborn(whole, spec)
        assert fingerprint(parted) == fingerprint(whole)
        later_s = whole.time_s + 20
        whole.run_until(later_s)
        parted.run_until(later_s)
        assert fingerprint(parted) == fingerprint(whole)


def test_going_back_and_forth_between_two_snapshots():
    spec, until_s = shipped_line("pack_pilot")
    runner = alive(spec, 2)
    marks = []
    for k in range(1, 6):
        runner.run_until(k * until_s / 5)
        marks.append((runner.time_s, json.dumps(runner.snapshot()), fingerprint(runner)))
    for place in (1, 0, 3, 0, 2):
        runner.restore(json.loads(marks[place][1]))
        assert fingerprint(runner) == marks[place][2]
        runner.run_until(marks[place + 1][0])
        assert fingerprint(runner) == marks[place + 1][2]


def test_a_fork_goes_its_own_way_and_leaves_the_run_alone():
    spec, until_s = shipped_line("pack_pilot")
    runner, untouched = alive(spec, 4), alive(spec, 4)
    runner.run_until(until_s / 2)
    fork = runner.fork(build(spec, 4))
    fork.apply(Command("break", "eol"))
    fork.run_until(until_s)
    runner.run_until(until_s)
    untouched.run_until(until_s / 2)
    untouched.run_until(until_s)
    assert fingerprint(runner) == fingerprint(untouched)
    assert fingerprint(fork) != fingerprint(runner)
    assert [stamped.command.verb for stamped in fork.log] == ["break"]
    assert runner.log == []


def test_a_snapshot_of_another_line_seed_or_version_is_refused():
    spec, _ = shipped_line("mm1")
    other, _ = shipped_line("tandem")
    data = json.loads(json.dumps(alive(spec, 1).snapshot()))
    for runner, word in (
        (alive(other, 1), "line"),
        (alive(spec, 2), "seed"),
        (alive(spec, 1, 3), "replication"),
    ):
        with pytest.raises(SnapshotError, match=word):
            runner.restore(data)
    data["header"]["versions"]["numpy"] = "0.1"
    with pytest.raises(SnapshotError, match=r"0\.1"):
        alive(spec, 1).restore(data)
    with pytest.raises(SnapshotError, match="no snapshot"):
        alive(spec, 1).restore({"schema": "something/1"})


def test_another_asset_changes_no_other_draw():
    """What a machine draws depends on its own name, the seed and the replication alone."""
    spec, _ = shipped_line("pack_pilot")
    document = spec.document()
    document["assets"] = [
        {"id": "aaa", "kind": "source", "interarrival_s": {"exponential": 3}},
        {"id": "extra", "kind": "station", "process_s": {"exponential": 2}},
        {"id": "zzz", "kind": "sink"},
        *document["assets"],
    ]
    document["flow"] = [["aaa", "extra", "zzz"], *document["flow"]]
    document["parts"] = [*document["parts"], {"id": "part"}]
    more = LineSpec.model_validate(document)
    before, after = build(spec, 9, 2), build(more, 9, 2)
    names = set(before.streams.positions())
    assert len(names) > 40
    assert names < set(after.streams.positions())
    for name in names:
        first, second = (line.streams._streams[name] for line in (before, after))
        assert [first.draw() for _ in range(300)] == [second.draw() for _ in range(300)], name


def test_the_clock_of_a_snapshot_is_exact():
    spec, _ = shipped_line("mm1")
    runner = alive(spec)
    odd_s = nextafter(1234.5, inf)
    runner.run_until(odd_s)
    assert reborn(runner, spec).time_s == odd_s
