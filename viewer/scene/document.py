"""The scene document: everything a viewer needs to draw a line, as plain data.

Metres, z up, angles in radians. A viewer draws the nodes once, and from then on only lights the
lamps by the assets' states and the signals, turns the joints, and moves the bodies: along the
tracks by the closed form of `Motion`, in the frames of nodes by that of `Ride`.
"""

import math
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from twin.wire.model import Motion

from .errors import SceneError

SCENE_VERSION = 2

Point = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
Words = dict[str, str]
"""A text in each language: `{"en": …, "zh": …}`."""

UPRIGHT: Quaternion = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Joint:
    """What moves a node, and all below it: the path of a joint that travels with the run."""

    id: str
    """`WORKCELL/BODY`."""
    move: str
    """`slide` along `axis`, `turn` about it, or `stretch` along it: then one unit of what is below
    the node becomes so many metres long."""
    axis: Point
    """A unit vector in the node's own frame."""
    gain: float = 1.0
    """m or rad for each unit of the joint's value."""
    offset: float = 0.0
    """m or rad while the joint's value is 0."""
    wrap: float = 0.0
    """A movement that repeats itself starts anew after so many m or rad; 0: it does not."""
    rest: float = 0.0
    """The joint's value while no run says it."""
    signal: str | None = None
    """Path of a signal that says where the joint is, 0 or 1, while nobody says it better."""
    inverted: bool = False
    """Whether the joint is at 1 while the signal is 0."""

    def told(self, value: Any) -> float:
        """Return the joint's value by its signal's; None is no value."""
        return self.rest if value is None else float(bool(value) != self.inverted)

    def travel(self, value: float) -> float:
        """Return by how much the node has moved from its place, m or rad."""
        way = value * self.gain + self.offset
        return way % self.wrap if self.wrap else way


@dataclass(frozen=True, slots=True)
class Light:
    """A signal that a node shows: lit while the signal is not zero."""

    path: str
    """Of the signal."""
    lit: str | None
    """The material while it is lit; None hides the node then."""
    inverted: bool = False
    """Lit while the signal is zero."""
    rest: bool = False
    """What the signal is while no run says it."""

    def shows(self, value: Any) -> bool:
        """Return whether the node is lit at a value of its signal; None is no value."""
        return bool(self.rest if value is None else value) != self.inverted


