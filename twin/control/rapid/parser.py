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
from .limits import LIMITS
from .scanner import KEYWORDS, Scanner
from .tree import Build, span_of

_ENDS = {
    "WHILE": "ENDWHILE",
    "FOR": "ENDFOR",
    "TEST": "ENDTEST",
    "PROC": "ENDPROC",
    "FUNC": "ENDFUNC",
    "TRAP": "ENDTRAP",
    "MODULE": "ENDMODULE",
    "RECORD": "ENDRECORD",
    "THEN": "ENDIF",
}
"""What ends what. An IF is a block only from its THEN on."""
_CLOSERS = frozenset(_ENDS.values())
_MIDDLES = {"ELSE", "ELSEIF", "CASE", "DEFAULT", "ERROR", "UNDO"}
_STARTS = set(_ENDS) | {"IF", "CONST", "VAR", "PERS", "LOCAL", "GOTO", "RETURN", "RAISE"}
_SYNC = _CLOSERS | _MIDDLES | _STARTS | {"SEMI", "$END", "DO"}
"""Where reading can safely begin again."""
_SMALL = ("SEMI", "THEN", "DO", "RPAR", "RBRACK", "RBRACE", "COMMA", "COLON", "ASSIGN", "LPAR")
"""What is put in when it alone is missing."""
_SHOWN = {
    "SEMI": ";", "RPAR": ")", "RBRACK": "]", "RBRACE": "}", "COMMA": ",", "COLON": ":",
    "ASSIGN": ":=", "LPAR": "(",
}  # fmt: skip
_OPEN = {"LPAR", "LBRACK", "LBRACE"}
_SHUT = {"RPAR", "RBRACK", "RBRACE"}

_TREE: Any = ParseTreeBuilder


class _NoLexer(Lexer):
    """Tokens are fed by hand."""

    def __init__(self, _conf: Any) -> None: ...

    def lex(self, _state: Any, _parser_state: Any) -> Any:
        return iter(())


@lru_cache(maxsize=1)
def _lark() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer=_NoLexer, maybe_placeholders=True)


def parse(source: str, log: Log) -> list[n.Module]:
    """Return the modules of a source; what cannot be read is told in `log` and left out."""
    return _Reader(source, log).read()


