"""What an arm drives in an inspection: sections of cycles of steps (clauses 6.7 to 6.10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, floor, pi, radians, sin, sqrt

import numpy as np

from twin.plant.robot.order import Move, Tool
from twin.plant.robot.placement import HERE, Placement

from .cube import FLAT, TestCube, unit
from .place import Kinematics, chain
from .sample import Array

POSES = (5, 4, 3, 2, 1)
"""The order of a cycle, after a start in P1 (7.2.1)."""
CYCLES = {"pose": 30, "direction": 30, "distance": 30, "settle": 3, "corner": 3}
PATH_CYCLES = 10
SETTLES_S = 1.0
"""After a stop, before it is measured: longer than an arm swings."""
BEND_M_S2 = 2.0
"""On a circle the commanded speed asks for no more than this across the path."""
JOIN = 0.2
"""A circle is two arcs; within this share of its diameter they join."""
RATED_M_S = 1.0
FAST_M_S, FAST_RAD_S = 5.0, radians(500.0)
"""Joint moves of pose tests go at a share of the joints' speeds, and nothing else holds them."""
STARTS = 0.25
"""On a line the commanded speed is reached within this share of it …"""
ACCEL_M_S2, BUILD_S = 5.0, 0.1
"""… by an arm that speeds up like this, after so long for building the acceleration up."""
CORNER_ZONE_M = 0.01
REORIENT_RAD = radians(10.0)
PLACES = 100
"""So many places along a path are compared with the command."""
KINDS = ("pose", "direction", "distance", "settle", "line", "circle_large", "circle_small",
         "reorient", "corner")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """A commanded path: through corners in straight lines, or a circle."""

    knots: tuple[Placement, ...]
    cube: TestCube | None = None
    """Of a circle."""
    diameter_m: float = 0.0

    @property
    def length_m(self) -> float:
        """How long it is."""
        if self.cube is not None:
            return pi * self.diameter_m
        return sum(a.off(b)[0] for a, b in pairwise(self.knots))

    def places(self, count: int = PLACES) -> tuple[Array, Array]:
        """Return places along it, (m, 3) m, and the way there, (m, 3); not at its very ends."""
        shares = (np.arange(count) + 0.5) / count
        if self.cube is not None:
            u, v = (np.array(axis) for axis in self.cube.axes())
            angle = 2.0 * pi * shares[:, None]
            out = np.cos(angle) * u + np.sin(angle) * v
            middle = np.array(self.cube.middle_m)
            return middle + self.diameter_m / 2.0 * out, np.cos(angle) * v - np.sin(angle) * u
        ends = np.array([knot.place for knot in self.knots])
        lengths = np.linalg.norm(np.diff(ends, axis=0), axis=1)
        begins = np.concatenate([[0.0], np.cumsum(lengths)])
        at = shares * begins[-1]
        which = np.clip(np.searchsorted(begins, at, side="right") - 1, 0, len(lengths) - 1)
        along = np.diff(ends, axis=0)[which] / lengths[which, None]
        return ends[which] + along * (at - begins[which])[:, None], along


@dataclass(frozen=True, slots=True)
class Step:
    """One movement, and what is measured at it."""

    move: Move
    records: str = ""
    """`stop`: the pose at rest; `settle`: the way to rest; `way`: all of the way; else nothing."""
    label: int = 0
    """Under which number."""


@dataclass(frozen=True, slots=True)
class Section:
    """One test at one speed."""

    kind: str
    share: float
    """Of the rated speed."""
    cycles: int
    lead: tuple[Step, ...]
    """Before the first cycle: to where it begins."""
    steps: tuple[Step, ...]
    commanded: dict[int, Placement]
    """By label."""
    way: Way | None = None
    speed_m_s: float = 0.0
    """Commanded along the path."""
    place: str = ""
    """Which direction of approach."""


