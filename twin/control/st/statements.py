"""Statements: their code."""

import ast
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from twin.spec.messages import phrase

from . import emit as e
from . import nodes as n
from .calls import invoke, store, writable
from .convert import adapt, implicit
from .expressions import condition, fixed, place, value
from .frame import Frame
from .kinds import BOOL, Elementary, same, wrap
from .values import Place, Value, wrong

_CHAIN = 8
"""Branches of a CASE up to which they are tried in turn; beyond, their number is looked up."""


def body(f: Frame, statements: list[n.Stmt]) -> list[ast.stmt]:
    """Return the code of statements, one after the other."""
    made: list[ast.stmt] = []
    ended = False
    f.level += 1
    for statement in statements:
        if ended:
            f.log.caution("warn.unreachable", statement.span)
            ended = False
        lines = _STATEMENTS[type(statement)](f, statement)
        made.extend(e.at(line, statement.span) for line in lines)
        ended = isinstance(statement, n.Jump)
    f.level -= 1
    return made


def _assign(f: Frame, node: n.Assign) -> list[ast.stmt]:
    made = None if isinstance(node.target, n.Bad) else place(f, node.target)
    if made is None:
        value(f, node.value)
        return []
    if not isinstance(made.type, Elementary):
        return _copy(f, node, made)
    result = implicit(f, value(f, node.value), made.type, node.value.span)
    if not writable(f, made, node.target):
        return []
    made.root.writes.append(node.target.span)
    _warn_overwritten(f, made, node)
    return [] if result.wrong else store(f, made, result)


def _warn_overwritten(f: Frame, target: Place, node: n.Assign) -> None:
    """Tell of a value that is replaced before anybody can have seen it."""
    root = target.root
    if f.level != 1 or target.held is None or target.bit is not None or f.callees or root.by_ref:
        return
    reads, line = f.straight.get(root, (-1, 0))
    if reads == root.reads:
        f.log.caution("warn.overwritten", node.span, name=root.name, line=line)
    f.straight[root] = (root.reads, node.span.line)


