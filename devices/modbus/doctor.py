"""What goes wrong with Modbus: no such server, unit or address, the other word order."""

import math
import re
from collections.abc import AsyncIterator
from dataclasses import replace

from devices.checkup import Finding, Mark, Patient, bad, good, note
from devices.timing import Timing

from .address import Space, Tag, parse
from .browse import first_elements
from .client import Client, Gone, Refused
from .poll import Block, block_of
from .registers import WordOrder, WordType

PORTS = (502, 1502, 5020)
"""Where such servers often listen."""
UNITS = (1, 0, 255, *range(2, 11), 247)
"""Units that are tried when the wished one does not answer."""
UNIT_WAIT_S = 0.5
NO_SUCH_UNIT = (10, 11)
KNOWN = (0, 1, 2, 3)
"""Data, or a refusal that only a unit that is there gives. Some devices fail (4) at other units."""
NO_SUCH_ADDRESS = 2
MANUAL = re.compile(
    r"^(?P<unit>unit=\d+/)?(?:(?P<space>[a-z]+):)?(?P<digit>[0134])(?P<rest>\d{4,5})(?P<more>.*)$"
)
SPACES = {"0": Space.COIL, "1": Space.DISCRETE, "3": Space.INPUT, "4": Space.HOLDING}
"""The leading digit with which manuals number the four spaces, counting from 1: 40001."""


