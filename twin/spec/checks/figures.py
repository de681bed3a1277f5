"""The figures of single assets and of the calendar: do they fit each other."""

from collections.abc import Iterator

from twin.spec.assets import Buffer, Conveyor, Station, Vehicle
from twin.spec.document import Finding, Path
from twin.spec.line import LineSpec, Shift

from .facts import Facts, is_zero, wrong


def check_figures(facts: Facts) -> Iterator[Finding]:
    """Yield figures of one asset that contradict each other."""
    for i, asset in enumerate(facts.spec.assets):
        path: Path = ("assets", i)
        for j, failure in enumerate(getattr(asset, "failures", ())):
            if is_zero(failure.uptime_s):
                yield wrong((*path, "failures", j, "uptime_s"), "uptime", name=asset.id)
        if isinstance(asset, Conveyor):
            yield from _conveyor(path, asset)
        if isinstance(asset, Station) and asset.batch and asset.batch.min is not None:
            batch = asset.batch
            if asset.batch.min > batch.size:
                yield wrong((*path, "batch", "min"), "batch_min", min=batch.min, size=batch.size)
        if isinstance(asset, Buffer) and asset.capacity != "unlimited":
            there = sum(asset.initial.values())
            if there > asset.capacity:
                at = (*path, "initial")
                yield wrong(at, "initial", count=there, capacity=asset.capacity)


def _conveyor(path: Path, belt: Conveyor) -> Iterator[Finding]:
    if belt.transit_s is None and (belt.length_m is None or belt.speed_m_s is None):
        yield wrong(path, "conveyor", name=belt.id)
    if belt.transit_s and belt.length_m and belt.speed_m_s:
        needed = belt.length_m / belt.speed_m_s
        if abs(needed - belt.transit_s) > 1e-6 * needed:
            at = (*path, "transit_s")
            yield wrong(at, "conveyor_two", transit=f"{belt.transit_s:g}", needed=f"{needed:g}")
    if belt.length_m and belt.pitch_m:
        fits = int(belt.length_m / belt.pitch_m + 1e-9)
        if fits < 1:
            yield wrong((*path, "pitch_m"), "pitch", pitch=belt.pitch_m, length=belt.length_m)
        elif belt.capacity is not None and belt.capacity > fits:
            yield wrong((*path, "capacity"), "belt_full", capacity=belt.capacity, fits=fits)


def check_distances(facts: Facts) -> Iterator[Finding]:
    """Yield ways of a fleet whose length nothing tells."""
    for edge in facts.edges:
        fleet = facts.assets.get(edge.via or "")
        if not isinstance(fleet, Vehicle):
            continue
        ends = (edge.giver, edge.taker)
        laid = all(facts.assets[name].place.at_m is not None for name in ends)
        there = edge.taker in fleet.distance_m.get(edge.giver, {})
        back = edge.giver in fleet.distance_m.get(edge.taker, {})
        if not (laid or there or back):
            path = facts.at(fleet.id, "distance_m")
            yield wrong(path, "distance", name=fleet.id, first=ends[0], second=ends[1])


def check_hours(facts: Facts) -> Iterator[Finding]:
    """Yield breaks outside their shift, and a warm-up that leaves nothing of the run."""
    spec: LineSpec = facts.spec
    for i, shift in enumerate(spec.calendar.shifts if spec.calendar else ()):
        yield from _breaks(("calendar", "shifts", i), shift)
    if spec.duration_s is not None and spec.warmup_s >= spec.duration_s:
        yield wrong(("warmup_s",), "warmup", warmup=spec.warmup_s, duration=spec.duration_s)


def _breaks(path: Path, shift: Shift) -> Iterator[Finding]:
    begin = minutes(shift.from_)
    length = (minutes(shift.to) - begin - 1) % 1440 + 1
    for j, pause in enumerate(shift.breaks):
        start = (minutes(pause.from_) - begin) % 1440
        end = start + (minutes(pause.to) - minutes(pause.from_) - 1) % 1440 + 1
        if end > length:
            yield wrong(
                (*path, "breaks", j),
                "break_outside",
                first=pause.from_,
                last=pause.to,
                begin=shift.from_,
                end=shift.to,
            )


def minutes(time: str) -> int:
    """Return the minutes since midnight of `HH:MM`."""
    hours, rest = time.split(":")
    return int(hours) * 60 + int(rest)
