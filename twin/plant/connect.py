"""Connects the assets of a line by the ways of its line file."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twin.kernel.errors import PilotlineError
from twin.kernel.streams import uniform
from twin.spec import topology
from twin.spec.flow import Branch, Edge, Loop

from .asset import Asset
from .buffer import Buffer
from .ends import Sink, Source
from .gather import Assembly
from .machine import Machine
from .route import ByExit, Cards, Chosen, Exit, Gate, Lap, Shared, Sorted, by_quality, by_type
from .vehicle import Fleet

if TYPE_CHECKING:
    from .line import Line


def connect(line: "Line") -> Callable[[], None]:
    """Give every asset its `send`; return what puts the pallets of closed loops on."""
    connector = _Connector(line)
    connector.connect()
    return connector.place_pallets


class _Connector:
    def __init__(self, line: "Line") -> None:
        self.line = line
        self.spec = line.spec
        self.ways: dict[str, list[Edge]] = {}
        for edge in topology.edges(self.spec):
            self.ways.setdefault(edge.giver, []).append(edge)
        self.branches = topology.branches(self.spec)
        self.done: dict[str, tuple[Callable[..., bool], list[Any]]] = {}
        self.rings = []
        for number, loop in enumerate(topology.loops(self.spec)):
            self.rings.append(self._ring(loop, number))

    def _ring(self, loop: Loop, number: int) -> tuple[Loop, set[str], Cards | None]:
        names = topology.members(self.spec, loop)
        inside = {n for n in names if not isinstance(self.line.assets[n], Source | Sink)}
        if topology.is_circulating(self.spec, loop):
            return loop, inside, None
        cards = Cards(self.line.env, f"loop{number}", loop.pallets)
        self.line.cards[cards.address] = cards
        return loop, inside, cards

    def connect(self) -> None:
        for name in self.ways:
            asset = self.line.assets[name]
            if _is_nothing(asset):
                continue
            asset.send, asset.takers = self._route(name)
            if isinstance(asset, Buffer):
                asset.branched = name in self.branches and asset.order != "fifo"
                asset.alone = name not in self.branches and asset.order != "lifo"
                if asset.alone and _takes_any(asset.takers[0]):
                    asset.direct, asset.taker = True, asset.takers[0]
            elif isinstance(asset, Source) and asset.endless and name not in self.branches:
                asset.direct = _takes_any(asset.takers[0])

    def place_pallets(self) -> None:
        """Put the pallets of closed loops on, once the assets are ready for them."""
        for loop, _, cards in self.rings:
            if cards is None:
                self._place(loop)

    def _route(self, name: str) -> tuple[Callable[..., bool], list[Any]]:
        """Return the `send` of an asset and everybody that it may give to."""
        if name in self.done:
            return self.done[name]
        edges = self.ways.get(name, [])
        takers = {edge.taker: self._taker(edge) for edge in edges}
        branch = self.branches.get(name)
        if branch is not None:
            route = self._branch(branch, takers)
            self.line.routes.append(route)
            found = route.send, list(takers.values())
        elif len(takers) == 1:
            (taker,) = takers.values()
            found = taker.offer, [taker]
        else:
            raise PilotlineError(f"{name} has {len(takers)} ways on and no branch that chooses")
        self.done[name] = found
        return found

    def _taker(self, edge: Edge) -> Any:
        taker: Any = self.line.assets[edge.taker]
        if _is_nothing(taker):
            taker = Through(taker, *self._route(edge.taker))
        if isinstance(taker, Assembly) and taker.together:
            giver = self.line.assets[edge.giver]
            if isinstance(giver, Buffer):
                giver.audience = taker
        if edge.via is not None:
            fleet = self.line.assets[edge.via]
            assert isinstance(fleet, Fleet)
            taker = fleet.leg(edge.giver, taker)
        # Ways out first: a part that goes from one loop to the next needs the card of the next
        # before it gives that of the last one back.
        leaves = [ring for ring in self.rings if edge.giver in ring[1]]
        enters = [ring for ring in self.rings if edge.giver not in ring[1]]
        for loop, inside, cards in (*leaves, *enters):
            taker = self._ring_taker(edge, taker, loop, inside, cards)
        return taker

    def _ring_taker(
        self, edge: Edge, taker: Any, loop: Loop, inside: set[str], cards: Cards | None
    ) -> Any:
        comes, goes = edge.giver in inside, edge.taker in inside
        if cards is None:
            names = topology.members(self.spec, loop)
            if (edge.giver, edge.taker) == (names[-1], names[0]):
                return Lap(self.line, taker)
        elif goes and not comes:
            gate = Gate(cards, taker, edge.giver)
            cards.gates.append(gate)
            self.line.routes.append(gate)
            return gate
        elif comes and not goes:
            return Exit(cards, taker)
        return taker

    def _branch(self, branch: Branch, takers: dict[str, Any]) -> Any:
        rule = topology.rule_of(branch)
        to = branch.to
        if rule == "exit" and isinstance(to, dict):
            return ByExit({exit_: takers[str(name)] for exit_, name in to.items()})
        if rule in ("quality", "part") and isinstance(to, dict):
            key = by_quality if rule == "quality" else by_type
            return Sorted({k: takers[str(v)] for k, v in to.items()}, key, branch.from_)
        if rule == "share" and isinstance(to, dict):
            shares = [float(share) for share in to.values()]
            stream = self.line.streams.make(f"{branch.from_}/way", uniform)
            return Shared([takers[name] for name in to], shares, stream)
        return Chosen([takers[name] for name in topology.targets(branch)], str(rule))

    def _place(self, loop: Loop) -> None:
        """Put the pallets of a closed loop on its assets, first asset first."""
        names = topology.members(self.spec, loop)
        left = loop.pallets
        for name in names:
            asset = self.line.assets[name]
            while left and not _is_nothing(asset):
                part = self.line.part(loop.part, 0.0)
                if not asset.put(part):
                    break
                self.line.enter(part)
                left -= 1
        if left:
            raise PilotlineError(
                f"{left} of the {loop.pallets} pallets find no room in the loop "
                f"{', '.join(names)}; give it buffers or fewer pallets"
            )


class Through:
    """A buffer without places: what lies behind it, under its own name."""

    def __init__(self, buffer: Asset, send: Callable[..., bool], takers: list[Any]) -> None:
        self.address = buffer.address
        self.buffer = buffer
        self.offer = send
        self.takers = takers

    def forget(self, giver: Any) -> None:
        """Call a giver no more."""
        for taker in self.takers:
            taker.forget(giver)

    def once(self, giver: Any) -> None:
        """Let a giver that offered again wait once."""
        for taker in self.takers:
            taker.once(giver)

    def content(self) -> int:
        """Return what is behind it."""
        return sum(int(taker.content()) for taker in self.takers)


def _takes_any(taker: Any) -> bool:
    """Tell whether a taker with room takes any part: then it may help itself."""
    fifo = isinstance(getattr(taker, "waiting", None), deque)
    return fifo and isinstance(taker, Machine) and type(taker).offer is Machine.offer


def _is_nothing(asset: Asset) -> bool:
    return isinstance(asset, Buffer) and asset.capacity == 0
