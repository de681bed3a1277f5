"""Topics and payloads of MQTT."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import LinkError
from devices.mqtt.address import base_topic, endpoint, field_of, payload
from tests.unit.devices.fake_run import LINE
from twin.kernel.signal import Quality

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
values = st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text()


def test_base_topic() -> None:
    assert base_topic(LINE) == "pilotline/v1/campus/small"


@settings(max_examples=100, deadline=None)
@given(values, st.sampled_from(Quality))
def test_what_is_published_is_read_back(value: bool | int | float | str, quality: Quality) -> None:
    message = payload(value, quality, NOON, 1.5)
    json.loads(message)
    told, graded, source_s = field_of(message, "")
    finite = not (isinstance(value, float) and abs(value) == float("inf"))
    if quality is Quality.BAD or not finite:
        assert (told, graded) == (None, Quality.BAD)
    else:
        assert (told, graded) == (value, quality)
    assert source_s == NOON.timestamp()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.sampled_from(["", "a", "a.b"]))
def test_no_message_breaks_the_reader(message: bytes, name: str) -> None:
    value, quality, _ = field_of(message, name)
    assert (value is None) == (quality is Quality.BAD)


@pytest.mark.parametrize(
    ("message", "name", "expected"),
    [
        (b"true", "", (True, Quality.GOOD)),
        (b"3", "", (3, Quality.GOOD)),
        (b"running", "", ("running", Quality.GOOD)),
        (b"", "", (None, Quality.BAD)),
        (b'{"value": 2.5}', "", (2.5, Quality.GOOD)),
        (b'{"state": {"busy": true}}', "state.busy", (True, Quality.GOOD)),
        (b'{"state": 1}', "state.busy", (None, Quality.BAD)),
        (b"[1]", "", (None, Quality.BAD)),
        (b"null", "", (None, Quality.BAD)),
        (b'{"v": 1, "q": "bad"}', "", (None, Quality.BAD)),
        (b'{"v": 1, "q": "perhaps"}', "", (1, Quality.UNCERTAIN)),
        (b"NaN", "", (None, Quality.BAD)),
    ],
)
def test_messages_of_devices(message: bytes, name: str, expected: tuple[object, Quality]) -> None:
    assert field_of(message, name)[:2] == expected


def test_endpoints() -> None:
    assert endpoint("bus", "mqtt://broker") == ("broker", 1883, False)
    assert endpoint("bus", "mqtts://broker") == ("broker", 8883, True)
    assert endpoint("bus", "mqtt://[::1]:1999") == ("::1", 1999, False)
    for wrong in ("http://broker", "mqtt://", "mqtt://broker:port", "broker:1883"):
        with pytest.raises(LinkError, match="mqtt://HOST:PORT"):
            endpoint("bus", wrong)
