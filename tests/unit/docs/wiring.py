"""Writes the wiring tables of docs/cells: `python tests/unit/docs/wiring.py`."""

import re
from pathlib import Path

from twin.spec.io import io_list
from twin.spec.load import load_line
from twin.spec.pins import Direction

PAGES = Path(__file__).resolve().parents[3] / "docs" / "cells"
CELLS = {
    "sorting": "sorting_cell",
    "tending": "tending_cell",
    "palletiser": "palletiser_cell",
    "highbay": "highbay_cell",
    "picking": "picking_cell",
    "robot_palletiser": "robot_palletiser_cell",
    "battery": "battery_cell",
}
WORDS = {Direction.INPUT: "sensor", Direction.OPERATOR: "operated", Direction.OUTPUT: "actuator"}
TABLE = re.compile(r"(?<=<!-- wiring -->\n).*?(?=<!-- end -->)", re.DOTALL)


def table(line):
    """The I/O list of a line as a table in Markdown."""
    rows = [
        "| point | address | Modbus | type | what | 说明 |",
        "|---|---|---|---|---|---|",
    ]
    for point in io_list(load_line(line)):
        address, output = point.address, point.direction is Direction.OUTPUT
        if address.size == "X":
            modbus = f"{'coil' if output else 'discrete input'} {address.coil}"
        else:
            modbus = f"{'holding' if output else 'input'} register {address.register}"
        unit = f", {point.unit}" if point.unit else ""
        rows.append(
            f"| `{point.name}` | `{address}` | {modbus} | {point.iec}{unit} | "
            f"{WORDS[point.direction]}. {point.comment.en} | {point.comment.zh} |"
        )
    return "\n".join(rows) + "\n"


def main():
    for page, line in CELLS.items():
        path = PAGES / f"{page}.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(TABLE.sub(lambda _, line=line: table(line), text), encoding="utf-8")


if __name__ == "__main__":
    main()
