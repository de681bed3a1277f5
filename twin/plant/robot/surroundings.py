"""Surroundings: what a robot of a workcell must not touch, and what it holds.

    around_it = Surroundings(robot)
    contact = first_contact(
        robot.arm, around_it.foot.at, track, now, around_it.things(),
        held=around_it.held(), moves=around_it.foot.moves,
    )

People are no obstacles: zones watch over them.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import hypot
from typing import TYPE_CHECKING, NamedTuple

from twin.plant.motion.axis import Axis
from twin.plant.motion.body import Body
from twin.plant.motion.box import Way
from twin.plant.motion.chain import carriers
from twin.plant.motion.frame import Carrier, Frame, Pose
from twin.plant.motion.gripper import PRESS_M, Gripper
from twin.plant.motion.path import ends_at, piece_at
from twin.plant.motion.stroke import scaled
from twin.plant.part import Part
from twin.spec.arms import description as shapes
from twin.wire.model import Path, Piece, Ride, along

from .furniture import furniture, stands_in
from .hulls import Hull, around, box
from .obstacle import Moves, Neighbour, Obstacle, Spin, Thing
from .placement import HERE, OVER, Placement, Vector

if TYPE_CHECKING:
    from twin.plant.motion.robot import Robot

SLACK_M = 0.002
"""Held parts are taken for so much smaller at each side: parts may stand side by side."""
GIVES_M = PRESS_M + 0.0025
"""A part is taken for so much lower where a tool comes down on it: `PRESS_M`, and the margin."""
POINT_M = (0.01, 0.01, 0.05)
"""Size of the point of a gripper on axes."""
PALM_M = 0.04
"""Width of a robot's tool of which the line file says nothing."""
SPARE_M = 0.6
"""What is further from the arm's reach than this, with tool and part, is out of the way."""
FLOOR_M = 20.0


Paths = Mapping[str, Path]
"""How some axes would move, m or rad, by their names: if a robot and they stopped, for instance."""
AS_THEY_DO: Paths = {}


class Stand(NamedTuple):
    """Where a frame is in the workcell, and what moves it."""

    at: Placement
    """Before anything has moved that moves."""
    moves: Moves = ()


def stand(frame: Frame, time_s: float, paths: Paths = AS_THEY_DO) -> Stand | None:
    """Return where a frame is from a time on; None: a robot carries it."""
    if frame.carrier is None:
        return Stand(Placement.at(frame.pose))
    found = inside(frame.carrier, time_s, paths)
    return None if found is None else found._replace(at=found.at.then(Placement.at(frame.pose)))


def inside(carrier: Carrier, time_s: float, paths: Paths = AS_THEY_DO) -> Stand | None:
    """Return the same for the moving part of a body that carries others."""
    found = stand(carrier.frame, time_s, paths)
    if found is None or hasattr(carrier, "flange"):
        return None
    assert isinstance(carrier, Body)
    path = paths.get(carrier.id) or carrier.joint()
    if path is None or (carrier.id not in paths and ends_at(path) <= time_s):
        return found._replace(at=found.at.then(Placement.at(carrier.moved(time_s))))
    slide = getattr(carrier, "slide", None)
    if slide is not None:
        return found._replace(moves=(*found.moves, Way(found.at.turned(slide), path)))
    turned = scaled(path, getattr(carrier, "turn", 1.0))
    axis = found.at.turned((0.0, 0.0, 1.0))
    return found._replace(moves=(*found.moves, Spin(found.at.place, axis, turned)))


