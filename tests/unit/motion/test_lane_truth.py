"""Lanes against small steps: the same edges at the same times, whatever the drives do."""

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.motion.motion_world import (
    body,
    cell,
    incidents,
    line_of,
    make,
    put,
    record,
    run,
    value,
    where,
    write,
)  # fmt: skip
from tests.unit.motion.stepped_lane import Piece, Surface, Watch, World, without_flicker
from twin.kernel.runner import Runner
from twin.plant.part import Part

END_S = 7.0
SPEED_M_S = 0.6
HALVES = {"tiny": 0.0231, "box": 0.0517, "plank": 0.1633}
PARTS = "parts:\n" + "".join(
    f"- {{id: {kind}, size_m: [{2 * half}, 0.1, 0.05]}}\n" for kind, half in HALVES.items()
)


@st.composite
def stories(draw: st.DrawFn) -> dict[str, Any]:
    """Draw belts, parts on them, and what is done to them; nothing happens at the same time."""
    belts = [
        {
            "length": 0.311 + 0.0973 * draw(st.integers(0, 6)),
            "accel": draw(st.sampled_from([None, 0.217, 0.731])),
            "mode": draw(st.sampled_from(["slip", "slip", "spaced", "rigid"])),
        }
        for _ in range(draw(st.integers(1, 3)))
    ]
    for belt in belts:
        if belt["mode"] == "rigid":
            belt["accel"] = None
    total = sum(belt["length"] for belt in belts)
    parts, at = [], 0.0071
    while len(parts) < 5:
        kind = draw(st.sampled_from(sorted(HALVES)))
        at += HALVES[kind] + draw(st.sampled_from([0.0, 0.0213, 0.0457, 0.1291]))
        if at + HALVES[kind] >= total:
            break
        parts.append((kind, at))
        at += HALVES[kind]
    beams = [total * (0.0831 + 0.2117 * number) for number in range(4)]
    doing = []
    for number in range(draw(st.integers(2, 7))):
        time = 0.1037 + (number + 0.31 * draw(st.integers(0, 2))) * 0.7919
        what = draw(st.sampled_from(["speed", "speed", "speed", "block", "unblock", "hold"]))
        if what == "speed":
            speed = draw(st.sampled_from([0.0, 0.1931, 0.3517, 0.5701, -0.2213, -0.4519]))
            doing.append((time, what, draw(st.integers(0, len(belts) - 1)), speed))
        elif what == "hold":
            doing.append((time, what, draw(st.integers(0, 4)), 0.0))
        else:
            doing.append((time, what, draw(st.integers(0, 1)), total * 0.377))
    return {"belts": belts, "parts": parts, "beams": beams, "doing": doing, "total": total}


class Both:
    """A story told twice: by the plant, and by small steps."""

    def __init__(self, story: dict[str, Any]) -> None:
        self.story = story
        self.runner = make(_bodies(story), parts=PARTS, part="box")
        self.changes = record(self.runner)
        self.count = len(story["belts"])
        for index in range(self.count):
            write(self.runner, f"b{index}_run", True)
        self.parts = [put(self.runner, "b0", along_m=at, kind=kind) for kind, at in story["parts"]]
        belts = [
            Surface(
                belt["length"],
                belt["accel"],
                0.031 if belt["mode"] == "spaced" else 0.0,
                rigid=belt["mode"] == "rigid",
            )
            for belt in story["belts"]
        ]
        pieces = [
            Piece(part.id, at, HALVES[kind])
            for part, (kind, at) in zip(self.parts, story["parts"], strict=True)
        ]
        self.watch = Watch(World(belts, pieces), story["beams"])
        self.held: dict[int, Part] = {}

    def tell(self) -> None:
        for time, what, which, much in self.story["doing"]:
            self.watch.until(time)
            run(self.runner, time)
            getattr(self, f"_{what}")(time, which, much)
            self.compare()
        self.watch.until(END_S)
        run(self.runner, END_S)
        self.compare()

    def _speed(self, time: float, belt: int, speed: float) -> None:
        write(self.runner, f"b{belt}_speed", speed)
        self.watch.world.belts[belt].orders.append((self.runner.time_s, speed))

    def _block(self, time: float, which: int, at: float) -> None:
        at += 0.1713 * which
        over = body(self.runner, "b0").block(f"stop{which}", at, 0.0)
        inside = [p for p in self.watch.world.pieces if abs(p.at - at) < p.half - 1e-7]
        assert (over is not None) == bool(inside) or self._near(at)
        if over is None:
            self.watch.world.blocks[f"stop{which}"] = at

    def _near(self, at: float) -> bool:
        return any(abs(abs(p.at - at) - p.half) < 1e-6 for p in self.watch.world.pieces)

    def _unblock(self, time: float, which: int, at: float) -> None:
        body(self.runner, "b0").unblock(f"stop{which}")
        self.watch.world.blocks.pop(f"stop{which}", None)

    def _hold(self, time: float, which: int, at: float) -> None:
        there = [piece for piece in self.watch.world.pieces if piece.number == which + 1]
        part = next((part for part in self.parts if part.id == which + 1), None)
        if not there or part is None:
            return
        belt = body(self.runner, "b0")
        there[0].held = not there[0].held
        (belt.hold if there[0].held else belt.let_go)(part, by=belt)

    def compare(self) -> None:
        """The same parts at the same places."""
        found = {}
        for index in range(self.count):
            for part, _ in body(self.runner, f"b{index}").parts():
                found[part.id] = where(self.runner, part)[0]
        expected = {piece.number: piece.at for piece in self.watch.world.pieces}
        assert found.keys() == expected.keys()
        for number, at in expected.items():
            assert abs(found[number] - at) < 1e-6, (self.runner.time_s, number, found, expected)


