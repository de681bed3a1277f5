"""Whatever a controller writes: no part is lost, and a restored run is the same as the first."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.motion.gantry import TOP, gantry, spec
from tests.unit.motion.motion_world import body, cell, incidents, put, reborn, state, value, write
from tests.unit.plant.lives import line_of

PARTS = "parts:\n- {id: box, size_m: [0.2, 0.1, 0.05], mass_kg: 2}\n"
MORE = """\
- {id: jaws, kind: clamp, holds: b}
- {id: head, kind: process, process: press, sees: b, duration_s: 0.7, clamp: jaws}
- {id: scale, kind: scale, sees: a}
- {id: eye, kind: vision, sees: b, error_rate: 0.3}
- {id: reader, kind: reader, sees: a}
- {id: rack, kind: rack, at_m: [1.4, 0, 0.5], columns: 2, levels: 1, pitch_m: [0.3, 0.2]}
- {id: wall, kind: solid, at_m: [0.5, 0, 0], size_m: [0.05, 0.5, 0.9]}
- {id: panel, kind: panel}
"""
PINS = (
    "x_start", "z_start", "x_jog_plus", "z_jog_minus", "x_reset", "z_reset", "x_enable",
    "grip_grip", "grip_grip", "jaws_extend", "head_start", "eye_trigger", "reader_trigger",
    "panel_estop", "panel_reset",
)  # fmt: skip
actions = st.lists(
    st.tuples(
        st.floats(0.0, 0.9),
        st.sampled_from(PINS),
        st.sampled_from([0.0, 1.0, 1.4, 1.7]),
        st.sampled_from([0.0, TOP, TOP, 0.2]),
    ),
    min_size=10,
    max_size=60,
)


def act(runner, moves):
    for wait_s, pin, x, z in moves:
        write(runner, "x_target", x, runner.time_s + wait_s)
        write(runner, "z_target", z)
        write(runner, pin, not value(runner, pin))
        if pin.endswith("_start"):
            write(runner, pin, value(runner, pin) is False)


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(before=actions, after=actions)
def test_no_part_is_lost_and_a_restored_run_is_the_same(before, after):
    runner, _ = gantry(MORE, ", leak_kpa_s: 20", parts=PARTS)
    put(runner, "b")
    act(runner, before)
    again = reborn(runner, spec(MORE, ", leak_kpa_s: 20", parts=PARTS))
    for one in (runner, again):
        one.digest()
        act(one, after)
        one.run_until(one.time_s + 10.0)
        workcell = cell(one)
        seen = [part.id for part in parts_of(workcell)]
        assert len(seen) == len(set(seen)) == workcell.content() == 2
        assert line_of(one).wip == 2
        for axis in ("x", "z"):
            low, high = body(one, axis).stops
            assert low <= body(one, axis).position() <= high
    assert state(runner) == state(again)
    assert runner.digest().hex() == again.digest().hex()
    assert [i.cause for i in incidents(runner)] == [i.cause for i in incidents(again)]


def parts_of(workcell):
    for one in workcell.world.bodies.values():
        yield from (part for part, _ in one.parts())
    yield from (part for part, _ in workcell.world.fallen())