class Surroundings:
    """What is around one robot. It keeps nothing but what never changes."""

    def __init__(self, robot: "Robot") -> None:
        self.robot = robot
        self.world = robot.world
        self._fixed: tuple[Obstacle, ...] | None = None
        self._carried: list[tuple[Body, tuple[Hull, ...]]] = []

    @property
    def foot(self) -> Stand:
        """Where the robot's foot is."""
        return self.foot_by(AS_THEY_DO)

    def foot_by(self, paths: Paths) -> Stand:
        """Return where the robot's foot is, if axes moved otherwise."""
        found = stand(self.robot.frame, self.robot.env.time_s, paths)
        assert found is not None
        return found

    def held(self) -> tuple[Hull, ...]:
        """Return the tool and the part that it carries, in the flange's frame."""
        return held(self.robot)

    def things(self, paths: Paths = AS_THEY_DO) -> list[Thing]:
        """Return all that the robot must not touch, as it is and moves from now on.

        Args:
            paths: of axes that are taken to move otherwise.
        """
        now = self.robot.env.time_s
        found: list[Thing] = [*self._still(now)]
        for body, hulls in self._carried:
            at = stand(stands_in(body), now, paths)
            if at is not None:
                found.append(Obstacle(body.id, hulls, *at))
        for body in self.world.bodies.values():
            if body is self.robot:
                continue
            if hasattr(body, "flange"):
                found.append(neighbour(body, now, paths))  # type: ignore[arg-type]
            elif isinstance(body, Axis) and body.tool_m is not None and not self._mine(body):
                at = inside(body, now, paths)
                if at is not None:
                    found.append(Obstacle(body.id, (box(body.id, body.tool_m),), *at))
            elif isinstance(body, Gripper):
                found.extend(self._gripper(body, now, paths))
        found.extend(self._parts(now, paths))
        return found

    # ---- bodies

    def _still(self, now: float) -> tuple[Obstacle, ...]:
        """Return what never moves, and find out what does."""
        if self._fixed is not None:
            return self._fixed
        found = [Obstacle("floor", (box("floor", (FLOOR_M, FLOOR_M, 0.1), _down(0.1)),))]
        for body in self.world.bodies.values():
            if hasattr(body, "flange"):
                pedestal = _pedestal(body)  # type: ignore[arg-type]
                if pedestal is not None and body.frame.fixed:
                    found.append(pedestal)
                continue
            hulls = furniture(body)
            if not hulls or self._mine(body):
                continue
            frame = stands_in(body)
            if frame.fixed:
                found.append(Obstacle(body.id, hulls, Placement.at(frame.pose)))
            else:
                self._carried.append((body, hulls))
        self._fixed = tuple(each for each in found if self._near(each))
        return self._fixed

    def _near(self, obstacle: Obstacle) -> bool:
        """Tell whether it is anywhere near what the robot reaches."""
        if not self.robot.frame.fixed:
            return True
        foot = self.robot.frame.pose
        reach = self.robot.arm.reach_m + SPARE_M
        return any(_gap(hull.on(obstacle.at), foot) <= reach for hull in obstacle.hulls)

    def _mine(self, body: Body) -> bool:
        """Tell whether a body carries the robot, or the robot carries it."""
        robot: Body = self.robot
        return any(each is robot for each in carriers(body)) or any(
            each is body for each in carriers(robot)
        )

    def _gripper(self, body: Gripper, now: float, paths: Paths) -> Iterator[Obstacle]:
        """Yield the point and the held part of a gripper that no robot carries."""
        if body.frame.carrier is None:
            return
        at = stand(body.frame, now, paths)
        if at is None:
            return
        yield Obstacle(body.id, (box(body.id, POINT_M),), *at)
        part = body.carried
        if part is not None:
            lies = Placement.at(Pose(*body.grip_at))
            name = part_name(part)
            yield Obstacle(name, (box(name, self.world.size(part), lies),), *at)

    # ---- parts

    def _parts(self, now: float, paths: Paths) -> Iterator[Obstacle]:
        for holder in self.world.holders:
            rides = [ride for ride in holder.parts() if ride[1].frame == holder.node]
            at = stand(holder.frame, now, paths) if rides else None
            if at is not None:
                for part, ride in rides:
                    yield self._part(part, ride, at, now)
        for part, ride in self.world.fallen():
            yield self._part(part, ride, Stand(HERE), now)

    def _part(self, part: Part, ride: Ride, base: Stand, now: float) -> Obstacle:
        at, moves, path = base.at, base.moves, ride.path
        way = (ride.dx, ride.dy, ride.dz)
        far = along(path, now)
        x, y, z = (place + each * far for place, each in zip(ride[1:4], way, strict=True))
        if ends_at(path) > now:
            moves = (*moves, Way(at.turned(way), onwards(path, now)))
        pose = Pose(x, y, z, ride.heading_rad)
        return _lying(part_name(part), self.world.size(part), pose, at)._replace(moves=moves)


@lru_cache(maxsize=4096)
def _lying(name: str, size: Vector, pose: Pose, at: Placement) -> Obstacle:
    """Return a part that lies on something."""
    hull = box(name, size, role="part", press_m=GIVES_M)
    return Obstacle(name, (hull,), at.then(Placement.at(pose)))


