# ruff: noqa: D102 (the grammar says what each method is for)
"""From lark's rules to our nodes, while the parser runs: no tree of lark's is ever built."""

from typing import Any

from lark import Token, Transformer, v_args

from . import nodes as n
from .diagnostic import Log, Span
from .limits import Limits


def span_of(child: Any) -> Span:
    """Return the place of a token or a node."""
    if isinstance(child, Token):
        return Span(child.line or 1, child.column or 1, child.end_line or 1, child.end_column or 1)
    span: Span = child.span
    return span


def _around(children: tuple[Any, ...]) -> Span:
    placed = [c for c in children if c is not None and not isinstance(c, list)]
    return span_of(placed[0]).to(span_of(placed[-1]))


def _nodes(children: tuple[Any, ...]) -> list[Any]:
    return [c for c in children if c is not None and not isinstance(c, Token)]


class _Base(Transformer[Token, list[n.Unit]]):
    """What the rules have in common."""

    def __init__(self, log: Log, limits: Limits) -> None:
        super().__init__()
        self._log = log
        self._limits = limits

    def _deep(self, span: Span, *parts: n.Expr) -> int:
        """Return the depth of an expression around `parts`; tell when that is too much."""
        depth = 1 + max(part.depth for part in parts)
        if depth == self._limits.expression + 1:
            self._log.tell("limit.expression", span, limit=self._limits.expression)
        return depth


@v_args(inline=True)
class Expressions(_Base):
    """Rules of expressions."""

    def binary(self, left: n.Expr, op: Token, right: n.Expr) -> n.Expr:
        span = left.span.to(right.span)
        depth = self._deep(span, left, right)
        if depth > self._limits.expression:
            return n.Bad(span, depth=depth)
        word = "AND" if op.type == "AND" else str(op).upper()
        return n.Binary(span, word, left, right, depth=depth)

    def unary(self, op: Token, operand: n.Expr) -> n.Expr:
        span = span_of(op).to(operand.span)
        depth = self._deep(span, operand)
        if depth > self._limits.expression:
            return n.Bad(span, depth=depth)
        return n.Unary(span, str(op).upper(), operand, depth=depth)

    def literal(self, token: Token) -> n.Expr:
        return n.Literal(span_of(token), str(token))

    def paren(self, start: Token, inner: n.Expr, end: Token) -> n.Expr:
        inner.span = span_of(start).to(span_of(end))
        return inner

    def bad(self, token: Token) -> n.Expr:
        return n.Bad(span_of(token))

    def name(self, token: Token) -> n.Expr:
        return n.Name(span_of(token), str(token))

    def direct(self, token: Token) -> n.Expr:
        return n.Direct(span_of(token), str(token).upper())

    def member(self, base: n.Expr, _dot: Token, name: Token) -> n.Expr:
        span = base.span.to(span_of(name))
        depth = self._deep(span, base)
        if depth > self._limits.expression:
            return n.Bad(span, depth=depth)
        return n.Member(span, base, str(name), span_of(name), depth=depth)

    def index(self, base: n.Expr, _l: Token, *rest: Any) -> n.Expr:
        indices: list[n.Expr] = _nodes(rest)
        span = base.span.to(span_of(rest[-1]))
        depth = self._deep(span, base, *indices)
        if depth > self._limits.expression:
            return n.Bad(span, depth=depth)
        return n.Index(span, base, indices, depth=depth)

    def call(self, callee: n.Expr | Token, _l: Token, *rest: Any) -> n.Expr:
        if isinstance(callee, Token):
            callee = n.Name(span_of(callee), str(callee.type))
        args: list[n.Arg] = rest[0] if len(rest) == 2 else []
        span = callee.span.to(span_of(rest[-1]))
        depth = self._deep(span, callee, *(arg.value for arg in args))
        if depth > self._limits.expression:
            return n.Bad(span, depth=depth)
        return n.Call(span, callee, args, depth=depth)

    def args(self, *parts: Any) -> list[n.Arg]:
        return _nodes(parts)

    def value_arg(self, value: n.Expr) -> n.Arg:
        return n.Arg(value.span, value)

    def input_arg(self, name: Token, _assign: Token, value: n.Expr) -> n.Arg:
        return n.Arg(span_of(name).to(value.span), value, str(name))

    def output_arg(self, *parts: Any) -> n.Arg:
        name, _arrow, value = parts[-3:]
        negated = len(parts) == 4
        return n.Arg(_around(parts), value, str(name), output=True, negated=negated)


