"""The signals of a robot as a line file wires them, before there is a plant."""

from twin.plant.motion.robot_wires import FIXED_PINS
from twin.plant.robot.mover import SignalKind
from twin.spec.io import io_of, point_name
from twin.spec.motion import Robot, Workcell
from twin.spec.pins import Direction, IecType

_TYPES: dict[IecType, type[bool] | type[int] | type[float]] = {
    IecType.BOOL: bool,
    IecType.INT: int,
    IecType.DINT: int,
    IecType.REAL: float,
}


def signals_of(cell: Workcell, robot: Robot) -> tuple[SignalKind, ...]:
    """Return the signals by the names that the robot's program uses."""
    points = {point.name: point for point in io_of(cell)}
    found = []
    for pin in robot.pins():
        if pin.name not in FIXED_PINS:
            point = points[point_name(robot.id, pin)]
            to_plc = point.direction is Direction.INPUT
            found.append(SignalKind(pin.name, to_plc, _TYPES[point.iec]))
    for name, wired in robot.wires.items():
        point = points[wired]
        found.append(SignalKind(name, point.direction is Direction.OUTPUT, _TYPES[point.iec]))
    return tuple(found)