def _bodies(story: dict[str, Any]) -> str:
    lines, start = [], 0.0
    for index, belt in enumerate(story["belts"]):
        accel = "" if belt["accel"] is None else f", accel_m_s2: {belt['accel']}"
        lines.append(
            f"- {{id: b{index}, kind: belt, at_m: [{start}, 0, 0], length_m: {belt['length']},"
            f" speed_m_s: {SPEED_M_S}, drive: analog, mode: {belt['mode']}, gap_m: 0.031,"
            f" encoder_per_m: 1000{accel}}}"
        )
        start += belt["length"]
    lines.append(f"- {{id: exit, kind: exit, from: b{len(story['belts']) - 1}}}")
    start, owner = 0.0, 0
    for index, beam in enumerate(story["beams"]):
        while beam > start + story["belts"][owner]["length"]:
            start += story["belts"][owner]["length"]
            owner += 1
        lines.append(f"- {{id: eye{index}, kind: sensor, sees: b{owner}, along_m: {beam - start}}}")
    return "\n".join(lines)


quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)  # fmt: skip


@given(stories())
@quick
def test_lane_does_what_small_steps_do(story: dict[str, Any]) -> None:
    both = Both(story)
    both.tell()
    runner, watch = both.runner, both.watch
    for index in range(len(story["beams"])):
        told = [(time, bool(on)) for time, name, on in both.changes if name == f"eye{index}"]
        told = without_flicker(told, 5e-6)
        true = watch.signal(index)
        assert len(told) == len(true), (index, told, true)
        for (time, on), (when, expected) in zip(told, true, strict=True):
            assert on == expected
            assert abs(time - when) < 1e-6, (index, told, true)
    conserved(runner, both.parts)
    cell(runner).refresh()
    for index, belt in enumerate(watch.world.belts):
        if not belt.rigid:
            assert abs(value(runner, f"b{index}_count") - 1000.0 * belt.run(END_S)) < 1.0 + 1e-6
    left = [number for _, number, way in watch.world.gone if way > 0]
    assert line_of(runner).made == len(left)
    assert sorted(i.part for i in incidents(runner) if i.kind == "fallen") == sorted(
        number for _, number, way in watch.world.gone if way < 0
    )


def conserved(runner: Runner, parts: list[Part]) -> None:
    """Every part is on a belt, has left, or has a name in an incident."""
    on = [part.id for one in cell(runner).world.bodies.values() for part, _ in one.parts()]
    fallen = [incident.part for incident in incidents(runner) if incident.kind == "fallen"]
    assert len(on) + len(fallen) + line_of(runner).made == len(parts)
    assert len(set(on)) == len(on)
    assert not set(on) & set(fallen)


@given(stories(), st.integers(0, 10**6))
@settings(quick, max_examples=40)
def test_parts_never_overlap_and_never_jump(story: dict[str, Any], pick: int) -> None:
    both = Both(story)
    runner = both.runner
    doing = list(story["doing"])
    before: dict[int, float] = {}
    times = sorted({0.0917 * step + 1e-3 * (pick % 97) for step in range(1, 74)})
    last = runner.time_s
    for time in times:
        while doing and doing[0][0] <= time:
            when, what, which, value = doing.pop(0)
            run(runner, when)
            if what == "speed":
                write(runner, f"b{which}_speed", value)
            elif what == "block":
                body(runner, "b0").block(f"stop{which}", value + 0.1713 * which, 0.0)
            elif what == "unblock":
                body(runner, "b0").unblock(f"stop{which}")
        run(runner, time)
        places = {}
        for index in range(both.count):
            for part, _ in body(runner, f"b{index}").parts():
                places[part.id] = where(runner, part)[0]
        halves = {p.id: HALVES[p.type] for p in both.parts}
        in_order = sorted(places, key=lambda number: places[number])
        for rear, front in pairwise(in_order):
            gap = places[front] - places[rear] - halves[rear] - halves[front]
            assert gap > -1e-8, (time, rear, front, gap)
        for number, at in places.items():
            if number in before:
                assert abs(at - before[number]) <= SPEED_M_S * (time - last) + 1e-9
        before, last = places, time
    conserved(runner, both.parts)
