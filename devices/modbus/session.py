"""One Modbus client: its requests, and what it wrote and read last.

The library reads and writes the frames of single requests. Its own server is not used: of several
requests that arrive together it answers the first, and it does not tell who asks.
"""

import asyncio
import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, cast

from pymodbus.constants import ExcCodes
from pymodbus.framer import FramerSocket
from pymodbus.pdu import DecodePDU, ExceptionResponse, ModbusPDU

from twin.kernel.signal import Quality, SignalStore, Value
from twin.spec.pins import IecType

from .address import Space
from .registers import WordOrder, from_words, to_words
from .table import WORD_TYPES, Bank, Place, Units

if TYPE_CHECKING:
    from pymodbus.datastore import ModbusServerContext

READS = {
    1: Space.COIL,
    2: Space.DISCRETE,
    3: Space.HOLDING,
    4: Space.INPUT,
    23: Space.HOLDING,
}
WRITES = {5: Space.COIL, 15: Space.COIL, 6: Space.HOLDING, 16: Space.HOLDING, 23: Space.HOLDING}
ANY_UNIT = (0, 255)
"""What clients give that mean the device itself; here the first workcell."""
ON_OFF = (b"\xff\x00", b"\x00\x00")
LONGEST_FRAME = 254

Answer = list[int] | list[bool] | ExcCodes


class Refused(Exception):
    """A request that is answered by an exception code."""

    def __init__(self, code: ExcCodes) -> None:
        super().__init__(code.name)
        self.code = code


class Desk(Protocol):
    """What a session asks of the outlet."""

    @property
    def units(self) -> Units:
        """What stands where."""

    @property
    def order(self) -> WordOrder:
        """Which word of a 32-bit value comes first."""

    @property
    def writable(self) -> bool:
        """Whether clients may write."""

    @property
    def signals(self) -> SignalStore:
        """Of the run; another store means that it has begun anew."""

    def give(self, path: str, value: Value, by: str) -> ExcCodes | None:
        """Give a value to the plant; returns why not."""

    def seen(self, session: "Session", places: Iterable[Place]) -> None:
        """Hear which inputs a client reads."""

    def forbidden(self, by: str) -> None:
        """Hear of a write where nobody may write."""


