"""What a program may ask for, so that none can hang or fill the machine."""

from dataclasses import dataclass

from twin.control.syntax import limits


@dataclass(frozen=True)
class Limits(limits.Limits):
    """Bounds on a program and on one scan of it."""

    loops: int = 12
    """Loops within loops."""
    branches: int = 400
    """ELSIF or CASE branches of one statement."""
    cells: int = 1_000_000
    """Elementary values of all variables; a string takes one per eight characters."""
    string_length: int = 32_767
    steps: int = 200_000
    """Loop rounds and calls in one scan: the watchdog."""
    calls: int = 32
    """Routines that call each other, one within the other."""
