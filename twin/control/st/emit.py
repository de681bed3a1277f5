"""Python nodes by short names. Only what is made here ever runs."""

import ast
from collections.abc import Iterable
from typing import Any, TypeVar

from twin.control.syntax.diagnostic import Span

from .kinds import Cell

STEP_NODES = 400
"""Nodes of code that are one step: some twenty statements."""
SLOW, SLOW_NODES = frozenset(("FIND", "CONCAT", "INSERT", "DELETE", "REPLACE")), 400
"""Helpers that take as long as a step when strings are long."""

Node = TypeVar("Node", ast.expr, ast.stmt, ast.Call, ast.BinOp, ast.Subscript)

STATE = "s"
"""The name of the list of all cells in a compiled function."""
BASE = "b"
"""The name of the first cell of a block's instance."""
NOW = "t"
"""The name of the simulation time, ns."""
BUSY, STEPS, FIRST = 0, 1, 2
"""Cells that every program has: is a timer running; steps left to the watchdog; the first other."""


def name(identifier: str) -> ast.Name:
    """Read a variable of the compiled function."""
    return ast.Name(id=identifier, ctx=ast.Load())


def const(value: Cell | tuple[Cell, ...]) -> ast.Constant:
    """Return a constant."""
    anything: Any = value
    return ast.Constant(value=anything)


def true() -> ast.Constant:
    """Return TRUE."""
    return ast.Constant(value=True)


def false() -> ast.Constant:
    """Return FALSE."""
    return ast.Constant(value=False)


def call(function: str, *args: ast.expr) -> ast.Call:
    """Call one of the helpers or compiled functions."""
    return ast.Call(func=name(function), args=list(args), keywords=[])


def item(of: ast.expr, index: ast.expr) -> ast.Subscript:
    """Read an element."""
    return ast.Subscript(value=of, slice=index, ctx=ast.Load())


def cell(index: ast.expr) -> ast.Subscript:
    """Read a cell."""
    return item(name(STATE), index)


def cells(start: ast.expr, count: int) -> ast.Subscript:
    """Read `count` cells from `start`."""
    return item(name(STATE), ast.Slice(lower=start, upper=plus(start, const(count))))


def two(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.BinOp:
    """Return `left op right`."""
    return ast.BinOp(left=left, op=op, right=right)


def number(node: ast.expr) -> int | None:
    """Return the whole number that a node is, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    return None


def plus(left: ast.expr, right: ast.expr) -> ast.expr:
    """Return the sum, already made where both are constants."""
    one, other = number(left), number(right)
    if one is not None and other is not None:
        return const(one + other)
    if other == 0:
        return left
    if one == 0:
        return right
    return two(left, ast.Add(), right)


def compare(left: ast.expr, op: ast.cmpop, right: ast.expr) -> ast.Compare:
    """Return `left op right`."""
    return ast.Compare(left=left, ops=[op], comparators=[right])


def between(low: ast.expr, value: ast.expr, high: ast.expr) -> ast.Compare:
    """Return `low <= value <= high`."""
    return ast.Compare(left=low, ops=[ast.LtE(), ast.LtE()], comparators=[value, high])


def both(*conditions: ast.expr) -> ast.expr:
    """Return `a and b and …`."""
    return ast.BoolOp(op=ast.And(), values=list(conditions))


def either(*conditions: ast.expr) -> ast.expr:
    """Return `a or b or …`."""
    return ast.BoolOp(op=ast.Or(), values=list(conditions))


def negate(condition: ast.expr) -> ast.expr:
    """Return `not condition`."""
    return ast.UnaryOp(op=ast.Not(), operand=condition)


def choose(condition: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.IfExp:
    """Return `then if condition else otherwise`."""
    return ast.IfExp(test=condition, body=then, orelse=otherwise)


def keep(identifier: str, value: ast.expr) -> ast.NamedExpr:
    """Return `(identifier := value)`."""
    return ast.NamedExpr(target=ast.Name(id=identifier, ctx=ast.Store()), value=value)


def many(values: Iterable[ast.expr]) -> ast.Tuple:
    """Return a tuple."""
    return ast.Tuple(elts=list(values), ctx=ast.Load())


def store(target: ast.expr, value: ast.expr) -> ast.Assign:
    """Assign; `target` is what reading the same place would be."""
    assert isinstance(target, ast.Name | ast.Subscript | ast.Tuple)
    target.ctx = ast.Store()
    if isinstance(target, ast.Tuple):
        for part in target.elts:
            assert isinstance(part, ast.Name | ast.Subscript)
            part.ctx = ast.Store()
    return ast.Assign(targets=[target], value=value)


def when(
    condition: ast.expr, then: list[ast.stmt], otherwise: list[ast.stmt] | None = None
) -> ast.If:
    """Return an if statement; an empty body passes."""
    return ast.If(test=condition, body=then or [ast.Pass()], orelse=otherwise or [])


def do(value: ast.expr) -> ast.Expr:
    """Return an expression as a statement."""
    return ast.Expr(value=value)


def single(value: ast.expr) -> ast.expr:
    """Round to single precision, as a REAL is kept."""
    return item(call("U", call("P", value)), const(0))


def at(node: Node, span: Span) -> Node:
    """Say where in the source a node comes from, so that a fault in it finds its line."""
    _mark(node, span.line, span.column)
    return node


def _mark(node: ast.AST, line: int, column: int) -> None:
    vars(node).update(lineno=line, col_offset=column, end_lineno=line, end_col_offset=column)


def function(identifier: str, arguments: list[str], body: list[ast.stmt]) -> ast.FunctionDef:
    """Return a function."""
    made = ast.FunctionDef(
        name=identifier,
        args=ast.arguments(
            posonlyargs=[],
            args=[ast.arg(arg=argument) for argument in arguments],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        ),
        body=body or [ast.Pass()],
        decorator_list=[],
    )
    vars(made).setdefault("type_params", [])
    return made


def steps(body: list[ast.stmt]) -> int:
    """Return what one round of a body is to the watchdog: 1, and more for a long one."""
    size = 0
    for statement in body:
        for node in ast.walk(statement):
            size += SLOW_NODES if isinstance(node, ast.Name) and node.id in SLOW else 1
    return 1 + size // STEP_NODES


def locate(tree: ast.AST) -> None:
    """Give every node without a place that of the node around it; no recursion."""
    waiting = [(tree, 1)]
    while waiting:
        node, line = waiting.pop()
        if isinstance(node, ast.expr | ast.stmt | ast.arg):
            line = getattr(node, "lineno", line)
            _mark(node, line, getattr(node, "col_offset", 0))
        waiting.extend((child, line) for child in ast.iter_child_nodes(node))


def to_cell(node: ast.Name, index: ast.expr) -> None:
    """Turn a local variable, where it stands, into the cell with that index."""
    context = node.ctx
    anything: ast.AST = node
    anything.__class__ = ast.Subscript
    made = cell(index)
    vars(node).update(value=made.value, slice=made.slice, ctx=context)


def at_function(node: ast.FunctionDef, span: Span) -> ast.FunctionDef:
    """Say where a function comes from."""
    node.lineno, node.col_offset = span.line, 0
    return node
