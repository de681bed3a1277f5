"""What a person asked `twin run` for, as typed."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of `twin run`; None where nothing was said."""

    line: str
    programs: tuple[str, ...]
    duration: str | None
    warmup: str | None
    replications: int | None
    half_width: str | None
    parts: int | None
    seed: int
    workers: int | None
    json: bool
    out: Path | None
    report: Path | None
    quiet: bool
    language: str
