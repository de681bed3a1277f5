"""The robot panel of the window on a real run: what presses, keys and letting go come to."""

from pathlib import Path

import pytest

pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")

from robot_twin import DirectLink, LocalTwin

from viewer.window.robot.look import TABS
from viewer.window.robot.panel import HIGH, WIDE, RobotPanel

CELL = Path(__file__).parents[2] / "system" / "robot_cell.yaml"


PROGRAM = "\n".join(
    ["MODULE work", "  PROC main()", *("    WaitTime 1;" for _ in range(60)), "  ENDPROC",
     "ENDMODULE"]
)  # fmt: skip


class Clock:
    now_s = 100.0

    def __call__(self):
        return self.now_s


class Bench:
    """A panel on a link that acts at once, pressed by the names of what is drawn."""

    def __init__(self, line=CELL, language="en", role="operator"):
        self.twin = LocalTwin(line, role)
        self.link = DirectLink(self.twin, language)
        self.clock = Clock()
        self.closed = []
        self.panel = RobotPanel(self.link, language, self.clock, lambda: self.closed.append(True))
        self.panel.pen(1.0)

    @property
    def robot(self):
        return self.link.now().robot

    @property
    def said(self):
        return [(verb, args) for _, verb, args in self.twin.said]

    @property
    def names(self):
        self.panel.pen(1.0)
        return {control.name for control in self.panel._controls}

    def at(self, name, about=None):
        self.panel.pen(1.0)
        control = self.panel.control(name, about)
        assert control is not None, f"nothing called {name} {about}"
        left, top, right, bottom = control.box
        return (left + right) / 2, (top + bottom) / 2

    def press(self, name, about=None):
        assert self.panel.press(*self.at(name, about))

    def click(self, name, about=None, held_s=0.1):
        self.press(name, about)
        self.clock.now_s += held_s
        self.panel.release()

    def ready(self):
        """By hand, motors on, the switch held by a key."""
        self.click("mode", "manual")
        self.click("motors")
        self.panel.key_down("space")
        self.link.run(0.1)
        self.twin.said.clear()
        return self

    def programmed(self):
        """A longer program, and its page."""
        self.link.send("rapid_load", {"text": PROGRAM})
        self.click("tab", "program")
        self.twin.said.clear()
        return self

    def hit(self):
        """Turned into the fixture."""
        self.ready().press("jog", (0, 1))
        self.link.run(20.0)
        self.panel.leave()
        return self

    def turned(self, for_s=0.5):
        """How far the first joint turns in a while, degrees."""
        before = self.robot.joints[0].value
        self.link.run(for_s)
        return self.robot.joints[0].value - before


@pytest.fixture
def bench():
    return Bench()


def test_a_press_jogs_and_the_release_stops(bench):
    bench.ready().press("jog", (0, 1))
    assert bench.turned() > 1.0
    bench.panel.release()
    bench.link.run(1.0)
    assert bench.turned() == 0.0
    frame = {"frame": "joint", "axis": 0}
    assert bench.said == [("jog", frame | {"way": 1}), ("jog", frame | {"way": 0})]


def test_the_other_way_goes_the_other_way(bench):
    bench.ready().press("jog", (0, -1))
    assert bench.turned() < -1.0


def test_a_mouse_that_leaves_the_button_stops_the_arm(bench):
    bench.ready().press("jog", (0, 1))
    bench.link.run(0.5)
    bench.panel.move(*bench.at("axis", 3))
    bench.link.run(1.0)
    assert bench.said[-1] == ("jog", {"frame": "joint", "axis": 0, "way": 0})
    assert bench.turned() == 0.0


@pytest.mark.parametrize("how", ["leave", "choose", "mode", "close", "lost"])
def test_whatever_takes_the_hand_away_lets_go_of_all(bench, how):
    bench.ready().press("jog", (0, 1))
    bench.link.run(0.3)
    if how == "leave":
        bench.panel.leave()
    elif how == "choose":
        bench.panel._on_choose("0")
    elif how == "mode":
        bench.panel._on_mode("manual")
    elif how == "lost":
        bench.link._connected = False
        bench.panel.tick()
    else:
        bench.panel._close = bench.panel.leave
        bench.click("close")
    ends = [("jog", {"frame": "joint", "axis": 0, "way": 0}), ("enabling", {"on": False})]
    assert [each for each in bench.said if each in ends] == ends
    bench.link.run(1.0)
    assert bench.turned() == 0.0
    assert not bench.robot.enabling


