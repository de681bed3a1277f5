"""Where a program's data are: of the modules, and of the calls that are under way."""

from typing import Any, ClassVar

from twin.plant.plain import Stateful

from .fault import Fault
from .kinds import REF, count, put
from .limits import LIMITS


class Frame(Stateful):
    """One call of a routine."""

    STATE: ClassVar[tuple[str, ...]] = (
        "routine", "pc", "values", "stack", "errno", "failed", "retries",
    )  # fmt: skip

    def __init__(self, routine: int = 0, values: list[Any] | None = None) -> None:
        self.routine = routine
        self.pc = 0
        self.values: list[Any] = values or []
        """Parameters and local data."""
        self.stack: list[Any] = []
        """What the present statement has worked out so far."""
        self.errno = 0.0
        """Of the error that its handler deals with."""
        self.failed = -1
        """The statement that failed."""
        self.retries = 0


class Memory(Stateful):
    """Data, calls, and references into both."""

    data: list[Any]
    """Values of the modules' data, in the order of `program.data`."""
    frames: list[Frame]
    """Calls, the innermost last."""

    def load_ref(self, ref: tuple[Any, ...]) -> Any:
        """Return what a reference leads to."""
        _, frame, slot, steps = ref
        value = self.data[slot] if frame < 0 else self.frames[frame].values[slot]
        for step in steps:
            value = value[step]
        return value

    def store_ref(self, ref: tuple[Any, ...], value: Any) -> None:
        """Put a value where a reference leads."""
        _, frame, slot, steps = ref
        home = self.data if frame < 0 else self.frames[frame].values
        home[slot] = put(home[slot], steps, value)

    def ref(self, frame: int, slot: int, steps: tuple[int, ...] = ()) -> tuple[Any, ...]:
        """Return a reference; one to a parameter leads on to what that refers to."""
        return (REF, frame, slot, steps)

    def room(self, value: Any) -> None:
        """See that arrays do not fill the machine.

        Raises:
            Fault: they do.
        """
        alive = sum(count(v) for frame in self.frames for v in frame.values if type(v) is list)
        if alive + count(value) > LIMITS.values:
            raise Fault("room", limit=LIMITS.values)
