"""Random lives of a real station, with losses: what the follower says always adds up."""

from hypothesis import given, settings
from hypothesis import strategies as st

from devices.base import TagReading
from twin.kernel.command import Command
from twin.kernel.signal import Quality, Value
from twin.mirror.divergence import Divergence
from twin.mirror.follower import Follower
from twin.spec.device import StationTags


class Device:
    """A real station: works on parts one after the other, and may be out of reach meanwhile."""

    def __init__(self, follower: Follower, *, done_first: bool) -> None:
        self.follower = follower
        self.busy = False
        self.begun = self.done = 1000
        self.reachable = True
        self.now_s = 0.0
        self.done_first = done_first
        self.tell()

    def tell(self) -> None:
        tags: dict[str, Value] = {"busy": self.busy, "begun": self.begun, "done": self.done}
        for tag in reversed(tags) if self.done_first else tags:
            if self.reachable:
                self.follower.hear(TagReading(tag, tags[tag]), self.now_s)
            else:
                self.follower.hear(TagReading(tag, None, Quality.BAD), self.now_s)

    def act(self, deed: str) -> None:
        self.now_s += 1.0
        if deed == "begin" and not self.busy:
            self.busy, self.begun = True, self.begun + 1
        elif deed == "finish" and self.busy:
            self.busy, self.done = False, self.done + 1
        elif deed == "lose":
            self.reachable = False
        elif deed == "mend":
            self.reachable = True
        if self.reachable or deed == "lose":
            self.tell()


deeds = st.lists(st.sampled_from(["begin", "finish", "lose", "mend"]), max_size=60)


def live(life: list[str], *, done_first: bool, tags: str) -> tuple[list[str], Divergence, Device]:
    """Return what was said of the work, the figures, and the device at the end."""
    said: list[str] = []

    def give(command: Command) -> None:
        if command.verb in ("begin", "finish"):
            said.append(command.verb)

    wanted = {name: name for name in tags.split()}
    spec = StationTags.model_validate({"asset": "weld", "link": "plc"} | wanted)
    figures = Divergence("weld", "real", 10.0)
    follower = Follower(spec, figures, give, "device:plc")
    follower.start()
    device = Device(follower, done_first=done_first)
    for deed in [*life, "mend"]:
        device.act(deed)
    # The twin's station takes a part, finishes it, takes the next; never two at once.
    assert said == ["begin", "finish"] * (len(said) // 2) + ["begin"] * (len(said) % 2)
    assert figures.quality is Quality.GOOD
    assert all(cycle > 0 for cycle in figures._lately)
    # Each part that was counted is either finished in the twin or missed.
    assert said.count("finish") + figures.missed == figures.real_done
    return said, figures, device


@settings(max_examples=300, deadline=None)
@given(deeds, st.booleans())
def test_busy_and_done_add_up(life: list[str], done_first: bool) -> None:
    said, figures, device = live(life, done_first=done_first, tags="busy done")
    assert figures.real_done == device.done - 1000
    # In the end both agree on whether there is a part in work.
    assert (said[-1:] == ["begin"]) == device.busy


@settings(max_examples=300, deadline=None)
@given(deeds, st.booleans())
def test_done_alone_adds_up(life: list[str], done_first: bool) -> None:
    said, figures, device = live(life, done_first=done_first, tags="done")
    assert figures.real_done == device.done - 1000
    # A station that only counts is always taken to be at work.
    assert said[-1:] == ["begin"]


@settings(max_examples=300, deadline=None)
@given(deeds, st.booleans())
def test_begun_and_done_add_up(life: list[str], done_first: bool) -> None:
    said, figures, device = live(life, done_first=done_first, tags="begun done")
    assert figures.real_done == device.done - 1000
    assert (said[-1:] == ["begin"]) == device.busy


@settings(max_examples=300, deadline=None)
@given(deeds, st.booleans())
def test_busy_alone_knows_what_it_saw(life: list[str], done_first: bool) -> None:
    said, figures, device = live(life, done_first=done_first, tags="busy")
    assert figures.real_done <= device.done - 1000
    if "lose" not in life:
        assert figures.real_done == device.done - 1000
    assert (said[-1:] == ["begin"]) == device.busy
