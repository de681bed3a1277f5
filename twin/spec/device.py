"""The devices file, schema `pilotline.devices/1`: what is real, where it is, and what follows it.

Credentials are never in the file: it names environment variables.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import AnyText, Id, Model, NonNegative, Positive
from .choices import hint
from .errors import Wrong

EnvironmentName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=64)]
Tag = Annotated[str, Field(min_length=1, max_length=512)]
SignalPath = Annotated[
    str, Field(pattern=r"^[A-Za-z]\w*(/[A-Za-z]\w*){1,2}$", description="[CELL/]ASSET/SIGNAL")
]
Port = Annotated[int, Field(ge=0, le=65535)]
Mode = Literal["virtual", "real", "shadow"]
Scalar = bool | int | float | str


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
    accounts: tuple[AccountSpec, ...] = ()


class OutletsSpec(Model):
    """How the twin is published; one left out is not started by this file."""

    opcua: OpcUaOutletSpec | None = None
    mqtt: MqttOutletSpec | None = None


class LinkSpec(Model):
    """A connection to a device, or to a server that speaks for several."""

    id: Id
    kind: Id = Field(description="the driver: opcua, mqtt")
    address: Annotated[str, Field(pattern=r"^[a-z][a-z0-9+.]*://[^\s/@]+(/\S*)?$")] = Field(
        description="opc.tcp://HOST:PORT/PATH, mqtt://HOST:PORT, mqtts://HOST:PORT; "
        "no user or password in it"
    )
    user: str | None = None
    password_env: EnvironmentName | None = None
    encrypted: bool = Field(default=False, description="OPC UA: Basic256Sha256, sign and encrypt")
    ca_file: str | None = None
    presence: Tag | None = Field(
        None, description="MQTT: the topic of the device's will, which says offline when it is gone"
    )
    armed: bool = Field(default=False, description="whether the twin may write to the device")
    timeout_s: Positive = Field(10.0, description="longest wait for an answer")
    publish_s: Positive = Field(0.1, description="how often the device may report, where asked")


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

    @model_validator(mode="after")
    def _known(self) -> "DevicesSpec":
        names = [link.id for link in self.links]
        _once("link", names)
        _once("station", [station.asset for station in self.stations])
        _once("cell", [cell.cell for cell in self.cells])
        uses = [(station.asset, station.link) for station in self.stations]
        uses += [(binding.signal, binding.link) for binding in self.signals]
        for user, link in uses:
            if link not in names:
                raise Wrong("device.no_link", user=user, link=link, hint=hint(link, names))
        return self


def _once(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Wrong("device.twice", what=what, name=twice[0])
