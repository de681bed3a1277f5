"""The library's S7 server, with our own answers to reading and writing.

It brings connections, their threads, and what HMIs ask about the CPU. Its memory is not used: of a
request to write several items it carries out the first and calls all of them done, a single bit
overwrites its whole byte, and nothing could be refused. Uploads, downloads, stop and start of the
CPU are refused.
"""

import logging
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from snap7.datatypes import S7WordLen
from snap7.s7protocol import S7Function, S7PDUType
from snap7.server import Server
from snap7.type import Area

CLIENTS = 32
OK, NO_ANSWER, FORBIDDEN, NO_ADDRESS, NO_TYPE, NO_OBJECT = 0xFF, 0x01, 0x03, 0x05, 0x06, 0x0A
NOT_HERE = 0x8104
"""Error of the header: this service is not implemented."""

_ITEM = struct.Struct(">BBBBHHB3s")
_WIDTHS = {
    S7WordLen.BIT: 1,
    S7WordLen.BYTE: 1,
    S7WordLen.CHAR: 1,
    S7WordLen.WORD: 2,
    S7WordLen.INT: 2,
    S7WordLen.DWORD: 4,
    S7WordLen.DINT: 4,
    S7WordLen.REAL: 4,
}
_BYTES_COUNTED = (0x00, 0x03, 0x07, 0x09)
"""Transport sizes whose length counts bytes (one for a bit); the others count bits."""


@dataclass(frozen=True, slots=True)
class Span:
    """What one item of a request is about: bytes of an area, or one bit."""

    area: Area
    db: int
    first: int
    size: int
    bit: int | None


Read = Callable[[Span, str], bytes | int]
"""Returns the bytes, or the code of why not. Called in a client's thread."""
Write = Callable[[Span, bytes, str], int]
"""Returns the code of the answer. Called in a client's thread."""
Gone = Callable[[str], None]
"""Hears of a client that has left. Called in its thread."""


class GuardedServer(Server):
    """A server that asks before it answers.

    Args:
        read: answers reading.
        write: answers writing.
        gone: hears of clients that leave.
    """

    def __init__(self, read: Read, write: Write, gone: Gone) -> None:
        logger = logging.getLogger("snap7")
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.CRITICAL)
        super().__init__(log=False, max_clients=CLIENTS)
        self._read, self._write, self._gone = read, write, gone
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def stop(self) -> int:
        """Close the port and all connections; blocks until their threads have ended."""
        with self._guard:
            for client in self._open:
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
        return super().stop()

    def _handle_client(self, client_socket: socket.socket, address: tuple[str, int]) -> None:
        with self._guard:
            self._open.add(client_socket)
        try:
            super()._handle_client(client_socket, address)
        finally:
            with self._guard:
                self._open.discard(client_socket)
            self._gone(_name(address))

    def _process_request(
        self, request_data: bytes, client_address: tuple[str, int]
    ) -> bytes | None:
        if len(request_data) < 11 or request_data[0] != 0x32:
            return None
        kind, function = request_data[1], request_data[10]
        if kind == S7PDUType.USERDATA:
            return super()._process_request(request_data, client_address)
        if kind != S7PDUType.REQUEST:
            return None
        if function == S7Function.SETUP_COMMUNICATION:
            return super()._process_request(request_data, client_address)
        sequence = struct.unpack_from(">H", request_data, 4)[0]
        by = _name(client_address)
        try:
            if function == S7Function.READ_AREA:
                return self._answer_read(sequence, request_data, by)
            if function == S7Function.WRITE_AREA:
                return self._answer_write(sequence, request_data, by)
        except (struct.error, IndexError):
            return _error(sequence, 0x8500)  # the frame is malformed
        return _error(sequence, NOT_HERE)

    def _answer_read(self, sequence: int, request: bytes, by: str) -> bytes:
        spans = _spans(request)
        data = bytearray()
        for number, span in enumerate(spans, 1):
            found = span if isinstance(span, int) else self._read(span, by)
            if isinstance(found, int):
                data += struct.pack(">BBH", found, 0, 0)
                continue
            bit = isinstance(span, Span) and span.bit is not None
            data += struct.pack(">BBH", OK, 3 if bit else 4, 1 if bit else len(found) * 8) + found
            if len(found) % 2 and number < len(spans):
                data += b"\0"
        return _answer(sequence, S7Function.READ_AREA, len(spans), bytes(data))

    def _answer_write(self, sequence: int, request: bytes, by: str) -> bytes:
        spans = _spans(request)
        at = 10 + struct.unpack_from(">H", request, 6)[0]
        codes = bytearray()
        for span in spans:
            _, transport, length = struct.unpack_from(">BBH", request, at)
            size = length if transport in _BYTES_COUNTED else (length + 7) // 8
            data = request[at + 4 : at + 4 + size]
            at += 4 + size + size % 2
            if isinstance(span, int):
                codes.append(span)
            elif len(data) != span.size:
                codes.append(NO_TYPE)
            else:
                codes.append(self._write(span, data, by))
        return _answer(sequence, S7Function.WRITE_AREA, len(spans), bytes(codes))


def _name(address: tuple[str, int]) -> str:
    return f"{address[0]}:{address[1]}"


def _spans(request: bytes) -> list[Span | int]:
    """Return what the items of a request are about; a code for one that is nothing of ours."""
    found: list[Span | int] = []
    for number in range(request[11]):
        _, _, syntax, width, count, db, area, place = _ITEM.unpack_from(request, 12 + 12 * number)
        start = int.from_bytes(place, "big")
        if syntax != 0x10 or width not in _WIDTHS:
            found.append(NO_TYPE)
        elif area not in (Area.PE, Area.PA, Area.DB):
            found.append(NO_OBJECT)
        elif width == S7WordLen.BIT and count != 1:
            found.append(NO_TYPE)
        else:
            bit = start % 8 if width == S7WordLen.BIT else None
            size = _WIDTHS[S7WordLen(width)] * count
            found.append(Span(Area(area), db if area == Area.DB else 0, start // 8, size, bit))
    return found


def _answer(sequence: int, function: int, items: int, data: bytes) -> bytes:
    head = struct.pack(">BBHHHHBB", 0x32, S7PDUType.ACK_DATA, 0, sequence, 2, len(data), 0, 0)
    return head + struct.pack(">BB", function, items) + data


def _error(sequence: int, code: int) -> bytes:
    words: tuple[Any, ...] = (0x32, S7PDUType.ACK, 0, sequence, 0, 0, code >> 8, code & 0xFF)
    return struct.pack(">BBHHHHBB", *words)
