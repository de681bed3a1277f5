"""Places: where a value lies that is changed, or that a routine refers to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twin.control.syntax.diagnostic import Span

from . import nodes as n
from .builtin import DATA
from .expressions import Expressions, checked, there
from .kinds import Type
from .program import Datum
from .scope import Local
from .values import Value, apply

if TYPE_CHECKING:
    from .machine import Machine
    from .memory import Frame


@dataclass(slots=True)
class Place:
    """Where a value lies: data, and the steps from it to a component or an element."""

    root: Local | Datum
    steps: list[int | Value]
    type: Type
    span: Span

    @property
    def kind(self) -> str:
        """How its data was declared."""
        return self.root.kind

    @property
    def whole(self) -> bool:
        """Whether it is all of its data."""
        return not self.steps


class Places(Expressions):
    """Compiles what stands on the left of `:=`, and arguments that are references."""

    def place(self, node: n.Expr) -> Place | None:
        """Return where an expression lies; None: it was told that it lies nowhere."""
        if isinstance(node, n.Name):
            name = node.name.lower()
            root: Local | Datum | None = self.locals.get(name) or self.names.datum(
                self.module, name
            )
            if root is not None:
                if isinstance(root, Local):
                    root.used = True
                return Place(root, [], root.type, node.span)
            self._no_place(node, name)
            return None
        if isinstance(node, n.Member):
            base = self.place(node.base)
            step = self._component(base.type, node) if base is not None else None
            if base is None or step is None:
                return None
            return Place(base.root, [*base.steps, step[0]], step[1], node.span)
        if isinstance(node, n.Index):
            base = self.place(node.base)
            indices = self._indices(base.type, node) if base is not None else None
            if base is None or indices is None:
                return None
            return Place(base.root, [*base.steps, *indices], Type(base.type.kind), node.span)
        if not isinstance(node, n.Bad):
            self.log.tell("assign.no_place", node.span)
        return None

    def _no_place(self, node: n.Name, name: str) -> None:
        if name in DATA or name == "errno":
            self.log.tell("assign.builtin", node.span, name=node.name)
        elif name in self.names.signals:
            signal = self.names.signals[name]
            writer = {bool: "SetDO", int: "SetGO", float: "SetAO"}[signal.type]
            key = "assign.signal" if signal.writable else "assign.input"
            self.log.tell(key, node.span, name=signal.name, writer=writer)
        else:
            self.unknown(node)

    def writable(self, place: Place) -> bool:
        """Tell, and return False, when a place may not be changed."""
        if place.kind in ("CONST", "FOR"):
            key = "assign.constant" if place.kind == "CONST" else "assign.loop"
            self.log.tell(key, place.span, name=place.root.name)
            return False
        return True

    def reference(self, place: Place) -> Value:
        """Return a value that refers to a place."""
        root, steps = place.root, place.steps
        dynamic = [step for step in steps if isinstance(step, Value)]
        fixed = [step if isinstance(step, int) else -1 for step in steps]
        slot = root.slot

        def made(m: "Machine", f: "Frame", *indices: float) -> Any:
            if isinstance(root, Datum):
                base = m.ref(-1, slot)
            elif root.refers:
                base = there(f.values[slot], root.name)
            else:
                base = m.ref(len(m.frames) - 1, slot)
            if not fixed:
                return base
            value, way, given = m.load_ref(base), list(base[3]), iter(indices)
            for step in fixed:
                at = step if step >= 0 else checked(value, next(given))
                way.append(at)
                value = value[at]
            return (base[0], base[1], base[2], tuple(way))

        return apply(place.type, made, dynamic, uses=True)
