"""Values on their way between a tag and a signal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from twin.kernel.errors import SignalError
from twin.kernel.signal import Quality, Reading, Signal
from twin.mirror.binding import Bound, outgoing
from twin.spec.device import Binding


def bound(signal: Signal, **more: object) -> Bound:
    spec = {"signal": signal.path, "link": "plc", "tag": "t"} | more
    return Bound(Binding.model_validate(spec), signal)


LEVEL = Signal("tank/level", float, unit="m", low=0.0, high=10.0, writable=True)
COUNT = Signal("tank/count", int, writable=True)
MODE = Signal("tank/mode", int, writable=True)


def test_scale_and_offset() -> None:
    assert bound(LEVEL, scale=0.01, offset=-1.0).to_twin(350) == pytest.approx(2.5)
    assert bound(LEVEL, scale=0.01, offset=-1.0).to_device(2.5) == pytest.approx(350)


@settings(max_examples=50, deadline=None)
@given(
    st.floats(0.0, 10.0),
    st.floats(0.001, 1000.0),
    st.floats(-100.0, 100.0),
)
def test_there_and_back(value: float, scale: float, offset: float) -> None:
    one = bound(LEVEL, scale=scale, offset=offset)
    raw = one.to_device(value)
    assert raw * scale + offset == pytest.approx(value, abs=1e-6)


def test_a_map_wins_over_scale_and_refuses_the_unknown() -> None:
    one = bound(MODE, map={"auto": 1, "MANUAL": 2}, scale=5.0)
    assert one.to_twin("Auto") == 1
    assert one.to_twin("manual") == 2
    assert one.to_device(1) == "auto"
    with pytest.raises(ValueError, match="not in the map"):
        one.to_twin("broken")


def test_out_of_range_is_refused_not_clipped() -> None:
    with pytest.raises(SignalError, match="above"):
        bound(LEVEL).to_twin(11.0)


def test_a_whole_signal_rounds_a_scaled_value() -> None:
    assert bound(COUNT, scale=0.1).to_twin(39) == 4


def test_dead_band() -> None:
    one = bound(LEVEL, deadband=0.5)
    assert [one.moved(v) for v in (1.0, 1.4, 1.6, 1.2, 1.05)] == [True, False, True, False, True]


def test_bad_is_never_passed_on() -> None:
    one = bound(LEVEL, direction="to_device")
    assert outgoing(one, Reading(3.0, 0.0, Quality.BAD)) is None
    assert outgoing(one, Reading(3.0, 0.0, Quality.UNCERTAIN)) is None
    assert outgoing(one, Reading(3.0, 0.0)) == 3.0
    assert outgoing(one, Reading(3.0, 1.0)) is None


def test_freshness() -> None:
    one = bound(LEVEL, stale_after_s=2)
    one.heard(Quality.GOOD, 10.0)
    one.check(11.9)
    assert one.quality is Quality.GOOD
    one.check(12.1)
    assert one.quality is Quality.UNCERTAIN


def test_a_map_to_the_device_must_be_one_to_one() -> None:
    with pytest.raises(ValidationError, match="backwards"):
        bound(MODE, map={"a": 1, "b": 1}, direction="to_device")


def test_scale_zero_is_refused() -> None:
    with pytest.raises(ValidationError, match="scale 0"):
        bound(LEVEL, scale=0)
