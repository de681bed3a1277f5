"""A workcell: an asset at motion fidelity, made of bodies that a controller drives.

Metres, seconds, degrees. A body stands at `at_m` (x, y, z) and `heading_deg` in the workcell, or on
the moving part of another body when `on` names one. x runs along the heading, y to its left, z up.
"""

from .base import BodyBase, Point3
from .carriers import Belt, Chute, Entry, Exit, PalletSeat, Rack, Seat
from .channel import Channel, FrameField
from .drives import Axis, Gripper, IndexTable, Lift, Solid
from .instruments import AtPart, ProcessHead, Reader, Scale, Sensor, Tester, Vision
from .pneumatics import (
    Air,
    Clamp,
    Cylinder,
    Diverter,
    Magazine,
    Pneumatic,
    Pusher,
    Stopper,
    Switches,
    Turntable,
)
from .program import AnyProgram, Program
from .robots import AnyArm, ArmErrors, ArmFile, Robot, RobotSignal
from .safety import Door, LightCurtain, Panel, StackLight, Zone
from .tracker import Tracker
from .workcell import AnyBody, Control, IoEntry, View, Workcell

__all__ = [
    "Air",
    "AnyArm",
    "AnyBody",
    "AnyProgram",
    "ArmErrors",
    "ArmFile",
    "AtPart",
    "Axis",
    "Belt",
    "BodyBase",
    "Channel",
    "Chute",
    "Clamp",
    "Control",
    "Cylinder",
    "Diverter",
    "Door",
    "Entry",
    "Exit",
    "FrameField",
    "Gripper",
    "IndexTable",
    "IoEntry",
    "Lift",
    "LightCurtain",
    "Magazine",
    "PalletSeat",
    "Panel",
    "Pneumatic",
    "Point3",
    "ProcessHead",
    "Program",
    "Pusher",
    "Rack",
    "Reader",
    "Robot",
    "RobotSignal",
    "Scale",
    "Seat",
    "Sensor",
    "Solid",
    "StackLight",
    "Stopper",
    "Switches",
    "Tester",
    "Tracker",
    "Turntable",
    "View",
    "Vision",
    "Workcell",
    "Zone",
]
