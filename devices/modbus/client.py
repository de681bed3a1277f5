"""One connection to a Modbus server: requests that end when the connection does."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import DecodePDU, ExceptionResponse, ModbusPDU

from devices.timing import Timing

from .address import Space, Tag
from .poll import Block
from .quiet import speak_less

CODES = {
    0: "answers what is not Modbus",
    1: "does not do that (exception 1, illegal function)",
    2: "has nothing at this address (exception 2)",
    3: "does not take this value or number of registers (exception 3)",
    4: "failed at it (exception 4)",
    5: "has not finished it yet (exception 5)",
    6: "is busy (exception 6)",
    10: "is a gateway without a way to this unit (exception 10)",
    11: "does not know this unit, or the unit does not answer (exception 11)",
}


class Gone(Exception):
    """The server does not answer any more."""


class Refused(Exception):
    """The server answers by an exception code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the device {CODES.get(code, f'refuses (exception {code})')}")
        self.code = code


class _Decoder(DecodePDU):
    """The library's decoder; what it cannot read is an error answer, not an exception in a loop."""

    def decode(self, frame: bytes) -> ModbusPDU:
        return super().decode(frame) or ExceptionResponse(frame[0], 0)


class Client:
    """A connection. Once it is `lost` it stays so.

    Args:
        host: name or address.
        port: of the server.
        timeout_s: a server that is silent for longer is gone.
        timing: where round trips are kept.
        on_lost: called once when the connection is lost.
    """

    def __init__(
        self, host: str, port: int, timeout_s: float, timing: Timing, on_lost: Callable[[], None]
    ) -> None:
        speak_less()
        self._timing = timing
        self._timeout_s = timeout_s
        self._on_lost = on_lost
        self._why: OSError | None = None
        self.lost = asyncio.Event()
        self._client = AsyncModbusTcpClient(
            host,
            port=port,
            timeout=timeout_s,
            retries=0,
            reconnect_delay=0,
            trace_connect=self._heard,
        )
        self._client.ctx.framer.decoder = _Decoder(False)  # noqa: FBT003 - the library's own way
        self._create = self._client.ctx.call_create
        self._client.ctx.call_create = self._remembering

    async def open(self) -> str | None:
        """Connect; returns what went wrong and the remedy, None when connected."""
        if await self._client.connect():
            return None
        self.close()
        why = self._why
        if why is None or isinstance(why, TimeoutError):
            return f"no answer within {self._timeout_s:g} s: check address, cable and firewall"
        if isinstance(why, ConnectionRefusedError):
            return "nothing listens there: is the server running, is the port right?"
        if isinstance(why, socket.gaierror):
            return "there is no host of this name; write its address, as 192.168.0.10"
        return f"cannot be reached ({why.strerror or why})"

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    async def read(self, block: Block) -> list[int] | list[bool]:
        """Return the coils or registers of a block; raises `Gone`, `Refused`."""
        ask = {
            Space.COIL: self._client.read_coils,
            Space.DISCRETE: self._client.read_discrete_inputs,
            Space.INPUT: self._client.read_input_registers,
            Space.HOLDING: self._client.read_holding_registers,
        }[block.space]
        answer = await self._ask(ask(block.first, count=block.count, device_id=block.unit))
        found = list(answer.bits)[: block.count] if block.space.bits else list(answer.registers)
        if len(found) != block.count:
            raise Refused(3)
        return found

    async def write_bit(self, tag: Tag, *, value: bool) -> None:
        """Write a coil or one bit of a register; raises `Gone`, `Refused`."""
        if tag.space.bits:
            await self._ask(self._client.write_coil(tag.number, value, device_id=tag.unit))
            return
        mask = 1 << (tag.bit or 0)
        await self._ask(
            self._client.mask_write_register(
                address=tag.number,
                and_mask=0xFFFF ^ mask,
                or_mask=mask if value else 0,
                device_id=tag.unit,
            )
        )

    async def write_words(self, tag: Tag, words: list[int]) -> None:
        """Write registers, all in one request; raises `Gone`, `Refused`."""
        if len(words) == 1:
            request = self._client.write_register(tag.number, words[0], device_id=tag.unit)
        else:
            request = self._client.write_registers(tag.number, words, device_id=tag.unit)
        await self._ask(request)

    async def _ask(self, request: Any) -> ModbusPDU:
        """Wait for an answer, but no longer than the connection lasts."""
        if self.lost.is_set():
            request.close()
            raise Gone
        began_s = monotonic()
        asking = asyncio.ensure_future(request)
        ending = asyncio.ensure_future(self.lost.wait())
        try:
            await asyncio.wait({asking, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise Gone
            answer: ModbusPDU = asking.result()
        except ModbusException:
            self._heard(False)  # noqa: FBT003 - the library's own call-back
            raise Gone from None
        finally:
            asking.cancel()
            ending.cancel()
        self._timing.took(monotonic() - began_s)
        if answer.isError():
            raise Refused(answer.exception_code)
        return answer

    async def _remembering(self) -> Coroutine[Any, Any, Any]:
        """Connect as the library does, and keep the reason for which it could not."""
        try:
            made: Coroutine[Any, Any, Any] = await self._create()
        except OSError as error:
            self._why = error
            raise
        return made

    def _heard(self, connected: bool) -> None:  # noqa: FBT001 - the library's own call-back
        if not connected and not self.lost.is_set():
            self.lost.set()
            self._on_lost()
