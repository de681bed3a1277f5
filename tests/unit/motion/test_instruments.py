"""Scales, readers, cameras and testers."""

import pytest

from tests.unit.motion.motion_world import (
    body,
    cell,
    changed_at,
    make,
    put,
    reborn,
    record,
    run,
    spec_of,
    state,
    value,
    write,
)
from twin.spec.errors import SpecError

PARTS = """parts:
- {id: box, size_m: [0.2, 0.1, 0.05], mass_kg: 2}
- {id: ball, size_m: [0.1, 0.1, 0.1]}
- {id: pallet, size_m: [0.6, 0.4, 0.1], mass_kg: 10}
"""
CELL = """\
- {id: nest, kind: seat}
- {id: scale, kind: scale, sees: nest, settle_s: 0.5, full_kg: 20}
- {id: reader, kind: reader, sees: nest, read_s: 0.1}
- {id: codes, kind: reader, sees: nest, codes: {box: 471}}
- {id: eye, kind: vision, sees: nest, exposure_s: 0.2, confidence: 0.9}
- {id: volt, kind: tester, sees: nest, takes_s: 0.8, good: [3.7, 0.01], bad: [3.2, 0.1], low: 3.65,
   high: 3.75}
- {id: panel, kind: panel}
"""


def made(text=CELL, **kwargs):
    return make(text, parts=PARTS, **kwargs)


def test_the_weight_settles_and_is_stable_at_an_exact_time():
    # First order with 0.1 % left after 0.5 s: half of it gone after 0.5 ln 2 / ln 1000 s.
    runner = made()
    run(runner, 1.0)
    put(runner, "nest")
    assert not value(runner, "scale_stable")
    run(runner, 1.0 + 0.5 * 0.30102999566 / 3.0)
    assert cell(runner).read()["scale_weight"] == pytest.approx(1.0, abs=1e-9)
    run(runner, 3.0)
    assert changed_at(runner, "scale_stable") == pytest.approx(1.5, abs=1e-12)
    assert cell(runner).read()["scale_weight"] == 2.0


def test_a_change_before_it_has_settled_starts_anew():
    runner = made()
    part = put(runner, "nest")
    run(runner, 0.3)
    body(runner, "nest").take(part)
    run(runner, 2.0)
    assert changed_at(runner, "scale_stable") == pytest.approx(0.8, abs=1e-9)
    assert cell(runner).read()["scale_weight"] == 0.0


def test_a_part_without_a_mass_weighs_its_volume():
    runner = made()
    put(runner, "nest", kind="ball")
    run(runner, 2.0)
    assert cell(runner).read()["scale_weight"] == pytest.approx(0.5)


def test_a_scale_does_not_show_more_than_it_can():
    runner = made(CELL.replace("full_kg: 20", "full_kg: 1.5"))
    put(runner, "nest")
    run(runner, 2.0)
    assert cell(runner).read()["scale_weight"] == 1.5


def test_a_scale_below_a_pallet_weighs_all_that_is_on_it():
    runner = made(
        "- {id: s, kind: pallet_seat, pallet: pallet, pattern: [2, 1], pitch_m: [0.3, 0.2],"
        " layers: 1}\n- {id: scale, kind: scale, sees: s}\n"
    )
    put(runner, "s", kind="pallet")
    run(runner, 2.0)
    assert cell(runner).read()["scale_weight"] == 10.0
    seat = body(runner, "s")
    part = cell(runner).line.part("box", 0.0)
    assert seat.accept(part, seat.middle(0), giver=seat)
    run(runner, 4.0)
    assert cell(runner).read()["scale_weight"] == 12.0


def test_a_reader_reads_the_parts_number():
    runner = made()
    part = put(runner, "nest")
    write(runner, "reader_trigger", True, 1.0)
    assert not value(runner, "reader_valid")
    run(runner, 2.0)
    assert changed_at(runner, "reader_valid") == pytest.approx(1.1, abs=1e-12)
    assert value(runner, "reader_code") == part.id
    assert not value(runner, "reader_failed")


def test_a_reader_with_codes_reads_the_types_code_or_fails():
    runner = made()
    part = put(runner, "nest")
    write(runner, "codes_trigger", True)
    run(runner, 1.0)
    assert value(runner, "codes_code") == 471
    body(runner, "nest").take(part)
    put(runner, "nest", kind="ball")
    write(runner, "codes_trigger", False)
    write(runner, "codes_trigger", True)
    run(runner, 2.0)
    assert value(runner, "codes_failed")
    assert not value(runner, "codes_valid")


def test_a_part_that_leaves_before_it_is_read_is_not_read():
    runner = made()
    part = put(runner, "nest")
    write(runner, "reader_trigger", True)
    run(runner, 0.05)
    body(runner, "nest").take(part)
    put(runner, "nest")
    run(runner, 1.0)
    assert value(runner, "reader_failed")


