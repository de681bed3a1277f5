"""Tokens to nodes, and on behind an error.

Error recovery goes from the least repair to the greatest: one sign is replaced; one missing word or
sign is put in; an open block is closed; and at last, in panic mode, the parser gives up what it has
begun until `HOLE` or `BROKEN` fits, two tokens that no source holds and that stand in each grammar
for an expression, a statement or a declaration that cannot be read.
"""

from collections.abc import Mapping
from itertools import chain, pairwise
from typing import Any, ClassVar, Generic, TypeVar

from lark import Token

from .diagnostic import Span, TooManyErrors, nearest
from .lalr import END, Automaton
from .scanner import Scanner
from .tree import Rules, span_of

Unit = TypeVar("Unit")

HOLES = ("HOLE", "BROKEN")
_OPEN = frozenset({"LPAR", "LBRACK", "LBRACE"})
_SHUT = frozenset({"RPAR", "RBRACK", "RBRACE"})
_SHOWN = {
    "SEMI": ";", "RPAR": ")", "RBRACK": "]", "RBRACE": "}", "COMMA": ",", "COLON": ":",
    "ASSIGN": ":=", "LPAR": "(",
}  # fmt: skip


class Parser(Generic[Unit]):
    """Reads one source, LALR(1); a subclass knows the words of its language."""

    grammar: ClassVar[str]
    keywords: ClassVar[frozenset[str]]
    outermost: ClassVar[str]
    """A word that only fits outside of everything."""
    ends: ClassVar[Mapping[str, str]]
    """What ends the block that a word begins."""
    semicolon_ends: ClassVar[frozenset[str]] = frozenset()
    """Ends of blocks behind which a semicolon has to stand."""
    middles: ClassVar[frozenset[str]]
    """Words that stand between the parts of a block."""
    synchronizing: ClassVar[frozenset[str]]
    """Where reading can safely begin again."""
    insertable: ClassVar[tuple[str, ...]]
    """What is put in when it alone is missing."""
    listed: ClassVar[frozenset[str]]
    """What may stand behind a comma that is missing."""

    def __init__(self, scanner: Scanner, rules: Rules) -> None:
        self.scanner = scanner
        self.log = scanner.log
        self.limits = rules.limits
        self.automaton = Automaton(self.grammar, rules)
        self.closers = frozenset(self.ends.values())
        self.open: list[Token] = []
        self.brackets = 0
        self.last: Token | None = None
        self.follower = END
        """Type of the token behind the one in hand."""
        self.told_at: Token | None = None
        self.lost_on: int | None = None
        self.lost = 0
        self.result: list[Unit] = []

    def read(self) -> list[Unit]:
        """Return what the source holds; what cannot be read is told in the log and left out."""
        for token, follower in pairwise(chain(self.scanner.tokens(), (None,))):
            assert token is not None
            if not self._shallow(token):
                return []
            self.follower = follower.type if follower is not None else END
            self._take(token)
        end = Token.new_borrow_pos(END, "", self.last) if self.last else Token(END, "")
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
        if max(self.brackets, len(self.open)) > self.limits.nesting:
            self.log.tell("limit.nesting", span_of(token), limit=self.limits.nesting)
            return False
        return True

    def _take(self, token: Token) -> None:
        if self.automaton.accepts(token.type):
            self._feed(token)
        elif not (self._replace(token) or self._close_before(token) or self._insert(token)):
            self._panic(token)

    def _feed(self, token: Token) -> None:
        result = self.automaton.feed(token)
        if token.type == END:
            self.result = result or []
        if token.type in self.ends and self._opens(token):
            self.open.append(token)
        else:
            self._shut(token)
        if token.type not in HOLES:
            self.last = token
        if token.type in self.synchronizing:
            self.lost_on = None

    def _opens(self, _token: Token) -> bool:
        """Tell whether a word that begins blocks begins one here."""
        return True

    def _shut(self, token: Token) -> None:
        if self.open and self.ends[self.open[-1].type] == token.type:
            self.open.pop()

    # ---- repairs of a phrase

    def _replace(self, token: Token) -> bool:
        """`=` for `:=` and the reverse: the one mistake that everybody makes."""
        other = {"EQ": "ASSIGN", "ASSIGN": "EQ"}.get(token.type)
        if other is None or not self.automaton.accepts(other):
            return False
        key = "parse.equal_for_assign" if token.type == "EQ" else "parse.assign_for_equal"
        self._tell(key, token, span_of(token))
        self._feed(Token.new_borrow_pos(other, "=" if other == "EQ" else ":=", token))
        return True

    def _close_before(self, token: Token) -> bool:
        """End the statement, or the block, that is open when what cannot stand in it has come."""
        ends = token.type in self.closers or token.type in self.middles or token.type == END
        if ends and self.automaton.accepts("SEMI", token.type):
            self._put(token, "SEMI")
            return True
        return bool(self.open) and self._outside(token) and self._close(token)

    def _outside(self, token: Token) -> bool:
        """Tell whether a token can only stand outside of the innermost block."""
        if token.type not in self.closers:
            return token.type == END
        *outer, inner = (self.ends[entry.type] for entry in self.open)
        return inner != token.type and token.type in outer

    def _close(self, token: Token) -> bool:
        """Close the innermost block."""
        opener = self.open[-1]
        end = self.ends[opener.type]
        words = [end, "SEMI"] if end in self.semicolon_ends else [end]
        if not self.automaton.accepts(*words):
            words = ["SEMI", *words]
            if not self.automaton.accepts(*words):
                return False
        where = span_of(self.last or token).end
        word = "IF" if opener.type == "THEN" else opener.type
        self._tell("parse.not_closed", token, where, word=word, line=opener.line, end=end)
        for entry in words:
            self._feed(Token.new_borrow_pos(entry, _SHOWN.get(entry, entry), self.last or token))
        self.told_at = None
        self._take(token)
        return True

    def _insert(self, token: Token) -> bool:
        """Put in one missing word or sign, when that makes `token` fit."""
        for kind in self.insertable:
            if self._may_miss(kind, token) and self.automaton.accepts(kind, token.type):
                self._put(token, kind)
                return True
        return False

    def _may_miss(self, kind: str, token: Token) -> bool:
        """Tell whether what is missing ahead of a token may be of this type."""
        if kind == "SEMI":
            new_line = self.last is not None and token.line != self.last.end_line
            return new_line or token.type in self.synchronizing
        return kind != "COMMA" or token.type in self.listed

    def _put(self, token: Token, kind: str) -> None:
        """Put in one word or sign ahead of `token`, and tell that it was missing."""
        behind = span_of(self.last).end if self.last else span_of(token)
        if kind in self.keywords:
            self._tell("parse.missing_word", token, behind, word=kind)
        elif kind == "SEMI":
            self._tell("parse.missing_semi", token, behind)
        else:
            self._tell("parse.missing_sign", token, behind, sign=_SHOWN[kind])
        self._feed(Token.new_borrow_pos(kind, _SHOWN.get(kind, kind), self.last or token))
        self._take(token)

    # ---- panic mode

    def _panic(self, token: Token) -> None:
        """Tell what was not expected, give up the least that lets the parser go on."""
        self._tell_unexpected(token)
        self.lost += 1
        if self.lost > 5 * self.limits.errors:
            raise TooManyErrors
        # What follows on this line up to the next statement is no news.
        self.lost_on = token.line
        if self._unwind(token, everywhere=token.type in self.synchronizing):
            self._feed(token)
        elif token.type in self.closers:
            self._shut(token)

    def _unwind(self, token: Token, *, everywhere: bool) -> bool:
        """Go back to where a hole fits and `token` behind it; False leaves all as it was."""
        automaton = self.automaton
        for keep in range(automaton.depth, 0, -1):
            for kind in HOLES:
                if kind not in automaton.choices(keep):
                    continue
                if automaton.accepts(kind, token.type, keep=keep):
                    automaton.unwind(keep)
                    self._feed(Token.new_borrow_pos(kind, "", self.last or token))
                    return True
                if not everywhere:
                    return False
        return False

    # ---- what is told

    def _tell(self, key: str, token: Token, span: Span, **values: Any) -> None:
        """Report once for each token, however many repairs it takes."""
        if self.told_at is not token and token.line != self.lost_on:
            self.log.tell(key, span, **values)
        self.told_at = token

    def _tell_unexpected(self, token: Token) -> None:
        span, hint = span_of(token), self._meant(token)
        if token.type == END:
            self._tell("parse.unexpected_end", token, span)
        elif hint:
            self._tell("parse.unexpected", token, span, found=str(token)[:40], hint=hint)
        else:
            key, found = self._misplaced(token)
            self._tell(key, token, span, **found)

    def _misplaced(self, token: Token) -> tuple[str, dict[str, Any]]:
        """Return the message for a token that does not fit, and its values."""
        found = str(token)[:40]
        if self.automaton.accepts(self.outermost):
            return "parse.outside", {"found": found}
        if token.type in self.closers or token.type in self.middles:
            return "parse.orphan", {"found": token.type}
        if token.type in self.keywords and "IDENT" in self.automaton.choices():
            return "parse.keyword", {"found": found}
        return "parse.unexpected", {"found": found, "hint": ""}

    def _meant(self, token: Token) -> Any:
        """Return "did you mean …" for a keyword that is misspelt, here or just before."""
        hint: Any = ""
        if token.type == "IDENT":
            hint = nearest(str(token), self.keywords & set(self.automaton.choices()))
        last = self.last
        if not hint and last is not None and last.type == "IDENT" and not self._known(str(last)):
            hint = nearest(str(last), self.keywords, cutoff=0.75)
        return hint

    def _known(self, _name: str) -> bool:
        """Tell whether a name has a meaning of its own, and is no misspelt keyword."""
        return False
