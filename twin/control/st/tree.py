# ruff: noqa: D102 (the grammar says what each method is for)
"""From lark's rules to the nodes of Structured Text."""

from typing import Any

from lark import Token, v_args

from twin.control.syntax import tree
from twin.control.syntax.diagnostic import Span
from twin.control.syntax.tree import Rules, nodes_of, span_of

from . import nodes as n
from .limits import Limits


def _extent(children: tuple[Any, ...]) -> Span:
    placed = [c for c in children if c is not None and not isinstance(c, list)]
    return span_of(placed[0]).to(span_of(placed[-1]))


@v_args(inline=True)
class Expressions(tree.Expressions):
    """Rules of expressions."""

    def literal(self, token: Token) -> n.Expr:
        return n.Literal(span_of(token), str(token))

    def direct(self, token: Token) -> n.Expr:
        return n.Direct(span_of(token), str(token).upper())

    def call(self, callee: n.Expr | Token, _l: Token, *rest: Any) -> n.Expr:
        if isinstance(callee, Token):
            callee = n.Name(span_of(callee), str(callee.type))
        args: list[n.Arg] = rest[0] if len(rest) == 2 else []
        made = n.Call(callee.span.to(span_of(rest[-1])), callee, args)
        return self._around(made, callee, *(arg.value for arg in args))

    def value_arg(self, value: n.Expr) -> n.Arg:
        return n.Arg(value.span, value)

    def input_arg(self, name: Token, _assign: Token, value: n.Expr) -> n.Arg:
        return n.Arg(span_of(name).to(value.span), value, str(name))

    def output_arg(self, *parts: Any) -> n.Arg:
        name, _arrow, value = parts[-3:]
        negated = len(parts) == 4
        return n.Arg(_extent(parts), value, str(name), output=True, negated=negated)


@v_args(inline=True)
class Statements(tree.Statements):
    """Rules of statements."""

    limits: Limits

    def invoke(self, call: n.Expr, _end: Token) -> n.Invoke:
        return n.Invoke(call.span, call)

    def if_(
        self, word: Token, condition: n.Expr, then: Token, body: list[n.Stmt], *rest: Any
    ) -> n.If:
        made = super().if_(word, condition, then, body, *rest)
        self._check(word, made.branches)
        return made

    def _check(self, word: Token, branches: list[Any]) -> None:
        if len(branches) > self.limits.branches:
            self._log.tell("limit.branches", span_of(word), limit=self.limits.branches)

    def case(self, word: Token, selector: n.Expr, _of: Token, *rest: Any) -> n.Case:
        choices: list[n.Choice] = []
        for part in nodes_of(rest):
            if isinstance(part, n.Branch):
                choices.append(n.Choice(part.span, [], part.body))
            elif isinstance(part, n.Choice):
                choices.append(part)
            elif choices:
                choices[-1].body.append(part)
            else:
                self._log.tell("case.before_label", part.span)
        self._check(word, choices)
        return n.Case(span_of(word).to(selector.span), selector, choices)

    def labels(self, *parts: Any) -> n.Choice:
        labels = nodes_of(parts)
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

    def repeat(
        self, word: Token, body: list[n.Stmt], _until: Token, condition: n.Expr, *_: Any
    ) -> n.Repeat:
        return n.Repeat(span_of(word), condition, body)

    def jump(self, word: Token, _end: Token) -> n.Jump:
        return n.Jump(span_of(word), str(word).upper())


@v_args(inline=True)
class Types(Rules):
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
        *ranges, element = nodes_of(rest)
        return n.ArrayType(span_of(word).to(element.span), ranges, element)

    def range(self, low: n.Expr, _range: Token, high: n.Expr) -> "_Range":
        return _Range((low, high))

    def struct_type(self, word: Token, *rest: Any) -> n.StructType:
        return n.StructType(span_of(word), nodes_of(rest))

    def bad_type(self, token: Token) -> n.BadType:
        return n.BadType(span_of(token))

    def array_initial(self, *parts: Any) -> n.ArrayInitial:
        return n.ArrayInitial(_extent(parts), nodes_of(parts))

    def struct_initial(self, *parts: Any) -> n.StructInitial:
        fields = [part for part in parts if isinstance(part, _Field)]
        return n.StructInitial(_extent(parts), [part.entry for part in fields])

    def field_initial(self, name: Token, _assign: Token, value: Any) -> "_Field":
        return _Field(span_of(name), (str(name), span_of(name), value))

    def repeated(self, count: Token, *parts: Any) -> n.Repeated:
        literal = n.Literal(span_of(count), str(count))
        return n.Repeated(_extent((count, *parts)), literal, nodes_of(parts))


@v_args(inline=True)
class Declarations(Rules):
    """Rules of units, variables and configurations."""

    def start(self, *units: Any) -> list[n.Unit]:
        flat: list[n.Unit] = []
        for unit in nodes_of(units):
            flat.extend(unit if isinstance(unit, list) else [unit])
        return flat

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
        return nodes_of(rest)

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
        return n.Configuration(span_of(word), str(name), nodes_of(rest))

    def config_item(self, item: Any) -> Any:
        return item

    resource_item = config_item

    def resource(
        self, word: Token, name: Token, _on: Token, _where: Token, *rest: Any
    ) -> n.Configuration:
        return n.Configuration(span_of(word), str(name), nodes_of(rest))

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
