"""The record of a run: header, command log, and the digest of what happened."""

import json
import platform
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from struct import pack
from typing import Any

from .command import Stamped
from .errors import RecordError

SCHEMA = "pilotline.run/1"


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    packages = ((name, version(name)) for name in ("pilotline", "simpy", "numpy"))
    return ("python", platform.python_version()), *packages


def versions() -> dict[str, str]:
    """Return the versions on which the last bit of a run depends."""
    return dict(_versions())


@dataclass(slots=True)
class Header:
    """What a run starts from. Same header and same log: same run."""

    line: dict[str, Any]
    """The line file as plain data."""
    seed: int = 0
    replication: int = 0
    scenario: dict[str, Any] | None = None
    started: str = ""
    """When it began, RFC 3339; empty for a run that nobody watches."""
    versions: dict[str, str] = field(default_factory=versions)

    def as_dict(self) -> dict[str, Any]:
        """Return the header as plain data."""
        return {
            "schema": SCHEMA,
            "line": self.line,
            "seed": self.seed,
            "replication": self.replication,
            "scenario": self.scenario,
            "started": self.started,
            "versions": self.versions,
        }


@dataclass(slots=True)
class RunRecord:
    """A run from its header to its end, as a file of JSON lines."""

    header: Header
    log: list[Stamped]
    end_s: float
    digest: str | None = None

    def text(self) -> str:
        """Return header, commands and end, one JSON object a line."""
        lines = [self.header.as_dict()]
        lines += [stamped.as_dict() for stamped in self.log]
        lines.append({"end_s": self.end_s, "digest": self.digest})
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    def write(self, path: Path) -> None:
        """Write what `text` returns."""
        path.write_text(self.text(), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "RunRecord":
        """Read a record back.

        Raises:
            RecordError: the file is not there, is no record, or is cut off.
        """
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise RecordError(f"{path}: cannot be read ({error})") from None
        try:
            first, *commands, last = [json.loads(line) for line in lines]
            if first.pop("schema") != SCHEMA:
                raise RecordError(f"{path}:1: not a run record of schema {SCHEMA}")
            header = Header(**first)
            log = [Stamped.from_dict(entry) for entry in commands]
            return cls(header, log, float(last["end_s"]), last.get("digest"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RecordError(f"{path}: not a whole run record ({error})") from None


LINK = 32
"""Changes in one link of a digest's chain."""


class Digest:
    """A fingerprint of everything that happens: each change of an asset, with its exact time.

    It is a chain of hashes, each over the one before and some changes, so that it can be saved.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self._chain = b""
        self._changes = bytearray()
        self.changes = 0

    def note(self, asset: Any) -> None:
        """Take one change in."""
        self.changes += 1
        state = int(asset.state)
        self._changes += asset.id.encode()
        self._changes += pack("<dqqq", asset.env.time_s, state, asset.made, asset.content())
        if not self.changes % LINK:
            self._chain = sha256(self._chain + self._changes).digest()
            self._changes.clear()

    def hex(self) -> str:
        """Return the fingerprint so far."""
        return sha256(self._chain + self._changes).hexdigest()

    def save(self) -> list[Any]:
        """Return the fingerprint so far as plain data, to go on with."""
        return [self.changes, self._chain.hex(), self._changes.hex()]

    def load(self, data: list[Any]) -> None:
        """Go on with what `save` gave."""
        self.changes = data[0]
        self._chain = bytes.fromhex(data[1])
        self._changes = bytearray.fromhex(data[2])
