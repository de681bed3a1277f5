"""From the tags of one real station to the commands that make the twin's station follow.

Knows no loop and no clock: readings come in with the time of their arrival, commands go out.

A station is *busy* (a tag that goes up and down), or counts what it has *begun* and *done*. The
counters win where there are both: a step of a tag can be missed, a count cannot. What was finished
while nobody saw it is counted as missed, never made up.
"""

from collections.abc import Callable

from devices.base import TagReading
from twin.kernel.command import Args, Command
from twin.kernel.signal import Quality, Value
from twin.spec.device import StationTags

from .divergence import Divergence

Give = Callable[[Command], str | None]
"""Gives a command to the run; returns why it was refused, None when it was not."""

MEANINGS = ("busy", "begun", "done", "good", "fault", "cycle_s", "alive")
NEEDED = frozenset({"busy", "begun", "done", "fault"})
"""Without these the state of the station is not known."""
NO = frozenset({"", "0", "false", "off", "no", "idle", "none", "ok"})


class Follower:
    """One station of the twin and the tags that it follows.

    Args:
        tags: which tag means what.
        figures: where the departures are kept.
        give: hands a command to the run. In shadow mode it is never called.
        source: who the commands are from.
    """

    def __init__(self, tags: StationTags, figures: Divergence, give: Give, source: str) -> None:
        self._tags = tags
        self.figures = figures
        self._give_to_run = give
        self._by = source
        self._shadow = figures.mode == "shadow"
        self._names = {tag: name for name in MEANINGS if (tag := getattr(tags, name)) is not None}
        self._has = frozenset(self._names.values())
        self._only_done = not {"busy", "begun"} & self._has
        self._values: dict[str, Value] = {}
        """The latest value of each meaning; one that nobody answers for is not here."""
        self._counts: dict[str, int] = {}
        """The counters as last seen. They outlive a loss, so what was missed can be told."""
        self._offset = 0
        self._known = False
        """Whether all that is needed has been heard, and nothing has been lost since."""
        self._heard_s: float | None = None
        self._begun_s: float | None = None
        """When the part in work was begun; None where that was not seen."""
        self._next_s: float | None = None
        """When the next part was begun whose predecessor is not known to be done yet."""
        self._working = False
        self._occupied = False
        self._broken = False
        self._following = False

    @property
    def asset(self) -> str:
        """The twin's station."""
        return self._tags.asset

    @property
    def wanted(self) -> tuple[str, ...]:
        """The tags to subscribe to."""
        return tuple(self._names)

    def start(self, *, occupied: bool = False) -> None:
        """Make the twin's station follow from now on, and bring it to where the real one is.

        Args:
            occupied: whether the twin's station has a part in work. It is taken for the part
                that the real one works on, or begins next.
        """
        self._following = True
        self._occupied = occupied
        self._working = self._broken = False
        self._begun_s = self._next_s = None
        self.figures.behind = 0
        self._give("follow", on=True)
        self._tell_quality()
        if self._known:
            self._catch_up()

    def stop(self) -> None:
        """Give the station back to its model."""
        if self._following:
            self._give("follow", on=False)
            self._give("mark", quality=Quality.GOOD.value)
            self._following = False

    def hear(self, reading: TagReading, now_s: float) -> None:
        """Take in what the device says of a tag.

        Args:
            reading: value, or None where nobody answers.
            now_s: time of its arrival on a clock that does not jump, s.
        """
        name = self._names.get(reading.tag)
        if name is None:
            return
        if reading.value is None or reading.quality is Quality.BAD:
            self._lose(name)
            return
        if name in ("begun", "done") and isinstance(reading.value, bool | str):
            self._refused(f"tag {reading.tag} is no counter: {reading.value!r}")
            return
        if "alive" not in self._has or name == "alive":
            self._heard_s = now_s
        was, self._values[name] = self._values.get(name), reading.value
        if self._known:
            at_s = reading.source_s if reading.source_s is not None else now_s
            self._step(name, was, reading.value, at_s)
        elif not (NEEDED & self._has) - self._values.keys():
            self._catch_up()
            self._known = True
        if self._known:
            doubtful = reading.quality is Quality.UNCERTAIN
            self._set_quality(Quality.UNCERTAIN if doubtful else Quality.GOOD)

    def unheard(self) -> dict[str, str]:
        """Return the tags that it needs and nobody has answered for, with what each is for."""
        if self._known:
            return {}
        needed = NEEDED & self._has
        return {tag: n for tag, n in self._names.items() if n in needed and n not in self._values}

    def check(self, now_s: float) -> None:
        """Look whether the device has been silent for too long."""
        limit_s = self._tags.stale_after_s
        if limit_s is None or self._heard_s is None or self.figures.quality is not Quality.GOOD:
            return
        if now_s - self._heard_s > limit_s:
            self.figures.stale += 1
            self._set_quality(Quality.UNCERTAIN)

    def took(self) -> None:
        """Hear that the twin's station works on a part, which the real one may have done."""
        if self.figures.behind and self._following:
            self.figures.behind -= 1
            self._finish_twin()

    # ---- what the tags mean

    def _true(self, name: str) -> bool:
        return flag(self._values.get(name))

    def _number(self, name: str) -> int:
        return int(self._values.get(name, 0))

    @property
    def _at_work(self) -> bool:
        """Whether the real station has a part in work, as far as its tags tell."""
        if "begun" in self._has:
            return self._number("begun") - self._number("done") > self._offset
        return self._only_done or self._true("busy")

    def _step(self, name: str, was: Value | None, value: Value, at_s: float) -> None:
        """Take in one change while everything is known."""
        if name == "busy" and "begun" not in self._has and flag(was) != flag(value):
            if flag(value):
                self._begin(at_s)
            elif "done" not in self._has:
                self._finish(at_s)
        elif name == "begun" and self._advance("begun") > 0:
            self._begin(at_s)
        elif name == "done":
            self._done(self._advance("done"), at_s)
        elif name == "fault":
            self._fault(broken=flag(value))
        elif name == "cycle_s" and isinstance(value, int | float):
            self.figures.device_cycle_s = float(value)

    def _advance(self, name: str) -> int:
        """Return how far a counter went on; one that began anew went on by nothing."""
        count = self._number(name)
        before = self._counts.get(name, count)
        self._counts[name] = count
        if count < before:
            self.figures.restarts += name == "done"
            self._find_offset()
            return 0
        return count - before

    def _find_offset(self) -> None:
        """Take note of how far the two counters are apart when no part is in work."""
        apart = self._number("begun") - self._number("done")
        self._offset = 0 if apart in (0, 1) else apart

    def _done(self, parts: int, at_s: float) -> None:
        if not parts:
            return
        self.figures.real_done += parts - 1
        self.figures.missed += parts - 1
        self._finish(at_s if parts == 1 else None)
        if self._only_done:
            self._begin(at_s if parts == 1 else None)

    def _catch_up(self) -> None:
        """Go on from what is found when the device is first heard, or heard again."""
        if "begun" in self._has and "begun" not in self._counts:
            self._find_offset()
        self._advance("begun")
        done = self._advance("done")
        self._next_s = None
        if self._working and done:
            # The first of them is the part that was in work before.
            self.figures.real_done += done - 1
            self.figures.missed += done - 1
            self._finish(None)
        elif self._working and not self._at_work and "done" not in self._has:
            self._finish(None)
        elif not self._working:
            self.figures.real_done += done
            self.figures.missed += done
        if self._at_work and not self._working:
            self._begin(None)
        self._fault(broken=self._true("fault"))

    def _begin(self, at_s: float | None) -> None:
        if self._working:
            # The next one, told before the count of this one.
            self._next_s = at_s
            return
        self._working = True
        self._begun_s = at_s
        self._next_s = None
        if not self._occupied:
            self._give("begin")
        self._occupied = False

    def _finish(self, at_s: float | None) -> None:
        self.figures.real_done += 1
        if not self._working:
            self.figures.missed += 1  # its begin was not seen
            return
        if at_s is not None and self._begun_s is not None:
            self.figures.cycle(at_s - self._begun_s)
        self._working = False
        self._finish_twin()
        if self._next_s is not None and self._at_work:
            self._begin(self._next_s)

    def _finish_twin(self) -> None:
        args: Args = {"verdict": self._true("good")} if "good" in self._values else {}
        if not self._give("finish", **args):
            self.figures.behind += 1

    def _fault(self, *, broken: bool) -> None:
        if broken != self._broken:
            self._broken = broken
            self._begun_s = None  # a cycle with a stop in it is no cycle time
            self._give("break" if broken else "repair")

    # ---- trust

    def _lose(self, name: str) -> None:
        self._values.pop(name, None)
        if self._known and name in NEEDED:
            self._known = False
            self._begun_s = None
            self.figures.losses += 1
            self._set_quality(Quality.BAD)

    def _set_quality(self, quality: Quality) -> None:
        if quality is not self.figures.quality:
            self.figures.quality = quality
            self._tell_quality()

    def _tell_quality(self) -> None:
        self._give("mark", quality=self.figures.quality.value)

    # ---- commands

    def _give(self, verb: str, **args: Value | None) -> bool:
        if self._shadow or not self._following:
            return True
        problem = self._give_to_run(Command(verb, self.asset, args, self._by))
        if problem is not None:
            self._refused(problem)
        return problem is None

    def _refused(self, why: str) -> None:
        self.figures.refused += 1
        self.figures.last_refusal = why


def flag(value: Value | None) -> bool:
    """Return what a value means as yes or no: a number other than 0, a text that says so."""
    if isinstance(value, str):
        return value.strip().lower() not in NO
    return bool(value)
