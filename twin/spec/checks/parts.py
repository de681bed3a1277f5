"""Part types: declared, and of use where they arrive."""

from collections.abc import Iterator

from twin.spec.assets import Assembly, Asset, Buffer, Disassembly, Inspection, Source, Station
from twin.spec.document import Finding, Path
from twin.spec.flow import Branch, Loop
from twin.spec.times import TimeByPart
from twin.spec.topology import is_circulating, members, reachable, rule_of

from .facts import Facts, unknown, wrong

PALLET = "pallet"


def check_part_names(facts: Facts) -> Iterator[Finding]:
    """Yield part types that the line does not declare, where it declares any."""
    known = [part.id for part in facts.spec.parts]
    if not known:
        return
    for path, name, at_key in _named(facts):
        if name not in known:
            yield unknown(path, "part", name, known, at_key=at_key)


def _named(facts: Facts) -> Iterator[tuple[Path, str, bool]]:
    for i, asset in enumerate(facts.spec.assets):
        for rest, name, at_key in _in_asset(asset):
            yield ("assets", i, *rest), name, at_key
    for i, order in enumerate(facts.spec.orders):
        yield ("orders", i, "part"), order.part, False
    for i, way in enumerate(facts.spec.flow):
        if isinstance(way, Branch) and rule_of(way) == "part" and isinstance(way.to, dict):
            for name in way.to:
                yield ("flow", i, "to", name), name, True
        if isinstance(way, Loop) and way.part != PALLET:
            yield ("flow", i, "part"), way.part, False


def _in_asset(asset: Asset) -> Iterator[tuple[Path, str, bool]]:
    if isinstance(asset, Source):
        if isinstance(asset.part, dict):
            yield from ((("part", name), name, True) for name in asset.part)
        elif not asset.orders:
            yield ("part",), asset.part, False
    for key in ("needs", "gives", "initial"):
        for name in getattr(asset, key, {}):
            if name != PALLET:
                yield (key, name), name, True
    if isinstance(asset, Assembly):
        yield ("makes",), asset.makes, False
    process = getattr(asset, "process_s", None)
    if isinstance(process, TimeByPart):
        yield from ((("process_s", "by_part", name), name, True) for name in process.by_part)
    setups = getattr(asset, "setups", None)
    for j, pair in enumerate(setups.pairs if setups else ()):
        yield ("setups", "pairs", j, "from"), pair.from_, False
        yield ("setups", "pairs", j, "to"), pair.to, False


def arriving(facts: Facts) -> dict[str, set[str]]:
    """Return for every asset the part types that can come to it."""
    into: dict[str, set[str]] = {name: set() for name in facts.places}
    held: dict[str, set[str]] = {name: set() for name in facts.places}
    for name in facts.places:
        held[name] |= _born(facts, name)
    for _, loop in facts.loops():
        if is_circulating(facts.spec, loop):
            held[members(facts.spec, loop)[0]].add(loop.part)
    filters = _filters(facts)
    waiting = list(facts.places)
    while waiting:
        giver = waiting.pop()
        out = _leaving(facts.assets[giver], into[giver]) | held[giver]
        for taker in facts.takers[giver]:
            fresh = {t for t in out if taker in filters.get(giver, {}).get(t, {taker})}
            fresh = fresh if giver not in filters else fresh & set(filters[giver])
            if not fresh <= into[taker]:
                into[taker] |= fresh
                waiting.append(taker)
    return into


def _born(facts: Facts, name: str) -> set[str]:
    asset = facts.assets[name]
    if isinstance(asset, Source):
        if asset.orders:
            return {order.part for order in facts.spec.orders}
        return set(asset.part) if isinstance(asset.part, dict) else {asset.part}
    return set(asset.initial) if isinstance(asset, Buffer) else set()


def _leaving(asset: Asset, into: set[str]) -> set[str]:
    if isinstance(asset, Assembly):
        return {asset.makes} if into else set()
    if isinstance(asset, Disassembly):
        return set(asset.gives) if into else set()
    return into


