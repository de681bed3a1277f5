"""Where the text of a program uses a name, and with which tool a point is moved to."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from lark import Token

from twin.control.syntax.diagnostic import Log

from .limits import LIMITS
from .scanner import Scanner

_OPENS, _CLOSES = {"LPAR", "LBRACK", "LBRACE"}, {"RPAR", "RBRACK", "RBRACE"}
MOVES = frozenset({"movej", "movel", "movec", "moveabsj"})


class With(NamedTuple):
    """What a movement is made with."""

    tool: str
    wobj: str


class Uses(NamedTuple):
    """What is told of a text."""

    names: dict[str, tuple[Token, ...]]
    """By name in lower case: where it stands, but for components and optional arguments."""
    points: dict[str, With]
    """By name in lower case: with what a name is moved to first."""
    first: With | None
    """With what the first movement in the text is made that has a tool of the program."""


@lru_cache(maxsize=32)
def uses_of(source: str) -> Uses:
    """Return where a text that can be compiled uses its names."""
    tokens = tuple(Scanner(source, Log("rapid", LIMITS.errors)).tokens())
    names: dict[str, list[Token]] = {}
    before = ""
    for token in tokens:
        if token.type == "IDENT" and before not in {"DOT", "BSLASH"}:
            names.setdefault(token.value.lower(), []).append(token)
        before = token.type
    points: dict[str, With] = {}
    first: With | None = None
    for targets, made in _moves(tokens):
        if first is None and made.tool.lower() != "tool0":
            first = made
        for name in targets:
            points.setdefault(name.lower(), made)
    return Uses({name: tuple(found) for name, found in names.items()}, points, first)


def _moves(tokens: Sequence[Token]) -> Iterator[tuple[list[str], With]]:
    """Yield of each movement which names its targets have, and what it is made with."""
    for number, token in enumerate(tokens):
        if token.type != "IDENT" or token.value.lower() not in MOVES:
            continue
        args = _arguments(tokens, number + 1)
        if len(args) < 4 or not args[-1] or args[-1][0].type != "IDENT":
            continue
        last = args[-1]
        options = zip(last, last[1:], last[2:], last[3:], strict=False)
        wobj = [
            value.value
            for slash, name, sign, value in options
            if slash.type == "BSLASH" and name.value.lower() == "wobj" and sign.type == "ASSIGN"
        ]
        targets = args[: 2 if token.value.lower() == "movec" else 1]
        found = [entry.value for arg in targets for entry in arg if entry.type == "IDENT"]
        yield found, With(last[0].value, wobj[0] if wobj else "wobj0")


def _arguments(tokens: Sequence[Token], begin: int) -> list[list[Token]]:
    """Return the tokens of a statement's arguments, one list for each."""
    args: list[list[Token]] = [[]]
    depth = 0
    for token in tokens[begin:]:
        if token.type == "SEMI":
            break
        depth += (token.type in _OPENS) - (token.type in _CLOSES)
        if token.type == "COMMA" and depth == 0:
            args.append([])
        else:
            args[-1].append(token)
    return args


def declaration(source: str, at: int) -> tuple[int, int]:
    """Return where the declaration of data begins and ends whose name stands at a place.

    With the whole lines that it fills, and a comment behind it.
    """
    tokens = tuple(Scanner(source, Log("rapid", LIMITS.errors)).tokens())
    last = next(number for number, token in enumerate(tokens) if token.start_pos == at)
    first = last
    while tokens[first].type not in {"CONST", "VAR", "PERS"}:
        first -= 1
    if first and tokens[first - 1].type in {"LOCAL", "TASK"}:
        first -= 1
    while tokens[last].type != "SEMI":
        last += 1
    begin, end = int(tokens[first].start_pos or 0), int(tokens[last].end_pos or 0)
    line = source.rfind("\n", 0, begin) + 1
    rest = source.find("\n", end)
    rest = len(source) if rest < 0 else rest
    behind = source[end:rest].strip()
    if not source[line:begin].strip() and (not behind or behind.startswith("!")):
        return line, min(rest + 1, len(source))
    return begin, end
