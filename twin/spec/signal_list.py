"""The I/O list of a line as files that engineers exchange, out and in again.

Out: CSV with every name a point has, the PLC tag table of TIA Portal, variable lists for CODESYS
and OpenPLC. In: addresses and comments that were changed in a CSV, as the `io:` block of a line.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .base import Text
from .choices import hint
from .errors import Problem, SpecError, Wrong
from .io import Address, IoPoint, io_of
from .line import LineSpec
from .messages import Phrase, message, phrase
from .motion import Workcell
from .pins import Direction, IecType

NAMESPACE = "urn:pilotline:twin"
MQTT_ROOT = "pilotline/v1"
S7_OUTPUTS_AT = 256
"""Where the outputs begin in a DB of the twin's S7 server."""
OPENPLC_OFFSET = 100
"""Where OpenPLC puts the points of a Modbus device that it asks: bytes of bits, and registers."""

COLUMNS = (
    "workcell", "name", "path", "address", "type", "direction", "unit", "modbus_unit", "modbus",
    "s7", "opcua", "mqtt", "comment_en", "comment_zh",
)  # fmt: skip
TIA_COLUMNS = (
    "Name", "Path", "Data Type", "Logical Address", "Comment", "Hmi Visible", "Hmi Accessible",
    "Hmi Writeable", "Typeobject ID", "Version ID",
)  # fmt: skip
_TIA_TYPES = {
    IecType.BOOL: "Bool",
    IecType.INT: "Int",
    IecType.DINT: "DInt",
    IecType.REAL: "Real",
}
_ALIASES = {"logical address": "address", "data type": "type", "comment": "comment_en"}
_SIZES = {IecType.BOOL: "X", IecType.INT: "W", IecType.DINT: "D", IecType.REAL: "D"}


class Format(StrEnum):
    """What a signal list can be written as."""

    CSV = "csv"
    CODESYS = "codesys"
    TIA = "tia"
    OPENPLC = "openplc"


def workcells_of(line: LineSpec, name: str | None = None) -> list[Workcell]:
    """Return the workcells of a line, or the named one.

    Raises:
        SpecError: There is none, or none of that name.
    """
    found = [asset for asset in line.assets if isinstance(asset, Workcell)]
    if not found:
        raise _error(line.id, 0, phrase("signals.no_workcell", line=line.id))
    if name is None:
        return found
    named = [cell for cell in found if cell.id == name]
    if not named:
        choices = hint(name, [cell.id for cell in found])
        raise _error(line.id, 0, phrase("device.no_workcell", found=name, hint=choices))
    return named


def written(line: LineSpec, form: Format, *, cell: str | None = None, language: str = "en") -> str:
    """Return a line's signal list as text.

    Args:
        line: the line.
        form: what it is to be read by.
        cell: one workcell; all of them when left out.
        language: of the comments where there is room for one.

    Raises:
        SpecError: No such workcell, or an address that the controller cannot have.
    """
    cells = workcells_of(line, cell)
    if form is Format.CSV:
        return _csv(line, cells)
    if form is Format.TIA:
        return _tia(cells, language)
    writer = _codesys if form is Format.CODESYS else _openplc
    return "\n".join(writer(one, language) for one in cells)


# ---- out


