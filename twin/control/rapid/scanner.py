"""Source text to tokens."""

import re
from collections.abc import Iterator
from typing import ClassVar

from lark import Token

from twin.control.syntax import scanner
from twin.control.syntax.diagnostic import Span

from .limits import LIMITS

KEYWORDS = frozenset(
    """
    ALIAS AND BACKWARD CASE CONNECT CONST DEFAULT DIV DO ELSE ELSEIF ENDFOR ENDFUNC ENDIF ENDMODULE
    ENDPROC ENDRECORD ENDTEST ENDTRAP ENDWHILE ERROR EXIT FALSE FOR FROM FUNC GOTO IF INOUT LOCAL
    MOD MODULE NOSTEPIN NOT NOVIEW OR PERS PROC RAISE READONLY RECORD RETRY RETURN STEP SYSMODULE
    TASK TEST THEN TO TRAP TRUE TRYNEXT UNDO VAR VIEWONLY WHILE WITH XOR
    """.split()  # noqa: SIM905 (read along its lines)
)
"""Reserved words. `CASE` and its like cannot be names."""

SIGNS = {
    ":=": "ASSIGN", "<=": "LE", ">=": "GE", "<>": "NE", "<": "LT", ">": "GT", "=": "EQ",
    "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "(": "LPAR", ")": "RPAR",
    "[": "LBRACK", "]": "RBRACK", "{": "LBRACE", "}": "RBRACE", ",": "COMMA", ";": "SEMI",
    ":": "COLON", ".": "DOT", "\\": "BSLASH", "?": "QUERY", "|": "BAR",
}  # fmt: skip

# What people bring from other languages, and what it is called here.
_FOREIGN = {"==": "=", "!=": "<>", "&&": "AND", "||": "OR", "//": "!", "'": '"'}
_WIDE = {
    "；": ";", "：": ":", "（": "(", "）": ")", "，": ",", "＝": "=", "［": "[", "］": "]",
    "｛": "{", "｝": "}", "“": '"', "”": '"', "！": "!", "＼": "\\", "。": ".",
}  # fmt: skip
_WORDS = {
    "ELSIF": "ELSEIF", "ELIF": "ELSEIF", "END_IF": "ENDIF", "END_WHILE": "ENDWHILE",
    "END_FOR": "ENDFOR", "END_PROC": "ENDPROC", "END_FUNC": "ENDFUNC", "END_TEST": "ENDTEST",
    "END_MODULE": "ENDMODULE",
}  # fmt: skip

_SCAN = re.compile(
    r"""
    (?P<space>[\s\ufeff]+)
  | (?P<comment>![^\n]*)
  | (?P<word>[^\W\d]\w*)
  | (?P<number>0[xX][0-9A-Fa-f]+|0[bB][01]+|0[oO][0-7]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<string>"(?:[^"\n]|"")*")
  | (?P<open>"[^\n]*)
  | (?P<late>%)
  | (?P<foreign>==|&&|\|\||//)
  | (?P<sign>:=|<=|>=|<>|[-<>=+*/()\[\]{},;:.\\?|])
    """,
    re.VERBOSE,
)
_HEADER = re.compile(r"\s*%%%.*?%%%", re.DOTALL)
"""What a robot controller writes ahead of a module: version and language."""


class Scanner(scanner.Scanner):
    """Cuts one source into tokens and tells what is no token at all."""

    wide: ClassVar[dict[str, str]] = _WIDE

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens, without space and comments."""
        header = _HEADER.match(self.source)
        at, size = header.end() if header else 0, len(self.source)
        while at < size:
            match = _SCAN.match(self.source, at)
            if match is None:
                at = self._stray(at)
                continue
            at = match.end()
            if match.lastgroup not in {"space", "comment"}:
                token = self._token(match.lastgroup or "", match)
                if token is not None:
                    yield token
                if match.lastgroup == "foreign" and match[0] == "//":
                    newline = self.source.find("\n", at)
                    at = size if newline < 0 else newline

    def _token(self, kind: str, match: re.Match[str]) -> Token | None:
        text, span = match[0], self.span(match.start(), match.end())
        name: str | None = None
        if kind == "word":
            name, text = self._word(text, span)
        elif kind == "number":
            name, text = "NUMBER", self._number(text, span)
        elif kind == "string":
            name = "STRING"
            text = text[1:-1].replace('""', '"')
            if len(text) > LIMITS.string:
                self.log.tell("scan.long_string", span, found=len(text), limit=LIMITS.string)
                text = ""
        elif kind == "open":
            self.log.tell("scan.open_string", span)
            name, text = "STRING", ""
        elif kind == "foreign":
            meant = _FOREIGN[text]
            self.log.tell("scan.foreign", span, found=text, meant=meant)
            name = SIGNS.get(meant, meant) if meant != "!" else None
            text = meant
        elif kind == "late":
            self.log.tell("absent.late", span)
        else:
            name = SIGNS[text]
        if name is None:
            return None
        token = Token(name, text, match.start())
        token.line, token.column, token.end_line, token.end_column = span
        token.end_pos = match.end()
        return token

    def _word(self, text: str, span: Span) -> tuple[str, str]:
        upper = text.upper()
        if upper in KEYWORDS:
            return upper, text
        if upper in _WORDS:
            self.log.tell("scan.word", span, found=text, meant=_WORDS[upper])
            return _WORDS[upper], text
        if len(text) > LIMITS.name:
            self.log.tell("scan.long_name", span, found=len(text), limit=LIMITS.name)
            text = text[: LIMITS.name]
        return "IDENT", text

    def _number(self, text: str, span: Span) -> str:
        if len(text) > 60:
            self.log.tell("scan.long_number", span)
            return "0"
        if text[:2].lower() in {"0x", "0b", "0o"}:
            return repr(float(int(text, 0)))
        value = float(text)
        if value == float("inf"):
            self.log.tell("scan.long_number", span)
            return "0"
        return text

    def _stray(self, at: int) -> int:
        if self.source[at] == "'":
            self.log.tell("scan.foreign", self.span(at, at + 1), found="'", meant='"')
            return at + 1
        return super()._stray(at)
