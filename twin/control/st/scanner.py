"""Source text to tokens.

A scanner of our own stands before lark's parser because comments nest, which no regular expression
can say, and because a reserved word must stay one wherever it stands: only so can a forgotten
END_IF be told from a variable.
"""

import re
from collections.abc import Iterator
from typing import ClassVar

from lark import Token

from twin.control.syntax import scanner
from twin.control.syntax.diagnostic import Log

KEYWORDS = frozenset(
    (
        "AND",
        "ARRAY",
        "AT",
        "BY",
        "CASE",
        "CONFIGURATION",
        "CONSTANT",
        "CONTINUE",
        "DO",
        "ELSE",
        "ELSIF",
        "END_CASE",
        "END_CONFIGURATION",
        "END_FOR",
        "END_FUNCTION",
        "END_FUNCTION_BLOCK",
        "END_IF",
        "END_PROGRAM",
        "END_REPEAT",
        "END_RESOURCE",
        "END_STRUCT",
        "END_TYPE",
        "END_VAR",
        "END_WHILE",
        "EXIT",
        "FALSE",
        "FOR",
        "FUNCTION",
        "FUNCTION_BLOCK",
        "F_EDGE",
        "IF",
        "MOD",
        "NON_RETAIN",
        "NOT",
        "OF",
        "ON",
        "OR",
        "PROGRAM",
        "REPEAT",
        "RESOURCE",
        "RETAIN",
        "RETURN",
        "R_EDGE",
        "STRUCT",
        "TASK",
        "THEN",
        "TO",
        "TRUE",
        "TYPE",
        "UNTIL",
        "VAR",
        "VAR_EXTERNAL",
        "VAR_GLOBAL",
        "VAR_INPUT",
        "VAR_IN_OUT",
        "VAR_OUTPUT",
        "VAR_TEMP",
        "WHILE",
        "WITH",
        "XOR",
    )
)
_OPERATORS = {
    ":=": "ASSIGN",
    "=>": "ARROW",
    "..": "RANGE",
    "**": "POWER",
    "<=": "LE",
    ">=": "GE",
    "<>": "NE",
    "<": "LT",
    ">": "GT",
    "=": "EQ",
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "/": "SLASH",
    "&": "AND",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LBRACK",
    "]": "RBRACK",
    ",": "COMMA",
    ";": "SEMI",
    ":": "COLON",
    ".": "DOT",
}
# what people bring from other languages, and what it is called here
_FOREIGN = {"==": "=", "!=": "<>", "&&": "AND", "||": "OR", "!": "NOT", "|": "OR", "%": "MOD"}

ABSENT = frozenset(
    (
        *("METHOD", "CLASS", "INTERFACE", "NAMESPACE", "EXTENDS", "IMPLEMENTS", "REF_TO"),
        *("POINTER", "VAR_CONFIG", "VAR_ACCESS", "VAR_INST", "INITIAL_STEP", "PERSISTENT"),
    )
)
"""Words of the standard, or of its neighbours, that begin what is not there."""

_WORDS = {
    "ELSEIF": "ELSIF",
    "ELIF": "ELSIF",
    **{f"END{word}": f"END_{word}" for word in ("IF", "CASE", "FOR", "WHILE", "REPEAT", "VAR")},
}

