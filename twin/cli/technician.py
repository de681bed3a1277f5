"""`twin browse` and `twin mirror`: see what a device offers, and let stations follow real ones."""

import asyncio
import csv
import sys
from pathlib import Path
from typing import Annotated

import typer

from .failure import explained, say
from .language import choose
from .live import Lang, Port, Runs

BROWSE_HELP = """List what an OPC UA server or an MQTT broker offers: address, type, value, quality.

The password is taken from PILOTLINE_PASSWORD.

Example: twin browse opc.tcp://127.0.0.1:4840/pilotline"""

MIRROR_HELP = """Let stations follow real ones, as a devices file says, and show them on the page.

Example: twin mirror pack_pilot"""


def browse(
    url: Annotated[str, typer.Argument(metavar="ENDPOINT", help="opc.tcp://… or mqtt://…")],
    *,
    user: Annotated[str | None, typer.Option(help="User; without one: as anybody.")] = None,
    password: Annotated[
        str | None, typer.Option(envvar="PILOTLINE_PASSWORD", hidden=True, help="Its password.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    lang: Lang = None,
) -> None:
    """List what a device offers."""
    language = choose(lang)
    with explained(language):
        rows = asyncio.run(_rows(url, user, password))
        if as_csv:
            csv.writer(sys.stdout).writerows([("address", "type", "value", "quality"), *rows])
            return
        from rich.console import Console
        from rich.table import Table

        from twin.spec.messages import message

        table = Table(box=None)
        for head in ("address", "type", "value", "quality"):
            table.add_column(message(f"cli.browse.{head}", language), overflow="fold")
        for row in rows:
            table.add_row(*row)
        Console().print(table)
        say(message("cli.browse.found", language, count=len(rows)))


async def _rows(url: str, user: str | None, password: str | None) -> list[tuple[str, ...]]:
    from devices.registry import browse as look

    return [
        (offer.tag, offer.type, "" if offer.value is None else str(offer.value), offer.quality)
        async for offer in look(url, user=user, password=password)
    ]


def mirror(
    devices: Annotated[str, typer.Argument(metavar="DEVICES", help="A devices file, or its name.")],
    *,
    line: Annotated[
        str | None, typer.Option(help="The line file; default: the shipped line it names.")
    ] = None,
    port: Port = 8080,
    runs: Runs = Path("runs"),
    lang: Lang = None,
) -> None:
    """Follow real devices."""
    language = choose(lang)
    with explained(language):
        from twin.app import Wishes, serve
        from twin.mirror.load import load_devices

        spec = load_devices(devices)
        if line is None:
            beside = Path(devices).parent / f"{spec.line}.yaml"
            line = str(beside) if beside.exists() else spec.line
        serve(
            Wishes(
                line=line,
                devices=devices,
                port=port,
                opcua_port=spec.outlets.opcua.port if spec.outlets.opcua else None,
                mqtt_port=spec.outlets.mqtt.port if spec.outlets.mqtt else None,
                runs=runs,
                language=language,
            ),
            say,
        )
