"""From tags to commands: what a follower says when the real station does this or that."""

import pytest

from devices.base import TagReading
from twin.kernel.command import Command
from twin.kernel.signal import Quality, Value
from twin.mirror.divergence import Divergence
from twin.mirror.follower import Follower, flag
from twin.spec.device import StationTags


class Bench:
    """A follower, the commands it gave, and a twin that may refuse some of them."""

    def __init__(self, mode: str = "real", expected_s: float | None = 10.0, **tags: object) -> None:
        spec = StationTags.model_validate({"asset": "weld", "link": "plc"} | tags)
        self.figures = Divergence("weld", mode, expected_s)
        self.log: list[Command] = []
        self.refusing: set[str] = set()
        self.follower = Follower(spec, self.figures, self.give, "device:plc")
        self.now_s = 0.0

    def give(self, command: Command) -> str | None:
        if command.verb in self.refusing:
            return "no part in work"
        self.log.append(command)
        return None

    def say(self, after_s: float = 0.0, **values: Value | None) -> None:
        self.now_s += after_s
        for tag, value in values.items():
            quality = Quality.BAD if value is None else Quality.GOOD
            self.follower.hear(TagReading(tag, value, quality), self.now_s)

    def verbs(self) -> list[str]:
        """What was said about the work, without the trust in it."""
        return [c.verb for c in self.log if c.verb not in ("follow", "mark")]

    def trust(self) -> list[Value | None]:
        return [c.args["quality"] for c in self.log if c.verb == "mark"]


def test_it_begins_untrusted_and_is_good_once_all_is_known() -> None:
    bench = Bench(busy="busy", done="done")
    bench.follower.start()
    assert bench.trust() == ["bad"]
    bench.say(busy=False)
    assert bench.trust() == ["bad"]
    bench.say(done=12)
    assert bench.trust() == ["bad", "good"]
    assert bench.verbs() == []


def test_busy_alone_begins_and_finishes() -> None:
    bench = Bench(busy="busy")
    bench.follower.start()
    bench.say(busy=False)
    bench.say(1.0, busy=True)
    bench.say(11.5, busy=False)
    assert bench.verbs() == ["begin", "finish"]
    assert bench.figures.last_cycle_s == pytest.approx(11.5)
    assert bench.figures.ratio == pytest.approx(1.15)


@pytest.mark.parametrize("order", [("busy", "done"), ("done", "busy")])
def test_busy_and_done_in_either_order(order: tuple[str, str]) -> None:
    bench = Bench(busy="busy", done="done")
    bench.follower.start()
    bench.say(busy=False, done=7)
    for count in (8, 9, 10):
        bench.say(1.0, busy=True)
        bench.say(9.0)
        ends: dict[str, Value] = {"busy": False, "done": count}
        bench.say(**{name: ends[name] for name in order})
    assert bench.verbs() == ["begin", "finish"] * 3
    assert (bench.figures.real_done, bench.figures.missed) == (3, 0)
    assert bench.figures.observed_cycle_s == pytest.approx(9.0)


def test_the_next_part_told_before_the_count_of_this_one() -> None:
    bench = Bench(busy="busy", done="done")
    bench.follower.start()
    bench.say(busy=False, done=0)
    bench.say(1.0, busy=True)
    bench.say(9.0, busy=False)
    bench.say(1.0, busy=True)
    bench.say(done=1)
    assert bench.verbs() == ["begin", "finish", "begin"]
    bench.say(8.0, busy=False, done=2)
    assert bench.verbs() == ["begin", "finish", "begin", "finish"]
    assert bench.figures.last_cycle_s == pytest.approx(8.0)


def test_done_alone_begins_the_next_part_at_once() -> None:
    bench = Bench(done="done")
    bench.follower.start()
    bench.say(done=100)
    bench.say(10.0, done=101)
    bench.say(12.0, done=102)
    assert bench.verbs() == ["begin", "finish", "begin", "finish", "begin"]
    assert bench.figures.cycles == 1  # when the first part was begun nobody saw
    assert bench.figures.last_cycle_s == pytest.approx(12.0)


def test_counters_of_begun_and_done() -> None:
    bench = Bench(begun="begun", done="done")
    bench.follower.start()
    bench.say(begun=5, done=5)
    bench.say(1.0, begun=6)
    bench.say(9.0, done=6)
    assert bench.verbs() == ["begin", "finish"]
    assert bench.figures.last_cycle_s == pytest.approx(9.0)


def test_a_station_at_work_when_first_seen_begins_without_a_cycle() -> None:
    bench = Bench(busy="busy", done="done")
    bench.follower.start()
    bench.say(busy=True, done=3)
    bench.say(4.0, done=4, busy=False)
    assert bench.verbs() == ["begin", "finish"]
    assert bench.figures.cycles == 0


def test_a_fault_breaks_and_repairs_and_spoils_the_cycle() -> None:
    bench = Bench(busy="busy", done="done", fault="fault")
    bench.follower.start()
    bench.say(busy=False, done=0, fault=0)
    bench.say(1.0, busy=True)
    bench.say(2.0, fault=17)
    bench.say(60.0, fault=0)
    bench.say(3.0, busy=False, done=1)
    assert bench.verbs() == ["begin", "break", "repair", "finish"]
    assert bench.figures.cycles == 0


def test_a_verdict_goes_with_the_part() -> None:
    bench = Bench(busy="busy", done="done", good="good")
    bench.follower.start()
    bench.say(busy=False, done=0, good=True)
    bench.say(1.0, busy=True)
    bench.say(5.0, good=False)
    bench.say(busy=False, done=1)
    assert bench.log[-1].args == {"verdict": False}


