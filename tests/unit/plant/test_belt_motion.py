"""Parts on a belt never jump, never overtake, and are told once while they just go on."""

from itertools import pairwise

import pytest

from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.line import build
from twin.spec.line import LineSpec
from twin.wire.model import Body

PITCH = 0.1
LENGTH_M, SPEED_M_S = 10.0, 0.5
TRANSIT_S = LENGTH_M / SPEED_M_S


def runner(*, process_s: object, accumulating: bool = True, belt_fails: bool = False) -> Runner:
    """A source, a belt of ten places, a station."""
    jam = {"id": "jam", "uptime_s": {"exponential": 60}, "downtime_s": {"exponential": 15}}
    belt = {
        "id": "belt",
        "kind": "conveyor",
        "length_m": LENGTH_M,
        "speed_m_s": SPEED_M_S,
        "pitch_m": PITCH * LENGTH_M,
        "accumulating": accumulating,
        "failures": [jam] if belt_fails else [],
    }
    spec = LineSpec.model_validate(
        {
            "schema": "pilotline.line/1",
            "id": "belt_line",
            "assets": [
                {"id": "feed", "kind": "source", "interarrival_s": {"exponential": 4}},
                {"id": "wait", "kind": "buffer"},
                belt,
                {"id": "m", "kind": "station", "process_s": process_s},
                {"id": "out", "kind": "sink"},
            ],
            "flow": [["feed", "wait", "belt", "m", "out"]],
        }
    )
    return Runner(build(spec, seed=3), Header(line={}, seed=3))


def on_belt(run: Runner) -> dict[str, Body]:
    return {key: body for key, body in run.plant.bodies().items() if body.motion.asset == "belt"}


CASES = {
    "free": {"process_s": 1},
    "queue at the end": {"process_s": {"exponential": 4.2}},
    "the belt fails": {"process_s": {"exponential": 3.5}, "belt_fails": True},
    "stops as a whole": {"process_s": {"exponential": 3.8}, "accumulating": False},
}


@pytest.mark.parametrize("case", CASES)
def test_no_part_jumps_at_an_event(case: str) -> None:
    run = runner(**CASES[case])  # type: ignore[arg-type]  # a table of keyword arguments
    before: dict[str, Body] = {}
    seen = 0
    while run.time_s < 2000 and run.step():
        after = on_belt(run)
        for key in before.keys() & after.keys():
            was = before[key].motion.at(run.time_s)
            assert after[key].motion.at(run.time_s) == pytest.approx(was, abs=1e-6)
            seen += 1
        before = after
    assert seen > 500


@pytest.mark.parametrize("case", CASES)
def test_parts_keep_their_distance_between_events_too(case: str) -> None:
    run = runner(**CASES[case])  # type: ignore[arg-type]  # a table of keyword arguments
    for tick in range(1, 1500):
        run.run_until(tick * 0.9)
        places = sorted(body.motion.at(run.time_s) for body in on_belt(run).values())
        assert all(0.0 <= place <= 1.0 for place in places)
        gaps = [second - first for first, second in pairwise(places)]
        assert all(gap >= PITCH - 1e-6 for gap in gaps)


def test_a_part_that_just_goes_on_is_told_once() -> None:
    run = runner(**CASES["free"])  # type: ignore[arg-type]  # a table of keyword arguments
    told: dict[str, set[object]] = {}
    while run.time_s < 1000 and run.step():
        for key, body in on_belt(run).items():
            told.setdefault(key, set()).add(body)
    assert len(told) > 100
    assert all(len(bodies) == 1 for bodies in told.values())


def test_a_free_part_takes_the_transit_time() -> None:
    run = runner(**CASES["free"])  # type: ignore[arg-type]  # a table of keyword arguments
    run.run_until(200.0)
    for body in on_belt(run).values():
        assert body.motion.t1 - body.motion.t0 == pytest.approx(TRANSIT_S)
        assert (body.motion.s0, body.motion.s1) == (0.0, 1.0)