class _Line:
    """A connection that is made anew when the server hangs up or falls silent."""

    def __init__(self, patient: Patient) -> None:
        self._patient = patient
        self._client: Client | None = None
        self.timing = Timing()

    async def ask(self, block: Block, timeout_s: float | None = None) -> list[int] | list[bool]:
        """Read a block; raises `Gone`, `Refused`."""
        client = self._client
        if client is None or client.lost.is_set() or timeout_s is not None:
            client = await self._open(timeout_s or self._patient.timeout_s)
        return await client.read(block)

    async def client(self) -> Client:
        """Return a connection; raises `Gone`."""
        if self._client is None or self._client.lost.is_set():
            return await self._open(self._patient.timeout_s)
        return self._client

    async def _open(self, timeout_s: float) -> Client:
        self.close()
        patient = self._patient
        client = Client(patient.host, patient.port, timeout_s, self.timing, _nothing)
        if await client.open() is not None:
            raise Gone
        self._client = client
        return client

    def close(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is not None:
            client.close()


async def examine(patient: Patient) -> AsyncIterator[Finding]:
    """Yield what is wrong with a Modbus server and the tags that are wanted of it."""
    line = _Line(patient)
    try:
        found = await _unit(line, patient)
        yield found
        if found.mark is Mark.BAD:
            return
        yield await _extent(line, patient.unit)
        for tag in patient.tags:
            yield await _tag(line, patient, tag)
    except Gone:
        yield bad("protocol", "doctor.modbus.hung_up", url=patient.url)
    finally:
        line.close()


# ---- the unit


async def _unit(line: _Line, patient: Patient) -> Finding:
    code = await _code(line, patient.unit, None)
    took = f"{line.timing.last_ms or 0.0:.1f}"
    if code in KNOWN:
        return good("unit", "doctor.modbus.unit", unit=patient.unit, ms=took)
    others, spoke = [], code is not None
    for unit in UNITS:
        if unit != patient.unit:
            reply = await _code(line, unit, UNIT_WAIT_S)
            spoke = spoke or reply is not None
            if reply in KNOWN:
                others.append(str(unit))
    if others:
        listed = ", ".join(others)
        return bad("unit", "doctor.modbus.other_unit", unit=patient.unit, units=listed)
    if code is not None and code not in NO_SUCH_UNIT:
        return good("unit", "doctor.modbus.unit", unit=patient.unit, ms=took)
    key = "doctor.modbus.no_unit" if spoke else "doctor.modbus.not_modbus"
    return bad("unit", key, unit=patient.unit, port=patient.port)


async def _code(line: _Line, unit: int, timeout_s: float | None) -> int | None:
    """Return the exception code with which a unit answers, 0 for data, None for nothing at all."""
    try:
        await line.ask(Block(unit, Space.HOLDING, 0, 1, ()), timeout_s)
    except Refused as refused:
        return refused.code or None
    except Gone:
        return None
    return 0


async def _extent(line: _Line, unit: int) -> Finding:
    """Return how much of each space the unit has from 0 on."""
    client = await line.client()
    sizes = {space: len(await first_elements(client, space, unit)) for space in Space}
    told = tuple(f"{space}: 0 … {size - 1}" for space, size in sizes.items() if size)
    if told:
        return good("extent", "doctor.modbus.extent", details=told)
    for space in Space:
        try:
            await line.ask(Block(unit, space, 1, 1, ()))
        except Refused:
            continue
        return note("extent", "doctor.modbus.from_one", space=space.value)
    return note("extent", "doctor.modbus.not_from_zero")


# ---- the tags


async def _tag(line: _Line, patient: Patient, text: str) -> Finding:
    try:
        tag = parse(text, unit=patient.unit, order=WordOrder(patient.word_order))
    except ValueError as error:
        meant = _from_manual(text)
        if meant is not None:
            return bad("tag", "doctor.modbus.manual_number", tag=text, meant=meant)
        return bad("tag", "doctor.modbus.no_tag", tag=text, why=str(error))
    try:
        elements = await line.ask(block_of([(text, tag)]))
    except Refused as refused:
        if refused.code == NO_SUCH_ADDRESS:
            return await _elsewhere(line, text, tag)
        if refused.code in NO_SUCH_UNIT:
            return bad("tag", "doctor.modbus.tag_unit", tag=text, unit=tag.unit)
        return bad("tag", "doctor.modbus.tag_refused", tag=text, code=refused.code)
    if tag.kind is None or tag.width == 1:
        return good("tag", "doctor.modbus.tag", tag=text, value=tag.value(elements))
    return _word_order(text, tag, elements)


async def _elsewhere(line: _Line, text: str, tag: Tag) -> Finding:
    """Return what to say of an address that the device does not have."""
    meant = _from_manual(text)
    if meant is not None:
        return bad("tag", "doctor.modbus.manual_number", tag=text, meant=meant)
    below = replace(tag, number=max(tag.number - 1, 0))
    try:
        elements = await line.ask(block_of([(text, below)]))
    except Refused:
        return bad("tag", "doctor.modbus.tag_missing", tag=text)
    meant = text.replace(f":{tag.number}", f":{below.number}", 1)
    return bad(
        "tag", "doctor.modbus.off_by_one", tag=text, meant=meant, value=below.value(elements)
    )


def _from_manual(text: str) -> str | None:
    """Return the tag that a number as in manuals means: 40011 is `holding:10`."""
    match = MANUAL.match(text.strip())
    if match is None or int(match["rest"]) == 0:
        return None
    space = SPACES[match["digit"]]
    if match["space"] not in (None, space):
        return None
    return f"{match['unit'] or ''}{space}:{int(match['rest']) - 1}{match['more']}"


def _word_order(text: str, tag: Tag, elements: list[int] | list[bool]) -> Finding:
    """Return both readings of a 32-bit value, and whether the other one looks righter."""
    other = WordOrder.LOW_FIRST if tag.order is WordOrder.HIGH_FIRST else WordOrder.HIGH_FIRST
    chosen, swapped = tag.value(elements), replace(tag, order=other).value(elements)
    if chosen == swapped:
        return good("tag", "doctor.modbus.tag", tag=text, value=chosen)
    values = {
        "tag": text,
        "order": tag.order.value,
        "value": _short(chosen),
        "other": other.value,
        "swapped": _short(swapped),
    }
    real = tag.kind is WordType.REAL
    if not _likely(chosen, real=real) and _likely(swapped, real=real):
        return note("tag", "doctor.modbus.word_order", details=(), **values)
    return good("tag", "doctor.modbus.both_orders", details=(), **values)


def _likely(value: object, *, real: bool) -> bool:
    """Tell whether a number is of a size that plants have."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return False
    size = abs(value)
    if real:
        return size == 0 or 1e-4 <= size <= 1e7
    return size < 2**24


def _short(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _nothing() -> None:
    """Hear of a loss that the next request finds out by itself."""
