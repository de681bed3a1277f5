"""`twin signals`: the I/O list of a line's workcells, out to engineering tools and in again."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from twin.spec.signal_list import Format

from .failure import explained, say
from .language import choose
from .lines import path_of
from .live import Lang

HELP = """Write the I/O list of a line's workcells for a PLC's engineering tool, or read it back.

csv holds every name of each point: address, Modbus, S7, OPC UA, MQTT, comments. tia is the tag
table of TIA Portal, codesys a global variable list, openplc a variable list for OpenPLC as Modbus
master. --import reads addresses and comments that were changed in the CSV, and writes the io: block
for the line file.

Example: twin signals sorting_cell --format tia --out tags.txt"""


def signals(
    line: Annotated[
        str, typer.Argument(metavar="LINE", help="A line file, or the name of a shipped line.")
    ],
    *,
    cell: Annotated[
        str | None, typer.Option(metavar="WORKCELL", help="Only this workcell; default: all.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="What it is to be read by.")
    ] = Format.CSV,
    source: Annotated[
        Path | None,
        typer.Option("--import", metavar="FILE", help="Read a changed CSV; write the io: block."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to; default: to the terminal.")
    ] = None,
    lang: Lang = None,
) -> None:
    """Write or read a signal list."""
    language = choose(lang)
    with explained(language):
        from twin.spec.load import load_line
        from twin.spec.messages import message
        from twin.spec.signal_list import as_yaml, decoded, read_list, written

        spec = load_line(path_of(line))
        encoding = "utf-8"
        if source is not None:
            found = read_list(spec, decoded(source.read_bytes()), file=str(source), cell=cell)
            text, count = as_yaml(found), sum(len(changes) for changes in found.values())
        else:
            text = written(spec, form, cell=cell, language=language)
            count = text.count(" AT ") if form in (Format.CODESYS, Format.OPENPLC) else 0
            count = count or max(0, len(text.splitlines()) - 1)
            if form in (Format.CSV, Format.TIA):
                encoding = "utf-8-sig"  # else spreadsheets take it for the local encoding
        if out is None:
            sys.stdout.write(text.replace("\r\n", "\n"))
            return
        out.write_bytes(text.encode(encoding))
        say(message("signals.written", language, path=out, count=count))
