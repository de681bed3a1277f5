"""Workcells whose controller is outside: their points as bindings, and what a loss does to them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from devices.base import LinkState
from twin.kernel.command import Command
from twin.kernel.signal import Value
from twin.spec.device import Binding, ControlSpec, DevicesSpec
from twin.spec.io import IoPoint, io_of
from twin.spec.line import LineSpec
from twin.spec.motion import Workcell
from twin.spec.pins import Direction, IecType

from .follower import Give

DEFAULT_TAGS = {"s7": "{address}"}
"""Templates of drivers whose tags are addresses of a controller."""
SAFE: dict[IecType, Value] = {
    IecType.BOOL: False,
    IecType.INT: 0,
    IecType.DINT: 0,
    IecType.REAL: 0.0,
}


def controls(spec: DevicesSpec, line: LineSpec) -> list[ControlSpec]:
    """Return what the file says of each controlled workcell, and what its cells say of the rest."""
    named = {control.workcell for control in spec.control}
    by_cell = {entry.cell: entry.control for entry in spec.cells if entry.control is not None}
    found = list(spec.control)
    for workcell in workcells(line):
        link = by_cell.get(workcell.cell or "")
        if link is not None and workcell.id not in named:
            found.append(ControlSpec(workcell=workcell.id, link=link))
    return found


def workcells(line: LineSpec) -> list[Workcell]:
    """Return the workcells of a line."""
    return [asset for asset in line.assets if isinstance(asset, Workcell)]


def bindings(spec: DevicesSpec, line: LineSpec) -> Iterator[Binding]:
    """Yield the bindings of controlled workcells; a point that the file binds by itself is left."""
    own = {binding.signal for binding in spec.signals}
    kinds = {link.id: link.kind for link in spec.links}
    points = {workcell.id: io_of(workcell) for workcell in workcells(line)}
    for control in controls(spec, line):
        default = DEFAULT_TAGS.get(kinds[control.link], "")
        for point in points[control.workcell]:
            if point.path not in own:
                yield Binding(
                    signal=point.path,
                    link=control.link,
                    tag=control.tag(point, default),
                    direction="to_twin" if point.direction is Direction.OUTPUT else "to_device",
                )


@dataclass(frozen=True, slots=True)
class Controlled:
    """One workcell with a controller outside."""

    spec: ControlSpec
    outputs: tuple[IoPoint, ...]
    """Those that the link writes."""

    def hear(self, state: LinkState, give: Give) -> None:
        """Hear how the link is: tell the plant when the controller goes and when it is back.

        Args:
            state: how it is now.
            give: gives a command to the run.
        """
        by = f"device:{self.spec.link}"
        cell = self.spec.workcell
        if state is LinkState.CONNECTED:
            give(Command("found", cell, {"link": self.spec.link}, by))
        elif state is LinkState.LOST:
            if self.spec.on_loss == "safe":
                for point in self.outputs:
                    give(Command("write", point.path, {"value": SAFE[point.iec]}, by))
            give(Command("lost", cell, {"link": self.spec.link}, by))


def controlled(
    spec: DevicesSpec, line: LineSpec, bound: Iterable[Binding]
) -> dict[str, list[Controlled]]:
    """Return the controlled workcells, by link.

    Args:
        spec: the devices file.
        line: the line.
        bound: all bindings, those of the file and those of templates.
    """
    written = {(b.link, b.signal) for b in bound if b.direction == "to_twin"}
    points = {workcell.id: io_of(workcell) for workcell in workcells(line)}
    found: dict[str, list[Controlled]] = {}
    for control in controls(spec, line):
        outputs = tuple(
            point
            for point in points[control.workcell]
            if point.direction is Direction.OUTPUT and (control.link, point.path) in written
        )
        found.setdefault(control.link, []).append(Controlled(control, outputs))
    return found