def _copy(f: Frame, node: n.Assign, target: Place) -> list[ast.stmt]:
    source = place(f, node.value)
    if source is None or not writable(f, target, node.target):
        return []
    target.root.writes.append(node.target.span)
    source.root.reads += 1
    if not same(target.type, source.type):
        f.log.tell(
            "type.mismatch",
            node.value.span,
            source=source.type.name,
            target=target.type.name,
            remedy=phrase("st.remedy.same"),
        )
        return []
    count = target.type.cells
    steps = f.charge(e.const(count // 64)) if count > 64 else []
    return [*steps, e.store(e.cells(target.index(), count), e.cells(source.index(), count))]


def _invoke(f: Frame, node: n.Invoke) -> list[ast.stmt]:
    return invoke(f, node.call) if isinstance(node.call, n.Call) else []


def _if(f: Frame, node: n.If) -> list[ast.stmt]:
    branches = []
    for branch in node.branches:
        test = None if branch.condition is None else condition(f, branch.condition)
        if test is not None and branch.condition is not None:
            _warn_constant(f, test, branch.condition)
        branches.append((test, body(f, branch.body), branch.span))
    made: list[ast.stmt] = []
    for test, code, span in reversed(branches):
        made = code if test is None else [e.at(e.when(test.node, code, made), span)]
    return made


def _warn_constant(f: Frame, test: Value, node: n.Expr) -> None:
    if test.const is not None and not isinstance(node, n.Literal):
        f.log.caution("warn.always", node.span, value=str(bool(test.const)).upper())


def _case(f: Frame, node: n.Case) -> list[ast.stmt]:
    selector = value(f, node.selector)
    if not selector.wrong and selector.type.family not in {"int", "bits"}:
        f.log.tell("case.selector", node.selector.span, type=selector.type.name)
        selector = wrong()
    seen: list[tuple[int, int]] = []
    branches: list[tuple[list[tuple[int, int]], list[ast.stmt]]] = []
    otherwise: list[ast.stmt] = []
    for choice in node.choices:
        labels = [_label(f, label, selector, seen) for label in choice.labels]
        code = body(f, choice.body)
        if choice.labels:
            branches.append(([span for span in labels if span is not None], code))
        else:
            otherwise = code
    if selector.wrong:
        return []
    held = f.temp()
    first: ast.stmt = e.store(e.name(held), selector.clean())
    if len(branches) > _CHAIN:
        return [first, *_looked_up(f, held, branches, otherwise)]
    made = otherwise
    for spans, code in reversed(branches):
        made = [e.when(_within(held, spans), code, made)]
    return [first, *made]


def _label(
    f: Frame, node: n.Label, selector: Value, seen: list[tuple[int, int]]
) -> tuple[int, int] | None:
    ends = []
    for entry in (node.low, node.high or node.low):
        made = fixed(f, entry)
        if made.wrong or selector.wrong:
            return None
        met = adapt(made, selector.type) if made.bare else made
        if met is None or (met.type.root is not selector.type.root and not made.bare):
            met = implicit(f, made, selector.type, entry.span)
        if met.wrong or not isinstance(met.const, int):
            return None
        ends.append(met.const)
    low, high = ends
    if low > high:
        f.log.tell("case.empty_range", node.span, low=low, high=high)
        return None
    at = bisect_right(seen, (low, high))
    if (at and seen[at - 1][1] >= low) or (at < len(seen) and seen[at][0] <= high):
        f.log.tell("case.twice", node.span)
        return None
    seen.insert(at, (low, high))
    return low, high


def _within(held: str, spans: list[tuple[int, int]]) -> ast.expr:
    single = [low for low, high in spans if low == high]
    tests: list[ast.expr] = []
    if len(single) == 1:
        tests.append(e.compare(e.name(held), ast.Eq(), e.const(single[0])))
    elif single:
        tests.append(e.compare(e.name(held), ast.In(), e.const(tuple(single))))
    tests += [
        e.between(e.const(low), e.name(held), e.const(high)) for low, high in spans if low != high
    ]
    if not tests:
        return e.false()
    return tests[0] if len(tests) == 1 else e.either(*tests)


def _looked_up(
    f: Frame,
    held: str,
    branches: list[tuple[list[tuple[int, int]], list[ast.stmt]]],
    otherwise: list[ast.stmt],
) -> list[ast.stmt]:
    """Find the branch by halving: the bounds of all labels are known and do not overlap."""
    bounds = sorted(
        (low, high, number) for number, (spans, _) in enumerate(branches) for low, high in spans
    )
    starts: list[int] = []
    numbers = [len(branches)]
    for low, high, number in bounds:
        if starts and starts[-1] == low:
            numbers[-1] = number
        else:
            starts.append(low)
            numbers.append(number)
        starts.append(high + 1)
        numbers.append(len(branches))
    table, edges = f.unit.table(list(numbers)), f.unit.table(list(starts))
    found = e.item(e.name(table), e.call("BISECT", e.name(edges), e.name(held)))
    bodies = [*(code for _, code in branches), otherwise]
    return [e.store(e.name(held), found), *_halved(held, bodies, 0)]


def _halved(held: str, bodies: list[list[ast.stmt]], first: int) -> list[ast.stmt]:
    if len(bodies) == 1:
        return bodies[0]
    half = len(bodies) // 2
    test = e.compare(e.name(held), ast.Lt(), e.const(first + half))
    low, high = _halved(held, bodies[:half], first), _halved(held, bodies[half:], first + half)
    return [e.when(test, low, high)]


def _loop(f: Frame, node: n.Stmt, statements: list[n.Stmt]) -> list[ast.stmt]:
    f.loops += 1
    if f.loops == f.limits.loops + 1:
        f.log.tell("limit.loops", node.span, limit=f.limits.loops)
    made = body(f, statements) if f.loops <= f.limits.loops else []
    f.loops -= 1
    return made


def _counted(f: Frame, node: n.Stmt, code: list[ast.stmt]) -> list[ast.stmt]:
    """Return a round of a loop: its code behind what it takes from the watchdog."""
    charge = f.charge(e.const(e.steps(code)))
    return [*(e.at(line, node.span) for line in charge), *code]


def _while(f: Frame, node: n.While) -> list[ast.stmt]:
    test = condition(f, node.condition)
    if test.const is False:
        f.log.caution("warn.always", node.condition.span, value="FALSE")
    code = _loop(f, node, node.body)
    return [ast.While(test=test.node, body=_counted(f, node, code), orelse=[])]


def _repeat(f: Frame, node: n.Repeat) -> list[ast.stmt]:
    code = _loop(f, node, node.body)
    test = condition(f, node.condition)
    first = f.temp()
    again = e.either(e.name(first), e.at(ast.UnaryOp(ast.Not(), test.node), node.condition.span))
    inner = [e.store(e.name(first), e.false()), *_counted(f, node, code)]
    return [
        e.store(e.name(first), e.true()),
        ast.While(test=again, body=inner, orelse=[]),
    ]


def _for(f: Frame, node: n.For) -> list[ast.stmt]:
    control = place(f, node.variable)
    ends = [value(f, node.start), value(f, node.end)]
    step = fixed(f, node.step) if node.step is not None else None
    if control is None:
        _loop(f, node, node.body)
        return []
    kind = control.type
    if (
        not isinstance(kind, Elementary)
        or kind.family != "int"
        or not isinstance(node.variable, n.Name)
    ):
        f.log.tell("for.variable", node.variable.span)
        _loop(f, node, node.body)
        return []
    good = writable(f, control, node.variable)
    control.root.writes.append(node.variable.span)
    control.root.reads += 1
    low, high = (
        implicit(f, entry, kind.root, part.span)
        for entry, part in zip(ends, (node.start, node.end), strict=True)
    )
    by = 1 if step is None else step.const
    if step is not None and not step.wrong and (not isinstance(by, int) or by == 0):
        f.log.tell("for.step", node.span)
        good = False
    f.controls.append(control.root)
    code = _loop(f, node, node.body)
    f.controls.pop()
    if not good or low.wrong or high.wrong or not isinstance(by, int):
        return []
    return _rounds(f, node, control, (low, high, by), code)


def _rounds(
    f: Frame, node: n.For, control: Place, ends: tuple[Value, Value, int], code: list[ast.stmt]
) -> list[ast.stmt]:
    low, high, by = ends
    kind = control.type
    assert isinstance(kind, Elementary)
    last, rounds = f.temp(), f.temp()
    made: list[ast.stmt] = [
        *store(f, control, low),
        e.store(
            e.name(rounds),
            e.call(
                "R",
                _again(f, control),
                e.plus(high.clean(), e.const(1 if by > 0 else -1)),
                e.const(by),
            ),
        ),
    ]
    target = _again(f, control)
    assert isinstance(target, ast.Name | ast.Subscript)
    target.ctx = ast.Store()
    # After the last round the variable is one step past it, as if counted by hand.
    behind: ast.expr = e.plus(_again(f, control), e.const(by))
    after = Value(kind, behind, dirty=True).clean()
    ended = e.when(e.name(rounds), [e.store(_again(f, control), after)])
    made.append(
        ast.For(target=target, iter=e.name(rounds), body=_counted(f, node, code), orelse=[ended])
    )
    del last
    return made


def _again(f: Frame, where: Place) -> ast.expr:
    """Return code that reads a place once more."""
    if where.held is not None:
        return f.hold(where.root)
    return e.cell(where.index())


def _jump(f: Frame, node: n.Jump) -> list[ast.stmt]:
    if node.word == "RETURN":
        return f.leave()
    if f.loops == 0:
        f.log.tell("jump.outside", node.span, word=node.word)
        return []
    return [ast.Break() if node.word == "EXIT" else ast.Continue()]


_STATEMENTS: dict[type[n.Stmt], Callable[[Frame, Any], list[ast.stmt]]] = {
    n.Assign: _assign,
    n.Invoke: _invoke,
    n.If: _if,
    n.Case: _case,
    n.For: _for,
    n.While: _while,
    n.Repeat: _repeat,
    n.Jump: _jump,
}
__all__ = ["BOOL", "body", "wrap"]