@v_args(inline=True)
class Statements(_Base):
    """Rules of statements."""

    def statements(self, *entries: Any) -> list[n.Stmt]:
        return _nodes(entries)

    def assign(self, target: n.Expr, _assign: Token, value: n.Expr, _end: Token) -> n.Assign:
        return n.Assign(target.span.to(value.span), target, value)

    def invoke(self, call: n.Expr, _end: Token) -> n.Invoke:
        return n.Invoke(call.span, call)

    def if_(
        self, word: Token, condition: n.Expr, _then: Token, body: list[n.Stmt], *rest: Any
    ) -> n.If:
        branches = [n.Branch(span_of(word).to(condition.span), condition, body), *_nodes(rest)]
        if len(branches) > self._limits.branches:
            self._log.tell("limit.branches", span_of(word), limit=self._limits.branches)
        return n.If(span_of(word).to(condition.span), branches)

    def elsif(self, word: Token, condition: n.Expr, _then: Token, body: list[n.Stmt]) -> n.Branch:
        return n.Branch(span_of(word).to(condition.span), condition, body)

    def otherwise(self, word: Token, body: list[n.Stmt]) -> n.Branch:
        return n.Branch(span_of(word), None, body)

    def case(self, word: Token, selector: n.Expr, _of: Token, *rest: Any) -> n.Case:
        choices: list[n.Choice] = []
        for part in _nodes(rest):
            if isinstance(part, n.Branch):
                choices.append(n.Choice(part.span, [], part.body))
            elif isinstance(part, n.Choice):
                choices.append(part)
            elif choices:
                choices[-1].body.append(part)
            else:
                self._log.tell("case.before_label", part.span)
        if len(choices) > self._limits.branches:
            self._log.tell("limit.branches", span_of(word), limit=self._limits.branches)
        return n.Case(span_of(word).to(selector.span), selector, choices)

    def labels(self, *parts: Any) -> n.Choice:
        labels = _nodes(parts)
        return n.Choice(labels[0].span.to(labels[-1].span), labels, [])

    def label(self, low: n.Expr, _range: Token | None, high: n.Expr | None) -> n.Label:
        return n.Label(low.span.to(high.span) if high else low.span, low, high)

    def for_(
        self,
        word: Token,
        variable: n.Expr,
        _assign: Token,
        start: n.Expr,
        _to: Token,
        end: n.Expr,
        step: n.Expr | None,
        _do: Token,
        body: list[n.Stmt],
        *_: Token,
    ) -> n.For:
        place = span_of(word).to((step or end).span)
        return n.For(place, variable, start, end, step, body)

    def by(self, _by: Token, step: n.Expr) -> n.Expr:
        return step

    def while_(
        self, word: Token, condition: n.Expr, _do: Token, body: list[n.Stmt], *_: Token
    ) -> n.While:
        return n.While(span_of(word).to(condition.span), condition, body)

    def repeat(
        self, word: Token, body: list[n.Stmt], _until: Token, condition: n.Expr, *_: Any
    ) -> n.Repeat:
        return n.Repeat(span_of(word), condition, body)

    def jump(self, word: Token, _end: Token) -> n.Jump:
        return n.Jump(span_of(word), str(word).upper())


@v_args(inline=True)
class Types(_Base):
    """Rules of types and initial values."""

    def named_type(self, name: Token) -> n.NamedType:
        return n.NamedType(span_of(name), str(name))

    def edge_type(self, name: Token, edge: Token) -> n.NamedType:
        return n.NamedType(span_of(name), str(name), edge=str(edge).upper())

    def sized_type(self, name: Token, _l: Token, length: n.Expr, end: Token) -> n.NamedType:
        return n.NamedType(span_of(name).to(span_of(end)), str(name), length=length)

    def range_type(
        self, name: Token, _l: Token, low: n.Expr, _r: Token, high: n.Expr, end: Token
    ) -> n.NamedType:
        return n.NamedType(span_of(name).to(span_of(end)), str(name), low=low, high=high)

    def items_type(self, name: Token, _l: Token, items: list[n.Arg], end: Token) -> n.NamedType:
        return n.NamedType(span_of(name).to(span_of(end)), str(name), items=items)

    def enum_type(self, start: Token, items: list[n.Arg], end: Token) -> n.NamedType:
        return n.NamedType(span_of(start).to(span_of(end)), "INT", items=items)

    def array_type(self, word: Token, *rest: Any) -> n.ArrayType:
        *ranges, element = _nodes(rest)
        return n.ArrayType(span_of(word).to(element.span), ranges, element)

    def range(self, low: n.Expr, _range: Token, high: n.Expr) -> "_Range":
        return _Range((low, high))

    def struct_type(self, word: Token, *rest: Any) -> n.StructType:
        return n.StructType(span_of(word), _nodes(rest))

    def bad_type(self, token: Token) -> n.BadType:
        return n.BadType(span_of(token))

    def array_initial(self, *parts: Any) -> n.ArrayInitial:
        return n.ArrayInitial(_around(parts), _nodes(parts))

    def struct_initial(self, *parts: Any) -> n.StructInitial:
        fields = [part for part in parts if isinstance(part, _Field)]
        return n.StructInitial(_around(parts), [part.entry for part in fields])

    def field_initial(self, name: Token, _assign: Token, value: Any) -> "_Field":
        return _Field(span_of(name), (str(name), span_of(name), value))

    def repeated(self, count: Token, *parts: Any) -> n.Repeated:
        literal = n.Literal(span_of(count), str(count))
        return n.Repeated(_around((count, *parts)), literal, _nodes(parts))


