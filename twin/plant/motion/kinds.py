"""Which class makes which kind of body: a new kind is one line here, one in `twin.spec.motion`."""

from twin.spec import motion as kinds

from .air import Air
from .axis import Axis
from .belt import Belt, Chute
from .body import Body
from .channel import Channel
from .clamp import Clamp
from .cylinder import Cylinder
from .diverter import Diverter
from .gripper import Gripper
from .guard import Door, LightCurtain, Zone
from .instruments import Reader, Scale, Tester, Vision
from .lift import Lift
from .magazine import Magazine
from .pallet_seat import PalletSeat
from .panel import Panel, StackLight
from .ports import Entry, Exit
from .process import ProcessHead
from .pusher import Pusher
from .rack import Rack
from .robot import Robot
from .seat import Seat
from .sensor import Sensor
from .solid import Solid
from .stopper import Stopper
from .tracker import Tracker
from .turntable import IndexTable, Turntable

MAKERS: dict[type[kinds.BodyBase], type[Body]] = {
    kinds.Belt: Belt,
    kinds.Chute: Chute,
    kinds.Seat: Seat,
    kinds.Rack: Rack,
    kinds.PalletSeat: PalletSeat,
    kinds.Entry: Entry,
    kinds.Exit: Exit,
    kinds.Magazine: Magazine,
    kinds.Cylinder: Cylinder,
    kinds.Stopper: Stopper,
    kinds.Pusher: Pusher,
    kinds.Diverter: Diverter,
    kinds.Clamp: Clamp,
    kinds.Lift: Lift,
    kinds.Turntable: Turntable,
    kinds.IndexTable: IndexTable,
    kinds.Axis: Axis,
    kinds.Gripper: Gripper,
    kinds.Channel: Channel,
    kinds.Robot: Robot,
    kinds.Solid: Solid,
    kinds.ProcessHead: ProcessHead,
    kinds.Sensor: Sensor,
    kinds.Scale: Scale,
    kinds.Reader: Reader,
    kinds.Vision: Vision,
    kinds.Tester: Tester,
    kinds.Tracker: Tracker,
    kinds.Air: Air,
    kinds.StackLight: StackLight,
    kinds.Panel: Panel,
    kinds.Door: Door,
    kinds.LightCurtain: LightCurtain,
    kinds.Zone: Zone,
}
