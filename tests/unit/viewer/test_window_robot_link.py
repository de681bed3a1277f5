"""The robot panel's way to the twin: in order, never too late, and a release comes through."""

import threading
import time

import pytest

from twin.spec.messages import phrase
from viewer.window.errors import NoTwin, Refused
from viewer.window.robot import link as linking
from viewer.window.robot.link import Link

JOG = {"frame": "joint", "axis": 0, "way": 1}
STOP = JOG | {"way": 0}
PLACE = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]
ROBOT = {
    "mode": "manual", "enabling": False, "motors": True, "ready": False, "why_not": None,
    "doing": "", "moving": False, "override": 100, "fault": None, "tool": "tool0",
    "joints": [{"name": "a", "kind": "turn", "value": 1.0, "low": "-inf", "high": "inf"}],
    "wobj": "wobj0", "tip": PLACE, "tip_in_wobj": PLACE, "nearest": None,
}  # fmt: skip


class Twin:
    """A twin that does as a test says."""

    def __init__(self):
        self.said = []
        self.fails = []
        """What the next commands meet."""
        self.hold = threading.Event()
        self.hold.set()
        self.asked = []
        self.there = True

    def role(self):
        return "operator"

    def robots(self):
        return [{"cell": "c", "id": name, "title": {"en": name, "zh": name}} for name in "ab"]

    def robot(self, cell, name, language):
        if not self.there:
            raise NoTwin(phrase("error.no_twin", url="x", reason="y"))
        self.asked.append((name, language))
        return {"robot": ROBOT | {"override": 10 if name == "a" else 20}, "program": None}

    def command(self, cell, name, verb, args):
        self.hold.wait(20.0)
        self.said.append((name, verb, args))
        if self.fails and (fail := self.fails.pop(0)):
            raise fail


def wait_for(done):
    end_s = time.monotonic() + 30.0
    while not done():
        assert time.monotonic() < end_s, "nothing happened"
        time.sleep(0.01)


@pytest.fixture
def twin():
    return Twin()


@pytest.fixture
def link(twin):
    link = Link(twin, "zh-CN").start()
    wait_for(lambda: link.now() is not None)
    yield link
    twin.hold.set()
    link.close()


def verbs(twin):
    return [(verb, args) for _, verb, args in twin.said]


def test_the_chosen_robot_is_asked_for_in_the_language_of_the_window(link, twin):
    assert (link.may, link.now().robot.override) == (True, 10)
    link.choose(1)
    wait_for(lambda: link.now() is not None and link.now().robot.override == 20)
    assert ("b", "zh") in twin.asked


def test_commands_come_in_their_order(link, twin):
    for percent in range(1, 30):
        link.send("speed", {"percent": percent})
    wait_for(lambda: len(twin.said) == 29)
    assert [args["percent"] for _, args in verbs(twin)] == list(range(1, 30))


def test_a_jog_that_was_let_go_before_it_was_sent_is_never_sent(link, twin):
    twin.hold.clear()
    link.send("speed", {"percent": 5})
    link.send("enabling", {"on": True})
    link.send("jog", JOG)
    link.send("jog", STOP)
    link.send("enabling", {"on": False})
    twin.hold.set()
    wait_for(lambda: len(twin.said) == 4)
    assert [args.get("way") for verb, args in verbs(twin) if verb == "jog"] == [0]


def busy():
    return Refused(phrase("windowrobot.refused", why="too many"), later=True)


def gone():
    return NoTwin(phrase("error.no_twin", url="x", reason="y"))


@pytest.mark.parametrize("fail", [busy, gone])
@pytest.mark.parametrize(("verb", "args"), [("jog", STOP), ("enabling", {"on": False})])
def test_a_release_is_said_until_it_has_come_through(link, twin, fail, verb, args):
    twin.fails = [fail(), fail()]
    link.send(verb, args)
    wait_for(lambda: len(twin.said) == 3 and not twin.fails)
    link.send("motors", {"on": True})
    wait_for(lambda: len(twin.said) == 4)
    assert verbs(twin)[:3] == [(verb, args)] * 3


