"""`twin demo` and `twin serve`: a twin that lives until Ctrl-C."""

import os
from enum import StrEnum
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from .failure import explained, say
from .language import choose

if TYPE_CHECKING:
    from devices.mqtt.outlet import External

DEMO_HELP = (
    "Bring the shipped pilot line to life with everything on.\n\n"
    "A page with the line in 3D, an OPC UA server, an MQTT broker and publisher, two stations that "
    "follow a second process as if it were the real shop floor, and a scripted fault to find. "
    "All of it on this machine only. Ctrl-C ends it and keeps the run's record.\n\n"
    "Example: twin demo --speed 10"
)

SERVE_HELP = """Bring a line to life: a page, and on request OPC UA, MQTT, devices and a scenario.

Example: twin serve my_line.yaml --port 8080 --opcua-port 4840"""

HEAD_START_S = 9000.0
"""The demo begins when the line has filled."""

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes a free one.")]
Speed = Annotated[str, typer.Option(help="Simulation seconds a second: 0 (paused), 1, 10, …, max.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")]
Runs = Annotated[Path, typer.Option(help="Folder for the records of runs.")]
Lang = Annotated[str | None, typer.Option(help="Language: en or zh.")]


class Open(StrEnum):
    """The protocols that know no users."""

    MODBUS = "modbus"
    S7 = "s7"


Broker = Annotated[
    str | None,
    typer.Option(
        metavar="mqtt[s]://[USER@]HOST[:PORT]",
        help="Another MQTT broker instead of the embedded one; "
        "its password is taken from PILOTLINE_BROKER_PASSWORD.",
    ),
]


def demo(
    *,
    port: Port = 8080,
    opcua_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the OPC UA server.")
    ] = 4840,
    mqtt_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the MQTT broker.")
    ] = 1883,
    broker: Broker = None,
    speed: Speed = "1",
    seed: Seed = 0,
    runs: Runs = Path("runs"),
    lang: Lang = None,
) -> None:
    """Show everything."""
    language = choose(lang)
    rate = _rate(speed)
    with explained(language):
        from twin.app import Wishes, serve

        serve(
            Wishes(
                scenario="weld_camera",
                devices="pack_pilot",
                shopfloor=True,
                port=port,
                opcua_port=opcua_port,
                mqtt_port=mqtt_port,
                broker=_broker(broker),
                rate=rate,
                seed=seed,
                head_start_s=HEAD_START_S,
                runs=runs,
                language=language,
            ),
            say,
        )


def live(
    line: Annotated[
        str, typer.Argument(metavar="LINE", help="A line file, or the name of a shipped line.")
    ],
    *,
    scenario: Annotated[
        str | None, typer.Option(help="A scenario file or name; it says which line.")
    ] = None,
    program: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[CELL[/ROBOT]=]FILE",
            help="Another program in a workcell or a robot; none: no program.",
        ),
    ] = None,
    devices: Annotated[
        str | None, typer.Option(help="A devices file: stations follow real ones.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    name: Annotated[
        list[str] | None, typer.Option(help="A further host name of this server.")
    ] = None,
    port: Port = 8080,
    opcua_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Serve OPC UA on this port.")
    ] = None,
    mqtt_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Publish over MQTT; port of the embedded broker."),
    ] = None,
    broker: Broker = None,
    modbus_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Serve Modbus TCP on this port.")
    ] = None,
    s7_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Serve S7 (PUT/GET) on this port.")
    ] = None,
    writable: Annotated[
        list[Open] | None,
        typer.Option(
            help="Let anybody who reaches the port write: modbus, s7. They know no users."
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Modbus clients, as 192.168.0.10 or 192.168.0.0/24."),
    ] = None,
    speed: Speed = "1",
    seed: Seed = 0,
    runs: Runs = Path("runs"),
    lang: Lang = None,
) -> None:
    """Let a line live."""
    language = choose(lang)
    rate = _rate(speed)
    external = _broker(broker)
    with explained(language):
        from twin.app import Wishes, serve

        serve(
            Wishes(
                line=line,
                scenario=scenario,
                programs=tuple(program or ()),
                devices=devices,
                host=host,
                hosts=tuple(name or ()),
                port=port,
                opcua_port=opcua_port,
                mqtt_port=external.port if external else mqtt_port,
                broker=external,
                modbus_port=modbus_port,
                s7_port=s7_port,
                writable=tuple(writable or ()),
                allow=tuple(allow or ()),
                rate=rate,
                seed=seed,
                runs=runs,
                language=language,
            ),
            say,
        )


def _rate(speed: str) -> float:
    try:
        rate = inf if speed == "max" else float(speed)
    except ValueError:
        rate = -1.0
    if not rate >= 0:
        raise typer.BadParameter(f"--speed {speed!r} is no speed; write 0, 1, 10, … or max")
    return rate


def _broker(text: str | None) -> "External | None":
    from devices.mqtt.outlet import External

    if text is None:
        return None
    address = urlsplit(text)
    if address.scheme not in ("mqtt", "mqtts") or not address.hostname or address.password:
        raise typer.BadParameter(
            f"--broker {text!r} is no broker; write mqtt://HOST:PORT or mqtts://USER@HOST:PORT, "
            "and the password into PILOTLINE_BROKER_PASSWORD"
        )
    tls = address.scheme == "mqtts"
    password = os.environ.get("PILOTLINE_BROKER_PASSWORD")
    port = address.port or (8883 if tls else 1883)
    return External(address.hostname, port, address.username, password, tls)
