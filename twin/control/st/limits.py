"""What a program may ask for, so that none can hang or fill the machine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a program and on one scan of it."""

    source_bytes: int = 64 * 1024
    nesting: int = 32
    """Statements within statements, or brackets within brackets."""
    loops: int = 12
    """Loops within loops."""
    expression: int = 100
    """Operations within operations: the depth of one expression."""
    branches: int = 400
    """ELSIF or CASE branches of one statement."""
    cells: int = 1_000_000
    """Elementary values of all variables; a string takes one per eight characters."""
    string_length: int = 32_767
    steps: int = 200_000
    """Loop rounds and calls in one scan: the watchdog."""
    calls: int = 32
    """Routines that call each other, one within the other."""
    errors: int = 100
    """Errors told in one pass."""
