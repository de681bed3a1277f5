"""The ways of a line as its chains, branches and loops together mean them."""

from collections.abc import Iterable, Iterator, Mapping

from .assets import Asset, Sink, Source, Vehicle
from .flow import Branch, Edge, Loop, Rule, Way
from .line import LineSpec

Ways = Mapping[str, tuple[str, ...]]


def assets_by_id(spec: LineSpec) -> dict[str, Asset]:
    """Return the assets by id."""
    return {asset.id: asset for asset in spec.assets}


def edges(spec: LineSpec) -> list[Edge]:
    """Return every way of a part once, in the order of the file.

    A fleet named inside a chain is the `via` of the way between its neighbours. A loop of
    pallets that go round has a way from its last asset to its first.
    """
    known = {asset.id for asset in spec.assets}
    found: dict[tuple[str, str], Edge] = {}
    for way in spec.flow:
        closed = isinstance(way, Loop) and is_circulating(spec, way)
        for edge in edges_of(spec, way, closed=closed):
            if edge.giver in known and edge.taker in known:
                found.setdefault((edge.giver, edge.taker), edge)
    return list(found.values())


def edges_of(spec: LineSpec, way: Way, *, closed: bool = False) -> Iterator[Edge]:
    """Yield the ways of one entry of `flow`; `closed` adds the way from last to first."""
    if isinstance(way, Branch):
        for target in targets(way):
            yield Edge(giver=way.from_, taker=target, via=way.via)
        return
    chain = way.loop if isinstance(way, Loop) else way
    fleets = {asset.id for asset in spec.assets if isinstance(asset, Vehicle)}
    places = [name for name in chain if name not in fleets]
    if closed and places:
        start = chain.index(places[0])
        chain = (*chain[start:], *chain[: start + 1])
    giver, via = "", None
    for name in chain:
        if name in fleets:
            via = name
            continue
        if giver:
            yield Edge(giver=giver, taker=name, via=via)
        giver, via = name, None


def targets(branch: Branch) -> tuple[str, ...]:
    """Return the assets that a branch leads to, in the order of the file, each once."""
    if isinstance(branch.to, tuple):
        return tuple(dict.fromkeys(branch.to))
    names = [key if isinstance(value, float) else value for key, value in branch.to.items()]
    return tuple(dict.fromkeys(names))


def rule_of(branch: Branch) -> Rule | None:
    """Return how a branch chooses: what it says, else what the form of `to` means.

    None where a list of targets comes without a rule.
    """
    if branch.by is not None:
        return branch.by
    if isinstance(branch.to, tuple):
        return None
    if any(isinstance(value, float) for value in branch.to.values()):
        return "share"
    return "quality" if set(branch.to) & {"pass", "fail"} else "part"


def branches(spec: LineSpec) -> dict[str, Branch]:
    """Return the branches by the asset that they start from."""
    return {way.from_: way for way in spec.flow if isinstance(way, Branch)}


def loops(spec: LineSpec) -> list[Loop]:
    """Return the closed loops, in the order of the file."""
    return [way for way in spec.flow if isinstance(way, Loop)]


def members(spec: LineSpec, loop: Loop) -> tuple[str, ...]:
    """Return the assets of a loop without the fleets that carry between them."""
    fleets = {asset.id for asset in spec.assets if isinstance(asset, Vehicle)}
    return tuple(name for name in loop.loop if name not in fleets)


def is_circulating(spec: LineSpec, loop: Loop) -> bool:
    """Tell whether a loop's pallets go round for ever, with no source before and no sink after.

    Else its pallets are cards (CONWIP): a part takes one to enter and returns it as it leaves.
    """
    return not enters(spec, loop) and not leaves(spec, loop)


def enters(spec: LineSpec, loop: Loop) -> bool:
    """Tell whether a part from a source can come into a loop."""
    sources = [asset.id for asset in spec.assets if isinstance(asset, Source)]
    return bool(reachable(sources, _open_ways(spec)) & set(members(spec, loop)))


def leaves(spec: LineSpec, loop: Loop) -> bool:
    """Tell whether a part can go from a loop to a sink."""
    sinks = {asset.id for asset in spec.assets if isinstance(asset, Sink)}
    return bool(reachable(members(spec, loop), _open_ways(spec)) & sinks)


def _open_ways(spec: LineSpec) -> Ways:
    return _map((edge.giver, edge.taker) for way in spec.flow for edge in edges_of(spec, way))


def reachable(start: Iterable[str], ways: Ways) -> set[str]:
    """Return every asset that `ways` lead to from `start`, with `start` itself."""
    seen = set(start)
    waiting = list(seen)
    while waiting:
        for name in ways.get(waiting.pop(), ()):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen


def takers(spec: LineSpec) -> dict[str, tuple[str, ...]]:
    """Return for every asset those that its parts can go to next."""
    ways = _map((edge.giver, edge.taker) for edge in edges(spec))
    return {asset.id: ways.get(asset.id, ()) for asset in spec.assets}


def givers(spec: LineSpec) -> dict[str, tuple[str, ...]]:
    """Return for every asset those that its parts can come from."""
    ways = _map((edge.taker, edge.giver) for edge in edges(spec))
    return {asset.id: ways.get(asset.id, ()) for asset in spec.assets}


def _map(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    ways: dict[str, dict[str, None]] = {}
    for first, second in pairs:
        ways.setdefault(first, {})[second] = None
    return {name: tuple(found) for name, found in ways.items()}