def test_the_switch_is_held_while_the_key_is(bench):
    bench.ready()
    assert bench.robot.enabling
    assert bench.robot.ready
    bench.panel.key_up("space")
    assert bench.robot.enabling
    bench.panel.tick()
    assert not bench.robot.enabling
    assert bench.said == [("enabling", {"on": False})]


def test_a_key_that_repeats_itself_is_held_all_the_time(bench):
    bench.ready()
    for _ in range(5):
        bench.panel.key_up("space")
        bench.panel.key_down("space")
        bench.panel.tick()
    assert bench.said == []
    assert bench.robot.enabling


def test_letting_go_of_the_switch_in_mid_jog_stops_first_and_then_lets_go(bench):
    bench.ready().press("jog", (0, 1))
    bench.link.run(0.3)
    bench.panel.key_up("space")
    bench.panel.tick()
    assert bench.said[-2:] == [
        ("jog", {"frame": "joint", "axis": 0, "way": 0}),
        ("enabling", {"on": False}),
    ]
    assert bench.robot.fault is None


def test_the_switch_is_held_while_its_button_is(bench):
    bench.click("mode", "manual")
    bench.click("motors")
    bench.press("enabling")
    assert bench.robot.enabling
    bench.clock.now_s += 2.0
    bench.panel.release()
    assert not bench.robot.enabling
    assert not bench.panel.hands.one_hand


def test_one_hand_holds_the_switch_along_with_the_button(bench):
    bench.click("mode", "manual")
    bench.click("motors")
    bench.click("enabling", held_s=0.1)
    assert bench.panel.hands.one_hand
    assert not bench.robot.enabling
    bench.twin.said.clear()
    bench.press("jog", (0, 1))
    assert bench.turned() > 1.0
    bench.panel.release()
    assert [verb for verb, _ in bench.said] == ["enabling", "jog", "jog", "enabling"]
    assert [args.get("on", args.get("way")) for _, args in bench.said] == [True, 1, 0, False]


def test_one_hand_holds_the_switch_until_a_step_is_done(bench):
    bench.click("mode", "manual")
    bench.click("motors")
    bench.click("enabling")
    bench.click("step", "2")
    before = bench.robot.joints[0].value
    bench.click("jog", (0, 1))
    bench.link.run(0.05)
    bench.clock.now_s += 1.0
    bench.panel.tick()
    assert bench.robot.moving
    assert bench.robot.enabling
    bench.link.run(5.0)
    bench.panel.tick()
    assert not bench.robot.enabling
    assert bench.robot.joints[0].value == pytest.approx(before + 5.0)


@pytest.mark.parametrize(
    ("frame", "axis", "step", "by"),
    [("joint", 0, "0", 0.1), ("joint", 5, "3", 10.0), ("world", 2, "1", 0.001),
     ("tool", 0, "3", 0.05), ("wobj", 5, "2", 5.0)],
)  # fmt: skip
def test_a_step_goes_as_far_as_it_says(bench, frame, axis, step, by):
    bench.ready()
    bench.click("frame", frame)
    bench.click("step", step)
    bench.click("jog", (axis, -1))
    assert bench.said == [("jog_step", {"frame": frame, "axis": axis, "by": -by})]


def test_keys_jog_the_chosen_axis(bench):
    bench.ready()
    bench.panel.key_down("Down")
    bench.panel.key_down("Right")
    bench.panel.key_up("Right")
    bench.panel.key_down("Right")
    bench.panel.tick()
    assert bench.said == [("jog", {"frame": "joint", "axis": 1, "way": 1})]
    bench.panel.key_up("Right")
    bench.panel.tick()
    assert bench.said[-1] == ("jog", {"frame": "joint", "axis": 1, "way": 0})
    bench.panel.key_down("Up")
    bench.panel.key_down("Up")
    assert bench.panel.choice.axis == 5


