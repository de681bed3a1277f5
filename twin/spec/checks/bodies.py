"""What is wrong with the bodies of a workcell: names, partners, places, addresses, programs."""

from collections.abc import Iterator

from twin.spec import motion
from twin.spec.choices import hint
from twin.spec.document import Finding, Path
from twin.spec.io import Address, io_of, point_name
from twin.spec.pins import Direction

from .facts import Facts, unknown, wrong
from .robots import check_robots

MOVERS = (
    motion.Cylinder,
    motion.Lift,
    motion.Turntable,
    motion.IndexTable,
    motion.Axis,
    motion.Robot,
)
BELTS = (motion.Belt, motion.Chute)
SURFACES = (*BELTS, motion.Seat, motion.Rack, motion.PalletSeat)

PARTNERS: dict[type[motion.BodyBase], dict[str, tuple[type[motion.BodyBase], ...]]] = {
    motion.Entry: {"to": SURFACES},
    motion.Exit: {"from": SURFACES},
    motion.Magazine: {"to": SURFACES},
    motion.Stopper: {"belt": BELTS, "air": (motion.Air,)},
    motion.Pusher: {"belt": BELTS, "air": (motion.Air,)},
    motion.Diverter: {"belt": BELTS, "air": (motion.Air,)},
    motion.Clamp: {"holds": (*BELTS, motion.Seat, motion.PalletSeat), "air": (motion.Air,)},
    motion.Cylinder: {"air": (motion.Air,)},
    motion.Turntable: {"air": (motion.Air,)},
    motion.Gripper: {"air": (motion.Air,)},
    motion.ProcessHead: {
        "sees": SURFACES,
        "clamp": (motion.Clamp,),
        "door": (motion.Cylinder,),
    },
    motion.Sensor: {"sees": SURFACES},
    motion.Scale: {"sees": SURFACES},
    motion.Reader: {"sees": SURFACES},
    motion.Vision: {"sees": SURFACES},
    motion.Tester: {"sees": SURFACES},
    motion.Channel: {"robot": (motion.Robot,)},
    motion.Tracker: {"robot": (motion.Robot,)},
    motion.LightCurtain: {"zone": (motion.Zone,)},
    motion.Zone: {"behind": (motion.Door,)},
}
"""Which fields of a body name another body, and of which kind it must be."""

PART_FIELDS = {
    motion.Magazine: ("part",),
    motion.PalletSeat: ("pallet", "makes"),
    motion.ProcessHead: ("makes",),
}


