"""Finds a line, or a part of one, that has locked up, and says who waits for whom.

Whoever has work in hand will go on by itself, after a repair or a break if need be. Whoever holds
parts goes on when one of those who may take them does; an assembly that misses parts, when one of
those who feed it does; a gate without cards, when one of the parts that carry them goes on. What
then cannot go on is locked up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .buffer import Buffer
from .conveyor import Conveyor
from .ends import Source
from .gather import Assembly, BatchStation
from .machine import Machine
from .operator import OperatorPool
from .route import Gate
from .server import CHANGING, WORKING
from .storage import Storage
from .vehicle import Fleet

if TYPE_CHECKING:
    from .asset import Asset
    from .line import Line
    from .part import Part


@dataclass(frozen=True, slots=True)
class Wait:
    """One asset that waits for another, and what for."""

    asset: str
    why: str
    other: str
    empty: bool = False
    """Whether it waits for any part at all, and would wait on an empty line as well."""


@dataclass(frozen=True, slots=True)
class Deadlock:
    """What has locked up. `str` says it in words."""

    circle: tuple[Wait, ...]
    """Who waits for whom, and the last for the first; none where there is no circle."""
    held: tuple[str, ...] = ()
    """Without a circle: the assets that hold parts, none of which will ever move."""

    def __str__(self) -> str:
        if not self.circle:
            return "nothing will ever happen again: " + ", ".join(self.held)
        steps = [f"{wait.asset} ({wait.why})" for wait in self.circle]
        return " → ".join([*steps, self.circle[0].asset])


def find(line: "Line") -> Deadlock | None:
    """Return what has locked up, or None.

    A line on which nothing can go on while parts are in it counts as well, whatever the reason;
    what a person has stopped, or leads, does not.
    """
    waits = _waits(line)
    feeders = _feeders(line)
    stuck = _stuck(line, waits, feeders)
    for name in stuck:
        if not waits[name]:
            waits[name] = [
                Wait(name, f"gets nothing from {feeder}", feeder, empty=True)
                for feeder in feeders[name]
            ]
    circle = _circle({name: [w for w in waits[name] if w.other in stuck] for name in stuck})
    if not all(wait.empty for wait in circle):
        return Deadlock(tuple(circle))
    whole = [name for name, asset in line.assets.items() if _counts(asset)]
    if line.wip > 0 and all(name in stuck for name in whole):
        return Deadlock((), tuple(_holders(line)))
    return None


def _counts(asset: "Asset") -> bool:
    return bool(asset.takers) and not isinstance(asset, OperatorPool)


def _holders(line: "Line") -> Iterator[str]:
    for asset in line.assets.values():
        number = asset.content()
        if number and _counts(asset) and not isinstance(asset, Source):
            yield f"{asset.id} (holds {number} part{'s' if number > 1 else ''})"


# ---- who can go on


def _stuck(line: "Line", waits: dict[str, list[Wait]], feeders: dict[str, list[str]]) -> set[str]:
    """Return the assets that can never go on, unless somebody steps in."""
    stuck = {name for name, asset in line.assets.items() if not _goes_on(asset)}
    while True:
        free = {
            name for name in stuck
            if any(wait.other not in stuck for wait in waits[name])
            or (not waits[name] and any(feeder not in stuck for feeder in feeders[name]))
        }  # fmt: skip
        if not free:
            return stuck
        stuck -= free


def _goes_on(asset: "Asset") -> bool:
    """Tell whether an asset does something by itself, sooner or later."""
    if isinstance(asset, Source):
        return asset.timer.pending
    if not isinstance(asset, Machine):
        return not isinstance(asset, Buffer)  # sinks and people are always ready
    if asset.following or (asset.stops and asset.free and asset.waiting):
        return True
    if isinstance(asset, BatchStation) and asset.patience.pending:
        return len(asset.held) >= asset.least
    if isinstance(asset, Conveyor):
        # A failure may empty a belt: one by the calendar also where it stands.
        empties = any(
            mode.spec is not None
            and mode.spec.on_failure == "scrap"
            and (mode.spec.clock == "calendar" or asset.accumulating)
            for mode in asset.modes
        )
        moves = bool(asset.items) and (empties or not asset.stuck)
        return moves or asset.entrance.pending
    return any(server.phase in (CHANGING, WORKING) for server in asset.servers)


def _feeders(line: "Line") -> dict[str, list[str]]:
    from twin.spec.topology import edges

    feeders: dict[str, list[str]] = {name: [] for name in line.assets}
    for edge in edges(line.spec):
        feeders[edge.taker].append(edge.giver)
        if edge.via is not None:
            feeders[edge.via].append(edge.giver)
            feeders[edge.taker].append(edge.via)
    return feeders


# ---- who waits for whom


def _waits(line: "Line") -> dict[str, list[Wait]]:
    waits: dict[str, list[Wait]] = {name: [] for name in line.assets}
    for taker in line.assets.values():
        for giver in taker.waiting:
            _add(waits, giver, taker.id)
        if isinstance(taker, Fleet):
            coming = [v.giver for v in taker.vehicles if v.giver is not None and v.part is None]
            for giver in (*(call[1] for call in taker.calls), *coming):
                _add(waits, giver, taker.id)
        if isinstance(taker, Assembly) and taker.free:
            missing = " and ".join(
                f"{number} {kind}" for kind, number in taker.missing.items() if number
            )
            waits[taker.id] += [
                Wait(taker.id, f"misses {missing}, from {feeder}", feeder)
                for feeder in _feeders(line)[taker.id]
            ]
    for route in line.routes:
        if isinstance(route, Gate):
            for giver in route.waiting:
                for name, part in _carriers(line, route.cards.address):
                    _add(waits, giver, name, f"waits for the card of part {part.type} at")
    return waits


def _add(waits: dict[str, list[Wait]], giver: Any, other: str, why: str = "") -> None:
    name = str(giver.address).partition("/")[0]
    part = giver.offered
    if name in waits and part is not None:
        waits[name].append(Wait(name, f"{why or f'holds {part.type} for'} {other}", other))


def _carriers(line: "Line", card: str) -> Iterator[tuple[str, "Part"]]:
    for name, asset in line.assets.items():
        for part in _parts(asset):
            if card in part.cards:
                yield name, part


def _parts(asset: "Asset") -> Iterator["Part"]:
    """Yield the parts that an asset holds."""
    if isinstance(asset, Machine):
        for server in asset.servers:
            yield from (part for part in (server.part, *server.rest) if part is not None)
    for name in ("items", "held", "fixture"):
        yield from getattr(asset, name, ())
    if isinstance(asset, Storage) and asset.port is not None:
        yield asset.port


def _circle(waits: dict[str, list[Wait]]) -> list[Wait]:
    """Return a closed way of waiting, from its first asset by name; none if there is none."""
    done: set[str] = set()
    for start in sorted(waits):
        way: list[Wait] = []
        seen: dict[str, int] = {}
        name = start
        while name not in done:
            if name in seen:
                circle = way[seen[name] :]
                first = min(range(len(circle)), key=lambda place: circle[place].asset)
                return circle[first:] + circle[:first]
            seen[name] = len(way)
            onward = [wait for wait in waits.get(name, ()) if wait.other not in done]
            if not onward:
                done.add(name)
                if not way:
                    break
                # Back by one: another way may lead round.
                del seen[name]
                name = way.pop().asset
                del seen[name]
                continue
            way.append(onward[0])
            name = onward[0].other
    return []
