"""Tags of many points at once: a template with the properties of a point in braces."""

import re

from .choices import hint
from .errors import Wrong
from .io import IoPoint

WORDS = ("name", "address", "size", "type")
NUMBERS = ("place", "byte", "bit", "coil", "register")
"""These take an offset: `{byte+256}`."""

_BRACES = re.compile(r"\{([^{}]*)\}")
_FIELD = re.compile(r"^(\w+)(?:\+(\d+))?$")


def check_template(text: str) -> str:
    """Return a template whose braces name what points have, or raise `Wrong`."""
    known = (*WORDS, *NUMBERS)
    fields = _BRACES.findall(text)
    for field in fields:
        match = _FIELD.match(field)
        if match is None or match[1] not in known:
            raise Wrong("device.template", found=field, hint=hint(field, list(known)))
        if match[2] and match[1] not in NUMBERS:
            raise Wrong("device.template_offset", found=field)
    if not fields:
        raise Wrong("device.template_same", found=text)
    return text


def fill(template: str, point: IoPoint) -> str:
    """Return the tag of a point."""

    def value(match: re.Match[str]) -> str:
        found = _FIELD.match(match[1])
        assert found is not None
        return _value(point, found[1], int(found[2] or 0))

    return _BRACES.sub(value, template)


def _value(point: IoPoint, field: str, offset: int) -> str:
    address = point.address
    if field == "name":
        return point.name
    if field == "address":
        return str(address)
    if field == "type":
        return point.iec.lower()
    if field == "size":
        return address.size
    if field == "place":
        bit = f".{address.bit}" if address.size == "X" else ""
        return f"{address.size}{address.byte + offset}{bit}"
    return str(getattr(address, field) + offset)
