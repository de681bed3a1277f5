"""What was inspected, where, when and how: what heads a report."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a person says of an inspection, and how it was made."""

    arm: str
    serial: str = ""
    place: str = ""
    """Line, workcell and robot; empty: the arm alone."""
    date: str = ""
    report: str = ""
    """Number of the report."""
    inspector: str = ""
    payload_kg: float = 0.0
    rated_kg: float = 0.0
    errors: str = ""
    """Those that the simulated arm has, and who declares them."""
    limits: str = ""
    """Those that it must keep, and who declares them."""
    instrument_mm: float = 0.0
    seed: int = 0
    version: str = ""
    how: str = "model"
    """`model`: the arm alone was driven; `line`: the line's own program, tracker and controller."""

    def texts(self) -> Iterator[str]:
        """Yield what a person has written: its letters must be in the font."""
        yield from (self.arm, self.serial, self.place, self.date, self.report, self.inspector)
        yield from (self.errors, self.limits)
