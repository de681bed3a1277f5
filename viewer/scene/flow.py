"""The line as a graph for the layout: who gives to whom, main flow, side branches, ways back."""

from collections.abc import Iterable
from dataclasses import dataclass

from twin.spec.flow import Branch, Edge
from twin.spec.line import LineSpec
from twin.spec.topology import edges


@dataclass(frozen=True, slots=True)
class Graph:
    """Assets that stand in the hall, the ways between them, and which of these lead back."""

    ids: tuple[str, ...]
    ways: tuple[Edge, ...]
    back: frozenset[tuple[str, str]]
    failing: frozenset[str]
    """Assets that only bad parts reach directly."""

    def takers(self, asset: str) -> list[str]:
        """Return those that `asset` gives to, ways back left out."""
        return [w.taker for w in self.ways if w.giver == asset and not self.leads_back(w)]

    def givers(self, asset: str) -> list[str]:
        """Return those that give to `asset`, ways back left out."""
        return [w.giver for w in self.ways if w.taker == asset and not self.leads_back(w)]

    def leads_back(self, way: Edge) -> bool:
        """Whether the way goes against the main flow."""
        return (way.giver, way.taker) in self.back

    def ranks(self) -> dict[str, int]:
        """Return how many assets come before each, on the longest way."""
        rank: dict[str, int] = {}
        for asset in self.sorted():
            rank[asset] = max((rank[g] + 1 for g in self.givers(asset)), default=0)
        return rank

    def sorted(self) -> list[str]:
        """Return the assets, each after all that give to it."""
        waiting = {asset: len(self.givers(asset)) for asset in self.ids}
        ready = [asset for asset in self.ids if waiting[asset] == 0]
        done: list[str] = []
        while ready:
            asset = ready.pop(0)
            done.append(asset)
            for taker in self.takers(asset):
                waiting[taker] -= 1
                if waiting[taker] == 0:
                    ready.append(taker)
        return done

    def main(self) -> list[str]:
        """Return the longest chain: what a person would call the line."""
        best: dict[str, list[str]] = {}
        for asset in reversed(self.sorted()):
            tails = [best[t] for t in self.takers(asset) if t not in self.failing]
            best[asset] = [asset, *max(tails, key=len, default=[])]
        return max(best.values(), key=len, default=[])


def graph(spec: LineSpec) -> Graph:
    """Return the graph of everything in `spec` that stands still."""
    ids = tuple(a.id for a in spec.assets if a.kind not in {"vehicle", "operator"})
    known = set(ids)
    ways = tuple(
        {
            (e.giver, e.taker): e for e in edges(spec) if e.giver in known and e.taker in known
        }.values()
    )
    failing = frozenset(
        taker
        for way in spec.flow
        if isinstance(way, Branch) and isinstance(way.to, dict)
        for key, taker in way.to.items()
        if key == "fail" and isinstance(taker, str)
    )
    sources = [a.id for a in spec.assets if a.kind == "source"]
    return Graph(ids, ways, _back(ids, ways, sources, failing), failing)


def _back(
    ids: tuple[str, ...], ways: Iterable[Edge], sources: list[str], failing: frozenset[str]
) -> frozenset[tuple[str, str]]:
    takers: dict[str, list[str]] = {asset: [] for asset in ids}
    for way in ways:
        takers[way.giver].append(way.taker)
    for out in takers.values():
        out.sort(key=lambda taker: taker in failing)
    back: set[tuple[str, str]] = set()
    open_, closed = set[str](), set[str]()

    def visit(root: str) -> None:
        stack = [(root, iter(takers[root]))]
        open_.add(root)
        while stack:
            asset, rest = stack[-1]
            taker = next(rest, None)
            if taker is None:
                open_.discard(asset)
                closed.add(asset)
                stack.pop()
            elif taker in open_:
                back.add((asset, taker))
            elif taker not in closed:
                open_.add(taker)
                stack.append((taker, iter(takers[taker])))

    for asset in (*sources, *ids):
        if asset not in closed:
            visit(asset)
    return frozenset(back)
