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
    "bench": "robot_bench",
    "picking": "picking_cell",
    "robot_palletiser": "robot_palletiser_cell",
    "battery": "battery_cell",
}
LANGUAGES = {"en": ".md", "zh": ".zh-CN.md"}
WORDS = {
    "en": {
        "head": "| point | address | Modbus | type | kind | what |",
        Direction.INPUT: "input",
        Direction.OPERATOR: "operated",
        Direction.OUTPUT: "output",
        "coil": "coil",
        "discrete": "discrete input",
        "holding": "holding register",
        "register": "input register",
        ",": ", ",
    },
    "zh": {
        "head": "| 信号点 | 地址 | Modbus | 类型 | 类别 | 说明 |",
        Direction.INPUT: "输入",
        Direction.OPERATOR: "人工操作",
        Direction.OUTPUT: "输出",
        "coil": "线圈",
        "discrete": "离散输入",
        "holding": "保持寄存器",
        "register": "输入寄存器",
        ",": "，",
    },
}
TABLE = re.compile(r"(?<=<!-- wiring -->\n).*?(?=<!-- end -->)", re.DOTALL)


def page_of(page, language):
    """The page of a cell in one language."""
    return PAGES / f"{page}{LANGUAGES[language]}"


def table(line, language):
    """The I/O list of a line as a table in Markdown."""
    words = WORDS[language]
    rows = [words["head"], "|---|---|---|---|---|---|"]
    for point in io_list(load_line(line)):
        address, output = point.address, point.direction is Direction.OUTPUT
        if address.size == "X":
            modbus = f"{words['coil' if output else 'discrete']} {address.coil}"
        else:
            modbus = f"{words['holding' if output else 'register']} {address.register}"
        unit = f"{words[',']}{point.unit}" if point.unit else ""
        rows.append(
            f"| `{point.name}` | `{address}` | {modbus} | {point.iec}{unit} | "
            f"{words[point.direction]} | {point.comment.get(language)} |"
        )
    return "\n".join(rows) + "\n"


def main():
    for page, line in CELLS.items():
        for language in LANGUAGES:
            path = page_of(page, language)
            text = path.read_text(encoding="utf-8")
            rows = table(line, language)
            path.write_text(TABLE.sub(lambda _, rows=rows: rows, text), encoding="utf-8")


if __name__ == "__main__":
    main()
