"""The bodies of the assets, by shape."""

from collections.abc import Callable

from viewer.scene.maker import Maker
from viewer.scene.sizes import Body

from . import benches, gates, machines, stores, testers, transport

Draw = Callable[[Maker, Body], None]

BODIES: dict[str, Draw] = {
    "machine": machines.machine,
    "press": machines.press,
    "laser_weld": machines.laser_weld,
    "robot_cell": machines.robot_cell,
    "oven": machines.oven,
    "laminator": machines.laminator,
    "leak_test": testers.leak_test,
    "eol_test": testers.eol_test,
    "gate": testers.gate,
    "bench": benches.bench,
    "manual": benches.manual,
    "buffer": stores.buffer,
    "storage": stores.storage,
    "conveyor": transport.conveyor,
    "charger": transport.charger,
    "pallet_in": gates.pallet_in,
    "pallet_out": gates.pallet_out,
    "bin": gates.scrap_bin,
    "people": benches.people_board,
}
"""What draws each shape. A new shape is one function and one line here."""


def draw(maker: Maker, body: Body) -> None:
    """Draw an asset's body."""
    BODIES[body.shape](maker, body)
