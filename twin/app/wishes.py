"""What somebody wants to live."""

from dataclasses import dataclass, field
from pathlib import Path

from devices.mqtt.outlet import External

STATE_DIR = Path.home() / ".pilotline"
HOME = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants to live. Names of files or of what comes with the program."""

    line: str = ""
    """Empty: the line that the scenario is for."""
    scenario: str | None = None
    programs: tuple[str, ...] = ()
    """Other control programs: `FILE` or `CELL=FILE`, `none` for no program."""
    devices: str | None = None
    shopfloor: bool = False
    """Whether a second process plays the real devices that the devices file names."""
    host: str = HOME
    hosts: tuple[str, ...] = ()
    """Further names under which browsers may call the page."""
    port: int = 8080
    opcua_port: int | None = 4840
    """None for no OPC UA server."""
    mqtt_port: int | None = 1883
    """None for no MQTT."""
    modbus_port: int | None = None
    """None for no Modbus TCP server."""
    s7_port: int | None = None
    """None for no S7 server."""
    writable: tuple[str, ...] = ()
    """Of `modbus` and `s7`, which know no accounts: those over which anybody may write."""
    allow: tuple[str, ...] = ()
    """Addresses or networks of Modbus clients; empty: any."""
    broker: External | None = None
    rate: float = 1.0
    seed: int = 0
    head_start_s: float = 0.0
    """Simulated time that has passed when the twin comes to life."""
    runs: Path = field(default_factory=lambda: Path("runs"))
    language: str = "en"
