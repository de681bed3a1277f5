"""What must hold on every line that the loader accepts, whatever is done to it."""

from math import inf

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.unit.plant.lives import alive, do, doings, fingerprint, line_of, reborn
from tests.unit.plant.random_lines import lines
from tests.unit.plant.truths import check
from twin.kernel.errors import CommandRefused
from twin.kernel.record import RunRecord
from twin.plant.deadlock import find

UNTIL_S = 60.0
few = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a whole line takes minutes
    max_examples=40,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)


@few
@given(st.data())
def test_parts_are_conserved_and_nothing_is_forgotten_whatever_is_commanded(data):
    spec = data.draw(lines())
    doing = data.draw(doings(spec, UNTIL_S))
    runner = alive(spec, seed=data.draw(st.integers(0, 3)))
    check(line_of(runner))
    for moment in range(1, 13):
        do(runner, doing, moment * UNTIL_S / 12)
        check(line_of(runner))


@few
@given(st.data())
def test_a_run_from_a_snapshot_is_the_run_that_never_stopped(data):
    spec = data.draw(lines())
    doing = data.draw(doings(spec, UNTIL_S))
    moments = sorted(data.draw(st.lists(st.floats(0, UNTIL_S), min_size=1, max_size=3)))
    whole, parted = alive(spec, 1), alive(spec, 1)
    ahead, again = list(doing), list(doing)
    for moment in moments:
        do(parted, ahead, moment)
        parted = reborn(parted, spec)
        do(whole, again, moment)
    do(parted, ahead, UNTIL_S)
    do(whole, again, UNTIL_S)
    assert fingerprint(parted) == fingerprint(whole)


@few
@given(st.data())
def test_a_replay_is_the_run(data):
    spec = data.draw(lines())
    runner = alive(spec, 1)
    digest = runner.digest()
    do(runner, data.draw(doings(spec, UNTIL_S)), UNTIL_S)
    record = RunRecord(runner.header, runner.log, runner.time_s, digest.hex())
    again = alive(spec, 1)
    again.digest()
    again.replay(record)
    assert again.digest().hex() == digest.hex()
    assert fingerprint(again) == fingerprint(runner)


@few
@given(st.data())
def test_a_refused_command_changes_nothing(data):
    spec = data.draw(lines())
    runner = alive(spec, 1)
    for time_s, command in data.draw(doings(spec, UNTIL_S, most=16)):
        runner.run_until(time_s)
        before, given_before = fingerprint(runner), len(runner.log)
        refusal = ""
        try:
            runner.apply(command)
        except CommandRefused as error:
            refusal = str(error)
        if len(runner.log) == given_before:
            assert len(refusal) > 10
            assert fingerprint(runner) == before, command


@few
@given(st.data())
def test_what_has_locked_up_never_moves_again(data):
    spec = data.draw(lines())
    runner = alive(spec, 1)
    line = line_of(runner)
    for moment in range(1, 7):
        runner.run_until(moment * UNTIL_S)
        found = find(line)
        if found is None:
            continue
        names = [wait.asset for wait in found.circle] or [
            n for n, a in line.assets.items() if a.takers
        ]
        before = [line.assets[name].made for name in names]
        runner.run_until(20 * UNTIL_S)
        assert [line.assets[name].made for name in names] == before, str(found)
        return
    if line.env.next_due_s() == inf:
        assert line.wip == 0
