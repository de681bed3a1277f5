"""The robot palletiser's orders: whatever is wrong with a frame or its connection, nobody hangs.

The one side refuses or falls silent, the other gives an alarm, and after a reset all goes on, no
box stacked twice and none left out.
"""

from struct import calcsize

import pytest

pytest.importorskip("pinocchio")

from twin.control.plc import soft_plcs
from twin.spec.motion import Channel

from .shop import Shop, program_of, rapid_of

CELL = "robot_palletiser_cell"
BOXES = 20
READY, TAKEN, DONE, REFUSED = 1, 2, 3, 4
BAD_FRAME, BAD_NUMBER, BAD_PART, BAD_PLACE, BAD_HEIGHT = 1, 2, 3, 4, 5
TIMEOUT = pytest.mark.timeout(300)


class Station(Shop):
    """The cell with somebody who looks at its lamps and presses reset."""

    def __init__(self, **kinds):
        super().__init__(CELL, **kinds)
        self.link = self.cell.world.bodies["link"]
        (self.plc,) = soft_plcs(self.line)
        self.answers = []
        """[time s, number, state, error, boxes stacked] of each answer, as the PLC has it."""
        self.sent = []
        """When an order was sent, s."""
        self.cell.listeners.append(self._hear)

    def _hear(self, point):
        now = self.runner.time_s
        if point.name == "link_received":
            names = ("answer_to", "state", "error", "stacked")
            self.answers.append((now, *(self.value(f"link_{name}") for name in names)))
        elif point.name == "link_send" and point.value:
            self.sent.append(now)

    def value(self, point):
        return self.cell.points[point].value

    @property
    def alarm(self):
        """What the PLC is alarmed about."""
        return self.variable("alarm_now")

    @property
    def red(self):
        return self.value("light_red")

    def variable(self, name):
        return next(value for path, _, value in self.plc.variables() if path.endswith(name))

    def shown(self, name):
        """A number of the robot's program."""
        values = {entry["name"]: entry["value"] for entry in self.robot["variables"]}
        return float(values[name])

    @property
    def robot(self):
        """What the pendant shows."""
        return self.cell.world.bodies["robot"].program.status("en")

    def until(self, true, limit_s=200.0, step_s=0.1):
        """Run until something is so; fails if it never is."""
        end_s = self.runner.time_s + limit_s
        while not true():
            assert self.runner.time_s < end_s, self.robot
            self.run_until(self.runner.time_s + step_s)

    def later(self, by_s):
        return self.run_until(self.runner.time_s + by_s)

    def reset(self):
        self.press("reset", self.runner.time_s + 0.1)
        self.later(0.5)

    def cable(self, *, plugged):
        self.write("link_plugged", plugged)

    def works(self):
        """See that a pallet becomes full, with each box where it belongs."""
        self.until(lambda: self.variable("pallets_done") == 1, 400.0)
        self.later(1.0)
        assert self.told() == []
        assert not self.red
        # The next pallet may have begun.
        assert self.value("link_stacked") - BOXES in (0, 1)
        numbers = [number for _, number, state, *_ in self.answers if state == TAKEN]
        assert numbers == sorted(set(numbers))

    def stands(self, alarm):
        """See that the alarm is up, that nothing moves, and that reset makes no difference."""
        for _ in range(2):
            self.until(lambda: self.red, 60.0)
            assert self.alarm == alarm
            assert self.value("panel_reset_lamp")
            assert not self.value("light_green")
            assert self.robot["mode"] == "run", self.robot["error"]
            assert self.plc.fault_text() == ""
            before = len(self.sent)
            self.later(5.0)
            assert len(self.sent) == before, "it orders on, with an alarm"
            self.reset()
        assert self.told() == []
        assert self.shown("stacked") == 0
        assert len(self.sent) > before, "reset is no new beginning"


def swapped(text, old, new):
    assert text.count(old) == 1, old
    return text.replace(old, new)


def with_field(name, kind):
    """The channel with another type of one field."""

    def changed(body):
        if not isinstance(body, Channel):
            return body
        fields = tuple(
            f.model_copy(update={"type": kind}) if f.id == name else f for f in body.to_robot
        )
        return body.model_copy(update={"to_robot": fields})

    return changed


