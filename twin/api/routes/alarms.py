"""Alarms: list, acknowledge, confirm."""

from typing import Annotated

from fastapi import APIRouter, Query

from twin.api.context import Operator, TheRun, carry_out
from twin.api.hub import Live
from twin.api.problems import ApiError, responses, shorten
from twin.api.shapes import AlarmOut, Done
from twin.kernel.alarm import Alarm
from twin.spec.messages import phrase

router = APIRouter(tags=["alarms"], prefix="/runs/{run}/alarms")
WRITES = responses(401, 403, 404, 409, 429)


def _alarm_out(alarm: Alarm) -> AlarmOut:
    return AlarmOut.model_validate(alarm, from_attributes=True)


def _find(live: Live, alarm_id: str) -> Alarm:
    alarm = live.alarms.get(alarm_id)
    if alarm is None:
        where = f"/api/v1/runs/{live.id}/alarms?all=true"
        said = phrase("api.no_alarm", line=live.spec.id, alarm=shorten(alarm_id), where=where)
        raise ApiError(404, said)
    return alarm


@router.get("", summary="Alarms", responses=responses(401, 404, 422))
async def alarms(
    live: TheRun,
    everything: Annotated[bool, Query(alias="all", description="also those dealt with")] = False,  # noqa: FBT002
) -> list[AlarmOut]:
    """List the alarms that still want something from a person, latest first."""
    wanted = list(live.alarms) if everything else live.alarms.standing()
    return [_alarm_out(alarm) for alarm in wanted]


@router.post("/{alarm:path}/acknowledge", summary="I have seen it", responses=WRITES)
async def acknowledge(live: TheRun, alarm: str, who: Operator) -> Done:
    """Record that a person has seen the alarm."""
    found = _find(live, alarm)
    return carry_out(live, who, "acknowledge", found.asset, {"alarm": found.id})


@router.post("/{alarm:path}/confirm", summary="The cause is put right", responses=WRITES)
async def confirm(live: TheRun, alarm: str, who: Operator) -> Done:
    """Record that a person has put the cause right; it must have been acknowledged."""
    found = _find(live, alarm)
    return carry_out(live, who, "confirm", found.asset, {"alarm": found.id})
