"""A lane that is put back in the middle of a movement goes on as if it had never stopped."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.motion.motion_world import (
    body,
    cell,
    incidents,
    reborn,
    record,
    run,
    spec_of,
    state,
)
from tests.unit.motion.test_lane_ends import Told
from tests.unit.motion.test_lane_truth import PARTS, _bodies, quick
from twin.kernel.command import Command
from twin.kernel.runner import Runner

BODIES = """
- {id: entry, kind: entry, to: a}
- {id: a, kind: belt, length_m: 0.9, speed_m_s: 0.31, accel_m_s2: 0.4, drive: reversible, encoder_per_m: 500}
- {id: b, kind: belt, at_m: [0.9, 0, 0], length_m: 0.7, speed_m_s: 0.43, drive: analog, mode: spaced}
- {id: slide, kind: cylinder, at_m: [1.6, 0, 0], stroke_m: 0.3, direction: y, extend_s: 0.7}
- {id: c, kind: belt, on: slide, length_m: 0.6, speed_m_s: 0.37, mode: rigid}
- {id: d, kind: chute, at_m: [2.2, 0, 0], length_m: 0.5, speed_m_s: 0.5}
- {id: exit, kind: exit, from: d}
- {id: gate, kind: stopper, belt: b, along_m: 0.6}
- {id: eye, kind: sensor, sees: a, along_m: 0.47}
- {id: eye2, kind: sensor, sees: c, along_m: 0.31, type: height}
"""  # noqa: E501 - a body a line

WRITES = [
    ("a_run", [True, True, False]), ("a_reverse", [False, False, True]), ("b_run", [True]),
    ("b_speed", [0.4, 0.2, -0.1]), ("c_run", [True, False]), ("gate_extend", [True, False]),
    ("slide_extend", [False, True]),
]  # fmt: skip


@st.composite
def writes(draw: st.DrawFn) -> list[tuple[float, str, Any]]:
    """Draw what a controller does."""
    told = [
        (0.01, "a_run", True),
        (0.02, "b_run", True),
        (0.03, "b_speed", 0.4),
        (0.04, "c_run", True),
    ]
    for number in range(draw(st.integers(4, 16))):
        point, values = draw(st.sampled_from(WRITES))
        told.append((1.3 + 0.7313 * number, point, draw(st.sampled_from(values))))
    return told  # fmt: skip


def do(runner: Runner, told: list[tuple[float, str, Any]], start: float, end: float) -> None:
    for time_s, point, value in told:
        if start < time_s <= end:
            runner.apply(Command("write", f"cell/{point}", {"value": value}, "test"), at_s=time_s)
    run(runner, end)


SPEC = spec_of(BODIES, every_s=0.83)


@given(writes(), st.floats(0.5, 12.0))
@settings(quick, max_examples=25)
def test_restored_in_mid_move_is_never_having_stopped(
    told: list[tuple[float, str, Any]], at_s: float
) -> None:
    from tests.unit.plant.lives import alive

    runner = alive(SPEC)
    runner.digest()
    do(runner, told, 0.0, at_s)
    other = reborn(runner, SPEC)
    assert state(other) == state(runner)
    one, two = record(runner), record(other)
    do(runner, told, at_s, 15.0)
    do(other, told, at_s, 15.0)
    assert two == one
    assert incidents(other) == incidents(runner)
    assert state(other) == state(runner)
    assert other.digest().hex() == runner.digest().hex()


def test_the_state_is_plain_json() -> None:
    story = {
        "belts": [{"length": 0.9, "accel": 0.3, "mode": "slip"}],
        "parts": [("box", 0.2), ("box", 0.4)],
        "beams": [0.3, 0.5, 0.6, 0.7],
        "doing": [(0.5, "speed", 0, 0.3)],
        "total": 0.9,
    }
    told = Told(story, carried=False)
    told.do(*story["doing"][0])
    body(told.runner, "b0").block("stop", 0.8, 0.0)
    run(told.runner, 1.1)
    saved = [entry.save() for entry in cell(told.runner).parts_of_state()]
    assert json.loads(json.dumps(saved, allow_nan=False)) == saved
    fresh = reborn(told.runner, spec_of(_bodies(story), parts=PARTS))
    assert state(fresh) == state(told.runner)
