"""The robot cells: a shift without an incident, and what each interlock of both programs prevents.

With `-m slow` the shift is eight hours; else its first quarter of an hour, in which nothing else is
different.
"""

import pytest

pytest.importorskip("pinocchio")

from twin.plant.robot.collide import first_contact
from twin.plant.robot.surroundings import neighbour

from .shop import (
    HOUR_S,
    Shop,
    door,
    interlocks,
    pressed,
    program_of,
    rapid_interlocks,
    rapid_of,
    steps,
    visits,
    without,
    without_line,
)

CELLS = ("picking_cell", "robot_palletiser_cell", "battery_cell")
SHIFT_S = 8 * HOUR_S
FIRST_S = HOUR_S / 4
WARMUP_S = 600.0
"""In which a cell need not have made anything."""
LIMIT_S = 1200.0
"""By then an interlock that is missing must have been missed."""
LEAST = {"picking_cell": 35, "robot_palletiser_cell": 8, "battery_cell": 100}
"""Parts that a cell makes in an hour at the very least."""


@pytest.fixture(scope="module")
def shift_s(pytestconfig):
    return SHIFT_S if pytestconfig.getoption("markexpr") == "slow" else FIRST_S


def people(name, until_s):
    """Who comes near the cell during the shift, properly."""
    come = [door("guard", closed=False), steps("inside", inside=True)]
    go = [steps("inside", inside=False), door("guard", closed=True)]
    plan = list(visits(207.3, 1211.0, until_s, 20.0, come, go))
    if name == "robot_palletiser_cell":
        reach, back = steps("opening", inside=True), steps("opening", inside=False)
        plan += visits(111.1, 611.0, until_s, 8.0, [reach], [back])
    return plan


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", CELLS)
def test_a_shift_without_an_incident(name, shift_s):
    shop = Shop(name)
    shop.start()
    shop.until_incident(shift_s, people=people(name, shift_s))
    assert shop.told() == []
    assert shop.cell.made >= LEAST[name] * (shift_s - WARMUP_S) / HOUR_S
    assert shop.runner.time_s == shift_s


KIND = {
    ("picking_cell", "people_are_away"): {"danger"},
    ("picking_cell", "belt_has_not_passed"): {"fallen"},
    ("picking_cell", "tray_is_here"): {"fallen", "dropped"},
    ("picking_cell", "tray_is_full"): {"misplaced"},
    ("picking_cell", "out_is_free"): {"jam", "collision"},
    ("picking_cell", "tray_is_there"): {"fallen", "dropped"},
    ("picking_cell", "relay_is_let_go"): {"dropped", "fallen"},
    ("robot_palletiser_cell", "people_are_away"): {"danger"},
    ("robot_palletiser_cell", "pallet_is_here"): {"fallen", "dropped", "collision"},
    ("robot_palletiser_cell", "robot_is_done"): {"fallen", "dropped", "misplaced", "collision"},
    ("robot_palletiser_cell", "rollers_are_free"): {"jam", "collision"},
    ("robot_palletiser_cell", "box_is_held"): {"misplaced"},
    ("robot_palletiser_cell", "box_is_let_go"): {"dropped", "fallen"},
    ("battery_cell", "people_are_away"): {"danger"},
    ("battery_cell", "nest_is_free"): {"jam"},
    ("battery_cell", "space_is_free"): {"collision"},
    ("battery_cell", "tray_is_here"): {"fallen", "dropped"},
    ("battery_cell", "robots_are_out"): {"fallen", "dropped", "collision"},
    ("battery_cell", "weld_is_free"): {"misplaced"},
    ("battery_cell", "module_is_clamped"): {"spoiled"},
    ("battery_cell", "space_is_mine"): {"collision"},
    ("battery_cell", "cell_is_let_go"): {"dropped", "fallen"},
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "interlock"), KIND)
def test_without_an_interlock_its_incident_comes(name, interlock):
    if interlock in interlocks(name):
        shop = Shop(name, program=without(program_of(name), interlock))
    else:
        shop = Shop(name, rapid=without_line(rapid_of(name), interlock))
    shop.start()
    incidents = shop.until_incident(LIMIT_S, people=people(name, LIMIT_S))
    assert incidents, f"nothing happened without {interlock}"
    assert incidents[0].kind in KIND[name, interlock], shop.told()


def test_every_interlock_is_one_that_prevents_something():
    named = {(c, i) for c in CELLS for i in (*interlocks(c), *rapid_interlocks(c))}
    assert named == set(KIND)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", [*CELLS, "robot_bench"])
def test_an_emergency_stop_and_a_new_start_do_no_harm(name):
    shop = Shop(name)
    shop.start()
    for at_s in (21.3, 57.7, 103.3, 161.1):
        shop.write("panel_estop", False, at_s)
        shop.write("panel_estop", True, at_s + 4.0)
        pressed("reset")(shop, at_s + 5.0)
        pressed("start")(shop, at_s + 6.0)
    shop.run_until(300.0)
    made = shop.cell.made
    # What was being welded when the power went is spoiled, in the shop too; nothing else is.
    assert [i for i in shop.incidents if i.cause != "incident.cut_short"] == [], shop.told()
    shop.run_until(600.0)
    assert shop.cell.made > made


# ---- two robots


class Witness:
    """Writes down how two arms move, each time that one moves otherwise."""

    def __init__(self, shop, one, other):
        self.shop = shop
        self.one, self.other = (shop.cell.world.bodies[name] for name in (one, other))
        self.seen = []
        shop.cell.world.hearers.append(self.hear)

    def hear(self, body):
        if body in (self.one, self.other):
            now = self.shop.runner.time_s
            self.seen.append((now, neighbour(self.one, now), neighbour(self.other, now)))

    def meeting(self, margin_m, *, as_planned=False):
        """Return their first contact on the ways that they went, or that they set out on."""
        ends = [entry[0] for entry in self.seen[1:]]
        for (from_s, mine, other), until_s in zip(self.seen, ends, strict=False):
            contact = first_contact(
                mine.arm, mine.foot, mine.track, from_s, [other], held=mine.held,
                margin_m=margin_m, until_s=None if as_planned else until_s,
            )  # fmt: skip
            if contact is not None and contact.other == other.name:
                return contact
        return None


@pytest.mark.timeout(300)
def test_two_robots_never_meet():
    # On the closed forms of both, whatever the robots' own foresight would have said.
    shop = Shop("battery_cell", seed=2)
    shop.start()
    witness = Witness(shop, "r1", "r2")
    shop.run_until(90.0)
    assert shop.told() == []
    assert len(witness.seen) > 300
    assert witness.meeting(0.02) is None
    assert witness.meeting(0.5) is not None, "they are never even in the same space"


@pytest.mark.timeout(300)
def test_two_robots_that_do_not_share_set_out_to_meet():
    shop = Shop("battery_cell", program=without(program_of("battery_cell"), "space_is_free"))
    shop.start()
    witness = Witness(shop, "r1", "r2")
    shop.until_incident(60.0)
    assert witness.meeting(0.002, as_planned=True) is not None
    assert witness.meeting(0.0) is None, "they stopped too late"