def test_the_camera_tells_type_and_quality():
    runner = made()
    part = put(runner, "nest", kind="ball")
    write(runner, "eye_trigger", True, 1.0)
    assert not value(runner, "eye_ready")
    run(runner, 2.0)
    assert changed_at(runner, "eye_ready") == pytest.approx(1.2, abs=1e-12)
    assert value(runner, "eye_result") == 2
    assert 0.8 <= value(runner, "eye_confidence") <= 1.0
    part.good = False
    write(runner, "eye_trigger", False)
    write(runner, "eye_trigger", True)
    run(runner, 3.0)
    assert value(runner, "eye_result") == -2


def test_the_camera_sees_nothing_where_nothing_is():
    runner = made()
    write(runner, "eye_trigger", True)
    run(runner, 1.0)
    assert value(runner, "eye_result") == 0
    assert value(runner, "eye_confidence") == 0.0


def test_wrong_answers_come_as_often_as_said():
    # 300 pictures with a chance of 0.2: 60 wrong, standard deviation 6.9.
    runner = made(CELL.replace("confidence: 0.9}", "confidence: 0.9, error_rate: 0.2}"), seed=3)
    put(runner, "nest")
    answers, sure = [], []
    for number in range(300):
        write(runner, "eye_trigger", True)
        run(runner, number + 1.0)
        write(runner, "eye_trigger", False)
        answers.append(value(runner, "eye_result"))
        if answers[-1] == 1:
            sure.append(value(runner, "eye_confidence"))
    assert set(answers) == {1, 2}
    assert 35 <= answers.count(2) <= 85
    assert sum(sure) / len(sure) == pytest.approx(0.9, abs=0.02)


def measured(runner, number):
    write(runner, "volt_trigger", True)
    run(runner, number + 0.9)
    write(runner, "volt_trigger", False)
    run(runner, number + 1.0)
    return value(runner, "volt_value"), value(runner, "volt_passed")


def test_a_tester_measures_good_and_bad_parts_as_they_are_said_to_be():
    # 200 each: the mean is known to 0.01 / sqrt(200), and to 0.1 / sqrt(200).
    runner = made(seed=2)
    part = put(runner, "nest")
    good = [measured(runner, number) for number in range(200)]
    assert part.verdict
    part.good = False
    bad = [measured(runner, number) for number in range(200, 400)]
    assert part.verdict is False
    assert sum(v for v, _ in good) / 200 == pytest.approx(3.7, abs=0.003)
    assert sum(v for v, _ in bad) / 200 == pytest.approx(3.2, abs=0.03)
    assert 0.005 < max(v for v, _ in good) - 3.7 < 0.05
    assert {passed for _, passed in good} == {True}
    assert {passed for _, passed in bad} == {False}


def test_a_tester_tells_at_an_exact_time_and_only_of_a_part_that_stays():
    runner = made()
    part = put(runner, "nest")
    write(runner, "volt_trigger", True, 1.0)
    assert not value(runner, "volt_ready")
    run(runner, 2.0)
    assert changed_at(runner, "volt_ready") == pytest.approx(1.8, abs=1e-12)
    assert value(runner, "volt_passed")
    write(runner, "volt_trigger", False)
    write(runner, "volt_trigger", True)
    assert not value(runner, "volt_passed")
    body(runner, "nest").take(part)
    put(runner, "nest")
    run(runner, 4.0)
    assert value(runner, "volt_ready")
    assert (value(runner, "volt_value"), value(runner, "volt_passed")) == (0.0, False)


def test_a_tester_without_power_has_measured_nothing():
    runner = made()
    put(runner, "nest")
    write(runner, "volt_trigger", True)
    run(runner, 0.3)
    write(runner, "panel_estop", False)
    run(runner, 2.0)
    assert changed_at(runner, "volt_ready") == pytest.approx(0.3, abs=1e-12)
    assert (value(runner, "volt_value"), value(runner, "volt_passed")) == (0.0, False)


def test_a_tester_whose_limits_are_the_wrong_way_round_is_refused():
    wrong = CELL.replace("low: 3.65", "low: 3.9")
    with pytest.raises(SpecError, match="make high larger than low"):
        spec_of(wrong, parts=PARTS)


def test_a_restored_run_sees_and_weighs_the_same():
    runner = made()
    put(runner, "nest")
    run(runner, 0.2)
    for name in ("reader", "eye", "volt"):
        write(runner, f"{name}_trigger", True)
    run(runner, 0.25)
    again = reborn(runner, spec_of(CELL, parts=PARTS))
    ends = []
    for one in (runner, again):
        changes = record(one)
        run(one, 2.0)
        for name in ("reader", "eye"):
            write(one, f"{name}_trigger", False)
            write(one, f"{name}_trigger", True)
        run(one, 4.0)
        ends.append((changes, state(one)))
    assert ends[0] == ends[1]
    assert len(ends[0][0]) > 8
