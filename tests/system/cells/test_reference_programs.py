"""The reference programs: a shift without an incident, and what each interlock prevents.

With `-m slow` the shift is eight hours; else its first, in which nothing else is different.
"""

import pytest

from .shop import HOUR_S, Shop, door, interlocks, pressed, program_of, steps, visits, without

CELLS = ("sorting_cell", "tending_cell", "palletiser_cell", "highbay_cell")
SHIFT_S = 8 * HOUR_S
FIRST_S = HOUR_S
LEAST = {"sorting_cell": 400, "tending_cell": 60, "palletiser_cell": 18, "highbay_cell": 30}
"""Parts that a cell makes in an hour at the very least."""


@pytest.fixture(scope="module")
def shift_s(pytestconfig):
    return SHIFT_S if pytestconfig.getoption("markexpr") == "slow" else FIRST_S


def people(name, until_s):
    """Who comes near the cell during the shift, properly."""
    if name == "tending_cell":
        reach, back = steps("opening", inside=True), steps("opening", inside=False)
        return list(visits(407.3, 611.0, until_s, 8.0, [reach], [back]))
    if name == "palletiser_cell":
        return list(
            visits(
                407.3, 1211.0, until_s, 20.0,
                [door("guard", closed=False), steps("inside", inside=True)],
                [steps("inside", inside=False), door("guard", closed=True)],
            )
        )  # fmt: skip
    if name == "highbay_cell":
        return list(
            visits(
                407.3, 1811.0, until_s, 20.0,
                [door("aisle", closed=False), steps("in_aisle", inside=True)],
                [steps("in_aisle", inside=False), door("aisle", closed=True)],
            )
        )  # fmt: skip
    return []


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", CELLS)
def test_a_shift_without_an_incident(name, shift_s):
    shop = Shop(name)
    shop.start()
    shop.until_incident(shift_s, people=people(name, shift_s))
    assert shop.told() == []
    assert shop.cell.made >= LEAST[name] * shift_s / HOUR_S
    assert shop.runner.time_s == shift_s


KIND = {
    ("sorting_cell", "zone_is_empty"): {"misplaced", "jam"},
    ("sorting_cell", "block_is_measured"): {"misplaced", "jam"},
    ("sorting_cell", "block_has_come_red"): {"misplaced", "jam"},
    ("sorting_cell", "block_has_come_blue"): {"misplaced", "jam"},
    ("sorting_cell", "red_has_room"): {"jam"},
    ("sorting_cell", "blue_has_room"): {"jam"},
    ("tending_cell", "people_are_away"): {"danger"},
    ("tending_cell", "z_is_up"): {"collision"},
    ("tending_cell", "hatch_is_open"): {"collision"},
    ("tending_cell", "hatch_is_closed"): {"danger"},
    ("tending_cell", "gripper_is_out"): {"collision"},
    ("tending_cell", "part_is_clamped"): {"spoiled"},
    ("tending_cell", "jaws_are_open"): {"collision"},
    ("tending_cell", "belt_is_free"): {"collision"},
    ("palletiser_cell", "people_are_away"): {"danger"},
    ("palletiser_cell", "clamp_is_open"): {"collision"},
    ("palletiser_cell", "box_is_held"): {"misplaced", "dropped", "fallen"},
    ("palletiser_cell", "z_is_up"): {"collision"},
    ("palletiser_cell", "z_is_down"): {"dropped", "collision", "fallen"},
    ("palletiser_cell", "lift_is_at_layer"): {"overtravel", "dropped", "fallen"},
    ("palletiser_cell", "lift_is_at_rollers"): {"fallen"},
    ("palletiser_cell", "rollers_are_free"): {"jam", "collision"},
    ("highbay_cell", "aisle_is_empty"): {"danger"},
    ("highbay_cell", "fork_is_back"): {"collision"},
    ("highbay_cell", "slot_is_free"): {"collision"},
    ("highbay_cell", "out_is_free"): {"collision"},
    ("highbay_cell", "tote_is_down"): {"dropped", "collision"},
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "interlock"), [(c, i) for c in CELLS for i in interlocks(c)])
def test_without_an_interlock_its_incident_comes(name, interlock):
    shop = Shop(name, program=without(program_of(name), interlock))
    shop.start()
    incidents = shop.until_incident(SHIFT_S, people=people(name, SHIFT_S))
    assert incidents, f"nothing happened without {interlock}"
    assert incidents[0].kind in KIND[name, interlock], shop.told()


def test_every_interlock_is_one_that_prevents_something():
    assert {(c, i) for c in CELLS for i in interlocks(c)} == set(KIND)


@pytest.mark.parametrize("name", CELLS)
def test_an_emergency_stop_and_a_new_start_do_no_harm(name):
    shop = Shop(name)
    shop.start()
    plan = []
    for at_s in (40.0, 171.7, 333.3, 615.1):
        plan += [
            (at_s, lambda shop, t: shop.write("panel_estop", False, t)),
            (at_s + 5.0, lambda shop, t: shop.write("panel_estop", True, t)),
            (at_s + 6.0, pressed("reset")),
            (at_s + 7.0, pressed("start")),
        ]
    for at_s, act in plan:
        act(shop, at_s)
    shop.run_until(1800.0)
    made = shop.cell.made
    # What was cut when the power went is spoiled, in the shop too; nothing else comes of it.
    assert [i for i in shop.incidents if i.cause != "incident.cut_short"] == [], shop.told()
    shop.run_until(3600.0)
    assert shop.cell.made > made
