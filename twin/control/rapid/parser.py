"""The words of RAPID by which a text is read, and read on behind an error."""

from typing import Any, ClassVar

from lark import Token

from twin.control.syntax import parser
from twin.control.syntax.diagnostic import Log
from twin.control.syntax.lalr import END

from . import nodes as n
from .grammar import GRAMMAR
from .limits import LIMITS
from .scanner import KEYWORDS, Scanner
from .tree import Build

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
_MIDDLES = frozenset({"ELSE", "ELSEIF", "CASE", "DEFAULT", "ERROR", "UNDO"})
_STARTS = {"IF", "CONST", "VAR", "PERS", "LOCAL", "GOTO", "RETURN", "RAISE"}
_ROUTINES = {"PROC", "FUNC", "LOCAL"}


def parse(source: str, log: Log) -> list[n.Module]:
    """Return the modules of a source; what cannot be read is told in `log` and left out."""
    return Parser(Scanner(source, log), Build(log, LIMITS)).read()


class Parser(parser.Parser[n.Module]):
    """Reads one source."""

    grammar = GRAMMAR
    keywords = KEYWORDS
    outermost = "MODULE"
    ends: ClassVar[dict[str, str]] = _ENDS
    middles = _MIDDLES
    synchronizing = _MIDDLES | {*_ENDS, *_ENDS.values(), *_STARTS, "SEMI", END, "DO"}
    insertable = (
        "SEMI", "THEN", "DO", "RPAR", "RBRACK", "RBRACE", "COMMA", "COLON", "ASSIGN", "LPAR",
    )  # fmt: skip
    listed = frozenset({"IDENT", "NUMBER", "STRING", "LBRACK"})

    def _outside(self, token: Token) -> bool:
        if token.type in _ROUTINES:
            return self.open[-1].type != "MODULE"
        return token.type in {"MODULE", "ERROR"} or super()._outside(token)

    def _may_miss(self, kind: str, token: Token) -> bool:
        if kind == "ASSIGN" and self.automaton.accepts("SEMI", token.type):
            return False
        return super()._may_miss(kind, token)

    def _misplaced(self, token: Token) -> tuple[str, dict[str, Any]]:
        key, values = super()._misplaced(token)
        if token.type in {"CONST", "VAR", "PERS"} and key != "parse.outside":
            return "parse.late_data", {"word": token.type}
        return key, values
