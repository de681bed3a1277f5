# ruff: noqa: D102 (the grammar says what each method is for)
"""From lark's rules to our nodes, while the parser runs: no tree of lark's is ever built."""

from typing import Any

from lark import Token, Transformer, v_args

from . import nodes as n
from .diagnostic import NOWHERE, Log, Span
from .limits import LIMITS


def span_of(child: Any) -> Span:
    """Return the place of a token or a node."""
    if isinstance(child, Token):
        return Span(child.line or 1, child.column or 1, child.end_line or 1, child.end_column or 1)
    span: Span = child.span
    return span


def _nodes(children: Any) -> list[Any]:
    return [c for c in children if c is not None and not isinstance(c, Token)]


@v_args(inline=True)
class Expressions(Transformer[Token, list[n.Module]]):
    """Rules of expressions."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def _deep(self, span: Span, *parts: n.Expr) -> int:
        """Return the depth of an expression around `parts`; tell when that is too much."""
        depth = 1 + max((part.depth for part in parts), default=0)
        if depth == LIMITS.expression + 1:
            self._log.tell("limit.expression", span, limit=LIMITS.expression)
        return depth

    def binary(self, left: n.Expr, op: Token, right: n.Expr) -> n.Expr:
        span = left.span.to(right.span)
        depth = self._deep(span, left, right)
        if depth > LIMITS.expression:
            return n.Bad(span, depth=depth)
        return n.Binary(span, str(op).upper(), left, right, depth=depth)

    def and_not(self, left: n.Expr, op: Token, word: Token, right: n.Expr) -> n.Expr:
        return self.binary(left, op, self.unary(word, right))

    def unary(self, op: Token, operand: n.Expr) -> n.Expr:
        span = span_of(op).to(operand.span)
        depth = self._deep(span, operand)
        if depth > LIMITS.expression:
            return n.Bad(span, depth=depth)
        return n.Unary(span, str(op).upper(), operand, depth=depth)

    def number(self, token: Token) -> n.Expr:
        value = float(token)
        return n.Number(span_of(token), value, value.is_integer() and "." not in token)

    def text(self, token: Token) -> n.Expr:
        return n.Text(span_of(token), str(token))

    def truth(self, token: Token) -> n.Expr:
        return n.Truth(span_of(token), token.type == "TRUE")

    def paren(self, start: Token, inner: n.Expr, end: Token) -> n.Expr:
        inner.span = span_of(start).to(span_of(end))
        inner.parens = True
        return inner

    def aggregate(self, start: Token, *rest: Any) -> n.Expr:
        parts = _nodes(rest)
        span = span_of(start).to(span_of(rest[-1]))
        depth = self._deep(span, *parts)
        if depth > LIMITS.expression:
            return n.Bad(span, depth=depth)
        return n.Aggregate(span, parts, depth=depth)

    def bad(self, token: Token) -> n.Expr:
        return n.Bad(span_of(token))

    def name(self, token: Token) -> n.Expr:
        return n.Name(span_of(token), str(token))

    def member(self, base: n.Expr, _dot: Token, name: Token) -> n.Expr:
        span = base.span.to(span_of(name))
        depth = self._deep(span, base)
        if depth > LIMITS.expression:
            return n.Bad(span, depth=depth)
        return n.Member(span, base, str(name), span_of(name), depth=depth)

    def index(self, base: n.Expr, _l: Token, *rest: Any) -> n.Expr:
        indices = _nodes(rest)
        span = base.span.to(span_of(rest[-1]))
        depth = self._deep(span, base, *indices)
        if depth > LIMITS.expression:
            return n.Bad(span, depth=depth)
        return n.Index(span, base, indices, depth=depth)

    def call(self, name: Token, _l: Token, args: list[n.Arg] | None, end: Token) -> n.Expr:
        span = span_of(name).to(span_of(end))
        depth = self._deep(span, *(a.value for a in args or () if a.value is not None))
        if depth > LIMITS.expression:
            return n.Bad(span, depth=depth)
        return n.Call(span, str(name), span_of(name), args or [], depth=depth)

    def args(self, *parts: Any) -> list[n.Arg]:
        return _nodes(parts)

    def arg(self, value: n.Expr) -> n.Arg:
        return n.Arg(value.span, value)

    def switch(self, slash: Token, name: Token) -> n.Arg:
        return n.Arg(span_of(slash).to(span_of(name)), None, str(name))

    def option(self, slash: Token, name: Token, _assign: Token, value: n.Expr) -> n.Arg:
        return n.Arg(span_of(slash).to(value.span), value, str(name))

    def maybe(self, slash: Token, name: Token, _query: Token, value: Token) -> n.Arg:
        inner = n.Name(span_of(value), str(value))
        return n.Arg(span_of(slash).to(inner.span), inner, str(name), maybe=True)


@v_args(inline=True)
class Statements(Expressions):
    """Rules of statements."""

    def nothing(self, *_: Any) -> None:
        return None

    def statements(self, *entries: Any) -> list[n.Stmt]:
        return _nodes(entries)

    def assign(self, target: n.Expr, _assign: Token, value: n.Expr, _end: Token) -> n.Stmt:
        return n.Assign(target.span.to(value.span), target, value)

    def invoke(self, name: Token, args: list[n.Arg] | None, end: Token) -> n.Stmt:
        span = span_of(name).to(span_of(end))
        return n.Invoke(span, str(name), span_of(name), args or [])

    def compact(self, word: Token, condition: n.Expr, inner: n.Stmt | None) -> n.Stmt:
        span = span_of(word).to(condition.span)
        return n.If(span, [n.Branch(span, condition, [inner] if inner is not None else [])])

    def if_(
        self, word: Token, condition: n.Expr, _then: Token, body: list[n.Stmt], *rest: Any
    ) -> n.Stmt:
        span = span_of(word).to(condition.span)
        return n.If(span, [n.Branch(span, condition, body), *_nodes(rest)])

    def elseif(self, word: Token, condition: n.Expr, _then: Token, body: list[n.Stmt]) -> n.Branch:
        return n.Branch(span_of(word).to(condition.span), condition, body)

    def otherwise(self, word: Token, body: list[n.Stmt]) -> n.Branch:
        return n.Branch(span_of(word), None, body)

    def while_(
        self, word: Token, condition: n.Expr, _do: Token, body: list[n.Stmt], *_: Any
    ) -> n.Stmt:
        return n.While(span_of(word).to(condition.span), condition, body)

    def for_(self, word: Token, name: Token, *rest: Any) -> n.Stmt:
        start, end, *step, body = _nodes(rest)
        span = span_of(word).to((step or [end])[0].span)
        return n.For(span, str(name), span_of(name), start, end, step[0] if step else None, body)

    def step(self, _word: Token, value: n.Expr) -> n.Expr:
        return value

    def test(self, word: Token, value: n.Expr, *rest: Any) -> n.Stmt:
        return n.Test(span_of(word).to(value.span), value, _nodes(rest))

    def case(self, word: Token, *rest: Any) -> n.Case:
        *values, body = _nodes(rest)
        return n.Case(span_of(word).to(values[-1].span), values, body)

    def default(self, word: Token, _colon: Token, body: list[n.Stmt]) -> n.Case:
        return n.Case(span_of(word), [], body)

    def label(self, name: Token, _colon: Token) -> n.Stmt:
        return n.Label(span_of(name), str(name))

    def goto(self, word: Token, name: Token, _end: Token) -> n.Stmt:
        return n.Goto(span_of(word).to(span_of(name)), str(name), span_of(name))

    def return_(self, word: Token, value: n.Expr | None, end: Token) -> n.Stmt:
        return n.Return(span_of(word).to(span_of(end)), value)

    def raise_(self, word: Token, value: n.Expr | None, end: Token) -> n.Stmt:
        return n.Raise(span_of(word).to(span_of(end)), value)

    def word(self, word: Token, _end: Token) -> n.Stmt:
        return n.Word(span_of(word), word.type)

    def connect(self, word: Token, *_: Token) -> None:
        self._log.tell("absent.interrupt", span_of(word))


@v_args(inline=True)
class Routines(Statements):
    """Rules of routines and their parameters."""

    def mode(self, word: Token) -> Token:
        return word

    def proc(self, local: Token | None, word: Token, name: Token, *rest: Any) -> n.Routine:
        _, params, _, body, end = rest
        nothing = n.Name(NOWHERE, "")
        return self._routine(local, word, nothing, name, params, body, end)

    def func(
        self, local: Token | None, word: Token, type_: n.Name, name: Token, *rest: Any
    ) -> n.Routine:
        _, params, _, body, end = rest
        return self._routine(local, word, type_, name, params, body, end)

    def _routine(
        self,
        local: Token | None,
        word: Token,
        type_: n.Name,
        name: Token,
        params: list[n.Param] | None,
        body: "_Body",
        end: Token,
    ) -> n.Routine:
        return n.Routine(
            span_of(word).to(span_of(name)),
            local is not None,
            type_.name,
            type_.span,
            str(name),
            span_of(name),
            params or [],
            body.data,
            body.statements,
            body.handler,
            body.handler_span,
            span_of(end),
        )

    def body(self, *parts: Any) -> "_Body":
        data = [part for part in parts if isinstance(part, n.Data)]
        *_, statements, handler, _undo = parts
        found = handler or _Handler(NOWHERE, None)
        return _Body(data, statements, found.body, found.span)

    def handler(self, word: Token, statements: list[n.Stmt]) -> "_Handler":
        return _Handler(span_of(word), statements)

    def undo(self, word: Token, _statements: list[n.Stmt]) -> None:
        self._log.tell("absent.undo", span_of(word))

    def params(self, *parts: Any) -> list[n.Param]:
        found: list[n.Param] = []
        for group, part in enumerate(_nodes(parts), start=1):
            if isinstance(part, n.Param):
                found.append(part)
            else:
                for entry in part:
                    entry.optional, entry.group = True, group
                    found.append(entry)
        return found

    def options(self, *parts: Any) -> list[n.Param]:
        return _nodes(parts)

    def param(
        self, mode: Token | None, type_: n.Name, name: Token, stars: "_Stars | None"
    ) -> n.Param:
        span = type_.span.to(span_of(name))
        kind = mode.type if mode is not None else "IN"
        return n.Param(span, kind, type_.name, type_.span, str(name), stars.count if stars else 0)

    choice = param


@v_args(inline=True)
class Build(Routines):
    """Rules of modules and declarations."""

    def start(self, *modules: Any) -> list[n.Module]:
        return _nodes(modules)

    def attributes(self, *_: Any) -> None:
        return None

    def module(self, word: Token, name: Token, *rest: Any) -> n.Module:
        parts, end = _nodes(rest), rest[-1]
        data = [part for part in parts if isinstance(part, n.Data)]
        routines = [part for part in parts if isinstance(part, n.Routine)]
        return n.Module(span_of(word).to(span_of(name)), str(name), data, routines, span_of(end))

    def scope(self, word: Token) -> Token:
        return word

    def kind(self, word: Token) -> Token:
        return word

    def type_name(self, name: Token) -> n.Name:
        return n.Name(span_of(name), str(name))

    def sizes(self, _l: Token, *rest: Any) -> "_Sizes":
        return _Sizes(_nodes(rest))

    def stars(self, *rest: Token) -> "_Stars":
        return _Stars(sum(1 for token in rest if token.type == "STAR"))

    def data(self, scope: Token | None, *rest: Any) -> n.Data:
        return self._data(str(scope or "").upper(), *rest)

    def local(self, *rest: Any) -> n.Data:
        return self._data("", *rest)

    def _data(self, scope: str, kind: Token, type_: n.Name, name: Token, *rest: Any) -> n.Data:
        sizes, _, value, end = rest
        return n.Data(
            span_of(kind).to(span_of(end)),
            scope,
            kind.type,
            type_.name,
            type_.span,
            str(name),
            span_of(name),
            list(sizes or ()),
            value,
        )

    def record(self, word: Token, *_: Any) -> None:
        self._log.tell("absent.record", span_of(word))

    def alias(self, word: Token, *_: Any) -> None:
        self._log.tell("absent.alias", span_of(word))

    def field(self, *_: Any) -> None:
        return None

    def trap(self, _local: Token | None, word: Token, *_: Any) -> None:
        self._log.tell("absent.interrupt", span_of(word))


class _Sizes(list[n.Expr]):
    pass


class _Stars:
    def __init__(self, count: int) -> None:
        self.count = count


class _Handler:
    def __init__(self, span: Span, body: list[n.Stmt] | None) -> None:
        self.span, self.body = span, body


class _Body:
    def __init__(
        self,
        data: list[n.Data],
        statements: list[n.Stmt],
        handler: list[n.Stmt] | None,
        handler_span: Span,
    ) -> None:
        self.data, self.statements = data, statements
        self.handler, self.handler_span = handler, handler_span
