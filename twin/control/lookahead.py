"""What an LALR parser would take next: the question on which each repair of a text stands."""

from typing import Any

from lark.parsers.lalr_analysis import Shift

Table = dict[int, dict[str, Any]]
"""State: type of a token or name of a rule: what the parser does then, and where it goes."""


def accepts(table: Table, end: int, states: list[int], types: tuple[str, ...]) -> bool:
    """Tell whether a parser, with this stack of states, would take these tokens in turn.

    Args:
        table: of the parser.
        end: the state in which a text may be over.
        states: the stack; it stays as it is.
        types: of the tokens.
    """
    stack = states[:]
    for kind in types:
        while True:
            step = table[stack[-1]].get(kind)
            if step is None:
                return False
            action, to = step
            if action is Shift:
                stack.append(to)
                break
            if to.expansion:
                del stack[-len(to.expansion) :]
            stack.append(table[stack[-1]][to.origin.name][1])
            if kind == "$END" and stack[-1] == end:
                return True
    return True
