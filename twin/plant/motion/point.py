"""I/O points: what the plant says to a controller, and a controller to the plant."""

from typing import TYPE_CHECKING, Any, ClassVar

from twin.kernel.signal import Signal, Value
from twin.plant.plain import Stateful
from twin.spec.io import IoPoint
from twin.spec.pins import Direction, IecType

if TYPE_CHECKING:
    from .body import Body
    from .workcell import Workcell

_TYPES: dict[IecType, type[bool] | type[int] | type[float]] = {
    IecType.BOOL: bool,
    IecType.INT: int,
    IecType.DINT: int,
    IecType.REAL: float,
}
_WHOLE = {IecType.INT: (-32768, 32767), IecType.DINT: (-(2**31), 2**31 - 1)}


class Point(Stateful):
    """One point. `value` is what its reader sees: the forced value, else what was written last.

    A point that is `stuck` is a fault of the plant: whatever is written, its reader sees the same
    value. People see that value as any other; a force they see as a force, and it is stronger.
    """

    STATE: ClassVar[tuple[str, ...]] = (
        "value", "raw", "forced", "stuck", "writer", "time_s", "changes",
    )  # fmt: skip

    def __init__(self, cell: "Workcell", io: IoPoint, pin: str, initial: float) -> None:
        self.cell = cell
        self.io = io
        self.name = io.name
        self.pin = pin
        self.type = _TYPES[io.iec]
        self.value: Value = self.type(initial)
        self.raw: Value = self.value
        self.forced: Value | None = None
        self.stuck: Value | None = None
        """At what value it is stuck; None: it is sound."""
        self.writer = ""
        """Who wrote it last; empty for the plant itself."""
        self.time_s = 0.0
        """When `value` became what it is."""
        self.changes = 0
        """How often `value` has changed."""
        self.body: Body | None = None
        """Who hears of changes of an output."""

    @property
    def is_input(self) -> bool:
        """Whether it carries its value to the controller."""
        return self.io.direction is not Direction.OUTPUT

    def set(self, value: Value, by: str = "") -> None:
        """Write it: the plant an input, a controller an output, a person what a person works."""
        if self.put(value, by):
            self.cell.point_changed(self)

    def put(self, value: Value, by: str = "") -> bool:
        """Write it and tell nobody yet; return whether its reader will see another value.

        Who writes several at once tells of them when all are written.
        """
        self.raw = value
        self.writer = by
        return self._settled()

    def renew(self, value: Value) -> None:
        """Let the plant set an input that changes all the time, without an event."""
        self.raw = value
        if self.forced is None and self.stuck is None:
            self.value = value

    def force(self, value: Value) -> None:
        """Let the reader see a value, whatever is written."""
        self.forced = value
        if self._settled():
            self.cell.point_changed(self)

    def release(self) -> None:
        """Let the reader see again what is written."""
        self.forced = None
        if self._settled():
            self.cell.point_changed(self)

    def stick(self, value: Value | None) -> None:
        """Be stuck at a value from now on; None: be sound again."""
        self.stuck = value
        if self._settled():
            self.cell.point_changed(self)

    @property
    def unforced(self) -> Value:
        """What its reader would see without a force."""
        return self.raw if self.stuck is None else self.stuck

    def _settled(self) -> bool:
        value = self.unforced if self.forced is None else self.forced
        if value == self.value:
            return False
        self.value = value
        self.changes += 1
        self.time_s = self.cell.env.time_s
        return True

    def save(self) -> list[Any]:
        if self.is_input and self.body is not None:
            self.body.refresh(self.pin)
        return super().save()

    def signal(self) -> Signal:
        """Return the signal under which it is published."""
        io = self.io
        low, high = _WHOLE.get(io.iec, (io.low, io.high))
        return Signal(
            io.path,
            self.type,
            unit=io.unit,
            low=low,
            high=high,
            writable=io.direction is not Direction.INPUT,
            initial=self.value,
        )
