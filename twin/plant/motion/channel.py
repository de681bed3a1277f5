"""A socket between the PLC and a robot: bytes on their way, and frames of them."""

from math import isfinite
from struct import pack, unpack
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from twin.spec import motion as specs

from .body import Body

if TYPE_CHECKING:
    from .world import World

MOST = 4096
"""Bytes that wait for a reader; a sender that goes on loses what comes then."""
FLOAT_MOST = 3.4028235e38


class ChannelClient(Protocol):
    """The robot's end of the socket."""

    def heard(self, channel: "Channel") -> None:
        """Hear that bytes have arrived, or that the connection has ended."""


class Channel(Body):
    """The connection, seen from the PLC as pins, from the robot as a stream of bytes.

    - `send` (rising) sends the fields as they are now; while nobody is connected they are lost.
    - Each frame that has come is unpacked and `received` counts on; both change at once.
    - `overrun`: bytes were lost because nobody fetched them. It goes with the next connection.
    - `hang_up` (rising) ends the connection, `plugged` off too; both ends know it at once.
    """

    STATE: ClassVar[tuple[str, ...]] = ("open", "flying", "inbox", "pending", "count")

    def __init__(self, world: "World", spec: specs.Channel) -> None:
        super().__init__(world, spec)
        self.robot, self.port = spec.robot, spec.port
        self.delay_s = spec.delay_s
        self.out_fields = [(field.id, field.type) for field in spec.to_robot]
        self.in_fields = [(field.id, field.type) for field in spec.to_plc]
        self.out_layout = spec.layout(spec.to_robot)
        self.in_layout = spec.layout(spec.to_plc)
        self.in_length = spec.length(spec.to_plc)
        self.open = False
        """Whether the robot's program is connected."""
        self.flying: list[list[Any]] = []
        """What is on its way: [when it arrives, `robot` or `plc`, the bytes]."""
        self.inbox: list[int] = []
        """Bytes that the robot has not fetched."""
        self.pending: list[int] = []
        """Bytes at the PLC that are no whole frame yet."""
        self.count = 0
        self.client: ChannelClient | None = None
        self.arrive = self.timer("arrive", self._arrive)

    # ---- the PLC's end

    def pin_changed(self, pin: str) -> None:
        if pin == "send" and self.points["send"].value and self.open and self.out_fields:
            values = [_fit(kind, self.points[name].value) for name, kind in self.out_fields]
            self._post("robot", list(pack(self.out_layout, *values)))
        elif pin == "plugged" or (pin == "hang_up" and self.points["hang_up"].value):
            self._hang_up()

    def _hang_up(self) -> None:
        if self.open:
            self.close()
            if self.client is not None:
                self.client.heard(self)

    def _unpack(self) -> None:
        while self.in_length and len(self.pending) >= self.in_length:
            frame = bytes(self.pending[: self.in_length])
            del self.pending[: self.in_length]
            values = unpack(self.in_layout, frame)
            points = [self.points[name] for name, _ in self.in_fields]
            changed = [
                point
                for point, value in zip(points, values, strict=True)
                if point.put(value if not isinstance(value, float) or isfinite(value) else 0.0)
            ]
            self.count += 1
            counter = self.points["received"]
            if counter.put(self.count):
                changed.append(counter)
            for point in changed:
                self.cell.point_changed(point)

    # ---- the robot's end

    @property
    def plugged(self) -> bool:
        """Whether the cable is in its socket."""
        return bool(self.points["plugged"].value)

    def connect_robot(self) -> bool:
        """Open the connection; False when it is open already, or the cable is pulled."""
        if self.open or not self.plugged:
            return False
        self.open = True
        self.inbox.clear()
        self.pending.clear()
        self.tells("overrun", value=False)
        self.tells("connected", value=True)
        return True

    def close(self) -> None:
        """Close the connection; what is on its way is lost."""
        self.open = False
        self.flying.clear()
        self.inbox.clear()
        self.pending.clear()
        self.arrive.cancel()
        self.tells("connected", value=False)

    def send(self, data: list[int]) -> bool:
        """Send bytes to the PLC; False when the connection is not open."""
        if self.open:
            self._post("plc", list(data))
        return self.open

    def take(self, most: int) -> list[int]:
        """Return up to so many of the bytes that have come, and forget them."""
        taken = self.inbox[:most]
        del self.inbox[:most]
        return taken

    # ---- in between

    def _post(self, to: str, data: list[int]) -> None:
        self.flying.append([self.env.time_s + self.delay_s, to, data])
        self.arrive.arm_at(self.flying[0][0])

    def _arrive(self) -> None:
        now = self.env.time_s
        heard = False
        while self.flying and self.flying[0][0] <= now:
            _, to, data = self.flying.pop(0)
            box = self.inbox if to == "robot" else self.pending
            if len(box) + len(data) > MOST:
                self.tells("overrun", value=True)
            else:
                box.extend(data)
                heard = heard or to == "robot"
        if self.flying:
            self.arrive.arm_at(self.flying[0][0])
        self._unpack()
        self.cell.changed()
        if heard and self.client is not None:
            self.client.heard(self)


def _fit(kind: str, value: Any) -> float | int:
    """Return a value as its field can carry it."""
    if kind == "real":
        return min(max(float(value), -FLOAT_MOST), FLOAT_MOST) if isfinite(value) else 0.0
    low, high = {"byte": (0, 255), "int": (-32768, 32767), "dint": (-(2**31), 2**31 - 1)}[kind]
    return min(max(int(value), low), high)
