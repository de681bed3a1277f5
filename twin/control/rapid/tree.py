# ruff: noqa: D102 (the grammar says what each method is for)
"""From lark's rules to the nodes of RAPID."""

from typing import Any

from lark import Token, v_args

from twin.control.syntax import tree
from twin.control.syntax.diagnostic import NOWHERE, Span
from twin.control.syntax.tree import nodes_of, span_of

from . import nodes as n


@v_args(inline=True)
class Expressions(tree.Expressions):
    """Rules of expressions."""

    def and_not(self, left: n.Expr, op: Token, word: Token, right: n.Expr) -> n.Expr:
        return self.binary(left, op, self.unary(word, right))

    def number(self, token: Token) -> n.Expr:
        value = float(token)
        return n.Number(span_of(token), value, value.is_integer() and "." not in token)

    def text(self, token: Token) -> n.Expr:
        return n.Text(span_of(token), str(token))

    def truth(self, token: Token) -> n.Expr:
        return n.Truth(span_of(token), token.type == "TRUE")

    def aggregate(self, start: Token, *rest: Any) -> n.Expr:
        parts: list[n.Expr] = nodes_of(rest)
        span = span_of(start).to(span_of(rest[-1]))
        return self._around(n.Aggregate(span, parts), *parts)

    def call(self, name: Token, _l: Token, args: list[n.Arg] | None, end: Token) -> n.Expr:
        made = n.Call(span_of(name).to(span_of(end)), str(name), span_of(name), args or [])
        return self._around(made, *(arg.value for arg in made.args if arg.value is not None))

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
class Statements(Expressions, tree.Statements):
    """Rules of statements."""

    def invoke(self, name: Token, args: list[n.Arg] | None, end: Token) -> n.Stmt:
        span = span_of(name).to(span_of(end))
        return n.Invoke(span, str(name), span_of(name), args or [])

    def compact(self, word: Token, condition: n.Expr, inner: n.Stmt | None) -> n.Stmt:
        span = span_of(word).to(condition.span)
        return n.If(span, [n.Branch(span, condition, [inner] if inner is not None else [])])

    def for_(self, word: Token, name: Token, *rest: Any) -> n.Stmt:
        start, end, *step, body = nodes_of(rest)
        span = span_of(word).to((step or [end])[0].span)
        return n.For(span, str(name), span_of(name), start, end, step[0] if step else None, body)

    def step(self, _word: Token, value: n.Expr) -> n.Expr:
        return value

    def test(self, word: Token, value: n.Expr, *rest: Any) -> n.Stmt:
        return n.Test(span_of(word).to(value.span), value, nodes_of(rest))

    def case(self, word: Token, *rest: Any) -> n.Case:
        *values, body = nodes_of(rest)
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
        for group, part in enumerate(nodes_of(parts), start=1):
            if isinstance(part, n.Param):
                found.append(part)
            else:
                for entry in part:
                    entry.optional, entry.group = True, group
                    found.append(entry)
        return found

    def options(self, *parts: Any) -> list[n.Param]:
        return nodes_of(parts)

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
        return nodes_of(modules)

    def attributes(self, *_: Any) -> None:
        return None

    def module(self, word: Token, name: Token, *rest: Any) -> n.Module:
        parts, end = nodes_of(rest), rest[-1]
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
        return _Sizes(nodes_of(rest))

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
