"""Calls of functions and of function blocks' instances."""

import ast
from dataclasses import dataclass

from twin.control.syntax.diagnostic import nearest
from twin.spec.messages import phrase

from . import emit as e
from . import nodes as n
from .convert import implicit
from .expressions import VALUES, place, value
from .frame import Frame
from .kinds import Block, Elementary, Field, Type, same
from .scope import Routine, Variable, fold
from .standard import call_standard
from .values import Place, Value, wrong


def call_function(f: Frame, node: n.Call) -> Value:
    """Return what a function gives back."""
    if not isinstance(node.callee, n.Name):
        f.log.tell("call.not_function", node.callee.span)
        return wrong()
    name = node.callee.name
    routine = f.unit.routines.get(fold(name))
    if routine is None:
        return _other(f, node, name)
    if routine.node.kind != "FUNCTION":
        f.log.tell("call.needs_instance", node.span, name=routine.name)
        return wrong()
    code = _code(f, node, routine)
    if routine.result is None:
        f.log.tell("call.no_result", node.span, name=routine.name)
        return wrong()
    return wrong() if code is None else Value(routine.result, code)


def _other(f: Frame, node: n.Call, name: str) -> Value:
    if f.unit.is_function(name):
        return call_standard(f, node, name)
    found = f.find(name)
    if found is not None:
        key = "call.block_value" if isinstance(found.type, Block) else "call.not_function"
        f.log.tell(key, node.span, name=found.name)
        return wrong()
    if isinstance(f.unit.named.get(fold(name)), Block):
        f.log.tell("call.needs_instance", node.span, name=name)
        return wrong()
    hint = nearest(name, f.unit.functions()) or phrase("st.hint.function")
    f.log.tell("call.unknown", node.callee.span, name=name[:60], hint=hint)
    return wrong()


@dataclass(slots=True)
class _Bound:
    """The arguments of a call by the folded name of the parameter."""

    inputs: dict[str, n.Arg]
    outputs: dict[str, n.Arg]


def bind(
    f: Frame, node: n.Call, name: str, inputs: dict[str, str], outputs: dict[str, str]
) -> _Bound | None:
    """Sort the arguments of a call; the dicts hold names as written by folded name."""
    bound = _Bound({}, {})
    order = list(inputs)
    for arg in node.args:
        _named(f, arg, inputs)
    formal = [arg for arg in node.args if arg.name is not None]
    if formal and len(formal) != len(node.args):
        f.log.tell("call.mixed", node.span)
        return None
    if not formal and len(node.args) > len(order):
        f.log.tell("call.too_many", node.span, name=name, found=len(node.args), wanted=len(order))
        return None
    good = True
    for number, arg in enumerate(node.args):
        folded = order[number] if arg.name is None else fold(arg.name)
        into, other = (bound.outputs, inputs) if arg.output else (bound.inputs, outputs)
        known = outputs if arg.output else inputs
        if folded not in known:
            wrong_way = folded in other
            key = "call.direction" if wrong_way else "call.parameter"
            sign = ":=" if arg.output else "=>"
            hint = nearest(arg.name or "", known.values()) or phrase(
                "st.hint.choices", choices=", ".join(known.values()) or "–"
            )
            f.log.tell(key, arg.span, name=name, parameter=arg.name, hint=hint, sign=sign)
            good = False
        elif folded in into:
            f.log.tell("call.twice", arg.span, parameter=known[folded])
            good = False
        else:
            into[folded] = arg
    return bound if good else None


def _named(f: Frame, arg: n.Arg, inputs: dict[str, str]) -> None:
    """Take `IN = x` for what was meant, `IN := x`, and tell."""
    pair = arg.value
    if arg.name is not None or not isinstance(pair, n.Binary) or pair.op != "=":
        return
    left = pair.left
    if isinstance(left, n.Name) and fold(left.name) in inputs and f.find(left.name) is None:
        f.log.tell("parse.equal_for_assign", arg.span)
        arg.name, arg.value = left.name, pair.right


