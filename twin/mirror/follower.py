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
UNKNOWN = float("-inf")


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
        self._heard_s: float | None = None
        self._begun_s: float | None = None
        """When the part in work was begun; None where that was not seen."""
        self._next_s: float | None = None
        """When the next part was begun whose predecessor is not known to be done yet."""
        self._working = False
        self._fresh = False
        """Whether the part in work was found in work, when the device was first heard or back."""
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
        if self._true("busy") or (self._only_done and "done" in self._values):
            self._begin(None)
        self._fault(broken=self._true("fault"))

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
        if "alive" not in self._has or name == "alive":
            self._heard_s = now_s
        at_s = reading.source_s if reading.source_s is not None else now_s
        first = name not in self._values
        was = self._true(name)
        self._values[name] = reading.value
        if name == "busy" and "begun" not in self._has:
            self._busy(at_s, was=was, first=first)
        elif name in ("begun", "done"):
            self._count(name, reading.value, at_s, first=first)
        elif name == "fault":
            self._fault(broken=self._true("fault"))
        elif name == "cycle_s" and isinstance(reading.value, int | float):
            self.figures.device_cycle_s = float(reading.value)
        if not self._missing:
            doubtful = reading.quality is Quality.UNCERTAIN
            self._set_quality(Quality.UNCERTAIN if doubtful else Quality.GOOD)

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

    def _busy(self, at_s: float, *, was: bool, first: bool) -> None:
        busy = self._true("busy")
        if busy and first and self._working:
            # The same part after a loss, unless the count, still to come, says otherwise.
            self._next_s = UNKNOWN if "done" in self._has - self._values.keys() else None
        elif busy and (first or not was):
            self._begin(None if first else at_s)
        elif was and not busy and not first and "done" not in self._has:
            self._finish(at_s)
        elif first and not busy and "done" not in self._has and self._working:
            self._finish(None)

    def _count(self, name: str, value: Value, at_s: float, *, first: bool) -> None:
        if isinstance(value, bool | str):
            self._refused(f"tag {getattr(self._tags, name)} is no counter: {value!r}")
            return
        count = int(value)
        before = self._counts.get(name)
        self._counts[name] = count
        step = 0 if before is None else count - before
        if step < 0:
            self.figures.restarts += 1
            self._begun_s = None
        elif step and name == "begun":
            self._begin(None if first else at_s)
        elif step and first and self._fresh:
            # The part in work is younger than the loss, so all of these were not seen.
            self.figures.real_done += step
            self.figures.missed += step
        elif step:
            # After a loss, the first of them is the part that was in work before.
            self.figures.real_done += step - 1
            self.figures.missed += step - 1
            self._finish(at_s if step == 1 and not first else None)
        elif first and "begun" not in self._has:
            self._next_s = None  # it is the same part
        if name == "done":
            self._fresh = False
            if self._only_done and not self._working:
                self._begin(at_s if step == 1 and not first else None)

    def _begin(self, at_s: float | None) -> None:
        if self._working:
            # The next one, told before the count of this one.
            self._next_s = at_s if at_s is not None else UNKNOWN
            return
        self._working = True
        self._fresh = at_s is None
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
        if self._next_s is not None and (self._true("busy") or "busy" not in self._has):
            self._begin(None if self._next_s == UNKNOWN else self._next_s)

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

    @property
    def _missing(self) -> bool:
        return bool((NEEDED & self._has) - self._values.keys())

    def _lose(self, name: str) -> None:
        self._values.pop(name, None)
        self._begun_s = None
        self._fresh = False
        if self._missing and self.figures.quality is not Quality.BAD:
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
