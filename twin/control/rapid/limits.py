"""What a program may ask for, so that none can hang or fill the machine."""

from dataclasses import dataclass

from twin.control.syntax import limits


@dataclass(frozen=True)
class Limits(limits.Limits):
    """Bounds on a program and on its run."""

    source_bytes: int = 256 * 1024
    name: int = 32
    """Characters of a name, as on the robot controller."""
    string: int = 80
    """Characters of a string, as on the robot controller."""
    dimensions: int = 3
    array: int = 100_000
    """Elements of one array."""
    values: int = 300_000
    """Elements of all arrays of the modules, and of all that are alive in routines."""
    steps: int = 50_000
    """Statements and rounds of loops without time passing: more is held for an endless loop."""
    depth: int = 100
    """Routines that call each other, one within the other."""
    retries: int = 4
    """RETRY of one error handler in a row, as on the robot controller."""
    messages: int = 50
    """Lines of TPWrite that are kept."""
    pending: int = 1_000
    """Outputs that are still to change, by PulseDO or SDelay."""


LIMITS = Limits()
