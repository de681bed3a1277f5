"""The ways of parts: chains, branches and what every asset needs of them."""

from collections.abc import Iterator

from twin.spec.assets import Operator, Sink, Source, Vehicle
from twin.spec.document import Finding, Path
from twin.spec.flow import Branch, Loop
from twin.spec.motion import Entry, Exit, Workcell
from twin.spec.topology import edges_of, is_circulating, members, rule_of, targets

from .facts import Facts, wrong
from .names import named_in_flow

TOLERANCE = 1e-6
"""How far shares may sum from 1."""


def check_shares(facts: Facts) -> Iterator[Finding]:
    """Yield shares, of sources and branches, that do not sum to 1."""
    for i, asset in enumerate(facts.spec.assets):
        if isinstance(asset, Source) and isinstance(asset.part, dict):
            yield from _sum(("assets", i, "part"), asset.part)
    for i, branch in facts.branches():
        if isinstance(branch.to, dict):
            shares = {k: v for k, v in branch.to.items() if isinstance(v, float)}
            if shares:
                yield from _sum(("flow", i, "to"), shares)


def _sum(path: Path, shares: dict[str, float]) -> Iterator[Finding]:
    total = sum(shares.values())
    if abs(total - 1) > TOLERANCE:
        key = "share_low" if total < 1 else "share_high"
        yield wrong(path, key, total=f"{total:.6g}", by=f"{abs(1 - total):.6g}")


def check_branches(facts: Facts) -> Iterator[Finding]:
    """Yield branches whose form and rule do not fit."""
    seen: set[str] = set()
    for i, branch in facts.branches():
        if branch.from_ in seen:
            yield wrong(("flow", i, "from"), "branch_twice", name=branch.from_)
        seen.add(branch.from_)
        yield from _form(("flow", i), branch)
        if branch.via is not None and not isinstance(facts.assets.get(branch.via), Vehicle):
            yield wrong(("flow", i, "via"), "via", name=branch.via)


def _form(path: Path, branch: Branch) -> Iterator[Finding]:
    rule = rule_of(branch)
    if isinstance(branch.to, tuple):
        if rule not in {"shortest", "cyclic", "priority"}:
            yield wrong((*path, "by" if branch.by else "to"), "list_rule", rule=rule or "–")
        return
    shares = any(isinstance(value, float) for value in branch.to.values())
    if shares:
        if rule != "share":
            yield wrong((*path, "by"), "share_rule", rule=rule)
    elif rule == "quality":
        if set(branch.to) != {"pass", "fail"}:
            yield wrong((*path, "to"), "quality_keys", found=", ".join(branch.to))
    elif rule not in ("part", "exit"):
        yield wrong((*path, "by"), "id_rule", rule=rule)


def check_chains(facts: Facts) -> Iterator[Finding]:
    """Yield fleets and people in the wrong places of `flow`, and loops that meet themselves."""
    for path, name, _ in named_in_flow(facts):
        if isinstance(facts.assets.get(name), Operator):
            yield wrong(path, "people_in_flow", name=name)
    for i, branch in facts.branches():
        for name in (branch.from_, *targets(branch)):
            if isinstance(facts.assets.get(name), Vehicle):
                yield wrong(("flow", i), "fleet_in_branch", name=name)
    for i, way in enumerate(facts.spec.flow):
        if not isinstance(way, Branch):
            yield from _fleets(facts, i, way)
    for i, loop in facts.loops():
        names = members(facts.spec, loop)
        if len(set(names)) < len(names):
            yield wrong(("flow", i), "loop_twice", names=", ".join(names))


def _fleets(facts: Facts, i: int, way: Loop | tuple[str, ...]) -> Iterator[Finding]:
    chain = way.loop if isinstance(way, Loop) else way
    begin: Path = ("flow", i, "loop") if isinstance(way, Loop) else ("flow", i)
    fleets = [isinstance(facts.assets.get(name), Vehicle) for name in chain]
    ends = [] if isinstance(way, Loop) and is_circulating(facts.spec, way) else [0, len(chain) - 1]
    for j, name in enumerate(chain):
        if fleets[j] and j in ends:
            yield wrong((*begin, j), "fleet_at_end", name=name)
        if fleets[j] and j and fleets[j - 1]:
            yield wrong((*begin, j), "fleets_in_a_row", first=chain[j - 1], second=name)


def check_connections(facts: Facts) -> Iterator[Finding]:
    """Yield assets with too few or too many ways in or out."""
    for name in facts.places:
        path = facts.at(name)
        asset = facts.assets[name]
        into, out = facts.givers[name], facts.takers[name]
        if isinstance(asset, Source) and into:
            yield wrong(path, "source_way_in", name=name, other=into[0])
        if isinstance(asset, Sink) and out:
            yield wrong(path, "sink_way_out", name=name, other=out[0])
        if name in out:
            yield wrong(path, "own_taker", name=name)
        if not into and not out:
            if not _partless(asset):
                yield wrong(path, "unconnected", name=name)
        elif not into and not isinstance(asset, Source) and not getattr(asset, "initial", {}):
            yield wrong(path, "no_way_in", name=name, other=out[0])
        elif not out and not isinstance(asset, Sink):
            yield wrong(path, "no_way_out", name=name, other=into[0])
    used = {edge.via for edge in facts.edges}
    for name in facts.of(Vehicle):
        if name not in used:
            yield wrong(facts.at(name), "fleet_unused", name=name)


def _partless(asset: object) -> bool:
    """Tell whether an asset has nothing to do with parts: a workcell without entries and exits."""
    return isinstance(asset, Workcell) and not any(
        isinstance(body, Entry | Exit) for body in asset.bodies
    )


def check_choices(facts: Facts) -> Iterator[Finding]:
    """Yield assets with several ways on that no branch chooses among."""
    branched = {branch.from_: set(targets(branch)) for _, branch in facts.branches()}
    plain: dict[str, dict[str, Path]] = {}
    fleets: dict[tuple[str, str], str | None] = {}
    for i, way in enumerate(facts.spec.flow):
        closed = isinstance(way, Loop) and is_circulating(facts.spec, way)
        for edge in edges_of(facts.spec, way, closed=closed):
            ends = edge.giver, edge.taker
            if fleets.setdefault(ends, edge.via) != edge.via:
                yield wrong(("flow", i), "two_carriers", first=ends[0], second=ends[1])
            if not isinstance(way, Branch) and edge.giver != edge.taker:
                plain.setdefault(edge.giver, {}).setdefault(edge.taker, ("flow", i))
    for giver, ways in plain.items():
        names = ", ".join(ways)
        if giver not in branched and len(ways) > 1:
            yield wrong(list(ways.values())[-1], "no_branch", name=giver, ways=names)
        for taker, path in ways.items():
            if giver in branched and taker not in branched[giver]:
                yield wrong(path, "beside_branch", name=giver, taker=taker)