def neighbour(robot: "Robot", now: float, paths: Paths = AS_THEY_DO) -> Neighbour:
    """Return a robot as others meet it, with all that it holds."""
    at = stand(robot.frame, now, paths)
    assert at is not None
    return Neighbour(robot.id, robot.arm, at.at, true_track(robot), held(robot), at.moves)


def true_track(robot: "Robot") -> tuple[Path, ...]:
    """Return how the joints of a robot really move."""
    return tuple(path for _, path in robot.joints())


def held(robot: "Robot") -> tuple[Hull, ...]:
    """Return a robot's tool and the part that it carries, in the flange's frame."""
    now = robot.env.time_s
    carried = [
        (body, OVER.then(Placement.at(_on(body, robot, now))))
        for body in robot.world.bodies.values()
        if any(each is robot for each in carriers(body))
    ]
    grippers = [(body, at) for body, at in carried if isinstance(body, Gripper)]
    found: list[Hull] = []
    corners = robot.robot_spec.tool_m
    if corners:
        # They are given in the frame of what stands on the flange: the gripper's.
        found.append(around("tool", corners, grippers[0][1] if grippers else OVER, role="tool"))
    for body, at in carried:
        if not isinstance(body, Gripper):
            found.extend(hull.on(at)._replace(role="tool") for hull in furniture(body))
        elif not corners and body.frame.pose.z < 0.0:
            found.append(box(body.id, (PALM_M, PALM_M, -body.frame.pose.z), at, role="tool"))
    for gripper, at in grippers:
        part = gripper.carried
        if part is not None:
            lies = at.then(Placement.at(Pose(*gripper.grip_at)))
            found.append(_held_part(part, robot.world.size(part), lies, cup=gripper.sucks))
    return tuple(found)


def _on(body: Body, robot: "Robot", now: float) -> Pose:
    """Return where a body is on the part of a robot that carries it."""
    pose, carrier = body.frame.pose, body.frame.carrier
    while carrier is not None and carrier is not robot:
        pose = carrier.frame.pose.then(carrier.moved(now)).then(pose)
        carrier = carrier.frame.carrier
    return pose


def _held_part(part: Part, size: tuple[float, float, float], at: Placement, *, cup: bool) -> Hull:
    """Return a held part, smaller at its sides; a cup gives way when it presses it onto a thing."""
    x, y, z = size
    low = min(PRESS_M if cup else SLACK_M, z / 2.0)
    lies = at.then(Placement(0.0, 0.0, low))
    return box(part_name(part), (x - 2 * SLACK_M, y - 2 * SLACK_M, z - low), lies, role="held")


def _pedestal(robot: "Robot") -> Obstacle | None:
    """Return the pedestal below a robot's foot."""
    high = robot.robot_spec.pedestal_m
    if high <= 0.0:
        return None
    first = robot.arm.description.links[0].bumpers
    wide = max((_width(bumper.shape) for bumper in first), default=0.2)
    hull = box("pedestal", (wide, wide, high), _down(high))
    return Obstacle(f"{robot.id}_pedestal", (hull,), Placement.at(robot.frame.pose))


def _width(shape: shapes.Solid) -> float:
    if isinstance(shape, shapes.Box):
        return max(shape.size[:2])
    if isinstance(shape, shapes.Hull):
        return 2.0 * max(max(abs(x), abs(y)) for x, y, _ in shape.points)
    return 2.0 * shape.radius


def _gap(hull: Hull, foot: Pose) -> float:
    """Return how far a hull is at least from a foot."""
    if not isinstance(hull.shape, shapes.Box):
        return 0.0
    x, y, z = hull.at.inverse().point((foot.x, foot.y, foot.z))
    out = [max(abs(a) - b / 2.0, 0.0) for a, b in zip((x, y, z), hull.shape.size, strict=True)]
    return hypot(*out)


def _down(high: float) -> Placement:
    return Placement(0.0, 0.0, -high)


def onwards(path: Path, now: float) -> Path:
    """Return how far a path goes from a time on: what goes on alike has the same."""
    place = along(path, now)
    piece = piece_at(path, now)
    later = tuple(each._replace(p=each.p - place) for each in path if each.t0 > now)
    if piece is None:
        return (Piece(now, 0.0), *later)
    dt = now - piece.t0
    speed, accel = piece.v + dt * (piece.a + dt * piece.j / 2.0), piece.a + dt * piece.j
    return (Piece(now, 0.0, speed, accel, piece.j), *later)


def part_name(part: Part) -> str:
    """Return what a contact calls a part."""
    return f"{part.type} {part.id}"
