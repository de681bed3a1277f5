"""One signal of the twin and one tag of a device: conversion both ways, and freshness."""

from twin.kernel.signal import Quality, Reading, Signal, Value
from twin.spec.device import Binding

from .follower import flag


class Bound:
    """A binding at work.

    Args:
        spec: what the file says.
        signal: the twin's signal.
    """

    def __init__(self, spec: Binding, signal: Signal) -> None:
        self.spec = spec
        self.signal = signal
        self.quality = Quality.BAD
        self._type = {"bool": bool, "int": int, "float": float, "str": str}.get(
            spec.type or "", signal.type
        )
        self._there = {str(theirs).lower(): ours for theirs, ours in (spec.map or {}).items()}
        self._back = {ours: theirs for theirs, ours in (spec.map or {}).items()}
        self._heard_s: float | None = None
        self._last: Value | None = None

    def to_twin(self, value: Value) -> Value:
        """Return the twin's value of a device's value, or raise `ValueError` that says why not."""
        if self._there:
            key = str(value).lower()
            if key not in self._there:
                raise ValueError(f"{value!r} is not in the map of {self.spec.signal}")
            return self.signal.check(self._there[key])
        if self._type is bool:
            return flag(value)
        if self._type is str:
            return str(value)
        number = float(value) * self.spec.scale + self.spec.offset
        return self.signal.check(number if self.signal.type is float else round(number))

    def to_device(self, value: Value) -> Value:
        """Return the device's value of a twin's value, or raise `ValueError`."""
        if self._back:
            if value not in self._back:
                raise ValueError(f"{value!r} is not in the map of {self.spec.signal}")
            return self._back[value]
        if isinstance(value, bool | str):
            return value
        number = (float(value) - self.spec.offset) / self.spec.scale
        return round(number) if self._type is int else number

    def moved(self, value: Value) -> bool:
        """Tell whether a value differs from the last one by more than the dead band; keep it."""
        last = self._last
        numbers = isinstance(value, int | float) and isinstance(last, int | float)
        if numbers and not isinstance(value, bool) and self.spec.deadband:
            moved = abs(float(value) - float(last or 0.0)) > self.spec.deadband
        else:
            moved = value != last
        if moved:
            self._last = value
        return moved

    @property
    def last(self) -> Value | None:
        """The value that was passed on last, None for none."""
        return self._last

    def heard(self, quality: Quality, now_s: float) -> None:
        """Take note of a reading that came."""
        self.quality = quality
        self._heard_s = now_s

    def check(self, now_s: float) -> None:
        """Doubt a value that is too old."""
        limit_s = self.spec.stale_after_s
        if limit_s is None or self._heard_s is None or self.quality is not Quality.GOOD:
            return
        if now_s - self._heard_s > limit_s:
            self.quality = Quality.UNCERTAIN

    def forget(self) -> None:
        """Send the next value whatever it is: the run or the device has begun anew."""
        self._last = None


def outgoing(bound: Bound, reading: Reading) -> Value | None:
    """Return what a device is to be told of a signal, None for nothing: BAD is never passed on."""
    if reading.quality is not Quality.GOOD:
        return None
    value = bound.to_device(reading.value)
    return value if bound.moved(value) else None
