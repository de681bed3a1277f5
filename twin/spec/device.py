"""The devices file, schema `pilotline.devices/1`: what is real, where it is, and what follows it.

Credentials are never in the file: it names environment variables.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from .base import AnyText, Id, Model, NonNegative, Positive
from .choices import hint
from .errors import Wrong
from .io import IoPoint
from .pins import Direction, IecType
from .template import check_template, fill

EnvironmentName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=64)]
Tag = Annotated[str, Field(min_length=1, max_length=512)]
SignalPath = Annotated[
    str, Field(pattern=r"^[A-Za-z]\w*(/[A-Za-z]\w*){1,2}$", description="[CELL/]ASSET/SIGNAL")
]
Port = Annotated[int, Field(ge=0, le=65535)]
Mode = Literal["virtual", "real", "shadow"]
WordOrder = Literal["high_first", "low_first"]
Scalar = bool | int | float | str
Template = Annotated[Tag, AfterValidator(check_template)]
"""A tag with the properties of a point in braces, such as `ns=2;s=GVL.{name}`."""


class AccountSpec(Model):
    """A user of the published twin, and what they may do beyond looking."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][\w.-]*$", max_length=64)]
    password_env: EnvironmentName
    rights: tuple[Literal["write", "acknowledge"], ...] = ()


class OpcUaOutletSpec(Model):
    """The OPC UA server that publishes the twin."""

    host: str = "127.0.0.1"
    port: Port = 4840
    accounts: tuple[AccountSpec, ...] = ()


class BrokerSpec(Model):
    """A broker that runs elsewhere."""

    host: str
    port: Port = 1883
    user: str | None = None
    password_env: EnvironmentName | None = None
    tls: bool = False
    ca_file: str | None = Field(None, description="certificate of the authority that signed it")


class MqttOutletSpec(Model):
    """The MQTT publisher. Without `broker` it brings its own, on `host` and `port`."""

    host: str = "127.0.0.1"
    port: Port = 1883
    broker: BrokerSpec | None = None
    writable: bool = Field(
        default=False, description="with a broker elsewhere: whether wishes ($set) are carried out"
    )
    accounts: tuple[AccountSpec, ...] = ()


class ModbusOutletSpec(Model):
    """The Modbus TCP server of the workcells. The protocol knows no accounts."""

    host: str = "127.0.0.1"
    port: Port = 502
    writable: bool = Field(default=False, description="whether clients may write at all")
    allow: tuple[str, ...] = Field((), description="addresses or networks of clients; none: any")
    word_order: WordOrder = "high_first"


class S7OutletSpec(Model):
    """The S7 server of the workcells. The protocol knows no accounts."""

    host: str = "127.0.0.1"
    port: Port = 102
    writable: bool = Field(default=False, description="whether clients may write at all")


class OutletsSpec(Model):
    """How the twin is published; one left out is not started by this file."""

    opcua: OpcUaOutletSpec | None = None
    mqtt: MqttOutletSpec | None = None
    modbus: ModbusOutletSpec | None = None
    s7: S7OutletSpec | None = None


class LinkSpec(Model):
    """A connection to a device, or to a server that speaks for several."""

    id: Id
    kind: Id = Field(description="the driver: opcua, mqtt, modbus, s7")
    address: Annotated[str, Field(pattern=r"^[a-z][a-z0-9+.]*://[^\s/@]+(/\S*)?$")] = Field(
        description="opc.tcp://HOST:PORT/PATH, mqtt://HOST:PORT, mqtts://HOST:PORT, "
        "modbus://HOST:PORT, s7://HOST:PORT/RACK/SLOT; no user or password in it"
    )
    user: str | None = None
    password_env: EnvironmentName | None = None
    encrypted: bool = Field(default=False, description="OPC UA: Basic256Sha256, sign and encrypt")
    ca_file: str | None = None
    presence: Tag | None = Field(
        None, description="MQTT: the topic of the device's will, which says offline when it is gone"
    )
    retain: bool = Field(
        default=False, description="MQTT: whether the broker keeps what the twin writes"
    )
    armed: bool = Field(default=False, description="whether the twin may write to the device")
    timeout_s: Positive = Field(10.0, description="longest wait for an answer")
    publish_s: Positive = Field(
        0.1, description="how often the device may report, or is asked where it cannot report"
    )
    unit: Annotated[int, Field(ge=0, le=255)] = Field(1, description="Modbus: of tags without one")
    word_order: WordOrder = Field(
        "high_first", description="Modbus: which word of a 32-bit value comes first"
    )


class Trust(Model):
    """How long a reading is believed."""

    stale_after_s: Positive | None = Field(
        None, description="UNCERTAIN when silent for so long; none: as long as the link stands"
    )


