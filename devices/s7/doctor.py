"""What goes wrong with S7: rack and slot, PUT/GET, optimised and short data blocks."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace

from devices.checkup import Finding, Mark, Patient, bad, good, note
from devices.errors import LinkError
from devices.timing import Timing

from .address import Endpoint, S7Tag, endpoint, parse_tag
from .client import S7Client, S7Gone, S7Refused, S7Shut, S7Silent

PLACES = ((0, 1), (0, 2), (0, 0), (0, 3))
"""Racks and slots that are tried when the wished one refuses."""
ANYWHERE = ("MB0", "IB0", "QB0")
"""One of them every controller has: whether it can be read tells whether PUT/GET is allowed."""
KEYS = {
    "0x03": "doctor.s7.access",
    "0x05": "doctor.s7.short",
    "0x0a": "doctor.s7.no_object",
    "request": "doctor.s7.access",
}
ROUNDS = 10
"""Requests by which the round trip is measured."""


async def examine(patient: Patient) -> AsyncIterator[Finding]:
    """Yield what is wrong with a controller and the tags that are wanted of it."""
    try:
        where = endpoint("doctor", patient.url)
    except LinkError:
        yield bad("address", "doctor.s7.address", url=patient.url)
        return
    timing = Timing()
    client = S7Client(where, timeout_s=patient.timeout_s, timing=timing)
    try:
        await client.connect()
    except S7Gone as error:
        await client.close()
        yield await _not_connected(patient, where, error)
        return
    try:
        name = await client.name()
        details = (name,) if name else ()
        yield good("place", "doctor.s7.place", rack=where.rack, slot=where.slot, details=details)
        for text in patient.tags:
            yield await _tag(client, text)
        if not patient.tags:
            yield await _any(client)
        yield await _pace(client, timing)
    except S7Gone as error:
        yield bad("protocol", "doctor.s7.hung_up", url=patient.url, details=(str(error),))
    finally:
        await client.close()


async def _not_connected(patient: Patient, where: Endpoint, error: S7Gone) -> Finding:
    if isinstance(error, S7Silent):
        return bad("protocol", "doctor.s7.silent", url=patient.url)
    if not isinstance(error, S7Shut):
        return bad("protocol", "doctor.s7.hung_up", url=patient.url, details=(str(error),))
    for rack, slot in PLACES:
        if (rack, slot) == (where.rack, where.slot):
            continue
        other = replace(where, rack=rack, slot=slot)
        client = S7Client(other, timeout_s=patient.timeout_s, timing=Timing())
        try:
            await client.connect()
        except S7Gone:
            continue
        else:
            return bad(
                "place", "doctor.s7.other_place", rack=where.rack, slot=where.slot,
                right=f"{rack}/{slot}",
            )  # fmt: skip
        finally:
            await client.close()
    return bad("place", "doctor.s7.no_place", rack=where.rack, slot=where.slot)


async def _any(client: S7Client) -> Finding:
    found = [await _tag(client, text) for text in ANYWHERE]
    return next((finding for finding in found if finding.mark is Mark.GOOD), found[0])


async def _tag(client: S7Client, text: str) -> Finding:
    try:
        tag = parse_tag(text)
    except LinkError as error:
        return bad("tag", "doctor.s7.tag", tag=text, details=(str(error),))
    try:
        return _value(tag, await client.read(tag.area, tag.db, tag.byte, tag.size))
    except S7Refused as refused:
        if refused.code in KEYS:
            return bad("tag", KEYS[refused.code], tag=text)
        return bad("tag", "doctor.s7.refused", tag=text, details=(str(refused),))


def _value(tag: S7Tag, data: bytearray) -> Finding:
    value = tag.value(data)
    if value is None:
        return bad("tag", "doctor.s7.no_number", tag=tag.text, details=(data.hex(" "),))
    return good("tag", "doctor.s7.value", tag=tag.text, value=value)


async def _pace(client: S7Client, timing: Timing) -> Finding:
    for _ in range(ROUNDS):
        with suppress(S7Refused):  # a refusal is an answer, too
            await client.read(parse_tag(ANYWHERE[0]).area, 0, 0, 1)
    median_ms, p95_ms = timing.median_ms, timing.p95_ms
    if median_ms is None or p95_ms is None:
        return note("pace", "doctor.s7.no_pace")
    return good("pace", "doctor.s7.pace", median=f"{median_ms:.1f}", most=f"{p95_ms:.1f}")