def test_an_onlooker_moves_nothing():
    bench = Bench(role="viewer")
    assert bench.names <= {"panel", "tab", "frame", "step", "axis", "close", "choose"}
    bench.click("tab", "points")
    assert bench.names <= {"panel", "tab", "close", "choose"}
    bench.click("tab", "program")
    assert bench.names <= {"panel", "tab", "code", "close", "choose"}
    for key in ("space", "Right", "Left"):
        bench.panel.key_down(key)
    assert bench.said == []
    assert "--token" in " ".join(text for text, _ in bench.panel.pen(1.0).written)


def test_in_automatic_nothing_jogs(bench):
    assert "jog" not in bench.names
    bench.panel.key_down("space")
    bench.panel.key_down("Right")
    assert bench.said == []


def test_a_point_is_taught_under_a_name_that_is_typed(bench):
    bench.click("mode", "manual")
    known = {point.name for point in bench.link.now().program.points}
    bench.click("name")
    for letter in "peg 1!_a":
        bench.panel.key_down(letter, letter)
    bench.panel.key_down("BackSpace")
    bench.panel.key_down("b", "b")
    bench.panel.key_down("Return", "\r")
    assert bench.said[-1] == ("teach", {"name": "peg1_b"})
    assert {point.name for point in bench.link.now().program.points} - known == {"peg1_b"}


def test_a_point_gets_a_free_name_and_can_be_gone_to(bench):
    bench.ready()
    bench.click("teach")
    taught = bench.said[-1][1]["name"]
    there = [joint.value for joint in bench.robot.joints]
    bench.press("jog", (0, 1))
    bench.link.run(1.0)
    bench.panel.release()
    bench.link.run(1.0)
    bench.click("tab", "points")
    bench.click("go", taught)
    assert bench.said[-1] == ("move_to", {"point": taught})
    bench.link.run(10.0)
    assert [joint.value for joint in bench.robot.joints] == pytest.approx(there, abs=1e-6)


def test_a_point_is_overwritten_where_the_tool_is(bench):
    bench.ready()
    bench.click("teach")
    bench.click("step", "3")
    bench.click("jog", (0, 1))
    bench.link.run(5.0)
    bench.click("tab", "points")
    name = bench.said[0][1]["name"]
    before = {point.name: point.text for point in bench.link.now().program.points}
    bench.click("overwrite", name)
    after = {point.name: point.text for point in bench.link.now().program.points}
    assert {key for key in after if after[key] != before[key]} == {name}


def test_the_speed_is_said_once_when_the_slider_is_let_go(bench):
    bench.at("speed")
    control = bench.panel.control("speed")
    left, right = control.about
    middle = (control.box[1] + control.box[3]) / 2
    bench.panel.press(right, middle)
    for share in (0.8, 0.5, 0.25):
        bench.panel.move(left + share * (right - left), middle)
    assert bench.said == []
    bench.panel.release()
    assert bench.said == [("speed", {"percent": 25})]
    assert bench.robot.override == 25


def test_a_click_takes_the_next_tool():
    bench = Bench("picking_cell")
    names = ["tool0", *bench.link.now().program.tools]
    assert len(names) > 1
    # It begins with the tool that the program moves with.
    first = names.index(bench.robot.tool)
    assert first > 0
    seen = []
    for _ in names:
        bench.click("tool")
        seen.append(bench.robot.tool)
    assert seen == [*names[first + 1 :], *names[: first + 1]]


def test_an_arm_with_four_joints_has_four_axes_in_each_frame():
    bench = Bench("picking_cell").ready()
    for frame, axes in (("joint", {0, 1, 2, 3}), ("world", {0, 1, 2, 5})):
        bench.click("frame", frame)
        bench.panel.pen(1.0)
        shown = {c.about[0] for c in bench.panel._controls if c.name == "jog"}
        assert shown == axes


def test_the_second_robot_is_chosen_and_the_first_let_go():
    bench = Bench("battery_cell").ready()
    bench.press("jog", (0, 1))
    bench.click("choose", "1")
    bench.click("mode", "manual")
    robots = [(robot, verb) for robot, verb, _ in bench.twin.said]
    assert robots == [("r1", "jog"), ("r1", "jog"), ("r1", "enabling"), ("r2", "mode")]
    assert bench.robot.mode == "manual"


def test_a_protective_stop_tells_why_and_is_reset():
    bench = Bench().hit()
    texts = " ".join(text for text, _ in bench.panel.pen(1.0).written)
    assert bench.robot.fault["en"] in texts
    assert f"{bench.robot.nearest.distance_m * 1000:.0f} mm" in texts
    assert bench.robot.nearest.other_text["en"] in texts
    assert "jog" not in bench.names
    bench.click("reset")
    assert bench.robot.fault is None