@v_args(inline=True)
class Declarations(_Base):
    """Rules of units, variables and configurations."""

    def start(self, *units: Any) -> list[n.Unit]:
        flat: list[n.Unit] = []
        for unit in _nodes(units):
            flat.extend(unit if isinstance(unit, list) else [unit])
        return flat

    def nothing(self, *_: Any) -> None:
        return None

    def program(self, word: Token, name: Token, *rest: Any) -> n.Pou:
        return self._pou(word, name, None, rest)

    def function(
        self, word: Token, name: Token, _colon: Any, result: n.TypeSpec | None, *rest: Any
    ) -> n.Pou:
        return self._pou(word, name, result, rest)

    def function_block(self, word: Token, name: Token, *rest: Any) -> n.Pou:
        return self._pou(word, name, None, rest)

    def _pou(
        self, word: Token, name: Token, result: n.TypeSpec | None, rest: tuple[Any, ...]
    ) -> n.Pou:
        *blocks, body, _end = rest
        return n.Pou(str(word).upper(), str(name), span_of(name), result, blocks, body)

    def types(self, _word: Token, *rest: Any) -> list[n.TypeDecl]:
        return _nodes(rest)

    def type_decl(
        self, name: Token, _colon: Token, spec: n.TypeSpec, _assign: Any, initial: Any, _end: Token
    ) -> n.TypeDecl:
        return n.TypeDecl(span_of(name), str(name), spec, initial)

    def var_block(self, kind: Token, *rest: Any) -> n.VarBlock:
        qualifiers = [part.word for part in rest if isinstance(part, _Qualifier)]
        decls = [part for part in rest if isinstance(part, n.VarDecl)]
        return n.VarBlock(span_of(kind), str(kind).upper(), qualifiers, decls)

    def var_kind(self, word: Token) -> Token:
        return word

    def qualifier(self, word: Token) -> "_Qualifier":
        return _Qualifier(str(word).upper())

    def var_decl(
        self,
        names: list[tuple[str, Span]],
        _at: Any,
        direct: Token | None,
        _colon: Token,
        spec: n.TypeSpec,
        _assign: Any,
        initial: Any,
        end: Token,
    ) -> n.VarDecl:
        at = None if direct is None else n.Direct(span_of(direct), str(direct).upper())
        return n.VarDecl(names[0][1].to(span_of(end)), names, at, spec, initial)

    def names(self, *tokens: Token) -> list[tuple[str, Span]]:
        return [(str(t), span_of(t)) for t in tokens if t.type == "IDENT"]

    def configuration(self, word: Token, name: Token, *rest: Any) -> n.Configuration:
        return n.Configuration(span_of(word), str(name), _nodes(rest))

    def config_item(self, item: Any) -> Any:
        return item

    error_item = nothing
    resource_item = config_item

    def resource(
        self, word: Token, name: Token, _on: Token, _where: Token, *rest: Any
    ) -> n.Configuration:
        return n.Configuration(span_of(word), str(name), _nodes(rest))

    def task(self, word: Token, name: Token, _l: Token, args: list[n.Arg], *_: Token) -> n.TaskDecl:
        return n.TaskDecl(span_of(word).to(span_of(name)), str(name), args)

    def instance(
        self,
        _word: Token,
        name: Token,
        _with: Token | None,
        task: Token | None,
        _colon: Token,
        program: Token,
        _end: Token,
    ) -> n.Instance:
        where = span_of(task) if task else span_of(name)
        called = None if task is None else str(task)
        return n.Instance(span_of(name), str(name), called, str(program), where, span_of(program))


class Build(Declarations, Types, Statements, Expressions):
    """One method a rule; a method's arguments are the rule's symbols in their order."""


class _Qualifier:
    """CONSTANT, RETAIN, NON_RETAIN."""

    def __init__(self, word: str) -> None:
        self.word = word


class _Range(tuple[n.Expr, n.Expr]):
    """`low..high` of an array."""


class _Field:
    """`name := value` in the initial value of a structure."""

    def __init__(self, span: Span, entry: tuple[str, Span, n.Initial]) -> None:
        self.span = span
        self.entry = entry
