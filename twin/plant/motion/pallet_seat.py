"""Where a pallet stands while parts are stacked on it."""

from collections.abc import Iterator
from math import dist, hypot, pi, radians
from typing import TYPE_CHECKING, ClassVar

from twin.plant.part import Part
from twin.spec import motion as specs
from twin.wire.model import Ride

from .body import LEVEL_M, Body, Giver, Holder, Watcher
from .frame import Pose
from .seat import Lie, Queue, lost, misplaced, quarter, speed_of

if TYPE_CHECKING:
    from .world import World


class PalletSeat(Queue, Giver):
    """Takes a pallet of its type first, then parts onto it, in a pattern of places and layers.

    A pallet comes off a belt whose end meets the seat, and rolls to its middle at that speed; or a
    gripper puts it there. `present`: it has come to lie.

    The pattern lies around the pallet's middle. Parts may come in any order; one goes on top of
    what is at its place already. A part further off its place than `tolerance_m` is an incident,
    and lies as it lies; one for which there is no layer left is refused. With `patterns` a layer
    must be full before the next one begins, and a part turned across its place is an incident, too.
    A full pallet becomes the
    type `makes`, with the parts inside. Without `makes` the parts stay parts: a gripper can take
    them off again.

    While `out` is on, rollers carry the pallet along the seat's heading, with all that is on it,
    which is inside it from then on. When its middle passes the edge, half a pallet's length from
    the seat's middle, it goes to the seat's exit or onto the belt that begins there. Where nothing
    is, it falls; where there is no room, it is jammed.
    """

    STATE: ClassVar[tuple[str, ...]] = (
        *Queue.STATE, "pallet", "lie", "here", "stacks", "lies", "by", "full", "rolling", "jammed",
    )  # fmt: skip

    def __init__(self, world: "World", spec: specs.PalletSeat) -> None:
        super().__init__(world, spec)
        self.kind = spec.pallet
        self.patterned = bool(spec.patterns)
        self.layers = spec.layers
        self.middles = [
            [Pose(x, y, 0.0, radians(turn)) for x, y, turn in spec.places(layer)]
            for layer in range(spec.layers)
        ]
        """The middles of the places, layer by layer, seen from the pallet's middle."""
        self.makes = spec.makes
        self.tolerance_m = spec.tolerance_m
        self.speed_m_s = spec.speed_m_s
        places = [place for layer in self.middles for place in layer]
        self.half_m = _around(places, spec.pitch_m)
        length, width, _ = world.cell.part_specs[spec.pallet].size_m
        self.edge_m = length / 2.0
        self.foot_m = max(length, width) / 2.0 + LEVEL_M
        self.pallet: Part | None = None
        self.lie: list[float] = [0.0] * Lie.SIZE
        self.here = False
        """Whether the pallet has come to rest."""
        count = len(self.middles[0])
        self.stacks: list[list[Part]] = [[] for _ in range(count)]
        """The parts at each place, from below; places by row across, then along."""
        self.lies: list[list[list[float]]] = [[] for _ in range(count)]
        """How each of them lies, seen from the pallet's middle."""
        self.by: list[Body] = []
        self.full = False
        """Whether the pallet has become what it makes."""
        self.rolling = False
        """Whether the rollers carry the pallet."""
        self.jammed = False
        """Whether it stands at the edge, as there is no room beyond."""
        self.watchers: list[Watcher] = []
        self.rests = self.timer("rest", self._rests)

    # ---- places

    def middle(self, place: int, layer: int = 0) -> Pose:
        """Return the middle of a place, seen from the pallet's middle, on the bare pallet."""
        assert self.pallet is not None
        return self.middles[layer][place]._replace(z=self.world.size(self.pallet)[2])

    def _top_m(self, place: int) -> float:
        """Return how high the stack at a place is, from the seat up, m."""
        sizes = (self.world.size(part)[2] for part in self.stacks[place])
        return self.middle(place).z + sum(sizes)

    def _filling(self) -> int:
        """Return the layer that is being filled, with `patterns`."""
        return min(*map(len, self.stacks), self.layers - 1)

    def _place_near(self, local: Pose) -> int:
        middles = self.middles[self._filling() if self.patterned else 0]
        return min(
            range(len(middles)),
            key=lambda place: hypot(middles[place].x - local.x, middles[place].y - local.y),
        )

    def _ready(self) -> bool:
        """Tell whether parts can go onto the pallet."""
        return self.pallet is not None and self.here and not (self.full or self.rolling)

    def _origin(self) -> Pose:
        """Return where the pallet's middle is, in its frame; it lies square there."""
        return Lie(self.lie).at(self.env.time_s, 0.0)._replace(heading_rad=0.0)

    def loose(self) -> Iterator[Part]:
        """Yield the parts that lie on the pallet."""
        for stack in self.stacks:
            yield from stack

    # ---- as a holder

    def covers(self, at: Pose, time_s: float) -> bool:
        local = self.frame.at(time_s).seen(at)
        x, y, top_m = self.foot_m, self.foot_m, 0.0
        if self._ready():
            (x, y), local = self.half_m, self._origin().seen(local)
            top_m = self._top_m(self._place_near(local))
        return abs(local.x) <= x and abs(local.y) <= y and abs(local.z - top_m) < LEVEL_M

    def height(self, at: Pose, time_s: float) -> float:
        base = self.frame.at(time_s)
        if not self._ready():
            return base.z
        return base.z + self._top_m(self._place_near(self._origin().seen(base.seen(at))))

    def entrance(self, along_m: float) -> Pose:
        return Pose(0.0, 0.0, 0.0)

    def accept(self, part: Part, at: Pose, *, giver: Body) -> bool:
        now = self.env.time_s
        local = self.frame.at(now).seen(at)
        if self.pallet is None:
            return self._take_pallet(part, at, local, giver)
        if not self._ready():
            return self.refuse(giver)
        local = self._origin().seen(local)
        place = self._place_near(local)
        layer = len(self.stacks[place])
        if layer >= self.layers or part.type == self.kind:
            return self.refuse(giver)
        if self.patterned and layer > self._filling():
            return self.refuse(giver)
        off = self.middle(place, layer).seen(local)
        if not misplaced(self, part, at, off, self.tolerance_m, "off_pattern"):
            self._crosswise(part, at, off)
        self.stacks[place].append(part)
        self.lies[place].append(Lie.still(local, now))
        if self.makes is not None and all(len(s) == self.layers for s in self.stacks):
            self._complete(self.pallet, self.makes)
        self._tell()
        self.cell.changed()
        return True

    def _crosswise(self, part: Part, at: Pose, off: Pose) -> None:
        """Note a part that lies across its place."""
        if self.patterned and round(off.heading_rad / (pi / 2.0)) % 2:
            self.world.incident("misplaced", self, "incident.crosswise", part=part, at=at)

    def _take_pallet(self, part: Part, at: Pose, local: Pose, giver: Body) -> bool:
        if part.type != self.kind:
            return self.refuse(giver)
        now = self.env.time_s
        self.pallet, self.here = part, False
        if giver.guides:
            middle = Pose(0.0, 0.0, 0.0, quarter(local.heading_rad))
            self.lie[:] = Lie.sliding(local, middle, now, speed_of(giver))
        else:
            misplaced(self, part, at, local, self.tolerance_m)
            self.lie[:] = Lie.still(local, now)
        if self.lie[-1] > now:
            self.rests.arm_at(self.lie[-1])
        else:
            self._rests()
        self.cell.changed()
        return True

    def _rests(self) -> None:
        if self.rolling:
            self._leave()
            return
        self.here = True
        self.tells("present", value=True)
        self._tell()
        self._roll()
        self.cell.changed()

    def _complete(self, pallet: Part, makes: str) -> None:
        """Let the full pallet become what it makes."""
        pallet.type = makes
        self._pack(pallet)
        self.full = True

    def _pack(self, pallet: Part) -> None:
        """Let the pallet and what lies on it become one part."""
        parts = list(self.loose())
        line = self.cell.line
        kept = dict.fromkeys(pallet.cards)
        for part in parts:
            line.give_back(tuple(card for card in part.cards if card in kept))
            kept |= dict.fromkeys(part.cards)
            part.cards = ()
        pallet.cards = tuple(kept)
        pallet.contents = [*(pallet.contents or ()), *parts]
        pallet.good = pallet.good and all(part.good for part in parts)
        pallet.verdict = None
        if pallet.order is None:
            pallet.order, pallet.due_s = parts[0].order, parts[0].due_s
        line.joined(len(parts) + 1)
        self._clear_stacks()

    def _clear_stacks(self) -> None:
        for stack, lies in zip(self.stacks, self.lies, strict=True):
            stack.clear()
            lies.clear()

    def nearest(self, at: Pose, time_s: float) -> tuple[Part, Pose] | None:
        if self.pallet is None:
            return None
        tops = [place for place, stack in enumerate(self.stacks) if stack]
        if not tops:
            return self.pallet, self._pallet_at(time_s)
        found = [(self.stacks[place][-1], self._lies(place, time_s)) for place in tops]
        return min(found, key=lambda entry: dist(entry[1][:3], at[:3]))

    def _lies(self, place: int, time_s: float) -> Pose:
        """Return where the uppermost part at a place is, in the workcell."""
        z = self._top_m(place) - self.world.size(self.stacks[place][-1])[2]
        lies = self._origin().then(Lie(self.lies[place][-1]).at(time_s, z))
        return self.frame.at(time_s).then(lies)

    def _pallet_at(self, time_s: float) -> Pose:
        return self.frame.at(time_s).then(Lie(self.lie).at(time_s, 0.0))

    def part_at(self, along_m: float) -> Part | None:
        return self.pallet if self.here else None

    def take(self, part: Part) -> Pose:
        now = self.env.time_s
        if part is self.pallet:
            at = self._pallet_at(now)
            self._free()
            return at
        place = next(p for p, stack in enumerate(self.stacks) if stack and stack[-1] is part)
        at = self._lies(place, now)
        self.stacks[place].pop()
        self.lies[place].pop()
        self._tell()
        self.call()
        return at

    def hold(self, part: Part, *, by: Body) -> None:
        if part is self.pallet and by not in self.by:
            self.by.append(by)
            self._roll()

    def let_go(self, part: Part, *, by: Body) -> None:
        if by in self.by:
            self.by.remove(by)
            self._roll()

    def clamped(self, part: Part, *, but: Body | None = None) -> bool:
        return part is self.pallet and any(body is not but for body in self.by)

    def watch(self, watcher: Watcher, along_m: float) -> None:
        self.watchers.append(watcher)

    def _tell(self) -> None:
        part = self.part_at(0.0)
        for watcher in self.watchers:
            watcher.seen(part)

    # ---- the pallet leaves

    def pin_changed(self, pin: str) -> None:
        self._roll()

    def leaving(self) -> Part | None:
        return self.pallet if self.jammed else None

    def retry(self, taker: Holder) -> None:
        if self.jammed and self.rolling:
            self._leave()

    def _roll(self) -> None:
        """Let the rollers carry the pallet, or stop it."""
        wanted = bool(self.reads("out")) and not self.by
        if self.pallet is None or not self.here or wanted == self.rolling:
            return
        now = self.env.time_s
        at = Lie(self.lie).at(now, 0.0)
        self.rolling = wanted
        if wanted:
            edge = at._replace(x=max(self.edge_m, at.x))
            self.lie[:] = Lie.sliding(at, edge, now, self.speed_m_s)
            self.rests.arm_at(self.lie[-1])
        else:
            self.lie[:] = Lie.still(at, now)
            self.rests.cancel()
        self.world.movers_changed(self)
        self.cell.changed()

    def moves(self, time_s: float) -> bool:
        """Tell whether a pallet is in movement on it."""
        return self.pallet is not None and time_s < self.lie[-1]

    def _leave(self) -> None:
        """Let the pallet go over the edge."""
        pallet = self.pallet
        if pallet is None:
            return
        if any(self.stacks):
            self._pack(pallet)
        world = self.world
        at = self._pallet_at(self.env.time_s)
        taker = world.pass_on(pallet, at, self)
        if taker is None:
            self._free()
            world.incident("fallen", self, "incident.off_edge", part=pallet, at=at)
            world.lay(pallet, at)
        elif taker.accept(pallet, at, giver=self):
            self._free()
        elif not self.jammed:
            self.jammed = True
            if taker not in self.cell.exits:
                world.incident(
                    "jam", self, "incident.pallet_jam", part=pallet, at=at, other=taker.id
                )

    def _free(self) -> None:
        pallet, holding = self.pallet, list(self.by)
        self.pallet, self.here, self.full = None, False, False
        self.rolling = self.jammed = False
        self.tells("present", value=False)
        self.by.clear()
        lost(pallet, holding)
        self._clear_stacks()
        self.rests.cancel()
        self._tell()
        self.cell.settle()
        self.call()

    def remove(self, part: Part) -> bool:
        if part is self.pallet and not any(self.stacks):
            self._free()
            return True
        if any(stack and stack[-1] is part for stack in self.stacks):
            self.take(part)
            return True
        return False

    def content(self) -> int:
        return int(self.pallet is not None) + sum(map(len, self.stacks))

    def parts(self) -> Iterator[tuple[Part, Ride]]:
        if self.pallet is None:
            return
        base = Lie(self.lie).ride(self.node, 0.0)
        yield self.pallet, base
        for place, (stack, lies) in enumerate(zip(self.stacks, self.lies, strict=True)):
            z = self.middle(place).z
            for part, (x, y, heading_rad, *_) in zip(stack, lies, strict=True):
                yield part, base._replace(x=base.x + x, y=base.y + y, z=z, heading_rad=heading_rad)
                z += self.world.size(part)[2]


def _around(places: list[Pose], room_m: tuple[float, float]) -> tuple[float, float]:
    """Return half the length and the width of what the places of a pallet cover, m."""
    length, width = room_m
    turned = [round(place.heading_rad / (pi / 2.0)) % 2 == 1 for place in places]
    return (
        max(abs(p.x) + (width if t else length) / 2.0 for p, t in zip(places, turned, strict=True)),
        max(abs(p.y) + (length if t else width) / 2.0 for p, t in zip(places, turned, strict=True)),
    )
