"""The workcell itself: its bodies, its I/O list, its controller."""

from typing import Annotated, Literal

from pydantic import Field

from twin.spec.base import AnyText, Expected, Id, Model, Number, Positive
from twin.spec.place import AssetBase

from .base import Point3
from .carriers import Belt, Chute, Entry, Exit, PalletSeat, Rack, Seat
from .channel import Channel
from .drives import Axis, Gripper, IndexTable, Lift, Solid
from .instruments import ProcessHead, Reader, Scale, Sensor, Tester, Vision
from .pneumatics import Air, Clamp, Cylinder, Diverter, Magazine, Pusher, Stopper, Turntable
from .program import AnyProgram
from .robots import Robot
from .safety import Door, LightCurtain, Panel, StackLight, Zone
from .tracker import Tracker

AnyBody = Annotated[
    Belt
    | Chute
    | Seat
    | Rack
    | PalletSeat
    | Entry
    | Exit
    | Magazine
    | Cylinder
    | Stopper
    | Pusher
    | Diverter
    | Clamp
    | Lift
    | Turntable
    | IndexTable
    | Axis
    | Gripper
    | Robot
    | Channel
    | Solid
    | ProcessHead
    | Sensor
    | Scale
    | Reader
    | Vision
    | Tester
    | Tracker
    | Air
    | StackLight
    | Panel
    | Door
    | LightCurtain
    | Zone,
    Field(discriminator="kind"),
    Expected("spec.expect.body"),
]


class IoEntry(Model):
    """What the file says of one point beyond what its body says."""

    address: str | None = Field(None, description='as "%IX0.3", "%QX1.0", "%IW64", "%QD66"')
    comment: AnyText | None = None


class Control(Model):
    """The soft PLC of a workcell."""

    program: AnyProgram | None = None
    period_ms: Annotated[Number, Field(ge=1, le=10_000)] = Field(10.0, description="of its task")
    runs: bool = Field(default=True, description="whether it is in run from the start")


class View(Model):
    """A point of view that a person can go to by name."""

    id: Id
    title: AnyText | None = None
    from_m: Point3 = Field(description="where the eye is, in the workcell")
    to_m: Point3


class Workcell(AssetBase):
    """A cell at motion fidelity: bodies that move by law, driven by a controller.

    `like: LINE/WORKCELL` takes it from another line file; what is said beside it goes before.
    """

    kind: Literal["workcell"]
    bodies: tuple[AnyBody, ...] = Field(min_length=1)
    io: dict[Id, IoEntry] = Field(default_factory=dict, description="by name of the point")
    control: Control = Control()
    views: tuple[View, ...] = ()
    size_m: tuple[Positive, Positive] | None = Field(
        None, description="floor that it takes along x and y; none: as its bodies need"
    )
