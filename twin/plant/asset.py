"""What every asset is, and how parts change hands.

A giver with a part calls its `send(part, giver)`, the `offer` of the next asset or of a rule that
chooses one. The taker takes the part at once and returns True; or it returns False and puts the
giver in `waiting`. When it has room again it calls `retry()` of the one that waits longest, and
that giver sends again (True: it gave one and has more, so it waits again). So nothing polls, and a
part is always in exactly one place. A giver that found another taker is forgotten by the rest.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.kernel.signal import Signal, Value
from twin.spec.messages import phrase
from twin.spec.place import AssetBase
from twin.wire.model import Body, Motion, Path

from .packml import OF_STATE, PackMLState
from .part import Part
from .plain import Stateful
from .result import AssetResult
from .states import IDLE, AssetState

if TYPE_CHECKING:
    from .line import Line


Send = Callable[[Part, Any], bool]


def body(part: Part, asset: str, slot: int, at: float = 0.5) -> tuple[str, Body]:
    """Return how a part at rest is drawn: in a slot of an asset, at a place along its path."""
    return f"p{part.id}", Body(part.type, Motion(asset, slot, at, at, 0.0, 0.0), part.verdict)


class _Nobody:
    """The giver of parts that are there from the start."""

    address = "nobody"
    direct = False
    offered = None

    def retry(self) -> None:
        """There is nothing to send."""

    def available(self, kind: str) -> int:
        """There is nothing to send."""
        return 0


NOBODY = _Nobody()


class Taker(Stateful):
    """The hand-over of parts, from both sides."""

    STATE: ClassVar[tuple[str, ...]] = ("waiting",)
    id: str
    waiting: Any
    """Those who wait to give, the next one first; a deque, or a list that knows who is next."""

    def offer(self, part: Part, giver: Any) -> bool:
        """Take the part and return True, or remember the giver and return False."""
        raise CommandRefused(phrase("refused.takes_no_parts", asset=self.id))

    def put(self, part: Part) -> bool:
        """Take a part that is here from the start, if there is room."""
        if self.offer(part, NOBODY):
            return True
        self.waiting.remove(NOBODY)
        return False

    def forget(self, giver: Any) -> None:
        """Call a giver no more: its part has gone elsewhere."""
        while giver in self.waiting:
            self.waiting.remove(giver)

    def once(self, giver: Any) -> None:
        """Let a giver that offered again wait once, at its old place."""
        if self.waiting.count(giver) > 1:
            self.waiting.pop()

    def retry(self) -> bool | None:
        """Send what could not be sent before; return True to wait again at the same taker."""
        return None

    @property
    def offered(self) -> Part | None:
        """The part that is next to go."""
        return None

    def available(self, kind: str) -> int:
        """Return how many parts of a type could be handed over at once."""
        part = self.offered
        return 0 if part is None or part.type != kind else 1

    def content(self) -> int:
        """Return how many parts are here."""
        return 0

    def places(self) -> float:
        """Return how many parts find room here."""
        return 0


class Asset(Taker):
    """A piece of equipment with a place in the line."""

    STATE: ClassVar[tuple[str, ...]] = ("waiting", "made")

    restless: ClassVar[bool] = False
    """Whether signals of it change without events."""
    prompt: ClassVar[bool] = False
    """Whether its changes are told at once: a controller waits for them."""

    def __init__(self, line: "Line", spec: AssetBase) -> None:
        self.line = line
        self.env = line.env
        self.spec = spec
        self.id = spec.id
        self.address = spec.id
        self.path = f"{spec.cell}/{spec.id}" if spec.cell else spec.id
        self.waiting = deque()
        self.send: Send = _nowhere
        self.takers: list[Any] = []
        """All that `send` may give to."""
        self.direct = False
        """Whether its one taker may help itself with `hand`."""
        self.made = 0

    def start(self) -> None:
        """Begin, once all assets are connected."""

    def bodies(self) -> Iterator[tuple[str, Body]]:
        """Yield what can be seen here: the parts, and how they move."""
        return iter(())

    def joints(self) -> Iterator[tuple[str, Path]]:
        """Yield how its moving parts move, each with a name of its own."""
        return iter(())

    # ---- what a person sees

    @property
    def state(self) -> AssetState:
        """The state that counts most among its servers."""
        return AssetState(IDLE)

    def signals(self) -> Iterator[Signal]:
        """Yield the signals of this asset."""
        yield Signal(f"{self.path}/state", int, enum=AssetState, about="signal.state")
        yield Signal(f"{self.path}/packml", int, enum=PackMLState, about="signal.packml")
        yield Signal(f"{self.path}/made", int, about="signal.made")
        yield Signal(f"{self.path}/content", int, about="signal.content")

    def read(self) -> dict[str, Value]:
        """Return the present value of each signal, by its last name."""
        state = self.state
        return {
            "state": int(state),
            "packml": int(OF_STATE[state]),
            "made": self.made,
            "content": self.content(),
        }

    def times(self) -> dict[str, float]:
        """Return when signals became what they are, s, where that is known better than by now."""
        return {}

    def apply(self, command: Command) -> None:
        """Carry out a command, or refuse it."""
        kind: str = self.spec.kind  # type: ignore[attr-defined]
        raise CommandRefused(phrase("refused.cannot", asset=self.id, kind=kind, verb=command.verb))

    def changed(self) -> None:
        """Tell whoever observes the run."""
        observer = self.env.observer
        if observer is not None:
            observer(self)

    # ---- statistics

    def reset_statistics(self) -> None:
        """Forget what was counted; the warm-up is over."""
        self.made = 0

    def result(self, seconds: float) -> AssetResult:
        """Return what was counted over the last `seconds`."""
        fractions = dict.fromkeys((s.name.lower() for s in AssetState), 0.0)
        fractions["idle"] = 1.0
        return AssetResult(kind=self.spec.kind, fractions=fractions, made=self.made)  # type: ignore[attr-defined]

    # ---- snapshots

    def parts_of_state(self) -> Iterator[Stateful]:
        """Yield everything with state that this asset consists of."""
        yield self

    def restored(self) -> None:
        """Find again what is not part of the state, after a snapshot was put back."""

    def known(self) -> Iterator[tuple[str, Any]]:
        """Yield everything here that others may refer to, with its address."""
        yield self.address, self


def _nowhere(part: Part, giver: Any) -> bool:
    raise CommandRefused(phrase("refused.nowhere", giver=giver.address, part=part.type))