def _code(f: Frame, node: n.Call, routine: Routine) -> ast.expr | None:
    """Return the call of a function of the program, with what it writes back."""
    params = routine.of_kind("VAR_INPUT", "VAR_IN_OUT")
    inputs = {fold(v.name): v.name for v in params}
    outputs = {fold(v.name): v.name for v in routine.of_kind("VAR_OUTPUT")}
    bound = bind(f, node, routine.name, inputs, outputs)
    if bound is None:
        return None
    f.callees.add(routine)
    args: list[ast.expr] = []
    for variable in params:
        arg = bound.inputs.get(fold(variable.name))
        made = _argument(f, node, variable, arg)
        if made is None:
            return None
        args.append(made)
    code: ast.expr = e.at(e.call(routine.runs, e.name(e.STATE), e.name(e.NOW), *args), node.span)
    parts = [code]
    for folded, arg in bound.outputs.items():
        put = _write_back(f, arg, routine.variables[folded])
        if put is None:
            return None
        parts.append(put)
    return code if len(parts) == 1 else e.item(e.many(parts), e.const(0))


def _argument(f: Frame, node: n.Call, variable: Variable, arg: n.Arg | None) -> ast.expr | None:
    if variable.reference:
        if arg is None:
            f.log.tell("call.in_out_missing", node.span, parameter=variable.name)
            return None
        return reference(f, arg.value, variable.type, variable.name)
    if isinstance(variable.type, Elementary):
        if arg is None:
            return e.const(variable.initial()[0])
        made = implicit(f, value(f, arg.value), variable.type, arg.value.span)
        return None if made.wrong else made.clean()
    if arg is None:
        return e.name(f.unit.table(variable.initial()))
    where = _same_place(f, arg.value, variable.type)
    return None if where is None else e.cells(where.index(), variable.type.cells)


def _same_place(f: Frame, node: n.Expr, kind: Type) -> Place | None:
    where = place(f, node)
    if where is None:
        return None
    where.root.reads += 1
    if not same(where.type, kind):
        f.log.tell(
            "type.mismatch",
            node.span,
            source=where.type.name,
            target=kind.name,
            remedy=phrase("st.remedy.same"),
        )
        return None
    return where


def reference(f: Frame, node: n.Expr, kind: Type, parameter: str) -> ast.expr | None:
    """Return the cell of a variable that is handed on to be read and written."""
    if not isinstance(node, n.Name | n.Member | n.Index | n.Direct):
        f.log.tell("call.in_out_variable", node.span, parameter=parameter)
        return None
    where = _same_place(f, node, kind)
    if where is None or not writable(f, where, node):
        return None
    if where.bit is not None:
        f.log.tell("call.in_out_variable", node.span, parameter=parameter)
        return None
    where.root.writes.append(node.span)
    if where.held is not None:
        return f.refer(where.root)
    return where.index()


def writable(f: Frame, where: Place, node: n.Expr) -> bool:
    """Tell whether a place may be given a value, and if not, why."""
    root = where.root
    if root.point is not None and root.point.direction == "input":
        f.log.tell("assign.input_point", node.span, name=root.name)
    elif root.constant:
        f.log.tell("assign.constant", node.span, name=root.name)
    elif where.member == "VAR_OUTPUT":
        f.log.tell("assign.output_of_block", node.span)
    elif root.kind == "VAR_INPUT" and f.routine.variables.get(fold(root.name)) is root:
        f.log.tell("assign.input", node.span, name=root.name)
    elif root in f.controls:
        f.log.tell("assign.control", node.span, name=root.name)
    else:
        return True
    return False


def _write_back(f: Frame, arg: n.Arg, source: Variable) -> ast.expr | None:
    """Return an expression that copies an output of a function to its target."""
    where = place(f, arg.value)
    if where is None or not writable(f, where, arg.value):
        return None
    where.root.writes.append(arg.span)
    if not isinstance(where.type, Elementary) or not isinstance(source.type, Elementary):
        f.log.tell("type.aggregate", arg.value.span, type=where.type.name)
        return None
    made: Value = Value(source.type, e.cell(e.const(source.offset)))
    if arg.negated:
        made.node = e.negate(made.node)
    made = implicit(f, made, where.type, arg.span)
    if made.wrong:
        return None
    index = f.refer(where.root) if where.held is not None else where.index()
    return e.call("PUT", e.name(e.STATE), index, made.clean())