def _filters(facts: Facts) -> dict[str, dict[str, set[str]]]:
    """Return, for each branch by part, where each type goes."""
    return {
        branch.from_: {key: {str(value)} for key, value in branch.to.items()}
        for _, branch in facts.branches()
        if rule_of(branch) == "part" and isinstance(branch.to, dict)
    }


def check_arrivals(facts: Facts) -> Iterator[Finding]:
    """Yield types that a machine waits for in vain, and types that would stop it for good."""
    into = arriving(facts)
    for name in facts.places:
        asset, come, path = facts.assets[name], into[name], facts.at(name)
        listed = ", ".join(sorted(come)) or "–"
        if isinstance(asset, Assembly):
            for part in asset.needs:
                if part not in come:
                    at = (*path, "needs", part)
                    yield wrong(at, "never_arrives", part=part, come=listed, at_key=True)
            for part in sorted(come - set(asset.needs)):
                yield wrong((*path, "needs"), "not_needed", part=part, name=name)
        process = getattr(asset, "process_s", None)
        if isinstance(process, TimeByPart) and not isinstance(asset, Assembly):
            for part in sorted(come - set(process.by_part)):
                yield wrong((*path, "process_s", "by_part"), "no_time_for", part=part, name=name)
    for i, branch in facts.branches():
        if rule_of(branch) == "part" and branch.from_ in into:
            asset = facts.assets[branch.from_]
            out = _leaving(asset, into[branch.from_]) | _born(facts, branch.from_)
            for part in sorted(out - set(branch.to)):
                yield wrong(("flow", i, "to"), "no_way_for", part=part, name=branch.from_)


def check_quality(facts: Facts) -> Iterator[Finding]:
    """Yield branches by quality before which no part is judged, and none can turn bad."""
    spoiling = [a.id for a in facts.spec.assets if getattr(a, "defect_rate", 0.0) > 0]
    judged = reachable([*facts.of(Inspection), *spoiling], facts.takers)
    for i, branch in facts.branches():
        if rule_of(branch) == "quality" and branch.from_ not in judged:
            yield wrong(("flow", i), "never_judged", name=branch.from_)


def check_orders(facts: Facts) -> Iterator[Finding]:
    """Yield orders that nobody releases, and sources that wait for orders in vain."""
    releasing = [n for n in facts.sources if getattr(facts.assets[n], "orders", False)]
    if facts.spec.orders and not releasing:
        yield wrong(("orders",), "orders_unreleased", at_key=True)
    for name in releasing[1:]:
        yield wrong(facts.at(name, "orders"), "orders_twice", name=name, first=releasing[0])
    for name in releasing:
        if getattr(facts.assets[name], "interarrival_s", None) is not None:
            yield wrong(facts.at(name, "interarrival_s"), "orders_paced", at_key=True)
    if not facts.spec.orders:
        for name in releasing:
            yield wrong(facts.at(name, "orders"), "no_orders", name=name)
    for i, order in enumerate(facts.spec.orders):
        if order.due_s is not None and order.due_s <= order.release_s:
            yield wrong(("orders", i, "due_s"), "due", due=order.due_s, release=order.release_s)


def check_setups(facts: Facts) -> Iterator[Finding]:
    """Yield changeovers that are there twice, or from a type to itself."""
    for i, asset in enumerate(facts.spec.assets):
        if not isinstance(asset, Station) or asset.setups is None:
            continue
        seen: set[tuple[str, str]] = set()
        for j, pair in enumerate(asset.setups.pairs):
            path: Path = ("assets", i, "setups", "pairs", j)
            if pair.from_ == pair.to:
                yield wrong(path, "setup_same", part=pair.to)
            elif (pair.from_, pair.to) in seen:
                yield wrong(path, "setup_twice", first=pair.from_, second=pair.to)
            seen.add((pair.from_, pair.to))
