"""Reading a devices file, and looking whether it fits its line."""

from collections.abc import Iterator
from pathlib import Path

from twin.spec.choices import hint
from twin.spec.device import DevicesSpec
from twin.spec.document import Finding
from twin.spec.line import LineSpec
from twin.spec.load import find, load_model
from twin.spec.messages import phrase

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
    for number, binding in enumerate(spec.signals):
        asset = binding.signal.split("/")[-2]
        if asset not in kinds:
            told = phrase("device.no_asset", found=asset, hint=hint(asset, kinds))
            yield Finding(("signals", number, "signal"), told)
