"""What a Modbus server offers: it cannot say, so its first coils and registers are tried."""

from collections.abc import AsyncIterator

from devices.base import Offer
from devices.errors import LinkError
from devices.timing import Timing

from .address import Space, endpoint
from .client import Client, Gone, Refused
from .poll import Block

MOST = 128
"""Coils and registers of each space that are listed at the most."""
TIMEOUT_S = 3.0


async def browse(url: str, *, user: str | None, password: str | None) -> AsyncIterator[Offer]:
    """Yield the first coils and registers of unit 1 with their present values, as plain words.

    Raises:
        LinkError: The server cannot be reached, or does not answer.
    """
    if user or password:
        raise LinkError(f"{url}: Modbus knows no users; leave --user out")
    host, port = endpoint("browse", url)
    client = Client(host, port, TIMEOUT_S, Timing(), _nothing)
    if (problem := await client.open()) is not None:
        raise LinkError(f"{url}: {problem}")
    try:
        for space in Space:
            for number, element in enumerate(await first_elements(client, space)):
                if space.bits:
                    yield Offer(f"{space}:{number}", "bit", bool(element), "good")
                else:
                    yield Offer(f"{space}:{number}:word", "word", element, "good")
    except Gone:
        raise LinkError(f"{url}: connected, but it does not answer: is this Modbus TCP?") from None
    finally:
        client.close()


async def first_elements(client: Client, space: Space, unit: int = 1) -> list[int] | list[bool]:
    """Return as many elements from 0 on as the server has, found by halving."""
    found: list[int] | list[bool] = []
    low, high = 0, MOST if space.bits else min(MOST, space.most)
    count = high
    while low < high:
        try:
            found = await client.read(Block(unit, space, 0, count, ()))
            low = count
        except Refused:
            high = count - 1
        count = (low + high + 1) // 2
    return found


def _nothing() -> None:
    """Hear of a loss that the next request finds out by itself."""
