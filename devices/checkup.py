"""What a doctor finds between the twin and a device, in words for people.

A protocol's doctor is `devices/PROTOCOL/doctor.py` with one function

    async def examine(patient: Patient) -> AsyncIterator[Finding]

that is called when the port is open. It yields what it finds, bounds each wait by
`patient.timeout_s`, changes nothing in the device, and raises nothing.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from twin.spec.messages import Phrase, phrase


class Mark(StrEnum):
    """How a check came out."""

    GOOD = "good"
    BAD = "bad"
    NOTE = "note"
    """Nothing is broken, but somebody may stumble over it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    about: str
    """What: `name`, `port`, `unit`, `tag` and so on."""
    mark: Mark
    found: Phrase
    remedy: Phrase | None = None
    details: tuple[str, ...] = ()
    """Lines that are the same in every language: addresses, names, values."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A device, and how the twin means to talk to it."""

    url: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    encrypted: bool = False
    ca_file: str | None = None
    tags: tuple[str, ...] = ()
    """What is to be read there."""
    unit: int = 1
    word_order: str = "high_first"
    options: dict[str, Any] = field(default_factory=dict)
    """What only one protocol knows, as rack and slot."""
    timeout_s: float = 2.0


Examine = Callable[[Patient], AsyncIterator[Finding]]


def good(about: str, key: str, *, details: tuple[str, ...] = (), **values: Any) -> Finding:
    """Return that something is as it should be; `key` is what was found."""
    return Finding(about, Mark.GOOD, phrase(key, **values), details=details)


def bad(about: str, key: str, *, details: tuple[str, ...] = (), **values: Any) -> Finding:
    """Return that something is wrong; `key` is what was found, `key.do` what to do."""
    return Finding(about, Mark.BAD, phrase(key, **values), phrase(f"{key}.do", **values), details)


def note(about: str, key: str, *, details: tuple[str, ...] = (), **values: Any) -> Finding:
    """Return what somebody may stumble over; `key` is what was found, `key.do` what to do."""
    return Finding(about, Mark.NOTE, phrase(key, **values), phrase(f"{key}.do", **values), details)
