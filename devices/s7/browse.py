"""What an S7 controller offers: it tells no names, so the bytes of its areas are tried."""

from collections.abc import AsyncIterator

from snap7.type import Area

from devices.base import Offer
from devices.errors import LinkError
from devices.timing import Timing

from .address import endpoint
from .client import S7Client, S7Gone, S7Refused

MOST = 64
"""Bytes of each area that are listed at the most."""
DBS = range(1, 17)
"""Data blocks that are tried."""
TIMEOUT_S = 5.0


async def browse(url: str, *, user: str | None, password: str | None) -> AsyncIterator[Offer]:
    """Yield the first bytes of inputs, outputs, flags and DBs, as far as they can be read.

    Raises:
        LinkError: The controller cannot be reached, or does not answer.
    """
    if user or password:
        raise LinkError(f"{url}: S7 with PUT/GET knows no users; leave --user out")
    client = S7Client(endpoint("browse", url), timeout_s=TIMEOUT_S, timing=Timing())
    try:
        await client.connect()
        for name, area in (("I", Area.PE), ("Q", Area.PA), ("M", Area.MK)):
            for number, byte in enumerate(await _first(client, area, 0)):
                yield Offer(f"{name}B{number}", "byte", byte, "good")
        for db in DBS:
            for number, byte in enumerate(await _first(client, Area.DB, db)):
                yield Offer(f"DB{db}.DBB{number}", "byte", byte, "good")
    except S7Gone as error:
        raise LinkError(f"{url}: {error}") from None
    finally:
        await client.close()


async def _first(client: S7Client, area: Area, db: int) -> bytearray:
    """Return as many bytes from 0 on as the area has, found by halving."""
    found = bytearray()
    low, high = 0, MOST
    count = high
    while low < high:
        try:
            found = await client.read(area, db, 0, count)
            low = count
        except S7Refused:
            high = count - 1
        count = (low + high + 1) // 2
    return found