@dataclass(frozen=True, slots=True)
class Programme:
    """All that is driven."""

    arm: str
    cube: TestCube
    tool: Tool
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be tested."""

    kinds: tuple[str, ...] = KINDS
    shares: tuple[float, ...] = (1.0, 0.5, 0.1)
    cycles: int | None = None
    """Of pose tests instead of 30, for a trial; None: as the standard says."""
    payload_kg: float = 0.0
    rated_m_s: float = RATED_M_S
    edge_m: float | None = None
    reflector_m: float = 0.1
    """From the flange to the reflector that the tracker follows."""

    @property
    def tool(self) -> Tool:
        """What stands on the flange: a payload with the tracker's reflector on it."""
        return Tool("reflector", Placement(0.0, 0.0, self.reflector_m), self.payload_kg)


def programme(arm: Kinematics, cube: TestCube, wanted: Wanted) -> Programme:
    """Return what is driven on an arm in a cube."""
    sections: list[Section] = []
    for share in wanted.shares:
        for kind in wanted.kinds:
            sections += _MAKERS[kind](_Maker(arm, cube, wanted, kind, share), len(sections) + 1)
    return Programme(arm.id, cube, wanted.tool, tuple(sections))


@dataclass(frozen=True, slots=True)
class _Maker:
    arm: Kinematics
    cube: TestCube
    wanted: Wanted
    kind: str
    share: float

    @property
    def speed_m_s(self) -> float:
        """Return the speed along straight paths: what the line's length lets an arm reach."""
        length = self.cube.pose(2).off(self.cube.pose(4))[0]
        build = ACCEL_M_S2 * BUILD_S
        reached = (sqrt(build**2 + 8.0 * ACCEL_M_S2 * STARTS * length) - build) / 2.0
        return self.share * min(self.wanted.rated_m_s, floor(20.0 * reached) / 20.0)

    def cycles(self) -> int:
        usual = CYCLES.get(self.kind, PATH_CYCLES)
        return usual if self.wanted.cycles is None else min(usual, self.wanted.cycles)

    def joint(self, to: Placement, records: str = "", label: int = 0) -> Step:
        move = Move(
            "joint", to, tool=self.wanted.tool, joint_share=self.share, name=self.kind,
            speed_m_s=FAST_M_S * self.share, turn_rad_s=FAST_RAD_S * self.share,
        )  # fmt: skip
        return Step(move, records, label)

    def linear(
        self, to: Placement, speed_m_s: float, records: str = "", label: int = 0, *,
        zone_m: float = -1.0,
    ) -> Step:  # fmt: skip
        move = Move(
            "linear", to, tool=self.wanted.tool, speed_m_s=speed_m_s, name=self.kind,
            turn_rad_s=FAST_RAD_S * self.share, zone_m=zone_m,
        )  # fmt: skip
        return Step(move, records, label)

    def section(
        self, lead: Sequence[Step], steps: Sequence[Step], commanded: dict[int, Placement],
        *, way: Way | None = None, speed_m_s: float = 0.0, place: str = "",
    ) -> Section:  # fmt: skip
        return Section(
            self.kind, self.share, self.cycles(), tuple(lead), tuple(steps), commanded,
            way, speed_m_s, place,
        )  # fmt: skip


def _stops(maker: _Maker, number: int) -> Iterator[Section]:
    """Pose accuracy, distance, stabilisation: from pose to pose, each measured (7.2 to 7.5)."""
    poses = (2, 4) if maker.kind == "distance" else POSES
    records = "settle" if maker.kind == "settle" else "stop"
    commanded = {10 * number + each: maker.cube.pose(each) for each in poses}
    steps = [maker.joint(to, records, label) for label, to in commanded.items()]
    yield maker.section([maker.joint(maker.cube.pose(1))], steps, commanded)


def _directions(maker: _Maker, number: int) -> Iterator[Section]:
    """P1, P2 and P4, each from three directions along the axes of the base (7.2.3)."""
    cube = maker.cube
    speed = maker.speed_m_s
    for axis in range(3):
        commanded, steps = {}, []
        for each in (1, 2, 4):
            label = 10 * (number + axis) + each
            commanded[label] = cube.pose(each)
            steps.append(maker.joint(cube.aside(each, axis)))
            steps.append(maker.linear(cube.pose(each), speed, "stop", label))
        lead = [maker.joint(cube.pose(1))]
        yield maker.section(lead, steps, commanded, place="xyz"[axis])