def _csv(line: LineSpec, cells: Iterable[Workcell]) -> str:
    numbers = {one.id: number for number, one in enumerate(workcells_of(line), 1)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for cell in cells:
        for point in io_of(cell):
            writer.writerow(_row(line, point, numbers[cell.id]))
    return text.getvalue()


def _row(line: LineSpec, point: IoPoint, number: int) -> tuple[object, ...]:
    return (
        point.workcell,
        point.name,
        point.path,
        str(point.address),
        point.iec.value,
        point.direction.value,
        point.unit,
        number,
        modbus_name(point),
        s7_name(point, number),
        f"nsu={NAMESPACE};s={line.id}/{point.path}",
        f"{MQTT_ROOT}/{line.site}/{line.id}/{point.path}",
        point.comment.en,
        point.comment.zh,
    )


def modbus_name(point: IoPoint) -> str:
    """Return the space and number that a point has on the twin's Modbus server."""
    output = point.direction is Direction.OUTPUT
    if point.iec is IecType.BOOL:
        return f"{'coil' if output else 'discrete'}:{point.address.coil}"
    return f"{'holding' if output else 'input'}:{point.address.register}:{point.iec.lower()}"


def s7_name(point: IoPoint, number: int) -> str:
    """Return the address that a point of the k-th workcell has on the twin's S7 server."""
    address = point.address
    byte = address.byte + (S7_OUTPUTS_AT if point.direction is Direction.OUTPUT else 0)
    place = f"DB{number}.DB{address.size}{byte}"
    return f"{place}.{address.bit}" if address.size == "X" else f"{place}:{point.iec.lower()}"


def _tia(cells: Iterable[Workcell], language: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\r\n")
    writer.writerow(TIA_COLUMNS)
    for cell in cells:
        for point in io_of(cell):
            place = str(point.address).replace("X", "", 1)
            comment = " ".join(point.comment.get(language).split())
            kind = _TIA_TYPES[point.iec]
            writer.writerow(
                (point.name, cell.id, kind, place, comment, "True", "True", "True", "", "")
            )
    return text.getvalue()


def _codesys(cell: Workcell, language: str) -> str:
    def lines(point: IoPoint) -> list[str]:
        address = point.address
        width = {"X": 1, "W": 2, "D": 4}[address.size]
        if address.byte % width:
            told = phrase("signals.codesys", name=point.name, address=address, width=width)
            raise _error(cell.id, 0, told)
        # CODESYS counts words and double words, Siemens controllers the bytes of them.
        place = f"%{address.area}{address.size}{address.byte // width}"
        if address.size == "X":
            place += f".{address.bit}"
        return [f"{point.name} AT {place} : {point.iec};"]

    return _variables(cell, language, "VAR_GLOBAL", lines)


def _openplc(cell: Workcell, language: str) -> str:
    def lines(point: IoPoint) -> list[str]:
        address = point.address
        if address.size == "X":
            place = f"%{address.area}X{address.byte + OPENPLC_OFFSET}.{address.bit}"
            return [f"{point.name} AT {place} : BOOL;"]
        place = f"%{address.area}W"
        first = address.register + OPENPLC_OFFSET
        if address.size == "W":
            return [f"{point.name} AT {place}{first} : INT;"]
        return [
            f"{point.name}_high AT {place}{first} : UINT;",
            f"{point.name}_low AT {place}{first + 1} : UINT;",
        ]

    return _variables(cell, language, "VAR", lines)


def _variables(
    cell: Workcell, language: str, opening: str, lines: Callable[[IoPoint], list[str]]
) -> str:
    told = [f"(* {_comment(message('signals.head', language, cell=cell.id))} *)"]
    if opening == "VAR":
        told.append(f"(* {_comment(message('signals.openplc', language))} *)")
    told.append(opening)
    for point in io_of(cell):
        said = _comment(point.comment.get(language))
        unit = f" [{point.unit}]" if point.unit else ""
        first, *rest = lines(point)
        told.append(f"    {first} (* {said}{_comment(unit)} *)")
        told += [f"    {line}" for line in rest]
    return "\n".join([*told, "END_VAR", ""])


def _comment(text: str) -> str:
    """Return a text as one line that does not end the comment that it stands in."""
    return text.replace("(*", "( *").replace("*)", "* )").replace("\n", " ")


# ---- in


@dataclass(frozen=True, slots=True)
class Change:
    """What a list says of one point."""

    address: Address
    comment: Text | None
    """None: as before."""


def read_list(
    line: LineSpec, text: str, *, file: str, cell: str | None = None
) -> dict[str, dict[str, Change]]:
    """Return what a signal list says of the points of workcells, by workcell and name.

    Args:
        line: the line.
        text: CSV as `written` gives it; other separators and a TIA tag table are understood, too.
        file: its name, for messages.
        cell: the workcell of rows that name none; may be left out where a line has one.

    Raises:
        SpecError: with everything that is wrong, each with its line.
    """
    return _Reader(line, file, cell).read(text)


class _Reader:
    """Takes in the rows of one list."""

    def __init__(self, line: LineSpec, file: str, cell: str | None) -> None:
        self._file = file
        cells = workcells_of(line)
        only = cells[0].id if len(cells) == 1 else None
        self._default = workcells_of(line, cell)[0].id if cell is not None else only
        self._restricted = cell
        self._points = {one.id: {point.name: point for point in io_of(one)} for one in cells}
        self._found: dict[str, dict[str, Change]] = {}
        self._problems: list[Problem] = []
        self._lines: dict[tuple[str, str], int] = {}
        self._taken: dict[tuple[str, str, int], str] = {}

    def read(self, text: str) -> dict[str, dict[str, Change]]:
        rows = csv.reader(io.StringIO(text), delimiter=_separator(text))
        try:
            head = [_ALIASES.get(name.strip().lower(), name.strip().lower()) for name in next(rows)]
        except StopIteration:
            raise _error(self._file, 0, phrase("signals.empty")) from None
        for needed in ("name", "address"):
            if needed not in head:
                columns = ", ".join(head)
                raise _error(self._file, 1, phrase("signals.column", column=needed, found=columns))
        for row in rows:
            if any(field.strip() for field in row):
                self._row(dict(zip(head, (field.strip() for field in row), strict=False)), rows)
        if self._problems:
            raise SpecError(self._problems)
        return self._found

    def _row(self, row: dict[str, str], rows: object) -> None:
        number = int(getattr(rows, "line_num", 0))
        try:
            self._take(row, number)
        except Wrong as error:
            place = row.get("name", "")
            told = error.phrase
            self._problems.append(Problem(self._file, number, 0, place, told.text(), told))

    def _take(self, row: dict[str, str], number: int) -> None:
        cell = row.get("workcell") or self._default
        if cell is None:
            raise Wrong("signals.which", cells=", ".join(self._points))
        if cell not in self._points:
            raise Wrong("device.no_workcell", found=cell, hint=hint(cell, self._points))
        if self._restricted not in (None, cell):
            return
        points, name = self._points[cell], row.get("name", "")
        if name not in points:
            raise Wrong("device.no_point", workcell=cell, found=name, hint=hint(name, points))
        before = self._lines.setdefault((cell, name), number)
        if before != number:
            raise Wrong("signals.twice", name=name, line=before)
        point = points[name]
        address = self._address(point, row.get("address", ""))
        for bit in address.bits():
            other = self._taken.setdefault((cell, address.area, bit), name)
            if other != name:
                raise Wrong("spec.check.address_twice", name=name, other=other, address=address)
        self._found.setdefault(cell, {})[name] = Change(address, _changed(point, row))

    def _address(self, point: IoPoint, text: str) -> Address:
        try:
            address = Address.parse(text)
        except ValueError:
            raise Wrong("spec.check.address", name=point.name, address=text) from None
        area = "Q" if point.direction is Direction.OUTPUT else "I"
        if address.area != area:
            raise Wrong("spec.check.address_area", name=point.name, address=text)
        if address.size != _SIZES[point.iec]:
            raise Wrong("spec.check.address_size", name=point.name, address=text)
        return address


def _changed(point: IoPoint, row: dict[str, str]) -> Text | None:
    """Return the comment of a row where it is another than before."""
    english = row.get("comment_en", point.comment.en)
    chinese = row.get("comment_zh", point.comment.zh)
    if (english, chinese) == (point.comment.en, point.comment.zh) or not (english or chinese):
        return None
    return Text(en=english or chinese, zh=chinese)


def _separator(text: str) -> str:
    """Return what stands between the fields: spreadsheets write what their country is used to."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def as_yaml(found: dict[str, dict[str, Change]]) -> str:
    """Return what was read as the `io:` block of each workcell, to be put into the line file."""
    blocks = []
    for cell, changes in found.items():
        lines = [f"# workcell {cell}", "io:"]
        for name, change in changes.items():
            entry = f"address: {json.dumps(str(change.address))}"
            if change.comment is not None:
                words = [
                    f"{language}: {json.dumps(said, ensure_ascii=False)}"
                    for language in ("en", "zh")
                    if (said := getattr(change.comment, language))
                ]
                entry += f", comment: {{{', '.join(words)}}}"
            lines.append(f"  {name}: {{{entry}}}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8, or what spreadsheets in China write."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def _error(file: str, number: int, told: Phrase) -> SpecError:
    problems: Sequence[Problem] = [Problem(file, number, 0, "", told.text(), told)]
    return SpecError(problems)
