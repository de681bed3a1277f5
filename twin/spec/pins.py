"""Pins: what a body of a workcell has to be wired to a controller."""

from enum import StrEnum
from typing import NamedTuple

from .base import Text


class Direction(StrEnum):
    """Which way a point carries its value, seen from the controller."""

    INPUT = "input"
    """A sensor or a feedback: to the controller."""
    OUTPUT = "output"
    """From the controller to an actuator."""
    OPERATOR = "operator"
    """A button, a key or a door: to the controller, worked by a person."""


class IecType(StrEnum):
    """The elementary type of IEC 61131-3 in which a controller sees a point."""

    BOOL = "BOOL"
    INT = "INT"
    DINT = "DINT"
    REAL = "REAL"


class Pin(NamedTuple):
    """One connection of a body."""

    name: str
    """After the body's id; empty for the one pin of a sensor."""
    direction: Direction
    about: str
    """Key of the message that says what it means."""
    iec: IecType = IecType.BOOL
    unit: str = ""
    low: float | None = None
    high: float | None = None
    initial: float = 0
    title: Text | None = None
    """What it is for, where the line file says so: then it stands for `about`."""


def di(name: str, about: str, *, initial: bool = False) -> Pin:
    """Return a digital input of the controller."""
    return Pin(name, Direction.INPUT, about, initial=initial)


def do(name: str, about: str) -> Pin:
    """Return a digital output of the controller."""
    return Pin(name, Direction.OUTPUT, about)


def button(name: str, about: str, *, initial: bool = False) -> Pin:
    """Return something that a person works."""
    return Pin(name, Direction.OPERATOR, about, initial=initial)


def ai(
    name: str, about: str, unit: str, low: float | None = None, high: float | None = None
) -> Pin:
    """Return an analog input of the controller."""
    return Pin(name, Direction.INPUT, about, IecType.REAL, unit, low, high)


def ao(
    name: str, about: str, unit: str, low: float | None = None, high: float | None = None
) -> Pin:
    """Return an analog output of the controller."""
    return Pin(name, Direction.OUTPUT, about, IecType.REAL, unit, low, high)


def number(name: str, about: str, direction: Direction = Direction.INPUT) -> Pin:
    """Return a whole number: a count, a code, a position number."""
    return Pin(name, direction, about, IecType.DINT)
