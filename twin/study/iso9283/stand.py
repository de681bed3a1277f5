"""The stand: drives a programme on an arm with declared errors, and measures it.

The tool of an arm whose foot is the origin is followed by a laser tracker's stand-in: it reads the
true pose, with an uncertainty of its own. Nothing here takes time but the counting: between the
measurements the arm's movement is a closed form.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import radians
from typing import NamedTuple, Protocol

import numpy as np

from twin.kernel.streams import Streams
from twin.plant.robot.errors import Deviation, standard_normal
from twin.plant.robot.order import Joints, Move
from twin.plant.robot.placement import Placement, Vector
from twin.spec.motion.robots import ArmErrors

from .programme import SETTLES_S, Programme, Section, Step
from .sample import Array, row

WAY_S = 0.005
"""Between samples along a path."""
SETTLE_S = 0.001
"""Between samples while it comes to rest."""
BEFORE_S, AFTER_S = 0.1, 0.9
"""Around a stop whose coming to rest is recorded."""


class Leg(NamedTuple):
    """Movements from rest to rest, begun at time 0."""

    ends_s: float
    joints: Callable[[float], Joints]
    """Where the arm believes its joints to be at a time, rad or m."""


class Driver(Protocol):
    """Plans movements of an arm."""

    rest: Joints

    def leg(self, start: Joints, moves: tuple[Move, ...]) -> Leg:
        """Plan movements of which only the last one stops."""

    def tip(self, joints: Sequence[float], tip: Placement) -> Placement:
        """Return where the tool's point is, seen from the foot."""


class Recording(NamedTuple):
    """What was measured under one label in one cycle."""

    times_s: Array
    """(m,)."""
    rows: Array
    """(m, 6): x, y, z, m; a, b, c, rad, from the commanded orientation."""


Recordings = dict[int, list[Recording]]
"""By label, in the order of the cycles."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """The tracker: its own deviation (1 sigma)."""

    place_mm: float = 0.003
    angle_deg: float = 0.0005


@dataclass(slots=True)
class Stand:
    """An arm on the stand."""

    driver: Driver
    errors: ArmErrors = field(default_factory=ArmErrors)
    instrument: Instrument = Instrument()
    seed: int = 0

    def measure(
        self, programme: Programme, hear: Callable[[int, int], None] = lambda *_: None
    ) -> Recordings:
        """Drive a programme and return what was measured.

        Args:
            programme: what to drive.
            hear: told how many sections are done, of how many.
        """
        streams = Streams(self.seed)
        work = _Work(
            self.driver,
            Deviation(self.errors, streams, "stand/robot"),
            streams.make("stand/tracker", standard_normal).draw,
            self.instrument,
            programme,
            self.driver.rest,
        )
        for at, section in enumerate(programme.sections):
            hear(at, len(programme.sections))
            work.section(section)
        hear(len(programme.sections), len(programme.sections))
        return work.found


@dataclass(slots=True)
class _Work:
    driver: Driver
    deviation: Deviation
    chance: Callable[[], float]
    instrument: Instrument
    programme: Programme
    joints: Joints
    now_s: float = 0.0
    found: Recordings = field(default_factory=dict)

    def section(self, section: Section) -> None:
        for group in _legs(section.lead):
            self.drive(section, group)
        for _ in range(section.cycles):
            recorded: dict[int, list[tuple[float, Placement]]] = {}
            for group in _legs(section.steps):
                step = group[-1]
                samples = self.drive(section, group)
                if samples:
                    recorded.setdefault(step.label, []).extend(samples)
            for label, readings in recorded.items():
                times = np.array([time for time, _ in readings])
                commanded = section.commanded[label]
                rows = np.array([row(one, commanded) for _, one in readings])
                self.found.setdefault(label, []).append(Recording(times, rows))

    def drive(self, section: Section, group: Sequence[Step]) -> list[tuple[float, Placement]]:
        """Drive from rest to rest; return what is measured on the way or behind it."""
        leg = self.driver.leg(self.joints, tuple(step.move for step in group))
        tool, begins_s = self.programme.tool.tip, self.now_s
        ends_s = begins_s + leg.ends_s

        def true(time_s: float) -> Placement:
            at_s = min(max(time_s - begins_s, 0.0), leg.ends_s)
            joints = self.deviation.joints(leg.joints(at_s))
            return self.deviation.tool(self.driver.tip(joints, tool), time_s)

        way = self._arrival(leg)
        self.deviation.goes(begins_s, ends_s, way=way, share=section.share)
        records = group[-1].records
        self.joints = leg.joints(leg.ends_s)
        self.now_s = ends_s + (SETTLES_S if records in ("stop", "settle") else 0.0)
        if records == "way":
            times = np.arange(begins_s, ends_s + WAY_S, WAY_S)
        elif records == "settle":
            times = np.arange(max(begins_s, ends_s - BEFORE_S), ends_s + AFTER_S, SETTLE_S)
        elif records == "stop":
            times = np.array([self.now_s])
        else:
            return []
        return [(float(time), self.read(true(float(time)))) for time in times]

    def _arrival(self, leg: Leg) -> Vector:
        tool = self.programme.tool.tip
        end = self.driver.tip(leg.joints(leg.ends_s), tool).place
        back = self.driver.tip(leg.joints(max(leg.ends_s - 0.02, 0.0)), tool).place
        return end[0] - back[0], end[1] - back[1], end[2] - back[2]

    def read(self, true: Placement) -> Placement:
        """Return what the tracker reads of a pose."""
        place, angle = self.instrument.place_mm * 1e-3, radians(self.instrument.angle_deg)
        x, y, z = (each + place * self.chance() for each in true.place)
        half = [angle / 2.0 * self.chance() for _ in range(3)]
        turn = Placement(0.0, 0.0, 0.0, 1.0, *half).normal()
        return Placement(x, y, z, *turn.then(Placement(0.0, 0.0, 0.0, *true.turn)).turn)


def _legs(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Yield groups of steps from rest to rest."""
    group: list[Step] = []
    for step in steps:
        group.append(step)
        if step.move.fine:
            yield group
            group = []
