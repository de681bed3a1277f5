"""Data of a robot's program, as the robot and people look it up by name."""

from typing import Any

from twin.plant.robot.mover import Mover
from twin.plant.robot.order import Configuration, Joints, Tool
from twin.plant.robot.placement import Placement

from .fault import Fault
from .geometry import joints_in, placed, pose, wobj_frame
from .kinds import JOINTTARGET, ROBTARGET, TOOLDATA, WOBJDATA, Kind, Type
from .machine import Machine
from .motion import externals_in, frame_of
from .program import Datum, Program
from .watch import shown


class Named:
    """Finds tools, work objects and points of the modules."""

    machine: Machine
    mover: Mover

    @property
    def program(self) -> Program | None:
        """What is loaded."""
        return self.machine.program

    def datum(self, name: str) -> Datum | None:
        """Return the first data of this name in the modules."""
        program = self.program
        if program is None:
            return None
        found = [d for d in program.data if d.name.lower() == name.lower()]
        return found[0] if found else None

    def _value(self, name: str, kind: Kind) -> Any:
        datum = self.datum(name)
        if datum is None or datum.type != Type(kind):
            return None
        return self.machine.data[datum.slot]

    def _named(self, kind: Kind) -> tuple[str, ...]:
        data = self.program.data if self.program is not None else []
        return tuple(d.name for d in data if d.type == Type(kind))

    def tool(self, name: str) -> Tool | None:
        """Return a tool that the program has declared."""
        value = self._value(name, TOOLDATA)
        try:
            return None if value is None else Tool(name, pose(value[1]), value[2][0])
        except Fault:
            return None

    def tools(self) -> tuple[str, ...]:
        """Return the names of its tools."""
        return self._named(TOOLDATA)

    def wobj(self, name: str) -> Placement | None:
        """Return where a work object of the program is, in the workcell."""
        value = self._value(name, WOBJDATA)
        try:
            if value is not None and not value[1] and value[2] in self.mover.external:
                return frame_of(self.machine, value)
            return None if value is None else self.mover.world.then(wobj_frame(value))
        except Fault:
            return None

    def wobjs(self) -> tuple[str, ...]:
        """Return the names of its work objects."""
        return self._named(WOBJDATA)

    def target(
        self, name: str
    ) -> tuple[Placement, Configuration, tuple[float, ...]] | Joints | None:
        """Return a robtarget (in its work object), or a jointtarget (rad, m), by its name."""
        found = self._value(name, ROBTARGET)
        if found is not None:
            try:
                at = placed(found[0], found[1])
            except Fault:
                return None
            a, b, c, d = (int(value) for value in found[2])
            return at, (a, b, c, d), externals_in(self.machine, found[3])
        joints = self._value(name, JOINTTARGET)
        return None if joints is None else joints_in(joints, self.mover.kinds)

    def points(self) -> list[dict[str, Any]]:
        """Return the robtargets and jointtargets of the modules."""
        data = self.program.data if self.program is not None else []
        return [
            {
                "name": d.name,
                "module": d.module,
                "kind": d.kind,
                "type": d.type.kind.name,
                "value": self.machine.data[d.slot],
                "text": shown(self.machine.data[d.slot]),
                "line": d.span.line,
            }
            for d in data
            if d.type in (Type(ROBTARGET), Type(JOINTTARGET))
        ]
