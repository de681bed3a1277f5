"""`python -m devices.shopfloor`: play two stations until Ctrl-C."""

import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from devices.errors import DeviceError

from .faces import MqttFace, OpcUaFace
from .station import Belt, Station, Temper

_logger = logging.getLogger("devices.shopfloor")

UNPACK = Temper(cycle_s=5.0, slower=0.06, drift=0.08, jitter=0.04)
OCV = Temper(cycle_s=5.6, slower=0.02, drift=0.05, jitter=0.06, stop_every=90.0, bad_every=60.0)
TRANSIT_S = 12.0
PLACES = 12
FILLED = 11
STATE_DIR = Path.home() / ".pilotline" / "shopfloor"


async def play(
    *, host: str, opcua_port: int, mqtt_port: int, seed: int, speed: float, state_dir: Path
) -> None:
    """Play both stations until cancelled.

    Args:
        host: address to listen on.
        opcua_port: port of the first station's server.
        mqtt_port: port of the second station's broker.
        seed: of their moods.
        speed: how many of their seconds pass in one of ours.
        state_dir: where the server keeps its certificate.
    """
    opcua, mqtt = OpcUaFace(host, opcua_port, state_dir), MqttFace(host, mqtt_port)
    unpack = Station("unpack", UNPACK, opcua.tell, seed=seed, speed=speed)
    ocv = Station("ocv", OCV, mqtt.tell, seed=seed, speed=speed)
    belt = Belt(transit_s=TRANSIT_S, places=PLACES, speed=speed, filled=FILLED)
    try:
        await opcua.start(unpack.name, unpack.first())
        await mqtt.start(ocv.name, ocv.first())
        _logger.info("unpack: opc.tcp://%s:%d/shopfloor", host, opcua.port)
        _logger.info("ocv: mqtt://%s:%d below shopfloor/ocv", host, mqtt.port)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(unpack.run(_nothing, belt.put))
            tasks.create_task(ocv.run(belt.take, _nothing))
            tasks.create_task(unpack.beat())
            tasks.create_task(ocv.beat())
    finally:
        await opcua.stop()
        await mqtt.stop()


async def _nothing() -> None:
    """Parts never run out, and there is always room behind."""


async def _until_told(playing: asyncio.Task[None], *, attached: bool) -> None:
    loop = asyncio.get_running_loop()
    if attached:
        loop.add_reader(sys.stdin.fileno(), playing.cancel)
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, playing.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await playing


def main(
    *,
    opcua_port: Annotated[int, typer.Option(help="Port of the station on OPC UA.")] = 4841,
    mqtt_port: Annotated[int, typer.Option(help="Port of the station on MQTT.")] = 1884,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    seed: Annotated[int, typer.Option(help="Seed of the stations' moods.")] = 1,
    speed: Annotated[
        float, typer.Option(min=0.1, max=100, help="How much faster than real.")
    ] = 1.0,
    attached: Annotated[
        bool, typer.Option("--attached", help="End when standard input ends.")
    ] = False,
    state_dir: Annotated[Path, typer.Option(help="Where the certificate is kept.")] = STATE_DIR,
) -> None:
    """Play a shop floor of two stations for the twin to mirror, until Ctrl-C.

    Example: python -m devices.shopfloor --speed 5
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    _logger.setLevel(logging.INFO)

    async def run() -> None:
        playing = asyncio.ensure_future(
            play(
                host=host,
                opcua_port=opcua_port,
                mqtt_port=mqtt_port,
                seed=seed,
                speed=speed,
                state_dir=state_dir,
            )
        )
        await _until_told(playing, attached=attached)

    try:
        asyncio.run(run())
    except DeviceError as error:
        _logger.error("%s", error)  # noqa: TRY400  # the text says it all
        raise typer.Exit(1) from None


if __name__ == "__main__":
    typer.run(main)
