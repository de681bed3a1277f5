r"""What the built-in instructions and functions take.

Written as a line of parameters: `ToPoint:robtarget \V:num|\T:num Zone:zonedata Tool:tooldata@`.
A backslash is an option, `|` joins options that exclude each other, `&` behind the type is a
variable that is changed, `@` a persistent one, `!` an option of the real controller that is not
there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .kinds import ANY, KINDS, SIGNALS, SWITCH, UNIT, Kind, Type

BY_NAME = KINDS | {kind.name: kind for kind in (*SIGNALS.values(), ANY, UNIT, SWITCH)}
EITHER = {
    "number": ("num", "dnum"),
    "level": ("num", "bool"),
    "packed": ("num", "dnum", "string"),
}
"""Parameters that take one of several types."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One of them. `kinds` are the types that it takes."""

    name: str
    kinds: tuple[Kind, ...]
    optional: bool = False
    mode: str = "IN"
    """`IN`, `VAR` (a reference), `PERS`, or `ABSENT`."""
    group: int = 0
    dims: int = 0

    @property
    def type(self) -> Type:
        """Return the type that it takes first of all."""
        return Type(self.kinds[0], self.dims)


@dataclass(frozen=True, slots=True)
class Builtin:
    """An instruction or a function."""

    name: str
    params: tuple[Parameter, ...]
    do: Callable[..., Any]
    result: Type | None = None
    machine: bool = False
    """Whether it needs the machine, and so is no pure function of its arguments."""
    restless: bool = False
    """Whether its value changes without a signal that tells."""


def parameters(text: str) -> tuple[Parameter, ...]:
    """Read a line of parameters."""
    found: list[Parameter] = []
    for group, word in enumerate(text.split(), start=1):
        entries = word.split("|")
        for entry in entries:
            optional = entry.startswith("\\")
            name, _, kind = entry.lstrip("\\").partition(":")
            mode = {"&": "VAR", "@": "PERS", "!": "ABSENT"}.get(entry[-1], "IN")
            kind, name = kind.rstrip("&@!"), name.rstrip("!")
            dims = kind.count("*")
            kind = kind.rstrip("*") or "switch"
            kinds = tuple(BY_NAME[k] for k in EITHER.get(kind, (kind,)))
            found.append(Parameter(name, kinds, optional, mode, group, dims))
    return tuple(found)