def _line(maker: _Maker, number: int) -> Iterator[Section]:
    """The line from P2 to P4: 80 % of the plane's diagonal (6.8.6.2)."""
    begin, end = maker.cube.pose(2), maker.cube.pose(4)
    speed, label = maker.speed_m_s, 10 * number
    steps = [maker.joint(begin), maker.linear(end, speed, "way", label)]
    yield maker.section([], steps, {label: begin}, way=Way((begin, end)), speed_m_s=speed)


def _circle(maker: _Maker, number: int) -> Iterator[Section]:
    """A circle about P1: 80 % or 10 % of the cube's edge across (6.8.6.3)."""
    cube, label = maker.cube, 10 * number
    diameter = (0.8 if maker.kind == "circle_large" else 0.1) * cube.edge_m
    speed = maker.share * min(maker.wanted.rated_m_s, sqrt(BEND_M_S2 * diameter / 2.0))
    at = [cube.on_circle(diameter, k * pi / 2.0) for k in range(4)]
    half, whole = (
        Move(
            "circular",
            to,
            via,
            tool=maker.wanted.tool,
            speed_m_s=speed,
            name=maker.kind,
            turn_rad_s=FAST_RAD_S * maker.share,
            zone_m=zone,
        )
        for via, to, zone in ((at[1], at[2], JOIN * diameter), (at[3], at[0], -1.0))
    )
    steps = [maker.joint(at[0]), Step(half, "way", label), Step(whole, "way", label)]
    way = Way((at[0],), cube, diameter)
    yield maker.section([], steps, {label: at[0]}, way=way, speed_m_s=speed)


def _reorient(maker: _Maker, number: int) -> Iterator[Section]:
    """The line from P2 to P4 again, the tool turned to and fro about x and y on its way (8.4)."""
    begin, end = maker.cube.pose(2), maker.cube.pose(4)
    speed, label = maker.speed_m_s, 10 * number
    turns = ((0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))
    c, s = cos(REORIENT_RAD / 2.0), sin(REORIENT_RAD / 2.0)
    knots = []
    for k, (about_x, about_y) in enumerate(turns):
        on = begin.towards(end, k / (len(turns) - 1))
        turn = Placement(0.0, 0.0, 0.0, c, s * about_x, s * about_y, 0.0) if k else HERE
        knots.append(Placement(*on.place, *turn.then(Placement(0.0, 0.0, 0.0, *on.turn)).turn))
    fine = [a.towards(b, k / 6) for a, b in pairwise(knots) for k in range(7)]
    if maker.cube.plane == FLAT or chain(maker.arm, maker.wanted.tool.tip, fine) is None:
        return
    steps = [maker.joint(begin)]
    steps += [maker.linear(knot, speed, "way", label) for knot in knots[1:]]
    yield maker.section([], steps, {label: begin}, way=Way(tuple(knots)), speed_m_s=speed)


def _corner(maker: _Maker, number: int) -> Iterator[Section]:
    """Around the rectangle of P2 to P5, through its corners without a stop (6.8.6.4)."""
    corners = [maker.cube.pose(each) for each in (2, 3, 4, 5, 2)]
    speed, label = maker.speed_m_s, 10 * number
    steps = [maker.joint(corners[0])]
    for at, to in enumerate(corners[1:], start=1):
        zone = CORNER_ZONE_M if at < 4 else -1.0
        steps.append(maker.linear(to, speed, "way", label, zone_m=zone))
    way = Way(tuple(corners))
    yield maker.section([], steps, {label: corners[0]}, way=way, speed_m_s=speed)


_MAKERS = {
    "pose": _stops,
    "direction": _directions,
    "distance": _stops,
    "settle": _stops,
    "line": _line,
    "circle_large": _circle,
    "circle_small": _circle,
    "reorient": _reorient,
    "corner": _corner,
}


def corner_ways(way: Way) -> list[tuple[Array, Array, Array]]:
    """Return each inner corner of a path, m, with the unit vectors to it and from it."""
    ends = [knot.place for knot in way.knots]
    found = []
    for a, b, c in zip(ends, ends[1:], ends[2:], strict=False):
        to = unit((b[0] - a[0], b[1] - a[1], b[2] - a[2]))
        onward = unit((c[0] - b[0], c[1] - b[1], c[2] - b[2]))
        found.append((np.array(b), np.array(to), np.array(onward)))
    return found
