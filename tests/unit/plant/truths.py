"""What holds in every line at every instant between two events."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from twin.plant.asset import Asset
from twin.plant.buffer import Buffer
from twin.plant.conveyor import Conveyor
from twin.plant.ends import Source
from twin.plant.gather import Assembly, BatchStation, Disassembly
from twin.plant.line import Line
from twin.plant.machine import Machine
from twin.plant.motion.workcell import Workcell
from twin.plant.part import Part
from twin.plant.server import CHANGING, DONE, FREE, WORKING
from twin.plant.states import BUSY, SETUP
from twin.plant.storage import Storage
from twin.plant.vehicle import Fleet


def check(line: Line) -> None:
    """Assert everything that must hold now."""
    parts_are_conserved(line)
    shares_sum_to_one(line)
    nothing_is_forgotten(line)


# ---- parts


def held(asset: Asset) -> Iterator[Part]:
    """Yield the parts of the line that an asset holds; what a source has not let in is none."""
    match asset:
        case Source():
            if asset.interval is not None:
                yield from (part for part in (asset.part, *asset.queue) if part is not None)
        case Buffer():
            yield from asset.items
        case Conveyor():
            yield from asset.items
        case Workcell():
            for body in asset.world.bodies.values():
                yield from (part for part, _ in body.parts())
            yield from (entry[0] for entry in asset.world.lying)
        case Assembly() if asset.fixture:
            yield from asset.fixture
        case Machine():
            for server in asset.servers:
                yield from (part for part in (server.part, *server.rest) if part is not None)
            if isinstance(asset, BatchStation):
                yield from asset.held
            if isinstance(asset, Storage):
                yield from asset.items
                yield from (part for part in (asset.port,) if part is not None)


def _with_contents(part: Part) -> Iterator[Part]:
    yield part
    for inner in part.contents or ():
        yield from _with_contents(inner)


def parts_are_conserved(line: Line) -> None:
    """Each part is in one place, and the counts of parts agree with the parts that are there.

    Counts since the start: do not ask for it after a warm-up.
    """
    top = [part for asset in line.assets.values() for part in held(asset)]
    twice = {
        k: n for k, n in Counter(id(p) for t in top for p in _with_contents(t)).items() if n > 1
    }
    assert not twice, "a part is in two places"
    numbers = Counter(p.id for t in top for p in _with_contents(t))
    assert all(count == 1 for count in numbers.values()), numbers.most_common(3)
    assert line.wip == len(top)
    joined = sum(
        (sum(a.needs.values()) - 1) * a.made
        for a in line.assets.values()
        if isinstance(a, Assembly)
    )
    split = sum(
        (sum(a.gives.values()) - 1) * a.made
        for a in line.assets.values()
        if isinstance(a, Disassembly)
    )
    left = line.made - line.laps + line.scrapped
    assert line.created - joined + split == left + len(top)
    for asset in line.assets.values():
        if (not isinstance(asset, Source | Fleet) and asset.takers) or isinstance(asset, Buffer):
            assert asset.content() == len(list(held(asset))), asset.id
        assert 0 <= asset.content() <= max(
            asset.places(), 0 if not isinstance(asset, Source) else 1e9
        ) or _may_overflow(asset), (asset.id, asset.content(), asset.places())
    for cards in line.cards.values():
        out = sum(cards.address in part.cards for part in top)
        number = _pallets(line, cards.address)
        assert cards.free + out == number, (cards.address, cards.free, out, number)
        assert cards.free >= 0


def _may_overflow(asset: Asset) -> bool:
    # A store has places for the rack; a part more is at the device, and one at the port. What a
    # machine takes apart is more than what it took. People and fleets hold no parts.
    return isinstance(asset, Storage | Disassembly) or not asset.takers


def _pallets(line: Line, address: str) -> int:
    from twin.spec.topology import loops

    return loops(line.spec)[int(address.removeprefix("loop"))].pallets


# ---- time


def shares_sum_to_one(line: Line) -> None:
    """The shares of the six states make a whole, and none is negative."""
    seconds = line.env.time_s - line.counted_since_s
    for asset in line.assets.values():
        fractions = asset.result(seconds).fractions
        assert len(fractions) == 6
        assert abs(sum(fractions.values()) - 1.0) < 1e-9, (asset.id, fractions)
        assert min(fractions.values()) > -1e-12, (asset.id, fractions)
        if isinstance(asset, Machine):
            for server in asset.servers:
                assert abs(sum(server.times()) - seconds) <= 1e-9 * max(1.0, seconds)


# ---- nothing is forgotten


def nothing_is_forgotten(line: Line) -> None:
    """Whoever waits is remembered by whom it waits for, and whoever works has a timer."""
    waiting = _waiting(line)
    for (taker, giver), number in Counter((t, g.address) for t, g in waiting).items():
        assert number == 1, f"{giver} waits twice at {taker}"
    for taker, giver in waiting:
        assert giver.offered is not None, f"{giver.address} waits at {taker} with nothing to give"
    known = {giver.address for _, giver in waiting}
    for asset in line.assets.values():
        _asset_is_served(asset, known)
        if isinstance(asset, Machine):
            _machine_goes_on(asset)


def _waiting(line: Line) -> list[tuple[str, Any]]:
    found = [(asset.id, giver) for asset in line.assets.values() for giver in asset.waiting]
    for route in line.routes:
        if hasattr(route, "waiting"):
            found += [(route.address, giver) for giver in route.waiting]
    for asset in line.assets.values():
        if isinstance(asset, Fleet):
            found += [(call[0].address, call[1]) for call in asset.calls]
            found += [
                (v.leg.address, v.giver)
                for v in asset.vehicles
                if v.giver is not None and v.part is None and v.giver.offered is not None
            ]
    return found


def _asset_is_served(asset: Asset, known: set[str]) -> None:
    """Who holds something to give is waited for; who has room has nobody waiting."""
    if isinstance(asset, Source):
        _source_goes_on(asset, known)
    elif isinstance(asset, Buffer):
        assert not asset.items or asset.id in known, f"{asset.id} is forgotten"
        assert not (asset.waiting and len(asset.items) < asset.capacity), asset.id
    elif isinstance(asset, Conveyor):
        _belt_goes_on(asset, known)
    elif isinstance(asset, Storage):
        _store_goes_on(asset, known)
    elif isinstance(asset, Machine):
        _server_is_served(asset, known)
        if isinstance(asset, Fleet):
            assert not (asset.free and asset.calls and not asset.stops), asset.id
        elif not (isinstance(asset, Assembly) or asset.following or asset.stops):
            # A machine that lost its part while it stands takes the next when it goes on.
            assert not (asset.waiting and asset.free), f"{asset.id} is free, others wait for it"


def _source_goes_on(source: Source, known: set[str]) -> None:
    if source.part is not None:
        assert source.id in known, f"{source.id} is forgotten"
    elif source.left > 0 and not source.by_order:
        assert source.timer.pending, f"{source.id} will never make a part again"
    assert not source.orders or source.timer.pending, source.id


def _belt_goes_on(belt: Conveyor, known: set[str]) -> None:
    runs = belt.halted_since_s is None
    if belt.stuck:
        assert belt.id in known, f"{belt.id} is forgotten"
    elif belt.items and runs:
        assert belt.exit.pending, belt.id
    room = len(belt.items) < belt.room and runs
    assert not (belt.waiting and room) or belt.entrance.pending, belt.id


def _store_goes_on(store: Storage, known: set[str]) -> None:
    assert store.port is None or store.id in known, f"{store.id} is forgotten"
    assert not (store.free and store.items and store.port is None), store.id
    room = store.free and len(store.items) < store.room
    assert not (store.waiting and room and not store.stops), store.id


def _server_is_served(asset: Machine, known: set[str]) -> None:
    for server in asset.servers:
        if server.phase == DONE:
            assert server.address in known, f"{server.address} is forgotten"
        assert (server.phase == FREE) == (server in asset.free), (server.address, server.phase)


def _machine_goes_on(asset: Machine) -> None:
    """What runs has a timer or somebody who is called, and what stands has a reason."""
    for mode in asset.modes:
        if mode.active:
            assert mode.id in asset.stops
            assert mode.wants or mode.repairing
            timed = mode.repairing and mode.downtime_s is not None
            assert mode.timer.pending == timed, mode.address
        elif mode.spec is not None and not mode.operating:
            assert mode.timer.pending, mode.address
    for task in asset.tasks:
        assert not task.active or task.wants or task.timer.pending, task.address
        assert task.active or task.operating or task.timer.pending, task.address
    assert asset.faults == sum(mode.active for mode in asset.modes)
    if isinstance(asset, Conveyor):
        return
    for server in asset.servers:
        if server.phase not in (CHANGING, WORKING) or asset.stops:
            assert not server.timer.pending, server.address
            continue
        if server.state == BUSY and asset.following and not isinstance(asset, Fleet | Storage):
            continue
        if server.state in (BUSY, SETUP) and not server.wants:
            assert server.timer.pending, server.address
        else:
            assert server.wants, server.address
    if asset.wear is not None:
        working = sum(server.state == BUSY for server in asset.servers)
        assert asset.wear.running == working, asset.id