def test_a_jog_that_was_refused_is_not_said_again_but_why(link, twin):
    twin.fails = [Refused(phrase("windowrobot.refused", why="at its end"))]
    link.send("jog", JOG)
    wait_for(lambda: link.said is not None)
    assert link.said.text("en") == "at its end"
    link.send("motors", {"on": True})
    wait_for(lambda: link.said is None)
    assert [verb for verb, _ in verbs(twin)] == ["jog", "motors"]


def test_a_window_that_stands_still_holds_nothing(link, twin, monkeypatch):
    monkeypatch.setattr(linking, "LATE_S", 0.1)
    assert not link.beat()
    link.send("enabling", {"on": True})
    link.send("jog", JOG)
    wait_for(lambda: len(twin.said) == 4)
    assert verbs(twin)[2:] == [("jog", STOP), ("enabling", {"on": False})]
    assert link.beat()
    assert not link.beat()
    assert "let go" in link.said.text("en")


def test_a_window_that_goes_on_holds_on(link, twin, monkeypatch):
    monkeypatch.setattr(linking, "LATE_S", 1e9)
    link.send("enabling", {"on": True})
    link.send("jog", JOG)
    wait_for(lambda: len(twin.said) == 2)
    for _ in range(30):
        assert not link.beat()
        time.sleep(0.02)
    assert set(map(str, verbs(twin)[2:])) <= {str(("enabling", {"on": True}))}


def test_a_switch_that_is_held_is_said_again_while_the_window_is_alive(link, twin, monkeypatch):
    monkeypatch.setattr(linking, "LATE_S", 1e9)
    monkeypatch.setattr(linking, "RENEW_S", 0.0)
    twin.fails = [None, Refused(phrase("windowrobot.refused", why="at its end"))]
    link.send("enabling", {"on": True})
    link.send("jog", JOG)
    wait_for(lambda: len(twin.said) == 2)
    wait_for(lambda: link.said is not None)
    for held in range(1, 6):
        link.beat()
        wait_for(lambda held=held: len(twin.said) == 2 + held)
    assert verbs(twin)[2:] == [("enabling", {"on": True})] * 5
    assert link.said.text("en") == "at its end"
    time.sleep(0.3)
    assert len(twin.said) == 7
    link.send("enabling", {"on": False})
    wait_for(lambda: len(twin.said) == 8)
    link.beat()
    link.send("motors", {"on": True})
    wait_for(lambda: len(twin.said) == 9)
    assert verbs(twin)[7:] == [("enabling", {"on": False}), ("motors", {"on": True})]


def test_a_renewal_that_waits_is_left_out_when_it_is_let_go(link, twin, monkeypatch):
    monkeypatch.setattr(linking, "LATE_S", 1e9)
    monkeypatch.setattr(linking, "RENEW_S", 0.0)
    twin.hold.clear()
    link.send("enabling", {"on": True})
    link.send("speed", {"percent": 5})
    for _ in range(5):
        link.beat()
    link.send("enabling", {"on": False})
    twin.hold.set()
    wait_for(lambda: verbs(twin)[-1:] == [("enabling", {"on": False})])
    assert [verb for verb, _ in verbs(twin)] == ["enabling", "speed", "enabling"]


def test_nothing_is_said_again_where_nothing_is_held(link, twin, monkeypatch):
    monkeypatch.setattr(linking, "RENEW_S", 0.0)
    link.send("motors", {"on": True})
    for _ in range(5):
        link.beat()
    link.send("mode", {"mode": "manual"})
    wait_for(lambda: len(twin.said) == 2)
    assert [verb for verb, _ in verbs(twin)] == ["motors", "mode"]


def test_what_was_let_go_last_is_told_before_the_end(twin):
    link = Link(twin, "en").start()
    wait_for(lambda: link.now() is not None)
    twin.hold.clear()
    link.send("enabling", {"on": False})
    threading.Timer(0.2, twin.hold.set).start()
    link.close()
    assert verbs(twin) == [("enabling", {"on": False})]


def test_a_twin_that_goes_away_is_noticed(link, twin):
    twin.there = False
    wait_for(lambda: not link.connected)