def invoke(f: Frame, node: n.Call) -> list[ast.stmt]:
    """Return the statements of a call that stands by itself."""
    callee = node.callee
    if isinstance(callee, n.Name) and f.find(callee.name) is None:
        routine = f.unit.routines.get(fold(callee.name))
        if routine is not None and routine.node.kind == "FUNCTION" and routine.result is None:
            code = _code(f, node, routine)
            return [] if code is None else [e.do(code)]
        made = call_function(f, node)
        return [] if made.wrong else [e.do(made.node)]
    where = place(f, callee)
    if where is None:
        return []
    if not isinstance(where.type, Block):
        f.log.tell("call.not_block", callee.span, type=where.type.name)
        return []
    where.root.reads += 1
    where.root.writes.append(callee.span)
    return _run_block(f, node, where, where.type)


def _run_block(f: Frame, node: n.Call, where: Place, kind: Block) -> list[ast.stmt]:
    ins = {fold(m.name): m.name for m in kind.members("VAR_INPUT", "VAR_IN_OUT")}
    outs = {fold(m.name): m.name for m in kind.members("VAR_OUTPUT")}
    bound = bind(f, node, kind.name, ins, outs)
    if bound is None:
        return []
    made: list[ast.stmt] = []
    base = where.index()
    if not isinstance(base, ast.Constant):
        held = f.temp()
        made.append(e.store(e.name(held), base))
        base = e.name(held)
    for folded in ins:
        member = kind.fields[folded]
        arg = bound.inputs.get(folded)
        if arg is not None:
            made += _feed(f, arg, e.plus(base, e.const(member.offset)), member)
        elif member.kind == "VAR_IN_OUT":
            f.log.tell("call.in_out_missing", node.span, parameter=member.name)
    if kind.pou is not None:
        f.callees.add(kind.pou)
    run = e.call(kind.runs, e.name(e.STATE), base, e.name(e.NOW))
    made.append(e.do(e.at(run, node.span)))
    for folded, arg in bound.outputs.items():
        member = kind.fields[folded]
        made += _fetch(f, arg, e.plus(base, e.const(member.offset)), member)
    return made


def _feed(f: Frame, arg: n.Arg, index: ast.expr, member: Field) -> list[ast.stmt]:
    """Return the statements that give a block one of its inputs."""
    if member.kind == "VAR_IN_OUT":
        cell = reference(f, arg.value, member.refers or member.type, member.name)
        return [] if cell is None else [e.store(e.cell(index), cell)]
    if isinstance(member.type, Elementary):
        made = implicit(f, value(f, arg.value), member.type, arg.value.span)
        return [] if made.wrong else [e.store(e.cell(index), made.clean())]
    where = _same_place(f, arg.value, member.type)
    if where is None:
        return []
    count = member.type.cells
    return [e.store(e.cells(index, count), e.cells(where.index(), count))]


def _fetch(f: Frame, arg: n.Arg, index: ast.expr, member: Field) -> list[ast.stmt]:
    """Return the statements that take one of a block's outputs."""
    where = place(f, arg.value)
    if where is None or not writable(f, where, arg.value):
        return []
    where.root.writes.append(arg.span)
    if not isinstance(member.type, Elementary) or not isinstance(where.type, Elementary):
        if not same(member.type, where.type):
            f.log.tell("type.aggregate", arg.value.span, type=where.type.name)
            return []
        count = member.type.cells
        return [e.store(e.cells(where.index(), count), e.cells(index, count))]
    made = Value(member.type, e.cell(index))
    if arg.negated:
        made = Value(member.type, e.negate(made.node))
    made = implicit(f, made, where.type, arg.span)
    return [] if made.wrong else store(f, where, made)


def store(f: Frame, where: Place, made: Value) -> list[ast.stmt]:
    """Return the statement that puts an elementary value into its place."""
    if where.held is not None:
        f.assigned(where.root)
    if where.bit is None:
        return [e.store(where.load(), made.clean())]
    if where.held is not None:
        word: ast.expr = e.name(where.held.id)
        word = f.hold(where.root)
    else:
        word = where.load()
    mask = e.const(1 << where.bit)
    cleared = e.two(word, ast.BitAnd(), ast.UnaryOp(op=ast.Invert(), operand=mask))
    shifted = e.two(ast.UnaryOp(op=ast.UAdd(), operand=made.node), ast.LShift(), e.const(where.bit))
    return [e.store(where.load(), e.two(cleared, ast.BitOr(), shifted))]


VALUES[n.Call] = call_function
