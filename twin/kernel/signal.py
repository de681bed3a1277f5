"""Signals: named, typed, unit-bearing values with quality, and who hears of their changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from math import isfinite
from typing import NamedTuple

from twin.spec.messages import phrase

from .errors import SignalError

ValueType = type[bool] | type[int] | type[float] | type[str]
EnumClass = type[IntEnum]
type_names = {bool: "bool", int: "int", float: "float", str: "str"}
Value = bool | int | float | str


class Quality(StrEnum):
    """How far a value can be trusted. "No answer" is BAD, never a value."""

    GOOD = "good"
    UNCERTAIN = "uncertain"
    BAD = "bad"


class Reading(NamedTuple):
    """A value, when it became so (simulation time, s), and its quality.

    `source_s` is the device's own clock (seconds since 1970, UTC) where a device sent the value.
    """

    value: Value
    time_s: float
    quality: Quality = Quality.GOOD
    source_s: float | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """What a signal is. `path` is `ASSET/SIGNAL` or `CELL/ASSET/SIGNAL`, below its line."""

    path: str
    type: ValueType
    unit: str = ""
    low: float | None = None
    high: float | None = None
    writable: bool = False
    enum: EnumClass | None = None
    about: str = ""
    """Key of the message that explains the signal."""
    initial: Value | None = None

    @property
    def start_value(self) -> Value:
        """The value before anything was written."""
        return self.type() if self.initial is None else self.initial

    def check(self, value: Value) -> Value:
        """Return `value` in the signal's type, or raise `SignalError` that says what is wrong."""
        whole = isinstance(value, int) and not isinstance(value, bool)
        if self.type is float and whole:
            value = float(value)
        if type(value) is not self.type:
            found = f"{type(value).__name__} {value!r}"
            holds = type_names[self.type]
            raise SignalError(phrase("signal.wrong_type", path=self.path, holds=holds, found=found))
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not isfinite(value):
                raise SignalError(phrase("signal.not_finite", path=self.path, value=value))
            if self.low is not None and value < self.low:
                said = phrase("signal.too_low", path=self.path, value=value, least=self.low)
                raise SignalError(said)
            if self.high is not None and value > self.high:
                said = phrase("signal.too_high", path=self.path, value=value, most=self.high)
                raise SignalError(said)
        return value


@dataclass(eq=False, slots=True)
class Subscription:
    """Changes that one reader has not fetched yet, merged by signal: the last reading of each.

    It is bounded by the number of signals, whatever the reader does.
    """

    paths: frozenset[str] | None
    pending: dict[str, Reading] = field(default_factory=dict)

    def wants(self, path: str) -> bool:
        """Tell whether this reader asked for the signal."""
        return self.paths is None or path in self.paths

    def drain(self) -> dict[str, Reading]:
        """Return what changed since the last call, by path, in the order of first change."""
        changes, self.pending = self.pending, {}
        return changes


class SignalStore:
    """All signals of a run and their readings. Only the kernel calls `write`."""

    def __init__(self) -> None:
        self._signals: dict[str, Signal] = {}
        self._readings: dict[str, Reading] = {}
        self._subscriptions: list[Subscription] = []

    def define(self, signals: Iterable[Signal], *, time_s: float = 0.0) -> None:
        """Add signals; each path once."""
        for signal in signals:
            if signal.path in self._signals:
                raise SignalError(f"signal {signal.path} is defined twice")
            self._signals[signal.path] = signal
            self._readings[signal.path] = Reading(signal.start_value, time_s)

    def __iter__(self) -> Iterator[Signal]:
        return iter(self._signals.values())

    def __contains__(self, path: object) -> bool:
        return path in self._signals

    def __len__(self) -> int:
        return len(self._signals)

    def __getitem__(self, path: str) -> Signal:
        try:
            return self._signals[path]
        except KeyError:
            raise SignalError(phrase("signal.none", path=path)) from None

    def read(self, path: str) -> Reading:
        """Return the latest reading of a signal."""
        try:
            return self._readings[path]
        except KeyError:
            raise SignalError(phrase("signal.none", path=path)) from None

    def readings(self) -> dict[str, Reading]:
        """Return the latest reading of every signal."""
        return dict(self._readings)

    def write(self, path: str, reading: Reading) -> bool:
        """Set a signal; tell subscribers when value or quality changed, and return whether."""
        old = self.read(path)
        if old.value == reading.value and old.quality == reading.quality:
            return False
        self._readings[path] = reading
        for subscription in self._subscriptions:
            if subscription.wants(path):
                subscription.pending[path] = reading
        return True

    def subscribe(self, paths: Iterable[str] | None = None) -> Subscription:
        """Hear of changes of the named signals, or of all."""
        wanted = None if paths is None else frozenset(paths)
        for path in wanted or ():
            self[path]
        subscription = Subscription(wanted)
        self._subscriptions.append(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Stop a subscription."""
        self._subscriptions.remove(subscription)
