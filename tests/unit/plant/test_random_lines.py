"""What must hold on every line that the loader accepts, whatever is done to it."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.plant.lives import alive, do, doings, fingerprint, line_of, reborn
from tests.unit.plant.random_lines import lines
from tests.unit.plant.truths import check

UNTIL_S = 60.0
few = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
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
    ahead = list(doing)
    for moment in moments:
        do(parted, ahead, moment)
        parted = reborn(parted, spec)
    do(parted, ahead, UNTIL_S)
    again = list(doing)
    for moment in moments:
        do(whole, again, moment)
    do(whole, again, UNTIL_S)
    assert fingerprint(parted) == fingerprint(whole)
