"""What an OPC UA server offers: every variable below its Objects folder."""

from collections.abc import AsyncIterator

from asyncua import Client, Node, ua

from devices.base import Offer
from devices.errors import LinkError

from .address import plain, quality_of
from .quiet import speak_less

MOST = 5000
"""Variables listed at the most; a server with more is narrowed by a start node."""
TIMEOUT_S = 10.0


async def browse(url: str, *, user: str | None, password: str | None) -> AsyncIterator[Offer]:
    """Yield what can be read, with its present value.

    Raises:
        LinkError: The server cannot be reached, or refuses.
    """
    speak_less()
    client = Client(url, timeout=TIMEOUT_S)
    if user is not None:
        client.set_user(user)
        client.set_password(password or "")
    try:
        await client.connect()
    except TimeoutError:
        raise LinkError(f"no answer from {url} within {TIMEOUT_S:g} s") from None
    except ConnectionRefusedError:
        raise LinkError(f"nothing listens at {url}: is the server running?") from None
    except (OSError, ua.UaError) as error:
        raise LinkError(f"cannot use {url} ({error})") from None
    try:
        names = await client.get_namespace_array()
        number = 0
        async for node in _variables(client.nodes.objects):
            yield await _offer(node, names)
            number += 1
            if number == MOST:
                break
    finally:
        await client.disconnect()


async def _variables(start: Node) -> AsyncIterator[Node]:
    waiting, seen = [start], set()
    while waiting:
        node = waiting.pop()
        for child in await node.get_children_descriptions():
            key = child.NodeId
            # The Server object describes the server itself, not the plant.
            if key in seen or key == ua.NodeId(ua.ObjectIds.Server):
                continue
            seen.add(key)
            found = Node(node.session, ua.NodeId(key.Identifier, key.NamespaceIndex))
            if child.NodeClass == ua.NodeClass.Variable and key.NamespaceIndex:
                yield found
            elif child.NodeClass == ua.NodeClass.Object:
                waiting.append(found)


async def _offer(node: Node, names: list[str]) -> Offer:
    kind = {int: "i", str: "s"}.get(type(node.nodeid.Identifier), "g")
    tag = f"nsu={names[node.nodeid.NamespaceIndex]};{kind}={node.nodeid.Identifier}"
    try:
        value = await node.read_data_value(raise_on_bad_status=False)
    except ua.UaError:
        return Offer(tag, "", None, "bad")
    held = plain(value.Value.Value) if value.Value is not None else None
    variant = value.Value.VariantType.name if value.Value is not None else ""
    return Offer(tag, variant, held, quality_of(value.StatusCode).value)
