"""lark's LALR(1) automaton for one text: fed by hand, looked ahead of, and unwound."""

from copy import copy
from functools import lru_cache
from typing import Any

from lark import Lark, Token
from lark.lexer import Lexer
from lark.parse_tree_builder import ParseTreeBuilder
from lark.parsers.lalr_analysis import Shift

from .tree import Rules

END = "$END"

_TREE: Any = ParseTreeBuilder


class _NoLexer(Lexer):
    """Tokens are fed by hand."""

    def __init__(self, _conf: Any) -> None: ...

    def lex(self, _state: Any, _parser_state: Any) -> Any:
        return iter(())


@lru_cache(maxsize=4)
def _lark(grammar: str) -> Lark:
    return Lark(grammar, parser="lalr", lexer=_NoLexer, maybe_placeholders=True)


def _callbacks(lark: Lark, rules: Rules) -> Any:
    builder: Any = _TREE(
        lark.rules,
        lark.options.tree_class or dict,
        propagate_positions=False,
        ambiguous=False,
        maybe_placeholders=True,
    )
    return builder.create_callback(rules)


class Automaton:
    """The stack of states and values, and the table that says what comes next."""

    def __init__(self, grammar: str, rules: Rules) -> None:
        lark = _lark(grammar)
        self._parser = lark.parse_interactive()
        state = self._parser.parser_state
        conf: Any = copy(state.parse_conf)
        conf.callbacks = _callbacks(lark, rules)
        state.parse_conf = conf
        self._states: list[int] = state.state_stack
        self._values: list[Any] = state.value_stack
        self._table: dict[int, dict[str, Any]] = conf.parse_table.states
        self._end: int = conf.end_state

    def feed(self, token: Token) -> Any:
        """Take a token that is accepted; return what the rules made of the text behind its end."""
        return self._parser.feed_token(token)

    @property
    def depth(self) -> int:
        """How many states there are on the stack."""
        return len(self._states)

    @property
    def top(self) -> Any:
        """The token or node that was taken or made last."""
        return self._values[-1]

    def choices(self, keep: int | None = None) -> dict[str, Any]:
        """Return by its type what is looked at next, with only the first `keep` states left."""
        return self._table[self._states[:keep][-1]]

    def accepts(self, *types: str, keep: int | None = None) -> bool:
        """Tell whether it would take tokens of these types in turn, on its first `keep` states."""
        stack = self._states[:keep]
        for kind in types:
            while True:
                step = self._table[stack[-1]].get(kind)
                if step is None:
                    return False
                action, to = step
                if action is Shift:
                    stack.append(to)
                    break
                if to.expansion:
                    del stack[-len(to.expansion) :]
                stack.append(self._table[stack[-1]][to.origin.name][1])
                if kind == END and stack[-1] == self._end:
                    return True
        return True

    def unwind(self, keep: int) -> None:
        """Forget all but the first `keep` states."""
        del self._states[keep:]
        del self._values[keep - 1 :]
