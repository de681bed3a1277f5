"""Tokens to nodes, and on behind an error: first by the smallest repair, else past a hole."""

from copy import copy
from functools import lru_cache
from typing import Any

from lark import Lark, Token
from lark.lexer import Lexer
from lark.parse_tree_builder import ParseTreeBuilder

from twin.control.lookahead import accepts

from . import nodes as n
from .diagnostic import Log, Span, TooManyErrors, nearest
from .grammar import GRAMMAR
from .kinds import elementary
from .limits import Limits
from .scanner import ABSENT, KEYWORDS, Scanner
from .tree import Build, span_of

_ENDS = {
    "IF": "END_IF",
    "CASE": "END_CASE",
    "FOR": "END_FOR",
    "WHILE": "END_WHILE",
    "REPEAT": "END_REPEAT",
    "STRUCT": "END_STRUCT",
    "TYPE": "END_TYPE",
    "PROGRAM": "END_PROGRAM",
    "FUNCTION": "END_FUNCTION",
    "FUNCTION_BLOCK": "END_FUNCTION_BLOCK",
    "CONFIGURATION": "END_CONFIGURATION",
    "RESOURCE": "END_RESOURCE",
    **dict.fromkeys(("VAR", "VAR_INPUT", "VAR_OUTPUT", "VAR_IN_OUT", "VAR_TEMP"), "END_VAR"),
    "VAR_GLOBAL": "END_VAR",
    "VAR_EXTERNAL": "END_VAR",
}
_CLOSERS = frozenset(_ENDS.values())
_WITH_SEMI = {"END_IF", "END_CASE", "END_FOR", "END_WHILE", "END_REPEAT"}
_MIDDLES = {"ELSE", "ELSIF", "UNTIL"}
# where reading can safely begin again
_SYNC = _CLOSERS | _MIDDLES | set(_ENDS) | {"SEMI", "$END", "THEN", "DO", "OF"}
# what is put in when it alone is missing
_SMALL = ("SEMI", "THEN", "DO", "OF", "RPAR", "RBRACK", "COMMA", "COLON", "ASSIGN")
_SHOWN = {
    "SEMI": ";", "RPAR": ")", "RBRACK": "]", "COMMA": ",", "COLON": ":", "ASSIGN": ":=",
}  # fmt: skip


_TREE: Any = ParseTreeBuilder


class _NoLexer(Lexer):
    """Tokens are fed by hand."""

    def __init__(self, _conf: Any) -> None: ...

    def lex(self, _state: Any, _parser_state: Any) -> Any:
        return iter(())


@lru_cache(maxsize=1)
def _lark() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer=_NoLexer, maybe_placeholders=True)


def parse(source: str, log: Log, limits: Limits) -> list[n.Unit]:
    """Return the units of a source; what cannot be read is told in `log` and left out."""
    return _Reader(source, log, limits).read()


