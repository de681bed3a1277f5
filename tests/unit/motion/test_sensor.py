"""Sensors: each kind tells what it can, of parts that are known."""

import pytest

from tests.unit.motion.motion_world import body, make, put, record, run, value, write
from twin.plant.motion.sensor import luminance

PARTS = """\
parts:
- {id: box, size_m: [0.2, 0.1, 0.05], colour: "#ffffff"}
- {id: plate, size_m: [0.2, 0.1, 0.01], colour: "#000000"}
- {id: bolt, size_m: [0.1, 0.1, 0.08], material: metal, colour: "#808080"}
"""
BELT = "- {id: belt, kind: belt, length_m: 2.0, speed_m_s: 0.25}\n"


def told(kind: str, more: str = "") -> dict[str, object]:
    """What a sensor tells of each part type, and of none."""
    eye = f"- {{id: eye, kind: sensor, sees: belt, along_m: 1.0, type: {kind}{more}}}\n"
    values: dict[str, object] = {}
    for part in ("box", "plate", "bolt"):
        runner = make(BELT + eye, parts=PARTS)
        values["none"] = value(runner, "eye")
        put(runner, "belt", along_m=1.0, kind=part)
        run(runner, 1.0)
        values[part] = value(runner, "eye")
    return values


@pytest.mark.parametrize("kind", ["diffuse", "retro"])
def test_a_light_beam_sees_what_is_as_high_as_it(kind: str) -> None:
    assert told(kind) == {"none": False, "box": True, "plate": False, "bolt": True}
    high = told(kind, ", beam_m: 0.06, normally_closed: true")
    assert high == {"none": True, "box": True, "plate": True, "bolt": False}


def test_an_inductive_sensor_sees_metal_only() -> None:
    assert told("inductive") == {"none": False, "box": False, "plate": False, "bolt": True}


def test_a_height_sensor_tells_millimetres() -> None:
    assert told("height") == {"none": 0.0, "box": 50.0, "plate": 10.0, "bolt": 80.0}


def test_a_colour_sensor_tells_luminance() -> None:
    assert told("colour") == {
        "none": 0.0, "box": 100.0, "plate": 0.0, "bolt": pytest.approx(21.586, abs=1e-3)
    }  # fmt: skip


@pytest.mark.parametrize(
    # Relative luminances as the WCAG examples and contrast tables print them.
    ("colour", "per_cent"),
    [("#ff0000", 21.26), ("#00ff00", 71.52), ("#0000ff", 7.22), ("#767676", 18.116)],
)  # fmt: skip
def test_luminance_of_known_colours(colour: str, per_cent: float) -> None:
    assert luminance(colour) == pytest.approx(per_cent, abs=2e-3)


def test_two_watchers_at_one_place_hear_in_the_order_of_the_file() -> None:
    eyes = "".join(
        f"- {{id: {name}, kind: sensor, sees: belt, along_m: 1.0}}\n" for name in ("b_eye", "a_eye")
    )
    runner = make(BELT + eyes, parts=PARTS)
    put(runner, "belt", along_m=0.5)
    seen = record(runner)
    write(runner, "belt_run", True, at_s=0.0)
    run(runner, 5.0)
    assert [(name, on) for _, name, on in seen[1:]] == [
        ("b_eye", True), ("a_eye", True), ("b_eye", False), ("a_eye", False),
    ]  # fmt: skip
    assert len({time_s for time_s, _, _ in seen[1:]}) == 2


def test_a_beam_moves_along_with_a_belt_that_is_carried() -> None:
    bodies = """
- {id: slide, kind: cylinder, stroke_m: 0.5, direction: y, extend_s: 2.0}
- {id: belt, kind: belt, on: slide, length_m: 2.0, speed_m_s: 0.25}
- {id: eye, kind: sensor, sees: belt, along_m: 1.0}
"""
    runner = make(bodies, parts=PARTS)
    part = put(runner, "belt", along_m=0.4)
    seen = record(runner)
    write(runner, "slide_extend", True, at_s=0.0)
    write(runner, "belt_run", True, at_s=1.0)
    run(runner, 3.5)
    assert (3.0, "eye", True) in seen
    at = body(runner, "belt").nearest(body(runner, "belt").frame.at(3.5), 3.5)
    assert at is not None
    assert at[0].id == part.id
    assert (at[1].x, at[1].y) == pytest.approx((1.025, 0.5))
