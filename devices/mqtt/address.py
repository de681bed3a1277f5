"""Names and payloads on MQTT: topics of the twin, and JSON both ways."""

import json
import math
from datetime import UTC, datetime
from urllib.parse import urlsplit

from devices.errors import LinkError
from twin.kernel.signal import Quality, Value
from twin.spec.line import LineSpec

ROOT = "pilotline/v1"
SET = "/$set"
"""Below a signal's topic: what somebody wishes it to be."""
REFUSED = "/$refused"
"""Below a signal's topic: why a wish was not carried out."""
LONGEST_WISH = 4096
PORTS = {"mqtt": 1883, "mqtts": 8883}


def base_topic(spec: LineSpec) -> str:
    """Return the topic above everything of a line: `pilotline/v1/SITE/LINE`."""
    return f"{ROOT}/{spec.site}/{spec.id}"


def stamp(moment: datetime) -> str:
    """Return a time as RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def payload(value: Value, quality: Quality, moment: datetime, time_s: float) -> bytes:
    """Return a signal's message. A BAD value is null: no answer is not a value."""
    told = None if quality is Quality.BAD or _endless(value) else value
    document = {"v": told, "q": quality.value, "t": stamp(moment), "s": round(time_s, 6)}
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()


def _endless(value: Value) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def wish(message: bytes) -> Value:
    """Return the value that a wish asks for: JSON `{"v": value}`, or the bare JSON value.

    Raises:
        ValueError: It is no such message; the text says what is right.
    """
    try:
        document = json.loads(message) if len(message) <= LONGEST_WISH else None
    except (ValueError, RecursionError):
        document = None
    value = document.get("v") if isinstance(document, dict) else document
    if not isinstance(value, bool | int | float | str) or _endless(value):
        raise ValueError('write {"v": value} or a bare JSON value: true, 1.5, "text"')
    return value


def topic_of(tag: str) -> str:
    """Return the topic of a tag, which may go on with `#FIELD`."""
    return tag.partition("#")[0]


def field_of(message: bytes, name: str) -> tuple[Value | None, Quality, float | None]:
    """Return value, quality and source time (s since 1970) of a device's message.

    Understood are our own JSON (`v`, `q`, `t`), JSON with `value`, a bare value, and with a `name`
    (dots go deeper) the field of a JSON object. What cannot be read is BAD.

    Args:
        message: as it came.
        name: field of a JSON object, or "" for the message's own value.
    """
    try:
        document = json.loads(message)
    except ValueError:
        text = "" if name else message.decode("utf-8", "replace").strip()
        return (text, Quality.GOOD, None) if text else (None, Quality.BAD, None)
    if not isinstance(document, dict):
        return _graded(None if name else document, Quality.GOOD, None)
    try:
        quality = Quality(str(document.get("q", "good")).lower())
    except ValueError:
        quality = Quality.UNCERTAIN
    value = _deeper(document, name) if name else document.get("v", document.get("value"))
    return _graded(value, quality, _time(document.get("t")))


def _deeper(document: object, name: str) -> object:
    for part in name.split("."):
        document = document.get(part) if isinstance(document, dict) else None
    return document


def _graded(
    value: object, quality: Quality, source_s: float | None
) -> tuple[Value | None, Quality, float | None]:
    usable = quality is not Quality.BAD
    if usable and isinstance(value, bool | int | str | float) and not _endless(value):
        return value, quality, source_s
    return None, Quality.BAD, source_s


def _time(stamped: object) -> float | None:
    if isinstance(stamped, str):
        try:
            moment = datetime.fromisoformat(stamped)
        except ValueError:
            return None
        return moment.timestamp() if moment.tzinfo else None
    return None


def endpoint(link: str, address: str) -> tuple[str, int, bool]:
    """Return host, port and whether TLS is wanted, from `mqtt://HOST:PORT`.

    Args:
        link: the link's id, for the message.
        address: as the devices file has it.
    """
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
        parts = parts._replace(scheme="")
    if parts.scheme not in PORTS or not parts.hostname:
        raise LinkError(
            f"link {link!r}: {address!r} is no MQTT address; write mqtt://HOST:PORT, "
            "or mqtts://HOST:PORT for TLS"
        )
    return parts.hostname, port or PORTS[parts.scheme], parts.scheme == "mqtts"