class _Reader:
    """Feeds one source to the parser."""

    def __init__(self, source: str, log: Log, limits: Limits) -> None:
        self.log = log
        self.limits = limits
        self.scanner = Scanner(source, log)
        self.parser = _lark().parse_interactive()
        conf: Any = copy(self.parser.parser_state.parse_conf)
        conf.callbacks = _callbacks(Build(log, limits))
        self.parser.parser_state.parse_conf = conf
        self.states: list[int] = self.parser.parser_state.state_stack
        self.values: list[Any] = self.parser.parser_state.value_stack
        self.table: dict[int, dict[str, Any]] = conf.parse_table.states
        self.end: int = conf.end_state
        self.open: list[Token] = []
        self.brackets = 0
        self.last: Token | None = None
        self.told_at: Token | None = None
        self.lost_on: int | None = None
        self.lost = 0
        self.follower = ""
        """Type of the token behind the one in hand."""
        self.result: list[n.Unit] = []

    def read(self) -> list[n.Unit]:
        tokens = list(self.scanner.tokens())
        for number, token in enumerate(tokens):
            if not self._shallow(token):
                return []
            self.follower = tokens[number + 1].type if number + 1 < len(tokens) else "$END"
            self._take(token)
        end = Token.new_borrow_pos("$END", "", self.last) if self.last else Token("$END", "")
        if self.last is not None:
            end.line, end.column = self.last.end_line, self.last.end_column
        self._take(end)
        return self.result

    def _shallow(self, token: Token) -> bool:
        """Count what is open; False when that is more than anybody writes."""
        if token.type in {"LPAR", "LBRACK"}:
            self.brackets += 1
        elif token.type in {"RPAR", "RBRACK"}:
            self.brackets = max(0, self.brackets - 1)
        elif token.type == "SEMI":
            self.brackets = 0
        if max(self.brackets, len(self.open)) > self.limits.nesting:
            self.log.tell("limit.nesting", span_of(token), limit=self.limits.nesting)
            return False
        return True

    def _take(self, token: Token) -> None:
        if self._accepts(self.states, token.type):
            self._feed(token)
        elif not self._exchange(token) and not self._insert(token):
            self._resume(token)

    def _feed(self, token: Token) -> None:
        result = self.parser.feed_token(token)
        if token.type == "$END":
            self.result = result
        if token.type in _ENDS and not self._in_instance(token):
            self.open.append(token)
        elif token.type in _CLOSERS and self.open and _ENDS[self.open[-1].type] == token.type:
            self.open.pop()
        if token.type not in {"ERROR", "HOLE"}:
            self.last = token
        if token.type in _SYNC:
            self.lost_on = None

    def _in_instance(self, token: Token) -> bool:
        """Tell whether PROGRAM begins an instance of a configuration, which nothing ends."""
        return token.type == "PROGRAM" and bool(self.open)

    def _accepts(self, states: list[int], *types: str) -> bool:
        """Tell whether the parser, with this stack of states, would take these tokens in turn."""
        return accepts(self.table, self.end, states, types)

    def _exchange(self, token: Token) -> bool:
        """`=` for `:=` and the reverse: the one mistake that everybody makes."""
        other = {"EQ": "ASSIGN", "ASSIGN": "EQ"}.get(token.type)
        if other is None or not self._accepts(self.states, other):
            return False
        key = "parse.equal_for_assign" if token.type == "EQ" else "parse.assign_for_equal"
        self._tell(key, token, span_of(token))
        self._feed(Token.new_borrow_pos(other, "=" if other == "EQ" else ":=", token))
        return True

    def _insert(self, token: Token) -> bool:
        """Put in one missing word or sign, when that makes `token` fit."""
        if token.type in _CLOSERS or token.type in _MIDDLES or token.type == "$END":
            if self._accepts(self.states, "SEMI", token.type):
                return self._put(token, "SEMI")
            if self._close(token):
                return True
        if (
            token.type == "IDENT"
            and elementary(str(token))
            and self._accepts(self.states, "COLON", "IDENT")
        ):
            return self._put(token, "COLON")
        if self._leave_var(token):
            return True
        new_line = self.last is not None and token.line != self.last.end_line
        new_line = new_line or (token.type == "IDENT" and self.follower in {"ASSIGN", "COLON"})
        for kind in _SMALL:
            if kind == "SEMI" and not (new_line or token.type in _SYNC):
                continue
            if kind == "COMMA" and token.type not in {"IDENT", "LITERAL"}:
                continue
            if self._accepts(self.states, kind, token.type):
                return self._put(token, kind)
        if token.type == "SEMI" and self._accepts(self.states, "RPAR", "SEMI"):
            return self._put(token, "RPAR")
        return False

    def _leave_var(self, token: Token) -> bool:
        """Close a VAR block in which statements, or another block, begin."""
        if not self.open or _ENDS[self.open[-1].type] != "END_VAR" or self.last is None:
            return False
        again: list[Token] = []
        if token.type in {"ASSIGN", "LPAR", "DOT", "LBRACK"} and self.values[-1] is self.last:
            again = [self.last]
        elif token.type not in _ENDS:
            return False
        states = self.states[: len(self.states) - len(again)]
        if not self._accepts(states, "END_VAR", *(entry.type for entry in again), token.type):
            return False
        opener, where = self.open[-1], span_of(again[0] if again else token)
        self._tell(
            "parse.not_closed", token, where, word=opener.type, line=opener.line, end="END_VAR"
        )
        if again:
            del self.states[-1], self.values[-1]
        self._feed(Token.new_borrow_pos("END_VAR", "END_VAR", again[0] if again else token))
        for entry in again:
            self._feed(entry)
        self._take(token)
        return True

    def _put(self, token: Token, kind: str) -> bool:
        behind = span_of(self.last).end if self.last else span_of(token)
        if kind in KEYWORDS:
            self._tell("parse.missing_word", token, behind, word=kind)
        elif kind == "SEMI":
            self._tell("parse.missing_semi", token, behind)
        else:
            self._tell("parse.missing_sign", token, behind, sign=_SHOWN[kind])
        self._feed(Token.new_borrow_pos(kind, _SHOWN.get(kind, kind), self.last or token))
        self._take(token)
        return True

    def _close(self, token: Token) -> bool:
        """Close the innermost block, when an END of an outer one has come."""
        if not self.open:
            return False
        opener = self.open[-1]
        end = _ENDS[opener.type]
        outer = any(_ENDS[entry.type] == token.type for entry in self.open[:-1])
        if end == token.type or not (outer or token.type == "$END"):
            return False
        words = [end, "SEMI"] if end in _WITH_SEMI else [end]
        if not self._accepts(self.states, *words):
            words = ["SEMI", *words]
            if not self._accepts(self.states, *words):
                return False
        where = span_of(self.last or token).end
        self._tell("parse.not_closed", token, where, word=opener.type, line=opener.line, end=end)
        for word in words:
            self._feed(Token.new_borrow_pos(word, _SHOWN.get(word, word), self.last or token))
        self.told_at = None
        self._take(token)
        return True

    def _resume(self, token: Token) -> None:
        """Tell what was not expected, give up the least that lets the parser go on."""
        self._tell_unexpected(token)
        self.lost += 1
        if self.lost > 5 * self.limits.errors:
            raise TooManyErrors
        # What follows on this line up to the next statement is no news.
        self.lost_on = token.line
        if token.type != "$END" and self._hole(token, everywhere=token.type in _SYNC):
            self._feed(token)
        elif token.type == "$END":
            if not self._hole(token, everywhere=True):
                return
            self._feed(token)
        elif token.type in _CLOSERS and self.open and _ENDS[self.open[-1].type] == token.type:
            self.open.pop()

    def _hole(self, token: Token, *, everywhere: bool) -> bool:
        """Unwind to where a hole fits and `token` behind it; False leaves all as it was."""
        for keep in range(len(self.states), 0, -1):
            states = self.states[:keep]
            for kind in ("HOLE", "ERROR"):
                if kind not in self.table[states[-1]]:
                    continue
                if self._accepts(states, kind, token.type):
                    del self.states[keep:]
                    del self.values[keep - 1 :]
                    self._feed(Token.new_borrow_pos(kind, "", self.last or token))
                    return True
                if not everywhere:
                    return False
        return False

    def _tell(self, key: str, token: Token, span: Span, **values: Any) -> None:
        """Report once for each token, however many repairs it takes."""
        for word in (token, self.last):
            if word is not None and word.type == "IDENT" and str(word).upper() in ABSENT:
                key, span, values = "parse.absent", span_of(word), {"word": str(word).upper()}
        swallowed = self.scanner.cut and token.type == "$END"
        if self.told_at is not token and token.line != self.lost_on and not swallowed:
            self.log.tell(key, span, **values)
        self.told_at = token

    def _tell_unexpected(self, token: Token) -> None:
        choices = self.table[self.states[-1]]
        hint: Any = ""
        if token.type == "IDENT":
            hint = nearest(str(token), KEYWORDS & set(choices))
        last = self.last
        if not hint and last is not None and last.type == "IDENT" and not elementary(str(last)):
            hint = nearest(str(last), KEYWORDS, cutoff=0.75)
        span = span_of(token)
        if token.type == "$END":
            self._tell("parse.unexpected_end", token, span)
        elif self._accepts(self.states, "TYPE") and not hint:
            self._tell("parse.outside", token, span, found=str(token)[:40])
        elif token.type in _CLOSERS | _MIDDLES and not hint:
            self._tell("parse.orphan", token, span, found=token.type)
        elif token.type in KEYWORDS and {"IDENT"} & set(choices) and not hint:
            self._tell("parse.keyword", token, span, found=str(token)[:40])
        else:
            self._tell("parse.unexpected", token, span, found=str(token)[:40], hint=hint)


def _callbacks(build: Build) -> Any:
    lark = _lark()
    builder: Any = _TREE(
        lark.rules,
        lark.options.tree_class or dict,
        propagate_positions=False,
        ambiguous=False,
        maybe_placeholders=True,
    )
    return builder.create_callback(build)
