"""What a text may ask for, so that none can hang its compiler."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds on a text and on its tree."""

    source_bytes: int = 64 * 1024
    nesting: int = 32
    """Statements within statements, or brackets within brackets."""
    expression: int = 100
    """Operations within operations: the depth of one expression."""
    errors: int = 100
    """Errors told in one pass."""
