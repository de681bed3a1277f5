"""Where parts can get to: dead ends, loops, and lines on which time would stand still."""

from collections.abc import Iterator
from math import inf

from twin.spec.assets import Assembly, Asset, Batch, Buffer, Conveyor, Source, Station, Vehicle
from twin.spec.document import Finding
from twin.spec.flow import Loop
from twin.spec.topology import is_circulating, members, reachable

from .facts import Facts, is_zero, passes_at_once, wrong


def check_reach(facts: Facts) -> Iterator[Finding]:
    """Yield assets that no part reaches, and those from which none can leave."""
    round_ = {n for _, loop in facts.loops() for n in _round(facts, loop)}
    filled = [n for n in facts.of(Buffer) if getattr(facts.assets[n], "initial", {})]
    reached = reachable([*facts.sources, *round_, *filled], facts.takers)
    ends = reachable([*facts.sinks, *round_], facts.givers)
    dead = [n for n in facts.places if n not in ends and facts.takers[n]]
    if dead:
        yield wrong(facts.at(dead[0]), "no_sink", name=dead[0], names=", ".join(dead))
    lost = [n for n in facts.places if n not in reached and facts.givers[n]]
    if lost:
        yield wrong(facts.at(lost[0]), "no_source", name=lost[0], names=", ".join(lost))


def _round(facts: Facts, loop: Loop) -> tuple[str, ...]:
    return members(facts.spec, loop) if is_circulating(facts.spec, loop) else ()


def check_loops(facts: Facts) -> Iterator[Finding]:
    """Yield loops of pallets that are too full for them to move."""
    for i, loop in facts.loops():
        if not is_circulating(facts.spec, loop):
            continue
        room = sum(places_in(facts.assets[name]) for name in loop.loop)
        if loop.pallets >= room:
            yield wrong(("flow", i, "pallets"), "pallets", pallets=loop.pallets, room=int(room))


def places_in(asset: Asset) -> float:
    """Return how many parts an asset holds at most, `inf` where there is no limit."""
    room: float
    match asset:
        case Buffer(capacity="unlimited"):
            room = inf
        case Conveyor():
            room = _places_on(asset)
        case Station(batch=Batch(size=size)):
            room = asset.capacity * size
        case Assembly():
            room = sum(asset.needs.values())
        case Vehicle():
            room = asset.count
        case _:
            room = getattr(asset, "capacity", 1)
    return room


def _places_on(belt: Conveyor) -> float:
    if belt.capacity is not None:
        return belt.capacity
    if belt.length_m and belt.pitch_m:
        return int(belt.length_m / belt.pitch_m + 1e-9)
    return inf


def check_time_moves(facts: Facts) -> Iterator[Finding]:
    """Yield cycles without any time in them, and supplies that would never stop giving."""
    carried = {(edge.giver, edge.taker) for edge in facts.edges if edge.via is not None}
    instant = {name for name in facts.places if passes_at_once(facts.assets[name])}
    ways = {
        name: tuple(t for t in facts.takers[name] if t in instant and (name, t) not in carried)
        for name in instant
    }
    told: set[str] = set()
    for name in facts.places:
        if name not in instant or name in told:
            continue
        ahead = reachable(ways[name], ways)
        if name in ahead:
            cycle = [n for n in facts.places if n in ahead and name in reachable(ways[n], ways)]
            told.update(cycle)
            yield wrong(facts.at(name), "no_time", names=", ".join(cycle))
    yield from _floods(facts, instant, carried)


def _floods(facts: Facts, instant: set[str], carried: set[tuple[str, str]]) -> Iterator[Finding]:
    cards = {n for _, lp in facts.loops() for n in members(facts.spec, lp)}
    for name in facts.sources:
        asset = facts.assets[name]
        if not isinstance(asset, Source) or asset.limit is not None or asset.orders:
            continue
        path = facts.at(name)
        if asset.interarrival_s is not None:
            if is_zero(asset.interarrival_s):
                yield wrong((*path, "interarrival_s"), "no_time_between", name=name)
            continue
        if asset.when_full == "lose":
            yield wrong((*path, "when_full"), "lose", name=name)
        seen, waiting = {name}, [name]
        while waiting:
            giver = waiting.pop()
            for taker in facts.takers[giver]:
                if taker in seen or (giver, taker) in carried:
                    continue
                seen.add(taker)
                if _takes_all(facts.assets[taker], card=taker in cards):
                    yield wrong(path, "flood", name=name, other=taker)
                elif taker in instant:
                    waiting.append(taker)


def _takes_all(asset: Asset, *, card: bool) -> bool:
    return asset.kind == "sink" or (
        isinstance(asset, Buffer | Conveyor) and not card and places_in(asset) == inf
    )
