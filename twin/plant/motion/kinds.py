"""Which class makes which kind of body: a new kind is one line here, one in `twin.spec.motion`."""

from twin.spec import motion as kinds

from .air import Air
from .axis import Axis
from .belt import Belt, Chute
from .body import Body
from .clamp import Clamp
from .cylinder import Cylinder
from .diverter import Diverter
from .gripper import Gripper
from .guard import Door, LightCurtain, Zone
from .instruments import Reader, Scale, Vision
from .lift import Lift
from .magazine import Magazine
from .pallet_seat import PalletSeat
from .panel import Panel, StackLight
from .ports import Entry, Exit
from .process import ProcessHead
from .pusher import Pusher
from .rack import Rack
from .seat import Seat
from .sensor import Sensor
from .solid import Solid
from .stopper import Stopper
from .turntable import IndexTable, Turntable

MAKERS: dict[type[kinds.BodyBase], type[Body]] = {
    kinds.Belt: Belt,
    kinds.Chute: Chute,
    kinds.Entry: Entry,
    kinds.Turntable: Turntable,
    kinds.IndexTable: IndexTable,
    kinds.Stopper: Stopper,
    kinds.Pusher: Pusher,
    kinds.Magazine: Magazine,
    kinds.Lift: Lift,
    kinds.Diverter: Diverter,
    kinds.Cylinder: Cylinder,
    kinds.Clamp: Clamp,
    kinds.Air: Air,
    kinds.Exit: Exit,
    kinds.Sensor: Sensor,
    kinds.Axis: Axis,
    kinds.Gripper: Gripper,
    kinds.PalletSeat: PalletSeat,
    kinds.Rack: Rack,
    kinds.Seat: Seat,
    kinds.Panel: Panel,
    kinds.StackLight: StackLight,
    kinds.Solid: Solid,
    kinds.Door: Door,
    kinds.LightCurtain: LightCurtain,
    kinds.Zone: Zone,
    kinds.ProcessHead: ProcessHead,
    kinds.Reader: Reader,
    kinds.Scale: Scale,
    kinds.Vision: Vision,
}
