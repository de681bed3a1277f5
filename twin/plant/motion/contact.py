"""How the parts of a lane move from an instant on: the law of contact.

Each part goes with the surface below its middle. One that touches a slower or standing one ahead
goes behind it, and the belt slides below; two that are driven against each other stand. Parts never
push. On a rigid belt nothing slides: the surface goes no faster than its slowest part can.
"""

from typing import TYPE_CHECKING, NamedTuple

from twin.wire.model import Piece, along

from .rider import STANDING, Motion, Rider, sense, slower
from .surface import driven, motion_at

if TYPE_CHECKING:
    from .lane import Lane
    from .track import Track


class Shadow(NamedTuple):
    """A part on another lane that is in the way beyond an end, as seen along this one."""

    place: float
    half: float
    v: float
    a: float


class Contact:
    """One settling of a lane's movements."""

    def __init__(self, lane: "Lane", now: float) -> None:
        self.lane = lane
        self.now = now
        self.slack = lane.slack()
        self.riders = lane.riders
        self.places = [rider.at(now) for rider in lane.riders]
        self.motions: list[Motion] = []
        self.wanted: list[Motion] = []

    def settle(self) -> None:
        """Give each rider, and each surface that is held up, its movement from now on."""
        belts = self.lane.belts
        for belt in belts:
            belt.motion = belt.drive_motion(self.now)
        self._move()
        if self.lane.has_rigid:
            while self._hold_up():
                self._move()
            for section, belt in enumerate(belts):
                if belt.rigid:
                    self._stall(belt, section)
        now = self.now
        for rider, place, motion in zip(self.riders, self.places, self.motions, strict=True):
            rider.goes(motion, place, now)

    def _move(self) -> None:
        """Find each rider's movement: the foremost first, each way."""
        riders = self.riders
        ways = set()
        self.wanted = wanted = []
        for rider, place in zip(riders, self.places, strict=True):
            rider.leaning = None
            motion = self._carried(rider, place)
            wanted.append(motion)
            ways.add(sense(motion))
        self.motions = [
            STANDING if rider.holders else motion
            for rider, motion in zip(riders, wanted, strict=True)
        ]
        if 1 in ways:
            self._line_up(1)
        if -1 in ways:
            self._line_up(-1)

    def _carried(self, rider: Rider, place: float) -> Motion:
        """Return how the surface below its middle would move a rider, if nothing was in its way."""
        lane = self.lane
        belt = lane.belts[rider.section]
        motion = belt.motion
        way = sense(motion)
        if way == 0:
            return motion
        left = belt.high - place if way > 0 else place - belt.low
        if left > self.slack:
            rider.refused = False
            return motion
        section = rider.section + way
        if not 0 <= section < len(lane.belts):
            if not rider.refused:
                lane.comes_to_end(rider, way)
            return motion
        onto = lane.belts[section].motion
        if sense(onto) != -way:  # else two belts run against each other: it stays between them
            rider.section = section
            return onto
        return motion

    def _line_up(self, way: int) -> None:
        """Let nobody who goes this way go through what is ahead."""
        riders, places, motions = self.riders, self.places, self.motions
        belts = self.lane.belts
        shadow = self.lane.shadow(way, self.now)
        ahead: Motion | None = None
        rear = 0.0
        if shadow is not None:
            ahead, rear = (shadow.v, shadow.a), shadow.place - way * shadow.half
        last = len(riders) - 1
        for step in range(last + 1):
            index = last - step if way > 0 else step
            rider, place, motion = riders[index], places[index], motions[index]
            if sense(motion) == way:
                if self._is_stopped(rider, place, way):
                    motions[index] = STANDING
                elif ahead is not None:
                    gap = way * (rear - place) - rider.half - belts[rider.section].keeps
                    if gap <= self.slack:
                        motions[index] = _behind(rider, motion, ahead, way)
            ahead, rear = motions[index], place - way * rider.half

    def _is_stopped(self, rider: Rider, place: float, way: int) -> bool:
        """Tell whether something stands right ahead of a rider."""
        lane, slack = self.lane, self.slack
        front = place + way * rider.half
        for block in lane.blocks:
            if abs((block.low_m if way > 0 else block.high_m) - front) <= slack:
                return True
        belt = lane.belts[rider.section]
        if (belt.high - place if way > 0 else place - belt.low) > slack:
            return False
        section = rider.section + way
        if 0 <= section < len(lane.belts):
            return sense(lane.belts[section].motion) == -way
        return rider.refused

    # ---- rigid belts

    def _hold_up(self) -> bool:
        """Slow rigid belts down to their slowest part; tell whether there was one to slow."""
        found = False
        for rider, motion in zip(self.riders, self.motions, strict=True):
            belt = self.lane.belts[rider.section]
            way = sense(belt.motion)
            if belt.rigid and way and slower(motion, belt.motion, way):
                belt.motion = motion
                found = True
        return found

    def _stall(self, belt: "Track", section: int) -> None:
        """Let a rigid surface go as slowly as it must, or run up again when it is free."""
        now = self.now
        drive = belt.drive_motion(now)
        way = sense(drive)
        if way == 0 or not slower(belt.motion, drive, way):
            if belt.held_up:
                belt.path = driven(belt.path, now, belt.set_point, belt.accel_m_s2)
            belt.held_up = belt.jammed = False
            return
        if motion_at(belt.path, now) != belt.motion or not belt.held_up:
            belt.path = (Piece(now, along(belt.path, now), *belt.motion),)
        belt.held_up = True
        if belt.motion == STANDING and not belt.jammed:
            belt.jammed = True
            self._jam(belt, section, way)

    def _jam(self, belt: "Track", section: int, way: int) -> None:
        """Note who holds a belt up: the foremost part that is at something."""
        numbers = range(len(self.riders))
        for index in reversed(numbers) if way > 0 else numbers:
            rider = self.riders[index]
            if rider.section == section and (rider.holders or self._at_something(index, way)):
                if not rider.refused:  # a part that waits for the next one to take it is no jam
                    self.lane.jams(belt, rider)
                return

    def _at_something(self, index: int, way: int) -> bool:
        rider, place = self.riders[index], self.places[index]
        if self._is_stopped(rider, place, way):
            return True
        other = index + way
        if 0 <= other < len(self.riders):
            ahead = self.places[other] - way * self.riders[other].half
        else:
            shadow = self.lane.shadow(way, self.now)
            if shadow is None:
                return False
            ahead = shadow.place - way * shadow.half
        return way * (ahead - place) - rider.half <= self.slack


def _behind(rider: Rider, motion: Motion, ahead: Motion, way: int) -> Motion:
    """Return how a rider moves that touches the one ahead."""
    if sense(ahead) != way:
        return STANDING
    if not slower(ahead, motion, way):
        return motion
    rider.leaning = motion
    return ahead