def in_order(order):
    def changed(body):
        return body.model_copy(update={"order": order}) if isinstance(body, Channel) else body

    return changed


# ---- frames as they should be


@TIMEOUT
def test_every_box_is_one_order_and_two_answers():
    shop = Station()
    shop.start()
    shop.works()
    told = [(number, state, error) for _, number, state, error, _ in shop.answers]
    assert told[0] == (0, READY, 0)
    assert told[1:41] == [(n, s, 0) for n in range(1, BOXES + 1) for s in (TAKEN, DONE)]
    assert [stacked for *_, stacked in shop.answers[1:41:2]] == list(range(BOXES))
    assert [stacked for *_, stacked in shop.answers[2:41:2]] == list(range(1, BOXES + 1))


def test_the_frames_have_the_lengths_that_the_programs_say():
    link = Station().link
    assert (calcsize(link.out_layout), link.in_length) == (10, 8)
    assert (link.out_layout, link.in_layout) == (">hBBBBf", ">hBBi")


# ---- orders that the robot refuses


@TIMEOUT
@pytest.mark.parametrize(
    ("bodies", "error"),
    [
        (with_field("order", "byte"), BAD_FRAME),
        (with_field("order", "dint"), BAD_FRAME),
        (with_field("pattern", "int"), BAD_FRAME),
        (in_order("little"), BAD_NUMBER),
    ],
    ids=["a byte too short", "two bytes too long", "a byte too long", "little end first"],
)
def test_a_frame_of_another_form_is_refused(bodies, error):
    shop = Station(bodies=bodies)
    shop.start()
    shop.stands("REFUSED")
    assert shop.answers[-1][2:4] == (REFUSED, error)
    assert shop.robot["messages"][-2:] == [f"order refused, error {error}", "connection lost"]


@TIMEOUT
@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("number MOD MOST_NUMBER + 1", "number MOD MOST_NUMBER + 2", BAD_NUMBER),
        ("link_part := A_BOX;", "link_part := 7;", BAD_PART),
        ("(layer - 1) MOD 2 + 1", "(layer - 1) MOD 2 + 3", BAD_PLACE),
        ("link_layer := layer;", "link_layer := 0;", BAD_PLACE),
        ("box MOD PER_LAYER + 1", "box MOD PER_LAYER + 6", BAD_PLACE),
        ("INT_TO_REAL(layer) * BOX_HIGH", "INT_TO_REAL(layer) * 150.0", BAD_HEIGHT),
    ],
)
def test_an_order_that_cannot_be_is_refused(old, new, error):
    shop = Station(program=swapped(program_of(CELL), old, new))
    shop.start()
    shop.stands("REFUSED")
    assert shop.answers[-1][2:] == (REFUSED, error, 0)


@TIMEOUT
def test_a_stray_byte_costs_one_order_and_a_reset():
    shop = Station()
    shop.start()
    shop.until(lambda: shop.value("link_stacked") == 3)
    shop.link.inbox.append(7)
    shop.until(lambda: shop.red)
    assert (shop.alarm, shop.answers[-1][2:]) == ("REFUSED", (REFUSED, BAD_FRAME, 4))
    shop.reset()
    shop.works()


# ---- answers that the PLC does not take


@TIMEOUT
@pytest.mark.parametrize(
    ("old", "new", "alarm"),
    [
        ("answer number, TAKEN, 0;", "answer number + 1, TAKEN, 0;", "ODD"),
        (
            "    SocketSend plc",
            "    PackRawBytes 0, frame \\Network, 9 \\IntX:=USINT;\n    SocketSend plc",
            "ODD",
        ),
        ("5 \\IntX:=DINT;", "5 \\IntX:=INT;", "SILENT"),
        ("answer last, READY, 0;", "", "SILENT"),
        ("answer number, TAKEN, 0;", "", "SILENT"),
    ],
    ids=["another number", "a byte too long", "two bytes too short", "not ready", "not taken"],
)
def test_an_answer_that_does_not_fit_is_an_alarm(old, new, alarm):
    work = "        fetch;\n        stack;\n        Incr stacked;\n"
    rapid = swapped(rapid_of(CELL), work, "        WaitTime 1;\n")
    shop = Station(rapid=swapped(rapid, old, new))
    shop.start()
    shop.stands(alarm)


