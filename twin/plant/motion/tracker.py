"""A laser tracker that inspects a robot."""

from array import array
from math import radians
from typing import TYPE_CHECKING, Any, ClassVar

from twin.plant.robot.errors import standard_normal
from twin.plant.robot.placement import Placement
from twin.spec import motion as specs

from .body import Body
from .robot import Robot

if TYPE_CHECKING:
    from .world import World

READING = 8
"""Numbers of one reading: time, s; x, y, z, m; w, i, j, k."""
MOST = 1_000_000
"""Numbers that it stores: about ten minutes of following, or days of stops."""


class Tracker(Body):
    """Reads where the reflector on a robot's flange really is, with an uncertainty of its own.

    At each rising edge of `trigger` it takes one reading; while `follow` is on, one each period of
    its rate. What it reads is kept in recordings, one for each trigger and each time that it
    follows, under the number that `label` has when it begins. `ready` goes off when its store is
    full.
    """

    STATE: ClassVar[tuple[str, ...]] = ("recordings", "stored", "following")

    def __init__(self, world: "World", spec: specs.Tracker) -> None:
        super().__init__(world, spec)
        self.robot_id = spec.robot
        self.reflector = Placement(*spec.reflector_m)
        self.place_m, self.angle_rad = spec.place_mm * 1e-3, radians(spec.angle_deg)
        self.period_s = 1.0 / spec.rate_hz
        self.chance = world.cell.line.streams.make(f"{self.address}/reading", standard_normal)
        self.recordings: list[list[Any]] = []
        """Each: its label, and its readings one after the other."""
        self.stored = 0
        self.following = False
        self.robot: Robot
        self.step = self.timer("reading", self._follow)

    def connect(self) -> None:
        robot = self.world.bodies[self.robot_id]
        assert isinstance(robot, Robot)
        self.robot = robot

    def pin_changed(self, pin: str) -> None:
        if pin == "trigger" and self.reads("trigger"):
            self._begin()
            self._read()
        elif pin in ("follow", ""):
            follows = bool(self.reads("follow"))
            if follows and not self.following:
                self.following = True
                self._begin()
                self._follow()
            elif self.following and not follows:
                self.following = False
                self.step.cancel()
                self._read()

    def _begin(self) -> None:
        self.recordings.append([int(self.reads("label")), array("d")])

    def _follow(self) -> None:
        self._read()
        self.step.arm(self.period_s)

    def _read(self) -> None:
        if self.stored + READING > MOST:
            self.tells("ready", value=False)
            return
        now = self.env.time_s
        self.recordings[-1][1].extend((now, *self.read(self.true(now))))
        self.stored += READING
        self.tells("count", self.stored // READING)

    def true(self, time_s: float) -> Placement:
        """Return where the reflector really is, in the workcell."""
        at = self.robot.flange(time_s).then(self.reflector)
        deviation = self.robot.deviation
        return at if deviation is None else deviation.tool(at, time_s)

    def read(self, true: Placement) -> Placement:
        """Return what it reads of a pose."""
        x, y, z = (each + self.place_m * self.chance.draw() for each in true.place)
        half = [self.angle_rad / 2.0 * self.chance.draw() for _ in range(3)]
        turn = Placement(0.0, 0.0, 0.0, 1.0, *half).normal()
        return Placement(x, y, z, *turn.then(Placement(0.0, 0.0, 0.0, *true.turn)).turn)
