"""What an MQTT broker offers: the topics that it has kept, or that come while one listens."""

import asyncio
from collections.abc import AsyncIterator

from devices.base import Offer
from devices.errors import DeviceError, LinkError

from .address import endpoint
from .client import ClientOptions, MqttClient

LISTEN_S = 3.0
MOST = 5000
LONGEST = 60
"""Letters of a payload that are shown."""


async def browse(url: str, *, user: str | None, password: str | None) -> AsyncIterator[Offer]:
    """Yield each topic with its latest payload, after listening for some seconds.

    Raises:
        LinkError: The broker cannot be reached, or refuses.
    """
    host, port, secure = endpoint("browse", url)
    if secure:
        raise LinkError(f"{url}: TLS needs a devices file with `ca_file`; browse the plain port")
    heard: dict[str, bytes] = {}

    def up() -> None:
        client.subscribe(["#"])

    def received(topic: str, payload: bytes) -> None:
        if topic in heard or len(heard) < MOST:
            heard[topic] = payload

    options = ClientOptions(host, port, name="pilotline-browse", user=user, password=password)
    client = MqttClient(options, on_up=up, on_message=received)
    try:
        await client.start()
    except DeviceError as error:
        raise LinkError(str(error)) from None
    try:
        await asyncio.sleep(LISTEN_S)
    finally:
        await client.stop()
    for topic, payload in sorted(heard.items()):
        text = payload.decode("utf-8", "replace")
        yield Offer(topic, "", text if len(text) <= LONGEST else text[:LONGEST] + "…", "good")