class Session:
    """Answers one client.

    Args:
        desk: the outlet.
        name: who it is: `HOST:PORT`.
    """

    def __init__(self, desk: Desk, name: str) -> None:
        self.by = f"modbus:{name}"
        self.last_s = 0.0
        """When it asked last, on the loop's clock."""
        self.counts: dict[str, int] = {}
        """How often each input had changed when it read it last."""
        self._desk = desk
        self._signals = desk.signals
        self._decoder = DecodePDU(True)  # noqa: FBT003 - the library's own way
        self._framer = FramerSocket(self._decoder)
        self._said: dict[str, Value] = {}
        self._echo: list[Any] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests until the client goes, or sends what is not Modbus."""
        loop = asyncio.get_running_loop()
        while True:
            head = await reader.readexactly(7)
            transaction, protocol, length, unit = struct.unpack(">HHHB", head)
            if protocol != 0 or not 2 <= length <= LONGEST_FRAME:
                # Where the next frame begins cannot be known any more.
                return
            body = await reader.readexactly(length - 1)
            self.last_s = loop.time()
            answer = await self.answer(unit, body)
            answer.transaction_id, answer.dev_id = transaction, unit
            writer.write(self._framer.buildFrame(answer))
            await writer.drain()
            # Requests that have arrived already would hold up everybody else.
            await asyncio.sleep(0)

    async def answer(self, unit: int, body: bytes) -> ModbusPDU:
        """Return the answer to a request: function code and data."""
        function = body[0]
        try:
            request = self._request(unit, body)
            context = cast("ModbusServerContext", self)
            return await request.datastore_update(context, unit)
        except Refused as refused:
            return ExceptionResponse(function & 0x7F, refused.code)

    def _request(self, unit: int, body: bytes) -> ModbusPDU:
        function = body[0]
        if self._signals is not self._desk.signals:
            self._signals = self._desk.signals
            self._said.clear()
            self.counts.clear()
        if function not in READS and function not in WRITES:
            raise Refused(ExcCodes.ILLEGAL_FUNCTION)
        if self._unit(unit) is None:
            raise Refused(ExcCodes.GATEWAY_NO_RESPONSE)
        if function in WRITES and not self._desk.writable:
            self._desk.forbidden(self.by)
            raise Refused(ExcCodes.ILLEGAL_FUNCTION)
        request = self._decoder.decode(body)
        if request is None or (function == 5 and body[3:5] not in ON_OFF):
            raise Refused(ExcCodes.ILLEGAL_VALUE)
        return request

    def _unit(self, unit: int) -> dict[Space, Bank] | None:
        return self._desk.units.get(1 if unit in ANY_UNIT else unit)

    def _bank(self, unit: int, space: Space, first: int, count: int) -> Bank:
        banks = self._unit(unit)
        if banks is None or not banks[space].holds(first, count):
            raise Refused(ExcCodes.ILLEGAL_ADDRESS)
        return banks[space]

    # ---- what a request of the library asks of a store

    async def async_getValues(  # noqa: N802 - the library's name
        self, device_id: int, func_code: int, address: int, count: int = 1
    ) -> Answer:
        """Return coils or registers; after a single write, what was written."""
        if func_code in (5, 6):
            return self._echo
        bank = self._bank(device_id, READS[func_code], address, count)
        places = bank.touched(address, count)
        if not bank.space.writable:
            self._desk.seen(self, places)
        elements: list[Any] = [False if bank.space.bits else 0] * count
        for place in places:
            for number, element in enumerate(self._elements(place), place.first):
                if address <= number < address + count:
                    elements[number - address] = element
        return elements

    def _elements(self, place: Place) -> list[int] | list[bool]:
        value, _, quality, _ = self._signals.read(place.point.path)
        if quality is Quality.BAD:
            raise Refused(ExcCodes.DEVICE_FAILURE)
        if place.point.iec is IecType.BOOL:
            return [bool(value)]
        try:
            return to_words(value, WORD_TYPES[place.point.iec], self._desk.order)
        except ValueError:
            raise Refused(ExcCodes.DEVICE_FAILURE) from None

    async def async_setValues(  # noqa: N802 - the library's name
        self, device_id: int, func_code: int, address: int, values: list[Any]
    ) -> ExcCodes | None:
        """Give to the plant what has changed since this client's last write."""
        bank = self._bank(device_id, WRITES[func_code], address, len(values))
        self._echo = values
        places = bank.touched(address, len(values))
        if any(p.first < address or p.first + p.width > address + len(values) for p in places):
            # Half a value would be a wrong one until the other half comes.
            return ExcCodes.ILLEGAL_ADDRESS
        if any(value and number not in bank.places for number, value in enumerate(values, address)):
            return ExcCodes.ILLEGAL_ADDRESS
        wanted = {}
        for place in places:
            begin = place.first - address
            try:
                wanted[place.point.path] = self._value(place, values[begin : begin + place.width])
            except ValueError:
                return ExcCodes.ILLEGAL_VALUE
        codes = [self._say(path, value) for path, value in wanted.items()]
        return next((code for code in codes if code is not None), None)

    def _value(self, place: Place, elements: list[Any]) -> Value:
        point = place.point
        if point.iec is IecType.BOOL:
            return bool(elements[0])
        value = from_words(elements, WORD_TYPES[point.iec], self._desk.order)
        low = point.low if point.low is not None else float("-inf")
        high = point.high if point.high is not None else float("inf")
        if not low <= value <= high or value in (float("inf"), float("-inf")):
            raise ValueError(f"{value!r} is outside {low} to {high}")
        return value

    def _say(self, path: str, value: Value) -> ExcCodes | None:
        if path in self._said and self._said[path] == value:
            return None
        code = self._desk.give(path, value, self.by)
        if code is None:
            self._said[path] = value
        else:
            self._said.pop(path, None)
        return code