@TIMEOUT
def test_work_without_an_end_is_an_alarm():
    # Nothing is gripped, so the robot waits above the box.
    shop = Station(rapid=swapped(rapid_of(CELL), "    Set do_grip;\n", ""))
    shop.start()
    shop.until(lambda: shop.red)
    assert shop.alarm == "SILENT"
    assert shop.answers[-1][1:3] == (1, TAKEN)
    shop.later(60.0)
    assert shop.told() == []
    assert shop.robot["mode"] == "run"


# ---- connections that are lost


@pytest.fixture(scope="module")
def usual():
    """When in an undisturbed run the fourth order is sent, taken and done, s."""
    shop = Station()
    shop.start()
    shop.until(lambda: shop.value("link_stacked") == 4)
    taken, done = (entry[0] for entry in shop.answers if entry[1] == 4)
    # The first frame only asks.
    return shop.sent[4], taken, done


@TIMEOUT
@pytest.mark.parametrize(
    ("after", "by_s"),
    [
        ("sent", -0.004),
        ("sent", 0.002),
        ("taken", -0.002),
        ("taken", 0.002),
        ("taken", 2.0),
        ("taken", 5.0),
        ("done", -1.5),
        ("done", -0.002),
        ("done", 0.001),
    ],
)
def test_a_cable_that_is_pulled_loses_no_order(usual, after, by_s):
    shop = Station()
    shop.start()
    shop.run_until(dict(zip(("sent", "taken", "done"), usual, strict=True))[after] + by_s)
    shop.cable(plugged=False)
    shop.later(0.1)
    assert (shop.red, shop.alarm) == (True, "LOST")
    assert not shop.value("link_connected")
    shop.later(12.0)
    assert shop.robot["mode"] == "run"
    assert shop.robot["messages"][-1] == "no connection to the PLC"
    assert shop.value("robot_clear"), "it does not lay down what it holds"
    shop.cable(plugged=True)
    shop.later(2.0)
    assert shop.red, "an alarm goes with a reset only"
    shop.reset()
    shop.works()


@TIMEOUT
def test_a_robot_that_cannot_connect_tries_again():
    shop = Station()
    shop.cable(plugged=False)
    shop.start()
    shop.until(lambda: shop.red, 20.0)
    assert shop.alarm == "LOST"
    shop.reset()
    assert shop.red, "reset plugs no cable in"
    assert shop.robot["messages"][-5:] == ["no connection to the PLC"] * 5
    assert (shop.robot["mode"], shop.answers) == ("run", [])
    shop.cable(plugged=True)
    shop.until(lambda: shop.value("link_connected"), 2.0)
    shop.reset()
    shop.works()


@TIMEOUT
def test_a_robot_that_begins_at_main_knows_its_last_order():
    shop = Station()
    shop.start()
    shop.until(lambda: shop.variable("pallets_done") == 1, 400.0)
    shop.press("stop", shop.runner.time_s + 0.1, rest=True)
    shop.later(1.0)
    shop.give("rapid_main", "stacking/robot")
    shop.later(0.1)
    assert (shop.alarm, shop.value("link_connected")) == ("LOST", False)
    shop.press("start", shop.runner.time_s + 0.5)
    shop.later(1.0)
    shop.reset()
    shop.until(lambda: shop.variable("pallets_done") == 2, 400.0)
    assert shop.told() == []
    assert [entry[1] for entry in shop.answers if entry[2] == READY] == [0, BOXES]
    assert shop.answers[-1][4] in (2 * BOXES, 2 * BOXES + 1)


# ---- emergency stops


@TIMEOUT
@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_emergency_stop_between_order_and_answer_loses_nothing(usual, after):
    shop = Station()
    shop.start()
    at_s = usual[after] + 0.002
    shop.write("panel_estop", False, at_s)
    shop.write("panel_estop", True, at_s + 4.0)
    shop.press("reset", at_s + 5.0)
    shop.press("start", at_s + 6.0)
    shop.works()
