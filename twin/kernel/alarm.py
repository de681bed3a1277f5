"""Alarms: symptoms a person sees, with their OPC UA life (active, acknowledged, confirmed)."""

from dataclasses import dataclass, fields, replace
from typing import Any

from twin.spec.messages import phrase

from .errors import CommandRefused


@dataclass(frozen=True, slots=True)
class Alarm:
    """The state of one alarm. It is over when it is inactive, acknowledged and confirmed.

    `id` is `ASSET/NAME`; `severity` runs from 1 to 1000 as in OPC UA; times are simulation s.
    """

    id: str
    asset: str
    message: str
    """Key of the message, or the failure's own title."""
    severity: int
    active: bool
    raised_s: float
    cleared_s: float | None = None
    acknowledged: bool = False
    confirmed: bool = False
    count: int = 1


FIELDS = tuple(field.name for field in fields(Alarm))


class AlarmLog:
    """The alarms of a run, the latest state of each, and those changed since the last drain."""

    def __init__(self) -> None:
        self._alarms: dict[str, Alarm] = {}
        self._changed: dict[str, Alarm] = {}

    def __iter__(self) -> Any:
        return iter(self._alarms.values())

    def __len__(self) -> int:
        return len(self._alarms)

    def get(self, alarm_id: str) -> Alarm | None:
        """Return an alarm's state, if it was ever raised."""
        return self._alarms.get(alarm_id)

    def standing(self) -> list[Alarm]:
        """Return the alarms that still want something from a person, latest first."""
        wanted = [a for a in self if a.active or not a.acknowledged]
        return sorted(wanted, key=lambda alarm: -alarm.raised_s)

    def raise_(self, asset: str, name: str, *, message: str, severity: int, time_s: float) -> None:
        """Make an alarm active."""
        old = self._alarms.get(f"{asset}/{name}")
        count = old.count + 1 if old else 1
        self._set(
            Alarm(
                f"{asset}/{name}",
                asset,
                message,
                severity,
                active=True,
                raised_s=time_s,
                count=count,
            )
        )

    def clear(self, asset: str, name: str, *, time_s: float) -> None:
        """Make an alarm inactive; it stays until somebody acknowledges it."""
        alarm = self._alarms.get(f"{asset}/{name}")
        if alarm and alarm.active:
            self._set(replace(alarm, active=False, cleared_s=time_s))

    def acknowledge(self, alarm_id: str) -> None:
        """Record that a person has seen the alarm."""
        self._set(replace(self._find(alarm_id), acknowledged=True))

    def confirm(self, alarm_id: str) -> None:
        """Record that a person has put the cause right. It must have been acknowledged."""
        alarm = self._find(alarm_id)
        if not alarm.acknowledged:
            raise CommandRefused(phrase("refused.acknowledge_first", alarm=alarm_id))
        self._set(replace(alarm, confirmed=True))

    def drain(self) -> list[Alarm]:
        """Return the alarms that changed since the last call."""
        changed, self._changed = self._changed, {}
        return list(changed.values())

    def snapshot(self) -> list[dict[str, Any]]:
        """Return all alarms as plain data."""
        return [{name: getattr(alarm, name) for name in FIELDS} for alarm in self]

    def restore(self, data: list[dict[str, Any]]) -> None:
        """Put back what `snapshot` gave."""
        self._alarms = {entry["id"]: Alarm(**entry) for entry in data}
        self._changed = dict(self._alarms)

    def _find(self, alarm_id: str) -> Alarm:
        alarm = self._alarms.get(alarm_id)
        if alarm is None:
            raise CommandRefused(phrase("refused.no_alarm", alarm=alarm_id))
        return alarm

    def _set(self, alarm: Alarm) -> None:
        self._alarms[alarm.id] = alarm
        self._changed[alarm.id] = alarm