@dataclass(frozen=True, slots=True)
class Node:
    """One thing to draw, or a group without a shape, at a pose relative to its parent."""

    id: str
    parent: str | None
    position_m: Point = (0.0, 0.0, 0.0)
    rotation: Quaternion = UPRIGHT
    """x, y, z, w"""
    shape: str | None = None
    """A unit shape of `viewer.scene.shapes`; None for a group."""
    size_m: Point = (1.0, 1.0, 1.0)
    """The unit shape is stretched to this size, along its own x, y and z."""
    material: str | None = None
    """Of a `signal`: while it is not lit; None hides it then."""
    role: str = "static"
    """`static`, `lamp`, `beacon`, `rotating`, `template`, `joint`, `signal`, or `axes`: of a frame,
    drawn where somebody asks for them."""
    state: str | None = None
    """What lights a lamp or shows a beacon: an asset state, or `any`."""
    asset: str | None = None
    body: str | None = None
    """The body of the workcell `asset` that it belongs to."""
    joint: Joint | None = None
    light: Light | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """How a surface looks."""

    colour: str
    opacity: float = 1.0
    gloss: float = 0.2
    """0 dull to 1 shiny."""
    glow: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """The way of bodies through an asset (id of the asset) or between two (`GIVER>TAKER`)."""

    path: tuple[Point, ...]
    """At least two points; s = 0 at the first, 1 at the last, even in arc length."""
    offsets: tuple[Point, ...] = ((0.0, 0.0, 0.0),)
    """Slot k is moved by entry k modulo their number, in world axes."""
    layer_m: float = 0.0
    """Each time the offsets are used up, the next round is this much higher …"""
    layers: int = 1
    """… at most this many rounds."""
    heading_rad: float = 0.0
    """Heading where the path has no length."""

    def pose(self, s: float, slot: int = 0) -> tuple[Point, float]:
        """Return the place and heading at share `s` of the path, in `slot`."""
        (x, y, z), heading_rad = self._along(min(max(s, 0.0), 1.0))
        dx, dy, dz = self.offsets[slot % len(self.offsets)]
        layer = min(slot // len(self.offsets), self.layers - 1)
        return (x + dx, y + dy, z + dz + layer * self.layer_m), heading_rad

    def _along(self, s: float) -> tuple[Point, float]:
        lengths = [math.dist(a, b) for a, b in zip(self.path, self.path[1:], strict=False)]
        left = s * sum(lengths)
        where, heading_rad = self.path[0], self.heading_rad
        for a, b, length in zip(self.path, self.path[1:], lengths, strict=False):
            if length <= 0.0:
                continue
            share = min(left / length, 1.0)
            where = (
                a[0] + (b[0] - a[0]) * share,
                a[1] + (b[1] - a[1]) * share,
                a[2] + (b[2] - a[2]) * share,
            )
            heading_rad = math.atan2(b[1] - a[1], b[0] - a[0])
            if left <= length:
                break
            left -= length
        return where, heading_rad


@dataclass(frozen=True, slots=True)
class AssetScene:
    """Where an asset stands, and what it is called."""

    kind: str
    shape: str
    title: Words
    position_m: Point
    heading_rad: float
    size_m: Point
    """Footprint along and across its heading, and height."""
    label_m: Point
    """Where its label is best put."""
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A box of a part: its middle above the middle of the part's underside, its size."""

    at_m: Point
    size_m: Point
    colour: str


@dataclass(frozen=True, slots=True)
class PartLook:
    """How a type of part looks: `box`, `pallet`, or `stack` for a pallet full of parts.

    A box is drawn with a paler lid. The others are drawn as their `blocks`.
    """

    size_m: Point
    colour: str
    title: Words
    look: str = "box"
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class FleetLook:
    """How the vehicles of a fleet look."""

    size_m: Point
    colour: str
    node: str
    """The template node, drawn for each vehicle with its deck's centre at the body's place."""


@dataclass(frozen=True, slots=True)
class Paint:
    """A painted shape on the floor: a stroke along `points`, or the filled polygon."""

    kind: str
    """`zone` (filled), `line` (stroke), `lane` (a road for vehicles), `hatch` (stripes)."""
    points: tuple[tuple[float, float], ...]
    colour: str
    width_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Camera:
    """A point of view."""

    position_m: Point
    target_m: Point
    angle_deg: float = 30.0


@dataclass(frozen=True, slots=True)
class SceneDocument:
    """A line as it is drawn."""

    line: str
    title: Words
    floor_m: tuple[float, float, float, float]
    """x and y of the lower left corner, x and y of the upper right one."""
    nodes: tuple[Node, ...]
    materials: dict[str, Material]
    states: dict[str, str]
    """Colour of each asset state."""
    assets: dict[str, AssetScene]
    tracks: dict[str, Track]
    parts: dict[str, PartLook]
    fleets: dict[str, FleetLook]
    paint: tuple[Paint, ...] = ()
    cameras: dict[str, Camera] = field(default_factory=dict)
    version: int = SCENE_VERSION

    def place(self, motion: Motion, time_s: float) -> tuple[Point, float]:
        """Return where a body that goes along a track is at `time_s`, and which way it faces.

        Bodies that ride on workcells need joints: see `viewer.scene.frames`.

        Args:
            motion: The closed form of the body.
            time_s: Simulation time, s.

        Returns:
            The centre of a part's underside, or of a vehicle's deck (m), and the heading (rad).

        Raises:
            SceneError: The motion names neither an asset nor a way of this line.
        """
        track = self.tracks.get(motion.asset) or self._direct(motion.asset)
        where, heading_rad = track.pose(motion.at(time_s), motion.slot)
        backwards = ">" in motion.asset and motion.s1 < motion.s0
        return where, heading_rad + math.pi if backwards else heading_rad

    def _direct(self, way: str) -> Track:
        ends = [self.tracks.get(f"{asset}>{asset}") for asset in way.split(">")]
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            raise SceneError(
                f"line {self.line!r} has no asset or way {way!r}; "
                "the picture was drawn from another version of the line: load it again"
            )
        return Track(path=(ends[0].path[0], ends[1].path[0]))

    def to_dict(self) -> dict[str, Any]:
        """Return the document as JSON-able data; tuples become lists in JSON."""
        data: dict[str, Any] = _rounded(asdict(replace(self, nodes=())), 5)
        # A chain of frames adds its errors up; a shape is at the end of one.
        data["nodes"] = [
            _rounded(asdict(node), 5 if node.shape and not node.joint else 9) for node in self.nodes
        ]
        for node in data["nodes"]:
            for name in ("body", "joint", "light"):
                if node[name] is None:
                    del node[name]
        return data


def _rounded(value: Any, digits: int) -> Any:
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, dict):
        return {key: _rounded(item, digits) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item, digits) for item in value]
    return value
