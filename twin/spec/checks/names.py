"""Ids: each once, and every one that is named is there."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from twin.spec.assets import Asset, Operator, OperatorCall, Vehicle
from twin.spec.document import Finding, Path
from twin.spec.flow import Branch, Loop
from twin.spec.topology import targets

from .facts import Facts, calls_of, unknown, wrong

RESERVED = {"line"}
"""`line/…` are the signals of the whole line."""


class Named(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id."""


def check_names(facts: Facts) -> Iterator[Finding]:
    """Yield ids that are there twice, and names that nothing has."""
    spec = facts.spec
    shifts = spec.calendar.shifts if spec.calendar else ()
    yield from _twice(("parts",), "part", spec.parts)
    yield from _twice(("cells",), "cell", spec.cells)
    yield from _twice(("assets",), "asset", spec.assets)
    yield from _twice(("orders",), "order", spec.orders)
    yield from _twice(("calendar", "shifts"), "shift", shifts)
    yield from _reserved(facts)
    cells = [cell.id for cell in spec.cells]
    for i, asset in enumerate(spec.assets):
        path: Path = ("assets", i)
        yield from _twice((*path, "failures"), "failure", getattr(asset, "failures", ()))
        yield from _twice((*path, "maintenance"), "maintenance", getattr(asset, "maintenance", ()))
        if asset.cell is not None and asset.cell not in cells:
            yield unknown((*path, "cell"), "cell", asset.cell, cells)
        yield from _shifts(asset, path, [shift.id for shift in shifts])
        for rest, call in calls_of(asset):
            yield from _call(facts, (*path, *rest), call)
        if isinstance(asset, Vehicle):
            yield from _fleet(facts, asset, path)


def check_flow_names(facts: Facts) -> Iterator[Finding]:
    """Yield the names in `flow` that no asset has."""
    known = facts.places + facts.of(Vehicle)
    for path, name, at_key in named_in_flow(facts):
        if name not in facts.assets:
            yield unknown(path, "asset", name, known, at_key=at_key)


def named_in_flow(facts: Facts) -> Iterator[tuple[Path, str, bool]]:
    """Yield every asset that `flow` names, with its path and whether it is a key there."""
    for i, way in enumerate(facts.spec.flow):
        if isinstance(way, Branch):
            yield ("flow", i, "from"), way.from_, False
            if way.via is not None:
                yield ("flow", i, "via"), way.via, False
            for name in targets(way):
                yield *_target(i, way, name), False
        else:
            chain = way.loop if isinstance(way, Loop) else way
            begin: Path = ("flow", i, "loop") if isinstance(way, Loop) else ("flow", i)
            for j, name in enumerate(chain):
                yield (*begin, j), name, False


def _target(i: int, branch: Branch, name: str) -> tuple[Path, str]:
    if isinstance(branch.to, tuple):
        return ("flow", i, "to", branch.to.index(name)), name
    for key, value in branch.to.items():
        if name in {key, value}:
            return ("flow", i, "to", key), name
    return ("flow", i, "to"), name


def _twice(path: Path, what: str, items: Iterable[Named]) -> Iterator[Finding]:
    seen: set[str] = set()
    for i, item in enumerate(items):
        if item.id in seen:
            yield wrong((*path, i, "id"), "twice", what=what, name=item.id)
        seen.add(item.id)


def _reserved(facts: Facts) -> Iterator[Finding]:
    cells = {cell.id for cell in facts.spec.cells}
    for i, asset in enumerate(facts.spec.assets):
        if asset.id in RESERVED:
            yield wrong(("assets", i, "id"), "reserved", name=asset.id)
        if asset.id in cells:
            yield wrong(("assets", i, "id"), "cell_and_asset", name=asset.id)
    for i, cell in enumerate(facts.spec.cells):
        if cell.id in RESERVED:
            yield wrong(("cells", i, "id"), "reserved", name=cell.id)


def _shifts(asset: Asset, path: Path, known: list[str]) -> Iterator[Finding]:
    for j, shift in enumerate(getattr(asset, "shifts", ())):
        if shift not in known:
            yield unknown((*path, "shifts", j), "shift", shift, known)


def _call(facts: Facts, path: Path, call: OperatorCall) -> Iterator[Finding]:
    pool = facts.assets.get(call.pool)
    written: Path = (*path, "pool")
    if not isinstance(pool, Operator):
        yield unknown(written, "pool", call.pool, facts.of(Operator))
        return
    if call.skill is not None and pool.skills and call.skill not in pool.skills:
        yield unknown((*path, "skill"), "skill", call.skill, list(pool.skills))
    if call.count > pool.count:
        yield wrong(
            (*path, "count"), "pool_small", pool=pool.id, count=call.count, there=pool.count
        )


def _fleet(facts: Facts, fleet: Vehicle, path: Path) -> Iterator[Finding]:
    places = facts.places
    if fleet.home is not None and fleet.home not in places:
        yield unknown((*path, "home"), "asset", fleet.home, places)
    if fleet.battery and fleet.battery.charger not in {None, *places}:
        charger = str(fleet.battery.charger)
        yield unknown((*path, "battery", "charger"), "asset", charger, places)
    for start, ways in fleet.distance_m.items():
        begin: Path = (*path, "distance_m", start)
        if start not in places:
            yield unknown(begin, "asset", start, places, at_key=True)
        for end in ways:
            if end not in places:
                yield unknown((*begin, end), "asset", end, places, at_key=True)