def test_a_loss_is_bad_never_off_and_never_finishes_a_part() -> None:
    bench = Bench(busy="busy", done="done")
    bench.follower.start()
    bench.say(busy=False, done=0)
    bench.say(1.0, busy=True)
    bench.say(2.0, busy=None, done=None)
    assert bench.verbs() == ["begin"]
    assert bench.trust()[-1] == "bad"
    assert bench.figures.losses == 1


def test_back_with_the_same_part_goes_on() -> None:
    bench = Bench(busy="busy", done="done")
    bench.follower.start()
    bench.say(busy=False, done=0)
    bench.say(1.0, busy=True)
    bench.say(2.0, busy=None, done=None)
    bench.say(2.0, busy=True, done=0)
    assert bench.trust()[-1] == "good"
    bench.say(4.0, busy=False, done=1)
    assert bench.verbs() == ["begin", "finish"]
    assert bench.figures.missed == 0


@pytest.mark.parametrize("order", [("busy", "done"), ("done", "busy")])
def test_parts_finished_unseen_are_missed_not_invented(order: tuple[str, str]) -> None:
    bench = Bench(busy="busy", done="done")
    bench.follower.start()
    bench.say(busy=False, done=0)
    bench.say(1.0, busy=True)
    bench.say(1.0, busy=None, done=None)
    now: dict[str, Value] = {"busy": True, "done": 5}
    bench.say(60.0, **{name: now[name] for name in order})
    # The part that was in work is finished, four more were never seen, the present one begins.
    assert bench.verbs() == ["begin", "finish", "begin"]
    assert (bench.figures.real_done, bench.figures.missed) == (5, 4)
    assert bench.figures.cycles == 0


def test_a_counter_that_begins_anew_is_no_negative_part() -> None:
    bench = Bench(busy="busy", done="done")
    bench.follower.start()
    bench.say(busy=False, done=500)
    bench.say(1.0, busy=None, done=None)
    bench.say(30.0, busy=False, done=0)
    assert bench.verbs() == []
    assert (bench.figures.restarts, bench.figures.real_done) == (1, 0)
    bench.say(1.0, busy=True)
    bench.say(5.0, busy=False, done=1)
    assert bench.verbs() == ["begin", "finish"]


def test_silence_is_uncertain_and_speech_is_good_again() -> None:
    bench = Bench(busy="busy", alive="alive", stale_after_s=5)
    bench.follower.start()
    bench.say(busy=True, alive=1)
    bench.follower.check(bench.now_s + 4.9)
    assert bench.trust()[-1] == "good"
    bench.follower.check(bench.now_s + 5.1)
    assert bench.trust()[-1] == "uncertain"
    assert bench.verbs() == ["begin"]
    bench.say(6.0, alive=2)
    assert bench.trust()[-1] == "good"
    assert bench.figures.stale == 1


def test_what_the_twin_has_no_part_for_yet_is_owed() -> None:
    bench = Bench(busy="busy")
    bench.follower.start()
    bench.say(busy=False)
    bench.refusing = {"finish"}
    bench.say(1.0, busy=True)
    bench.say(5.0, busy=False)
    assert bench.figures.behind == 1
    bench.follower.took()
    assert bench.figures.behind == 1
    bench.refusing = set()
    bench.follower.took()
    assert bench.figures.behind == 0
    assert bench.verbs() == ["begin", "finish"]
    bench.follower.took()
    assert bench.verbs() == ["begin", "finish"]


def test_shadow_watches_and_says_nothing() -> None:
    bench = Bench(mode="shadow", busy="busy")
    bench.follower.start()
    bench.say(busy=False)
    bench.say(1.0, busy=True)
    bench.say(12.0, busy=False)
    bench.follower.stop()
    assert bench.log == []
    assert bench.figures.ratio == pytest.approx(1.2)


def test_a_fresh_run_is_brought_to_where_the_real_one_is() -> None:
    bench = Bench(busy="busy", done="done", fault="fault")
    bench.follower.start()
    bench.say(busy=True, done=3, fault=True)
    bench.log.clear()
    bench.follower.start()
    assert [c.verb for c in bench.log] == ["follow", "mark", "begin", "break"]
    assert bench.log[1].args == {"quality": "good"}


@pytest.mark.parametrize("busy", [True, False])
def test_a_part_in_work_at_the_start_is_the_real_one(busy: bool) -> None:
    bench = Bench(busy="busy", done="done")
    bench.follower.start(occupied=True)
    bench.say(busy=busy, done=3)
    bench.say(1.0, busy=True)
    bench.say(9.0, busy=False, done=4)
    bench.say(1.0, busy=True)
    assert bench.verbs() == ["finish", "begin"]


def test_stop_gives_the_station_back() -> None:
    bench = Bench(busy="busy")
    bench.follower.start()
    bench.follower.stop()
    bench.follower.stop()
    said = [(c.verb, *c.args.values()) for c in bench.log]
    assert said[:2] == [("follow", True), ("mark", "bad")]
    assert said[2:] == [("follow", False), ("mark", "good")]


def test_a_tag_that_is_no_counter_is_said() -> None:
    bench = Bench(done="done")
    bench.follower.start()
    bench.say(done="many")
    assert "no counter" in bench.figures.last_refusal


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (True, True),
        (0, False),
        (3, True),
        ("off", False),
        ("E42", True),
        ("", False),
        (None, False),
    ],
)
def test_what_counts_as_yes(value: Value | None, meant: bool) -> None:
    assert flag(value) is meant