_NUMBER = r"(?:\d[\d_]*\#[0-9A-Za-z_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)"
_STRING = r"'(?:[^'$\n]|\$[^\n])*'|\"(?:[^\"$\n]|\$[^\n])*\""
_SCAN = re.compile(
    rf"""
    (?P<space>[\s\ufeff]+)
  | (?P<line>//[^\n]*)
  | (?P<block>\(\*|/\*)
  | (?P<pragma>\{{[^}}]*\}})
  | (?P<time>(?:L?TIME|L?T)\#[+-]?(?:[0-9A-Za-z_]|\.[0-9])*)
  | (?P<moment>(?:L?DATE_AND_TIME|L?DT|L?TIME_OF_DAY|L?TOD|L?DATE|L?D)\#[0-9:_-]*(?:\.[0-9]+)?)
  | (?P<typed>[^\W\d]\w*\#(?:{_STRING}|[+-]?{_NUMBER}|[^\W\d]\w*)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<number>{_NUMBER})
  | (?P<string>{_STRING})
  | (?P<open>['"][^\n]*)
  | (?P<direct>%[IQMiqm](?:[XBWDLxbwdl]?\d+(?:\.\d+)*|[XBWDLxbwdl]?\*)|%[XBWDLxbwdl]\d+)
  | (?P<foreign>==|!=|&&|\|\||!|\||%)
  | (?P<operator>:=|=>|\.\.|\*\*|<=|>=|<>|[-<>=+*/&()\[\],;:.])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LITERALS = {"time", "moment", "typed", "number", "string"}
LONGEST_LITERAL = 200
"""Characters of a number, a date or a name; strings may be longer."""


class Scanner(scanner.Scanner):
    """Cuts one source into tokens and tells what is no token at all."""

    wide: ClassVar[dict[str, str]] = {
        "；": ";", "：": ":", "（": "(", "）": ")", "，": ",", "＝": "=",
    }  # fmt: skip

    def __init__(self, source: str, log: Log) -> None:
        super().__init__(source, log)
        self.cut = False
        """Whether a comment swallowed the rest, so that nothing about the end is news."""

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens, without space, comments and pragmas."""
        at, size = 0, len(self.source)
        while at < size:
            match = _SCAN.match(self.source, at)
            if match is None:
                at = self._stray(at)
                continue
            kind = match.lastgroup or ""
            if kind == "block":
                at = self._skip_comment(at)
                continue
            at = match.end()
            if kind not in {"space", "line", "pragma"}:
                yield self._token(kind, match)

    def _token(self, kind: str, match: re.Match[str]) -> Token:
        text, start, end = match[0], match.start(), match.end()
        name = text
        if kind == "word":
            upper = text.upper()
            name = upper if upper in KEYWORDS else "IDENT"
            if upper in {"TRUE", "FALSE"}:
                name = "LITERAL"
            elif upper in _WORDS:
                name = _WORDS[upper]
                self.log.tell("scan.word", self.span(start, end), found=text, meant=name)
        elif kind in _LITERALS:
            name = "LITERAL"
        elif kind == "direct":
            name = "DIRECT"
        elif kind == "open":
            self.log.tell("scan.open_string", self.span(start, end), quote=text[0])
            name, text = "LITERAL", text[0] * 2
        elif kind == "foreign":
            meant = _FOREIGN[text]
            self.log.tell("scan.foreign", self.span(start, end), found=text, meant=meant)
            name, text = _OPERATORS.get(meant, meant), meant
        else:
            name = _OPERATORS[text]
        if kind != "string" and len(text) > LONGEST_LITERAL and kind != "typed":
            self.log.tell("scan.long", self.span(start, end), limit=LONGEST_LITERAL)
            name, text = ("IDENT", text[:LONGEST_LITERAL]) if kind == "word" else ("LITERAL", "0")
        where = self.span(start, end)
        return Token(name, text, start, where.line, where.column, where.end_line, where.end_column)

    def _skip_comment(self, start: int) -> int:
        closing = {"(*": "*)", "/*": "*/"}
        marks = re.compile(r"\(\*|\*\)|/\*|\*/")
        open_marks, at = [self.source[start : start + 2]], start + 2
        while open_marks:
            match = marks.search(self.source, at)
            if match is None:
                self.log.tell("scan.open_comment", self.span(start, start + 2))
                self.cut = True
                return len(self.source)
            at = match.end()
            if match[0] == closing[open_marks[-1]]:
                open_marks.pop()
            elif match[0] == open_marks[-1]:
                open_marks.append(match[0])
        return at

    def _stray(self, at: int) -> int:
        if self.source[at] == "{":
            self.log.tell("scan.open_pragma", self.span(at, at + 1))
            self.cut = True
            return len(self.source)
        return super()._stray(at)
