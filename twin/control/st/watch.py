"""The window to a running program: every elementary variable by its path."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from typing import Any

from .kinds import REAL, Array, Elementary, Struct, Text, Type
from .literals import single
from .scope import Variable, fold

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Watched:
    """A variable to look at: `main.timer_1.ET`, its type, the line that declares it (0: none)."""

    path: str
    type: str
    line: int


@dataclass(frozen=True)
class Root:
    """Where a path begins: a program instance, a global or a point."""

    name: str
    type: Type
    offset: int
    variable: Variable | None
    line: int = 0


def walk(root: Root) -> Iterator[Watched]:
    """Yield every elementary variable below a root."""
    line = root.line
    if root.variable is not None and not line:
        line = 0 if root.variable.point is not None else root.variable.span.line
    yield from _walk(root.name, root.type, line)


def _walk(path: str, kind: Type, line: int) -> Iterator[Watched]:
    if isinstance(kind, Elementary):
        yield Watched(path, kind.name, line)
    elif isinstance(kind, Array):
        ranges = [range(low, high + 1) for low, high in kind.ranges]
        for indices in product(*ranges):
            yield from _walk(f"{path}[{','.join(map(str, indices))}]", kind.element, line)
    elif isinstance(kind, Struct):
        for member in kind.fields.values():
            if not member.hidden and member.kind != "VAR_IN_OUT":
                below = member.span.line if line and member.span.end_column > 1 else line
                yield from _walk(f"{path}.{member.name}", member.type, below)


def find(roots: Sequence[Root], path: str) -> tuple[int, Elementary, bool]:
    """Return the cell and the type of a path, and whether it is a constant.

    Raises:
        ValueError: it leads nowhere; the text says where it ends.
    """
    for entry in roots:
        if isinstance(entry.type, Elementary) and fold(entry.name) == fold(path):
            return entry.offset, entry.type, _constant(entry)
    steps = list(_STEP.finditer(path))
    if not steps or "".join(step[0] for step in steps) != path:
        raise ValueError(f"{path!r} is no path; write main.timer_1.ET or main.values[3]")
    root = next((r for r in roots if fold(r.name) == fold(steps[0][1] or "")), None)
    if root is None:
        raise ValueError(f"there is no variable {path!r}{_near(steps[0][0], roots)}")
    kind, index, constant = root.type, root.offset, _constant(root)
    for step in steps[1:]:
        if isinstance(kind, Struct) and step[1] is not None:
            member = kind.fields.get(fold(step[1]))
            constant = constant or (member is not None and member.constant)
        kind, index = _below(kind, index, step, path)
    if not isinstance(kind, Elementary):
        raise ValueError(f"{path} is a {kind.name}; name one value in it")  # noqa: TRY004
    return index, kind, constant


def _constant(root: Root) -> bool:
    return root.variable is not None and root.variable.constant


def _near(name: str, roots: Sequence[Root]) -> str:
    close = get_close_matches(name, [root.name for root in roots], n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _below(kind: Type, index: int, step: re.Match[str], path: str) -> tuple[Type, int]:
    if step[1] is not None:
        member = kind.fields.get(fold(step[1])) if isinstance(kind, Struct) else None
        if member is None or member.hidden or member.kind == "VAR_IN_OUT":
            raise ValueError(f"{path!r}: there is no {step[1]!r} in {kind.name}")
        return member.type, index + member.offset
    if not isinstance(kind, Array):
        raise ValueError(f"{path!r}: {kind.name} has no elements")  # noqa: TRY004
    try:
        indices = [int(part) for part in step[2].split(",")]
    except ValueError:
        raise ValueError(f"{path!r}: [{step[2]}] is no index; write [3] or [1,2]") from None
    if len(indices) != len(kind.ranges):
        raise ValueError(f"{path!r}: {kind.name} has {len(kind.ranges)} dimensions")
    for at, (low, high), stride in zip(indices, kind.ranges, kind.strides(), strict=True):
        if not low <= at <= high:
            raise ValueError(f"{path!r}: index {at} is outside {low}..{high}")
        index += (at - low) * stride
    return kind.element, index


def to_outside(value: Any, kind: Elementary) -> Any:
    """Return a cell as people read it: an enumeration by its name."""
    if kind.items is not None:
        return next((name for name, number in kind.items.items() if number == value), value)
    return value


def from_outside(value: Any, kind: Elementary, path: str) -> Any:
    """Return a value as a cell of `kind` holds it.

    Raises:
        ValueError: it cannot.
    """
    if kind.items is not None and isinstance(value, str):
        for name, number in kind.items.items():
            if fold(name) == fold(value):
                return number
        raise ValueError(f"{path} takes {', '.join(kind.items)}, not {value!r}")
    if kind.family == "bool" and isinstance(value, bool):
        return value
    if kind.family == "real" and isinstance(value, int | float) and not isinstance(value, bool):
        return single(float(value)) if kind.root is REAL else float(value)
    if isinstance(kind, Text) and isinstance(value, str):
        if len(value) > kind.length:
            raise ValueError(f"{path} holds {kind.length} characters, not {len(value)}")
        return value
    if kind.is_whole and not isinstance(kind, Text) and type(value) is int:
        if not kind.low <= value <= kind.high:
            raise ValueError(f"{path} = {value} is outside {kind.low}..{kind.high} of {kind.name}")
        return value
    raise ValueError(f"{path} holds {kind.name}, not {type(value).__name__} {value!r}")
