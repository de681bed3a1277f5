"""The words of Structured Text by which a text is read, and read on behind an error."""

from typing import Any, ClassVar

from lark import Token

from twin.control.syntax import parser
from twin.control.syntax.diagnostic import Log, Span
from twin.control.syntax.lalr import END
from twin.control.syntax.tree import span_of

from . import nodes as n
from .grammar import GRAMMAR
from .kinds import elementary
from .limits import Limits
from .scanner import ABSENT, KEYWORDS, Scanner
from .tree import Build

_VARS = (
    *("VAR", "VAR_INPUT", "VAR_OUTPUT", "VAR_IN_OUT", "VAR_TEMP"),
    *("VAR_GLOBAL", "VAR_EXTERNAL"),
)
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
    **dict.fromkeys(_VARS, "END_VAR"),
}
_MIDDLES = frozenset({"ELSE", "ELSIF", "UNTIL"})


def parse(source: str, log: Log, limits: Limits) -> list[n.Unit]:
    """Return the units of a source; what cannot be read is told in `log` and left out."""
    return Parser(Scanner(source, log), Build(log, limits)).read()


class Parser(parser.Parser[n.Unit]):
    """Reads one source."""

    scanner: Scanner
    grammar = GRAMMAR
    keywords = KEYWORDS
    outermost = "TYPE"
    ends: ClassVar[dict[str, str]] = _ENDS
    semicolon_ends = frozenset({"END_IF", "END_CASE", "END_FOR", "END_WHILE", "END_REPEAT"})
    middles = _MIDDLES
    synchronizing = _MIDDLES | {*_ENDS, *_ENDS.values(), "SEMI", END, "THEN", "DO", "OF"}
    insertable = ("SEMI", "THEN", "DO", "OF", "RPAR", "RBRACK", "COMMA", "COLON", "ASSIGN")
    listed = frozenset({"IDENT", "LITERAL"})

    def _opens(self, token: Token) -> bool:
        # In a configuration PROGRAM begins an instance, which nothing ends.
        return token.type != "PROGRAM" or not self.open

    def _insert(self, token: Token) -> bool:
        if (
            token.type == "IDENT"
            and elementary(str(token))
            and self.automaton.accepts("COLON", "IDENT")
        ):
            self._put(token, "COLON")
            return True
        return self._leave_var(token) or super()._insert(token)

    def _may_miss(self, kind: str, token: Token) -> bool:
        begins = token.type == "IDENT" and self.follower in {"ASSIGN", "COLON"}
        return (kind == "SEMI" and begins) or super()._may_miss(kind, token)

    def _leave_var(self, token: Token) -> bool:
        """Close a VAR block in which statements, or another block, begin."""
        if not self.open or _ENDS[self.open[-1].type] != "END_VAR" or self.last is None:
            return False
        again: list[Token] = []
        begins = token.type in {"ASSIGN", "LPAR", "DOT", "LBRACK"}
        if begins and self.automaton.top is self.last:
            again = [self.last]
        elif token.type not in _ENDS:
            return False
        keep = self.automaton.depth - len(again)
        types = ("END_VAR", *(entry.type for entry in again), token.type)
        if not self.automaton.accepts(*types, keep=keep):
            return False
        opener, where = self.open[-1], span_of(again[0] if again else token)
        self._tell(
            "parse.not_closed", token, where, word=opener.type, line=opener.line, end="END_VAR"
        )
        self.automaton.unwind(keep)
        self._feed(Token.new_borrow_pos("END_VAR", "END_VAR", again[0] if again else token))
        for entry in again:
            self._feed(entry)
        self._take(token)
        return True

    def _tell(self, key: str, token: Token, span: Span, **values: Any) -> None:
        for word in (token, self.last):
            if word is not None and word.type == "IDENT" and str(word).upper() in ABSENT:
                key, span, values = "parse.absent", span_of(word), {"word": str(word).upper()}
        if self.scanner.cut and token.type == END:
            self.told_at = token
        super()._tell(key, token, span, **values)

    def _known(self, name: str) -> bool:
        return elementary(name) is not None
