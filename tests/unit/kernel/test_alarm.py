"""The life of an alarm: active, acknowledged, confirmed, and over."""

import pytest

from twin.kernel.alarm import AlarmLog
from twin.kernel.errors import CommandRefused


@pytest.fixture
def log():
    log = AlarmLog()
    log.raise_("m", "jam", message="alarm.fault", severity=700, time_s=5)
    return log


def test_a_new_alarm(log):
    alarm = log.get("m/jam")
    assert (alarm.active, alarm.acknowledged, alarm.confirmed) == (True, False, False)
    assert (alarm.raised_s, alarm.cleared_s, alarm.count) == (5, None, 1)
    assert log.standing() == [alarm]
    assert log.drain() == [alarm]
    assert log.drain() == []


def test_acknowledged_while_it_lasts(log):
    log.acknowledge("m/jam")
    assert [alarm.id for alarm in log.standing()] == ["m/jam"]
    log.clear("m", "jam", time_s=9)
    assert log.standing() == []
    assert log.get("m/jam").cleared_s == 9


def test_cleared_before_anybody_looked(log):
    log.clear("m", "jam", time_s=9)
    assert [alarm.active for alarm in log.standing()] == [False]
    log.acknowledge("m/jam")
    assert log.standing() == []
    log.confirm("m/jam")
    assert log.get("m/jam").confirmed


def test_confirmed_only_after_it_was_acknowledged(log):
    with pytest.raises(CommandRefused, match="acknowledged before"):
        log.confirm("m/jam")
    assert not log.get("m/jam").confirmed


def test_raised_again_it_wants_everything_anew(log):
    log.acknowledge("m/jam")
    log.confirm("m/jam")
    log.clear("m", "jam", time_s=9)
    log.raise_("m", "jam", message="alarm.fault", severity=700, time_s=20)
    alarm = log.get("m/jam")
    assert (alarm.acknowledged, alarm.confirmed, alarm.cleared_s) == (False, False, None)
    assert (alarm.raised_s, alarm.count) == (20, 2)


def test_the_latest_stands_first(log):
    log.raise_("n", "jam", message="alarm.fault", severity=100, time_s=8)
    log.raise_("k", "jam", message="alarm.fault", severity=900, time_s=7)
    assert [alarm.asset for alarm in log.standing()] == ["n", "k", "m"]


def test_clearing_what_is_not_active_does_nothing(log):
    log.clear("m", "jam", time_s=9)
    log.drain()
    log.clear("m", "jam", time_s=11)
    log.clear("m", "none", time_s=11)
    assert log.drain() == []
    assert log.get("m/jam").cleared_s == 9


def test_an_alarm_that_was_never_raised(log):
    with pytest.raises(CommandRefused, match="no alarm 'm/none'"):
        log.acknowledge("m/none")


def test_saved_and_put_back(log):
    log.acknowledge("m/jam")
    other = AlarmLog()
    other.restore(log.snapshot())
    assert list(other) == list(log)
    assert len(other) == 1
    assert other.drain() == list(log)