def check_bodies(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong within the workcells of a line."""
    for name in facts.of(motion.Workcell):
        cell = facts.assets[name]
        assert isinstance(cell, motion.Workcell)
        yield from _Cell(facts, cell).findings()


class _Cell:
    def __init__(self, facts: Facts, cell: motion.Workcell) -> None:
        self.facts = facts
        self.cell = cell
        self.path = facts.at(cell.id)
        self.bodies = {body.id: body for body in reversed(cell.bodies)}

    def findings(self) -> Iterator[Finding]:
        twice = list(self._twice())
        yield from twice
        yield from self._partners()
        yield from self._carried()
        yield from self._places()
        yield from self._parts()
        yield from self._program()
        yield from check_robots(self.cell, self.path)
        if not twice:
            yield from self._io()
            yield from self._ports()

    def _each(self) -> Iterator[tuple[Path, motion.BodyBase]]:
        for i, body in enumerate(self.cell.bodies):
            yield (*self.path, "bodies", i), body

    def _twice(self) -> Iterator[Finding]:
        seen: set[str] = set()
        for path, body in self._each():
            if body.id in seen:
                yield wrong((*path, "id"), "body_twice", name=body.id, cell=self.cell.id)
            seen.add(body.id)

    def _partners(self) -> Iterator[Finding]:
        for path, body in self._each():
            for field, kinds in PARTNERS.get(type(body), {}).items():
                named = getattr(body, f"{field}_" if field == "from" else field)
                if named is not None:
                    yield from self._named((*path, field), named, kinds)
            if body.on is not None:
                yield from self._named((*path, "on"), body.on, MOVERS)
            if isinstance(body, motion.Zone):
                for j, danger in enumerate(body.dangers):
                    if danger not in self.bodies:
                        yield unknown((*path, "dangers", j), "body", danger, list(self.bodies))

    def _named(
        self, path: Path, name: str, kinds: tuple[type[motion.BodyBase], ...]
    ) -> Iterator[Finding]:
        fits = [key for key, body in self.bodies.items() if isinstance(body, kinds)]
        if name not in self.bodies:
            yield unknown(path, "body", name, fits)
        elif name not in fits:
            kind = getattr(self.bodies[name], "kind", "")
            yield wrong(path, "body_kind", name=name, kind=kind, hint=hint(name, fits))

    def _carried(self) -> Iterator[Finding]:
        for path, body in self._each():
            seen = [body.id]
            on = body.on
            while on is not None and on in self.bodies:
                if on in seen:
                    yield wrong((*path, "on"), "carried_in_a_ring", names=" > ".join([*seen, on]))
                    break
                seen.append(on)
                on = self.bodies[on].on

    def _places(self) -> Iterator[Finding]:
        for path, body in self._each():
            along = getattr(body, "along_m", None)
            holder = next(
                (
                    self.bodies.get(getattr(body, field) or "")
                    for field in ("belt", "sees", "to", "holds")
                    if hasattr(body, field)
                ),
                None,
            )
            if along is not None and isinstance(holder, BELTS) and along > holder.length_m:
                yield wrong(
                    (*path, "along_m"), "beyond_end", body=body.id, along=along,
                    belt=holder.id, length=holder.length_m,
                )  # fmt: skip
            start = body.starts_at if isinstance(body, motion.Lift) else None
            if isinstance(body, motion.Lift) and start is not None and start not in body.levels:
                yield unknown((*path, "starts_at"), "level", start, list(body.levels))
            if isinstance(body, motion.Axis):
                yield from self._axis(path, body)

    def _axis(self, path: Path, axis: motion.Axis) -> Iterator[Finding]:
        if axis.low >= axis.high:
            yield wrong((*path, "high"), "axis_limits", low=axis.low, high=axis.high)
        elif axis.rotary and axis.direction != "z":
            yield wrong((*path, "direction"), "axis_rotary", name=axis.id)
        for field in ("home", "starts_at"):
            at = getattr(axis, field)
            if at is not None and not axis.low <= at <= axis.high:
                yield wrong((*path, field), "axis_outside", at=at, low=axis.low, high=axis.high)

    def _parts(self) -> Iterator[Finding]:
        known = [part.id for part in self.facts.spec.parts]
        for path, body in self._each():
            for field in PART_FIELDS.get(type(body), ()):
                named = getattr(body, field)
                if named is not None and named not in known:
                    yield unknown((*path, field), "part", named, known)
            for part in getattr(body, "codes", {}):
                if part not in known:
                    yield unknown((*path, "codes", part), "part", part, known, at_key=True)

    def _program(self) -> Iterator[Finding]:
        program = self.cell.control.program
        if program is not None and program.file is None and program.text is None:
            yield wrong((*self.path, "control", "program"), "program_empty", cell=self.cell.id)

    def _io(self) -> Iterator[Finding]:
        path = (*self.path, "io")
        pins = {point_name(body.id, pin): pin for body in self.cell.bodies for pin in body.pins()}
        sound = True
        taken: dict[tuple[str, int], str] = {}
        for name, entry in self.cell.io.items():
            if name not in pins:
                sound = False
                yield unknown((*path, name), "point", name, list(pins), at_key=True)
                continue
            if entry.address is None:
                continue
            area = "Q" if pins[name].direction is Direction.OUTPUT else "I"
            problem = _address_problem(entry.address, area, str(pins[name].iec))
            if problem is not None:
                sound = False
                yield wrong((*path, name, "address"), problem, name=name, address=entry.address)
                continue
            address = Address.parse(entry.address)
            for bit in address.bits():
                other = taken.setdefault((address.area, bit), name)
                if other != name:
                    sound = False
                    yield wrong(
                        (*path, name, "address"), "address_twice", name=name, other=other,
                        address=entry.address,
                    )  # fmt: skip
                    break
        if sound:
            names = [point.name for point in io_of(self.cell)]
            for name in sorted({name for name in names if names.count(name) > 1}):
                yield wrong((*self.path, "bodies"), "point_twice", name=name)

    def _ports(self) -> Iterator[Finding]:
        facts, cell = self.facts, self.cell
        entries = [body for body in cell.bodies if isinstance(body, motion.Entry)]
        exits = [body for body in cell.bodies if isinstance(body, motion.Exit)]
        if facts.givers[cell.id] and not entries:
            yield wrong(self.path, "no_entry", cell=cell.id, other=facts.givers[cell.id][0])
        if facts.takers[cell.id] and not exits:
            yield wrong(self.path, "no_exit", cell=cell.id, other=facts.takers[cell.id][0])
        for path, body in self._each():
            if isinstance(body, motion.Entry) and body.giver is not None:
                givers = facts.givers[cell.id]
                if body.giver not in givers:
                    yield unknown((*path, "giver"), "asset", body.giver, list(givers))
        if len(facts.takers[cell.id]) > 1:
            yield from self._branch([body.id for body in exits])

    def _branch(self, exits: list[str]) -> Iterator[Finding]:
        for i, branch in self.facts.branches():
            if branch.from_ != self.cell.id or not isinstance(branch.to, dict):
                continue
            if branch.by != "exit":
                yield wrong(("flow", i), "by_exit", cell=self.cell.id)
                continue
            for exit_ in exits:
                if exit_ not in branch.to:
                    yield wrong(("flow", i, "to"), "exit_without_way", exit=exit_)
            for key in branch.to:
                if key not in exits:
                    yield unknown(("flow", i, "to", key), "exit", key, exits, at_key=True)


def _address_problem(text: str, area: str, iec: str) -> str | None:
    """Return the key of what is wrong with an address for such a point."""
    try:
        address = Address.parse(text)
    except ValueError:
        return "address"
    if address.area != area:
        return "address_area"
    sizes = {"BOOL": "X", "INT": "W", "DINT": "D", "REAL": "D"}
    return None if address.size == sizes[iec] else "address_size"