class _Reader:
    """Feeds one source to the parser."""

    def __init__(self, source: str, log: Log) -> None:
        self.log = log
        self.scanner = Scanner(source, log)
        self.parser = _lark().parse_interactive()
        conf: Any = copy(self.parser.parser_state.parse_conf)
        conf.callbacks = _callbacks(Build(log))
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
        self.result: list[n.Module] = []

    def read(self) -> list[n.Module]:
        for token in self.scanner.tokens():
            if not self._shallow(token):
                return []
            self._take(token)
        end = Token.new_borrow_pos("$END", "", self.last) if self.last else Token("$END", "")
        if self.last is not None:
            end.line, end.column = self.last.end_line, self.last.end_column
        self._take(end)
        return self.result

    def _shallow(self, token: Token) -> bool:
        """Count what is open; False when that is more than anybody writes."""
        if token.type in _OPEN:
            self.brackets += 1
        elif token.type in _SHUT:
            self.brackets = max(0, self.brackets - 1)
        elif token.type == "SEMI":
            self.brackets = 0
        if max(self.brackets, len(self.open)) > LIMITS.nesting:
            self.log.tell("limit.nesting", span_of(token), limit=LIMITS.nesting)
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
            self.result = result or []
        if token.type in _ENDS:
            self.open.append(token)
        elif token.type in _CLOSERS and self.open and _ENDS[self.open[-1].type] == token.type:
            self.open.pop()
        if token.type not in {"BROKEN", "HOLE"}:
            self.last = token
        if token.type in _SYNC:
            self.lost_on = None

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
        ends = token.type in _CLOSERS or token.type in _MIDDLES or token.type == "$END"
        if ends and self._accepts(self.states, "SEMI", token.type):
            return self._put(token, "SEMI")
        if (ends or token.type in {"PROC", "FUNC", "MODULE", "LOCAL"}) and self._close(token):
            return True
        new_line = self.last is not None and token.line != self.last.end_line
        for kind in _SMALL:
            if kind == "SEMI" and not (new_line or token.type in _SYNC):
                continue
            if kind == "COMMA" and token.type not in {"IDENT", "NUMBER", "STRING", "LBRACK"}:
                continue
            if kind == "ASSIGN" and self._accepts(self.states, "SEMI", token.type):
                continue
            if self._accepts(self.states, kind, token.type):
                return self._put(token, kind)
        for shut in ("RPAR", "RBRACK", "RBRACE"):
            if token.type == "SEMI" and self._accepts(self.states, shut, "SEMI"):
                return self._put(token, shut)
        return False

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
        """Close the innermost block, when what can only stand outside of it has come."""
        if not self.open:
            return False
        opener = self.open[-1]
        end = _ENDS[opener.type]
        if token.type in _CLOSERS:
            fits = end != token.type and any(
                _ENDS[entry.type] == token.type for entry in self.open[:-1]
            )
        elif token.type == "MODULE":
            fits = True
        elif token.type in {"PROC", "FUNC", "LOCAL"}:
            fits = opener.type != "MODULE"
        else:
            fits = token.type in {"$END", "ERROR"}
        if not fits:
            return False
        words = [end]
        if not self._accepts(self.states, *words):
            words = ["SEMI", *words]
            if not self._accepts(self.states, *words):
                return False
        where = span_of(self.last or token).end
        word = "IF" if opener.type == "THEN" else opener.type
        self._tell("parse.not_closed", token, where, word=word, line=opener.line, end=end)
        for entry in words:
            self._feed(Token.new_borrow_pos(entry, _SHOWN.get(entry, entry), self.last or token))
        self.told_at = None
        self._take(token)
        return True

    def _resume(self, token: Token) -> None:
        """Tell what was not expected, give up the least that lets the parser go on."""
        self._tell_unexpected(token)
        self.lost += 1
        if self.lost > 5 * LIMITS.errors:
            raise TooManyErrors
        # What follows on this line up to the next statement is no news.
        self.lost_on = token.line
        everywhere = token.type in _SYNC
        if self._hole(token, everywhere=everywhere):
            self._feed(token)
        elif token.type in _CLOSERS and self.open and _ENDS[self.open[-1].type] == token.type:
            self.open.pop()

    def _hole(self, token: Token, *, everywhere: bool) -> bool:
        """Unwind to where a hole fits and `token` behind it; False leaves all as it was."""
        for keep in range(len(self.states), 0, -1):
            states = self.states[:keep]
            for kind in ("HOLE", "BROKEN"):
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
        if self.told_at is not token and token.line != self.lost_on:
            self.log.tell(key, span, **values)
        self.told_at = token

    def _tell_unexpected(self, token: Token) -> None:
        choices = self.table[self.states[-1]]
        hint: Any = ""
        if token.type == "IDENT":
            hint = nearest(str(token), KEYWORDS & set(choices))
        last = self.last
        if not hint and last is not None and last.type == "IDENT":
            hint = nearest(str(last), KEYWORDS, cutoff=0.75)
        span = span_of(token)
        found = str(token)[:40]
        if token.type == "$END":
            self._tell("parse.unexpected_end", token, span)
        elif self._accepts(self.states, "MODULE") and not hint:
            self._tell("parse.outside", token, span, found=found)
        elif token.type in {"CONST", "VAR", "PERS"} and not hint:
            self._tell("parse.late_data", token, span, word=token.type)
        elif token.type in _CLOSERS | _MIDDLES and not hint:
            self._tell("parse.orphan", token, span, found=token.type)
        elif token.type in KEYWORDS and "IDENT" in choices and not hint:
            self._tell("parse.keyword", token, span, found=found)
        else:
            self._tell("parse.unexpected", token, span, found=found, hint=hint)


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
