"""One subscription of a link: it passes on what the server says of some tags."""

import asyncio
import logging

from asyncua import Client, ua
from asyncua.common.subscription import DataChangeEvent, StatusChangeEvent, Subscription

from devices.base import unanswered
from devices.errors import LinkError
from devices.stream import TagStream

from .address import find_node, reading

_logger = logging.getLogger(__name__)

MISSING_AGAIN_S = 2.0
"""How soon nodes are asked for again that the server did not have, perhaps while starting."""
ITEM_QUEUE = 50
EVENT_QUEUE = 10_000


async def follow(
    client: Client, stream: TagStream, *, publish_s: float, lost: asyncio.Event
) -> None:
    """Follow the tags of a stream until the connection is lost, which `lost` then says."""
    try:
        subscription = await client.create_subscription(publish_s * 1000, queue_maxsize=EVENT_QUEUE)
        names: dict[ua.NodeId, str] = {}
        missing = await _ask(client, subscription, stream, list(stream.tags), names)
        while True:
            event = await subscription.next_event(MISSING_AGAIN_S if missing else None)
            if isinstance(event, DataChangeEvent):
                tag = names[event.node.nodeid]
                stream.push(reading(tag, event.data.monitored_item.Value))
            elif isinstance(event, StatusChangeEvent):
                break
            elif missing:
                missing = await _ask(client, subscription, stream, missing, names)
    except StopAsyncIteration:
        pass
    except (OSError, TimeoutError, ua.UaError) as error:
        _logger.info("the subscription at %s ended (%s)", client, error)
    lost.set()


async def _ask(
    client: Client,
    subscription: Subscription,
    stream: TagStream,
    tags: list[str],
    names: dict[ua.NodeId, str],
) -> list[str]:
    """Ask for tags; returns those that the server does not have, which are told as BAD."""
    found: list[str] = []
    for tag in tags:
        try:
            names[await find_node(client, tag)] = tag
        except LinkError as error:
            _logger.debug("%s", error)
        else:
            found.append(tag)
    ids = {tag: node_id for node_id, tag in names.items()}
    nodes = [client.get_node(ids[tag]) for tag in found]
    handles = await subscription.subscribe_data_change(nodes, queuesize=ITEM_QUEUE) if nodes else []
    taken = {
        tag
        for tag, handle in zip(found, handles, strict=True)
        if not isinstance(handle, ua.StatusCode)
    }
    missing = [tag for tag in tags if tag not in taken]
    for tag in missing:
        stream.push(unanswered(tag))
    return missing
