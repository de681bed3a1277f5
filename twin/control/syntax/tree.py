# ruff: noqa: D102 (the grammars say what each method is for)
"""From lark's rules to our nodes, while the parser runs: no tree of lark's is ever built."""

from typing import Any, TypeVar

from lark import Token, Transformer, v_args

from . import nodes as n
from .diagnostic import Log, Span
from .limits import Limits

E = TypeVar("E", bound=n.Expr)


def span_of(child: Any) -> Span:
    """Return the place of a token or a node."""
    if isinstance(child, Token):
        return Span(child.line or 1, child.column or 1, child.end_line or 1, child.end_column or 1)
    span: Span = child.span
    return span


def nodes_of(children: Any) -> list[Any]:
    """Return what of a rule's symbols is a node, without tokens and what is left out."""
    return [c for c in children if c is not None and not isinstance(c, Token)]


class Rules(Transformer[Token, Any]):
    """What all rules have in common.

    One method a rule; a method's arguments are the rule's symbols in their order.
    """

    def __init__(self, log: Log, limits: Limits) -> None:
        super().__init__()
        self._log = log
        self.limits = limits

    def _around(self, node: E, *parts: n.Expr) -> E | n.Bad:
        """Return an expression around `parts`, with its depth; tell when that is too much."""
        node.depth = 1 + max((part.depth for part in parts), default=0)
        limit = self.limits.expression
        if node.depth == limit + 1:
            self._log.tell("limit.expression", node.span, limit=limit)
        return n.Bad(node.span, depth=node.depth) if node.depth > limit else node


@v_args(inline=True)
class Expressions(Rules):
    """Rules of expressions."""

    def binary(self, left: n.Expr, op: Token, right: n.Expr) -> n.Expr:
        word = "AND" if op.type == "AND" else str(op).upper()
        return self._around(n.Binary(left.span.to(right.span), word, left, right), left, right)

    def unary(self, op: Token, operand: n.Expr) -> n.Expr:
        span = span_of(op).to(operand.span)
        return self._around(n.Unary(span, str(op).upper(), operand), operand)

    def paren(self, start: Token, inner: n.Expr, end: Token) -> n.Expr:
        inner.span = span_of(start).to(span_of(end))
        inner.parens = True
        return inner

    def bad(self, token: Token) -> n.Expr:
        return n.Bad(span_of(token))

    def name(self, token: Token) -> n.Expr:
        return n.Name(span_of(token), str(token))

    def member(self, base: n.Expr, _dot: Token, name: Token) -> n.Expr:
        place = span_of(name)
        return self._around(n.Member(base.span.to(place), base, str(name), place), base)

    def index(self, base: n.Expr, _open: Token, *rest: Any) -> n.Expr:
        indices: list[n.Expr] = nodes_of(rest)
        span = base.span.to(span_of(rest[-1]))
        return self._around(n.Index(span, base, indices), base, *indices)

    def args(self, *parts: Any) -> list[Any]:
        return nodes_of(parts)


@v_args(inline=True)
class Statements(Rules):
    """Rules of statements."""

    def nothing(self, *_: Any) -> None:
        return None

    def statements(self, *entries: Any) -> list[n.Stmt]:
        return nodes_of(entries)

    def assign(self, target: n.Expr, _assign: Token, value: n.Expr, _end: Token) -> n.Assign:
        return n.Assign(target.span.to(value.span), target, value)

    def if_(
        self, word: Token, condition: n.Expr, then: Token, body: list[n.Stmt], *rest: Any
    ) -> n.If:
        first = self.elsif(word, condition, then, body)
        return n.If(first.span, [first, *nodes_of(rest)])

    def elsif(self, word: Token, condition: n.Expr, _then: Token, body: list[n.Stmt]) -> n.Branch:
        return n.Branch(span_of(word).to(condition.span), condition, body)

    def otherwise(self, word: Token, body: list[n.Stmt]) -> n.Branch:
        return n.Branch(span_of(word), None, body)

    def while_(
        self, word: Token, condition: n.Expr, _do: Token, body: list[n.Stmt], *_: Any
    ) -> n.While:
        return n.While(span_of(word).to(condition.span), condition, body)