def test_a_refusal_is_shown_and_goes_away(bench):
    bench.ready()
    bench.click("name")
    bench.panel.key_down("1", "1")
    bench.click("teach")
    said = bench.link.said.text("en")
    shown = " ".join(text for text, _ in bench.panel.pen(1.0).written)
    assert said[:20] in shown
    bench.clock.now_s += 60.0
    shown = " ".join(text for text, _ in bench.panel.pen(1.0).written)
    assert said[:20] not in shown


def test_the_program_runs_stops_and_shows_its_pointer():
    bench = Bench().programmed()
    bench.click("motors")
    bench.click("rapid_run")
    assert bench.link.now().program.mode == "run"
    bench.link.run(40.5)
    program = bench.link.now().program
    assert program.line == 43
    written = [text for text, _ in bench.panel.pen(1.0).written]
    assert written[written.index("43") + 1] == "WaitTime 1;"
    bench.click("rapid_stop")
    assert bench.link.now().program.mode == "stopped"
    bench.click("rapid_main")
    assert [verb for verb, _ in bench.said[1:]] == ["rapid_run", "rapid_stop", "rapid_main"]


def test_the_wheel_turns_the_program_and_a_command_brings_the_pointer_back():
    bench = Bench().programmed()
    place = bench.at("code")
    for _ in range(50):
        assert bench.panel.wheel(*place, 1)
    shown = [text for text, _ in bench.panel.pen(1.0).written]
    assert "ENDMODULE" in shown
    assert "MODULE work" not in shown
    bench.click("rapid_main")
    assert "MODULE work" in [text for text, _ in bench.panel.pen(1.0).written]
    assert not bench.panel.wheel(-50.0, 10.0, 1)


def test_a_line_without_a_robot_says_so_and_so_does_a_twin_that_is_silent(bench):
    bench.link._seen = None
    texts = [" ".join(text for text, _ in bench.panel.pen(1.0).written)]
    bench.link._robots = ()
    texts.append(" ".join(text for text, _ in bench.panel.pen(1.0).written))
    bench.link._connected = False
    texts.append(" ".join(text for text, _ in bench.panel.pen(1.0).written))
    assert ["Asking" in texts[0], "no robot" in texts[1], "not answer" in texts[2]] == [True] * 3


def test_typing_keeps_keys_from_moving_the_arm(bench):
    bench.ready()
    bench.click("name")
    bench.panel.key_down("Right")
    bench.panel.key_down("r", "r")
    assert bench.said == []
    assert bench.closed == []
    bench.panel.key_down("Escape")
    bench.panel.key_down("r", "r")
    assert bench.closed == [True]


# ---- what it looks like


def one_hand(bench):
    bench.click("mode", "manual")
    bench.click("motors")
    bench.click("enabling")


STATES = {"new": lambda _: None, "manual": Bench.ready, "one hand": one_hand, "fault": Bench.hit}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("state", STATES)
def test_nothing_is_written_over_another_thing_or_beyond_the_edge(language, state):
    bench = Bench(language=language)
    STATES[state](bench)
    for bench.panel.choice.tab in TABS:
        boxes = bench.panel.pen(1.0).written
        assert len(boxes) > 10
        for number, (text, (left, top, right, bottom)) in enumerate(boxes):
            assert 0 < left < right < WIDE - 4, text
            assert 0 < top < bottom < HIGH - 4, text
            for other, (a, b, c, d) in boxes[number + 1 :]:
                apart = right <= a or c <= left or bottom <= b + 1 or d <= top + 1
                assert apart, f"{text!r} and {other!r}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_buttons_do_not_overlap(language):
    bench = Bench(language=language).ready()
    for bench.panel.choice.tab in TABS:
        bench.panel.pen(1.0)
        boxes = [c.box for c in bench.panel._controls if c.name not in {"panel", "code"}]
        for number, (left, top, right, bottom) in enumerate(boxes):
            assert right - left >= 14.0
            assert bottom - top >= 20.0
            for a, b, c, d in boxes[number + 1 :]:
                assert right <= a or c <= left or bottom <= b or d <= top
