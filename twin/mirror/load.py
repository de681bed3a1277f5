"""Reading a devices file, and looking whether it fits its line."""

from collections.abc import Iterator
from pathlib import Path

from twin.spec.choices import hint
from twin.spec.device import DevicesSpec
from twin.spec.document import Finding
from twin.spec.io import IoPoint, io_of
from twin.spec.line import LineSpec
from twin.spec.load import find, load_model
from twin.spec.messages import phrase
from twin.spec.pins import Direction

from .control import DEFAULT_TAGS, workcells

FOLLOWS = frozenset({"station", "inspection", "assembly", "disassembly"})
"""Kinds of asset that can follow a real one."""


def load_devices(path_or_name: str | Path, line: LineSpec | None = None) -> DevicesSpec:
    """Read a devices file, or the shipped one of that name.

    Args:
        path_or_name: the file.
        line: the line that it must fit, where it is known already.

    Raises:
        SpecError: with everything that is wrong with the file.
    """
    path = find(path_or_name, "devices")
    checks = [] if line is None else [lambda spec: check_devices(spec, line)]
    return load_model(path, DevicesSpec, checks)


def check_devices(spec: DevicesSpec, line: LineSpec) -> Iterator[Finding]:
    """Yield what in a devices file does not fit a line."""
    if spec.line != line.id:
        yield Finding(("line",), phrase("device.other_line", found=spec.line, line=line.id))
        return
    cells = [cell.id for cell in line.cells]
    for number, entry in enumerate(spec.cells):
        if entry.cell not in cells:
            told = phrase("device.no_cell", found=entry.cell, hint=hint(entry.cell, cells))
            yield Finding(("cells", number, "cell"), told)
    kinds = {asset.id: asset.kind for asset in line.assets}
    able = [asset for asset, kind in kinds.items() if kind in FOLLOWS]
    for number, station in enumerate(spec.stations):
        path = ("stations", number, "asset")
        choices = hint(station.asset, able)
        if station.asset not in kinds:
            yield Finding(path, phrase("device.no_asset", found=station.asset, hint=choices))
        elif station.asset not in able:
            told = phrase(
                "device.no_follower", found=station.asset, kind=kinds[station.asset], hint=choices
            )
            yield Finding(path, told)
    points = {workcell.id: {p.name: p for p in io_of(workcell)} for workcell in workcells(line)}
    for number, binding in enumerate(spec.signals):
        path = ("signals", number, "signal")
        asset, name = binding.signal.split("/")[-2:]
        if asset not in kinds:
            told = phrase("device.no_asset", found=asset, hint=hint(asset, kinds))
            yield Finding(path, told)
        elif asset in points and binding.direction == "to_twin":
            yield from _writable(points[asset], asset, name, path)
    yield from _check_control(spec, line)


def _writable(
    points: dict[str, IoPoint], workcell: str, name: str, path: tuple[str | int, ...]
) -> Iterator[Finding]:
    point = points.get(name)
    if point is None:
        told = phrase("device.no_point", workcell=workcell, found=name, hint=hint(name, points))
        yield Finding(path, told)
    elif point.direction is Direction.INPUT:
        yield Finding(path, phrase("device.input_to_twin", signal=f"{workcell}/{name}"))


def _check_control(spec: DevicesSpec, line: LineSpec) -> Iterator[Finding]:
    """Yield what does not fit of the controllers outside."""
    cell_of = {workcell.id: workcell.cell for workcell in workcells(line)}
    links = {link.id: link.kind for link in spec.links}
    by_cell = {entry.cell: entry.control for entry in spec.cells}
    for number, control in enumerate(spec.control):
        name = control.workcell
        if name not in cell_of:
            told = phrase("device.no_workcell", found=name, hint=hint(name, cell_of))
            yield Finding(("control", number, "workcell"), told)
            continue
        other = by_cell.get(cell_of[name] or "")
        if other is not None and other != control.link:
            told = phrase("device.two_links", workcell=name, link=control.link, other=other)
            yield Finding(("control", number, "link"), told)
        if control.tags is None and links[control.link] not in DEFAULT_TAGS:
            yield Finding(("control", number), phrase("device.no_tags", workcell=name))
    named = {control.workcell for control in spec.control}
    for number, entry in enumerate(spec.cells):
        if entry.control is None:
            continue
        inside = [name for name, cell in cell_of.items() if cell == entry.cell]
        path = ("cells", number, "control")
        if not inside:
            told = phrase("device.no_workcell_in", cell=entry.cell, link=entry.control)
            yield Finding(path, told)
        elif links[entry.control] not in DEFAULT_TAGS:
            for name in (name for name in inside if name not in named):
                yield Finding(path, phrase("device.no_tags", workcell=name))
