"""Whether a line has locked up, and which assets wait for each other in a circle."""

from collections.abc import Iterable
from math import inf
from typing import TYPE_CHECKING, Any

from twin.plant.machine import Machine
from twin.plant.server import DONE

if TYPE_CHECKING:
    from twin.plant.line import Line


def find(line: "Line") -> str | None:
    """Return a sentence that names a deadlock, or None.

    A deadlock is a set of assets that can do nothing but hand parts over, each only to others of
    the set that have no room. A line in which nothing is due any more although parts are in it is
    locked up as well, whatever the reason.
    """
    waits = _waits(line)
    stuck = {name for name in waits if _can_only_wait(line.assets[name])}
    while True:
        free = {name for name in stuck if not waits[name] <= stuck}
        if not free:
            break
        stuck -= free
    if stuck:
        circle = _circle({name: waits[name] & stuck for name in stuck})
        return " → ".join([*circle, circle[0]])
    if line.wip > 0 and line.env.next_due_s() == inf:
        names = [f"{name} ({asset.content()})" for name, asset in line.assets.items()
                 if asset.content()]  # fmt: skip
        return ", ".join(names)
    return None


def _waits(line: "Line") -> dict[str, set[str]]:
    """Return, per asset, those that its finished parts wait for."""
    waits: dict[str, set[str]] = {}
    for taker in line.assets.values():
        for giver in _givers(taker.waiting):
            name = str(giver.address).partition("/")[0]
            if name in line.assets:
                waits.setdefault(name, set()).add(taker.id)
    return waits


def _givers(waiting: Any) -> Iterable[Any]:
    return waiting if isinstance(waiting, Iterable) else ()


def _can_only_wait(asset: Any) -> bool:
    if isinstance(asset, Machine):
        return not asset.stops and all(server.phase == DONE for server in asset.servers)
    return True


def _circle(waits: dict[str, set[str]]) -> list[str]:
    """Return a closed way of waiting, from the first asset by name."""
    seen: list[str] = []
    name = min(waits)
    while name not in seen:
        seen.append(name)
        name = min(waits[name])
    return seen[seen.index(name) :]
