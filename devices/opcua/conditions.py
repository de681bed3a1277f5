"""Alarms as OPC UA conditions (part 9): events with active, acknowledged and confirmed state."""

import uuid
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from asyncua import ua
from asyncua.common.event_objects import AlarmCondition
from asyncua.server.internal_server import InternalServer

from devices.base import Run
from twin.kernel.alarm import Alarm
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused

EVENT_MEMORY = 16
"""Events of a condition whose id a client may still acknowledge."""


class Conditions:
    """The alarms of a run, told to clients as events of the Server object."""

    def __init__(
        self,
        core: InternalServer,
        run: Run,
        namespace: int,
        source_of: Callable[[str], ua.NodeId],
        text: Callable[[str], str],
    ) -> None:
        """Prepare.

        Args:
            core: the server that sends the events.
            run: whose alarms they are.
            namespace: index of the twin's namespace.
            source_of: node of an asset.
            text: message of a key, in a person's language.
        """
        self._core = core
        self._run = run
        self._namespace = namespace
        self._source_of = source_of
        self._text = text
        self._events: dict[str, deque[bytes]] = {}

    def node_of(self, alarm_id: str) -> ua.NodeId:
        """Return the condition id of an alarm."""
        return ua.NodeId(f"{self._run.spec.id}/$alarms/{alarm_id}", self._namespace)

    async def tell(self, alarm: Alarm) -> None:
        """Send the state of an alarm to whoever listens."""
        await self._core.subscription_service.trigger_event(self._event(alarm))

    def act(self, verb: str, condition: ua.NodeId, event: bytes, by: str) -> int:
        """Acknowledge or confirm an alarm; returns the status for the client."""
        codes = ua.StatusCodes
        prefix = f"{self._run.spec.id}/$alarms/"
        name = str(condition.Identifier)
        alarm = self._run.alarms.get(name.removeprefix(prefix)) if prefix in name else None
        if alarm is None or condition.NamespaceIndex != self._namespace:
            return int(codes.BadNodeIdUnknown)
        if event not in self._events.get(alarm.id, ()):
            return int(codes.BadEventIdUnknown)
        if verb == "acknowledge" and alarm.acknowledged:
            return int(codes.BadConditionBranchAlreadyAcked)
        if verb == "confirm" and alarm.confirmed:
            return int(codes.BadConditionBranchAlreadyConfirmed)
        try:
            self._run.command(Command(verb, alarm.asset, {"alarm": alarm.id}, by))
        except CommandRefused:
            return int(codes.BadInvalidState)
        return int(codes.Good)

    def _event(self, alarm: Alarm) -> AlarmCondition:
        changed = alarm.raised_s if alarm.active else (alarm.cleared_s or alarm.raised_s)
        when = self._run.wall_at(changed)
        event = AlarmCondition(severity=alarm.severity)
        event.EventId = uuid.uuid4().bytes
        self._events.setdefault(alarm.id, deque(maxlen=EVENT_MEMORY)).append(event.EventId)
        event.SourceNode = self._source_of(alarm.asset)
        event.SourceName = alarm.asset
        event.Time = when
        event.ReceiveTime = datetime.now(UTC)
        event.Message = ua.LocalizedText(self._text(alarm.message))
        event.ConditionClassId = ua.NodeId(ua.ObjectIds.ProcessConditionClassType)
        event.ConditionClassName = ua.LocalizedText("ProcessConditionClassType")
        event.ConditionName = alarm.id.removeprefix(f"{alarm.asset}/")
        event.BranchId = ua.NodeId()
        event.Retain = alarm.active or not alarm.acknowledged or not alarm.confirmed
        event.Quality = ua.StatusCode()
        event.LastSeverity = alarm.severity
        event.Comment = ua.LocalizedText("")
        event.ClientUserId = ""
        event.InputNode = ua.NodeId()
        event.SuppressedOrShelved = False
        event.add_property("NodeId", self.node_of(alarm.id), ua.VariantType.NodeId)
        _two_state(event, "EnabledState", state=True, yes="Enabled", no="Disabled", when=when)
        _two_state(event, "ActiveState", state=alarm.active, yes="Active", no="Inactive", when=when)
        _two_state(
            event,
            "AckedState",
            state=alarm.acknowledged,
            yes="Acknowledged",
            no="Unacknowledged",
            when=when,
        )
        _two_state(
            event,
            "ConfirmedState",
            state=alarm.confirmed,
            yes="Confirmed",
            no="Unconfirmed",
            when=when,
        )
        return event


def _two_state(
    event: AlarmCondition, name: str, *, state: bool, yes: str, no: str, when: datetime
) -> None:
    event.add_variable(name, ua.LocalizedText(yes if state else no), ua.VariantType.LocalizedText)
    event.add_property(f"{name}/Id", state, ua.VariantType.Boolean)
    event.add_property(f"{name}/TransitionTime", when, ua.VariantType.DateTime)