class StationTags(Trust):
    """Which tags of a device make a station of the twin follow.

    The part begins and finishes by `busy` going up and down, or by counters `begun` and `done`.
    `done` alone is enough: then the next part begins when the one before is done.
    """

    asset: Id
    link: Id
    mode: Mode | None = Field(None, description="default: that of its cell, else real")
    busy: Tag | None = None
    begun: Tag | None = None
    done: Tag | None = None
    good: Tag | None = Field(None, description="verdict of the part that was finished last")
    fault: Tag | None = Field(None, description="true or a code other than 0: broken")
    cycle_s: Tag | None = Field(None, description="the device's own figure of its last cycle, s")
    alive: Tag | None = Field(None, description="a tag that keeps changing while the device lives")
    expected_cycle_s: Positive | None = Field(
        None, description="what the model expects; default: mean of the station's process_s"
    )

    @model_validator(mode="after")
    def _moves(self) -> "StationTags":
        if not (self.busy or self.done):
            raise Wrong("device.follows_nothing", asset=self.asset)
        if self.begun and not self.done:
            raise Wrong("device.begun_alone", asset=self.asset)
        return self


class Binding(Trust):
    """One signal of the twin and one tag of a device that belong together."""

    signal: SignalPath
    link: Id
    tag: Tag
    direction: Literal["to_twin", "to_device"] = "to_twin"
    type: Literal["bool", "int", "float", "str"] | None = Field(
        None, description="default: the type of the signal"
    )
    scale: float = Field(1.0, description="twin = device * scale + offset")
    offset: float = 0.0
    map: dict[str, Scalar] | None = Field(
        None, description="device's value, as text, to the twin's value; wins over scale"
    )
    deadband: NonNegative = Field(0.0, description="smaller changes are not passed on")

    @model_validator(mode="after")
    def _invertible(self) -> "Binding":
        if self.scale == 0:
            raise Wrong("device.scale_zero", signal=self.signal)
        back = self.direction == "to_device" and self.map
        if back and len(set(back.values())) != len(back):
            raise Wrong("device.map_backwards", signal=self.signal)
        return self


class CellMode(Model):
    """Which side of a cell is real."""

    cell: Id
    plant: Mode = "virtual"
    control: Id | None = Field(
        None, description="the link of the real controller that drives the cell's workcells"
    )

    @model_validator(mode="after")
    def _virtual(self) -> "CellMode":
        if self.control is not None and self.plant != "virtual":
            raise Wrong("device.control_real", cell=self.cell, plant=self.plant)
        return self


class PointTags(Model):
    """Templates of tags by which way a point goes, and by its size."""

    output: Template
    input: Template
    output_word: Template | None = Field(None, description="numbers; default: as `output`")
    input_word: Template | None = Field(None, description="numbers; default: as `input`")

    def of(self, point: IoPoint) -> str:
        """Return the template of a point."""
        if point.direction is Direction.OUTPUT:
            bits, words = self.output, self.output_word
        else:
            bits, words = self.input, self.input_word
        return bits if words is None or point.iec is IecType.BOOL else words


class ControlSpec(Model):
    """A workcell whose controller is outside: all its points, bound by a template.

    Outputs come from the link; inputs and what a person works go to it, once it is armed.
    """

    workcell: Id
    link: Id
    tags: Template | PointTags | None = Field(
        None, description="tag of each point; default on S7: its address"
    )
    on_loss: Literal["safe", "hold"] = Field(
        "safe", description="what the outputs do when the link is lost: false and 0, or as they are"
    )

    def tag(self, point: IoPoint, default: str = "") -> str:
        """Return the tag of a point of the workcell.

        Args:
            point: the point.
            default: template where the file has none.
        """
        tags = self.tags if self.tags is not None else default
        return fill(tags.of(point) if isinstance(tags, PointTags) else tags, point)


def _listed(value: Any) -> Any:
    """Take one entry for a list of one."""
    return [value] if isinstance(value, dict) else value


class DevicesSpec(Model):
    """A devices file."""

    schema_: Literal["pilotline.devices/1"] = Field(alias="schema")
    line: Id
    title: AnyText | None = None
    outlets: OutletsSpec = OutletsSpec()
    links: tuple[LinkSpec, ...] = ()
    cells: tuple[CellMode, ...] = ()
    stations: tuple[StationTags, ...] = ()
    signals: tuple[Binding, ...] = ()
    control: Annotated[
        tuple[ControlSpec, ...], BeforeValidator(_listed, json_schema_input_type=Any)
    ] = ()

    @model_validator(mode="after")
    def _known(self) -> "DevicesSpec":
        names = [link.id for link in self.links]
        _once("link", names)
        _once("station", [station.asset for station in self.stations])
        _once("cell", [cell.cell for cell in self.cells])
        _once("workcell", [control.workcell for control in self.control])
        uses = [(station.asset, station.link) for station in self.stations]
        uses += [(binding.signal, binding.link) for binding in self.signals]
        uses += [(control.workcell, control.link) for control in self.control]
        uses += [(cell.cell, cell.control) for cell in self.cells if cell.control is not None]
        for user, link in uses:
            if link not in names:
                raise Wrong("device.no_link", user=user, link=link, hint=hint(link, names))
        return self


def _once(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Wrong("device.twice", what=what, name=twice[0])
