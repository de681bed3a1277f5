"""The shapes that the API takes and gives."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

ShortText = Annotated[StrictStr, Field(max_length=1000)]
Trust = Literal["good", "uncertain", "bad"]
Value = StrictBool | StrictInt | StrictFloat | ShortText
Pace = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] | Literal["max"]


def example(**fields: Any) -> ConfigDict:
    """Return a model configuration that shows an example and refuses unknown fields."""
    return ConfigDict(extra="forbid", json_schema_extra={"example": fields})


class RunSummary(BaseModel):
    """A live run in short."""

    model_config = example(
        id="demo",
        line="pack_pilot",
        title={"en": "Battery pack pilot line", "zh": "电池包中试线"},
        time_s=3605.2,
        rate=1.0,
        source_time="2026-03-02T09:00:05.200Z",
        alarms_standing=1,
    )

    id: str
    line: str
    title: dict[str, str]
    time_s: float = Field(description="simulation time, s")
    rate: float | Literal["max"] = Field(description="simulation seconds per second; 0 is paused")
    source_time: str = Field(description="the simulation time as a date, RFC 3339, UTC")
    alarms_standing: int


class Me(BaseModel):
    """Who the server takes you for."""

    model_config = example(name="operator", role="operator")

    name: str
    role: str


class Speed(BaseModel):
    """How fast the run goes."""

    model_config = example(rate=10)

    rate: Pace = Field(
        description="simulation seconds per second: 0 pause, 1 real time, 'max' as fast as it goes"
    )


class Break(BaseModel):
    """How an asset is to break."""

    model_config = example(failure="jam", downtime_s=300)

    failure: Annotated[StrictStr, Field(max_length=64)] | None = Field(
        None, description="one of the asset's failures; else a breakdown without a name"
    )
    downtime_s: Annotated[float, Field(gt=0, le=1e7, allow_inf_nan=False)] | None = Field(
        None, description="repaired by itself after so long; else as the failure has it, or not"
    )


class Repair(BaseModel):
    """Which failure is to be repaired."""

    model_config = example(failure="jam")

    failure: Annotated[StrictStr, Field(max_length=64)] | None = Field(
        None, description="one of the asset's failures; else all that stand"
    )


class WriteValue(BaseModel):
    """A value for a signal."""

    model_config = example(value=0.8)

    value: Value


class ReadingOut(BaseModel):
    """What a signal holds."""

    value: Value
    quality: Trust
    time_s: float = Field(description="simulation time of the value, s")
    source_time: str = Field(description="the same as a date, RFC 3339, UTC")


class SignalOut(BaseModel):
    """A signal: what it is and what it holds."""

    model_config = example(
        path="m1/speed_factor",
        type="float",
        unit="",
        low=0.1,
        high=10.0,
        writable=True,
        enum=None,
        about="signal.speed_factor",
        reading={
            "value": 1.0,
            "quality": "good",
            "time_s": 0.0,
            "source_time": "2026-03-02T08:00:00.000Z",
        },
    )

    path: str
    type: Literal["bool", "int", "float", "str"]
    unit: str
    low: float | None
    high: float | None
    writable: bool
    enum: dict[str, int] | None = Field(description="names of the values, for states")
    about: str
    reading: ReadingOut


class AssetOut(BaseModel):
    """An asset and its state now."""

    model_config = example(
        id="m1",
        kind="station",
        title={"en": "Laser weld", "zh": "激光焊接"},
        cell=None,
        state="busy",
        packml="EXECUTE",
        failures=["jam"],
        signals={"m1/made": 41, "m1/content": 1},
    )

    id: str
    kind: str
    title: dict[str, str]
    cell: str | None
    state: str | None = Field(description="busy, starved, blocked, down, setup or idle")
    packml: str | None
    failures: list[str]
    signals: dict[str, Any] = Field(description="value by path")


class AlarmOut(BaseModel):
    """An alarm's state. It is over when it is inactive, acknowledged and confirmed."""

    model_config = example(
        id="m1/jam",
        asset="m1",
        message="jam",
        severity=700,
        active=True,
        raised_s=812.4,
        cleared_s=None,
        acknowledged=False,
        confirmed=False,
        count=1,
    )

    id: str
    asset: str
    message: str
    severity: int
    active: bool
    raised_s: float
    cleared_s: float | None
    acknowledged: bool
    confirmed: bool
    count: int


class LinkOut(BaseModel):
    """A link to a real device."""

    state: Literal["closed", "connecting", "connected", "lost"]
    armed: bool = Field(description="whether the twin may write to the device")
    problem: str = Field(description="what is wrong with it, empty when nothing is")
    timing: dict[str, float | None] = Field(
        default_factory=dict, description="round trip, period and jitter as measured, ms"
    )
    warnings: list[str] = Field(
        default_factory=list, description="what will go wrong though nothing is wrong with the link"
    )


class Departure(BaseModel):
    """How far a real station departs from its model. Times are those of the device's clock."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "link": "unpack_plc",
                "mode": "real",
                "quality": "good",
                "expected_cycle_s": 8.0,
                "observed_cycle_s": 8.8,
                "ratio": 1.1,
                "last_cycle_s": 8.9,
                "device_cycle_s": 8.7,
                "cycles": 41,
                "real_done": 43,
                "twin_done": 41,
                "missed": 1,
                "behind": 1,
                "restarts": 0,
                "losses": 1,
                "stale": 0,
                "refused": 0,
                "last_refusal": "",
            }
        }
    )

    link: str = Field(description="id of the link by which it is followed")
    mode: str = Field(description="real: the twin follows; shadow: it is only compared")
    quality: Trust
    expected_cycle_s: float | None = Field(description="what the model expects in the mean, s")
    observed_cycle_s: float | None = Field(description="mean of the latest cycles seen, s")
    ratio: float | None = Field(description="observed over expected: above 1 it is slower")
    last_cycle_s: float | None
    device_cycle_s: float | None = Field(description="the device's own figure, where it gives one")
    cycles: int = Field(description="cycles seen from begin to end")
    real_done: int = Field(description="parts that the real station finished")
    twin_done: int = Field(description="parts that the twin's station finished meanwhile")
    missed: int = Field(description="parts that the real one finished unseen")
    behind: int = Field(description="parts that the twin has not had yet")
    restarts: int = Field(description="times that the device's counter began anew")
    losses: int = Field(description="times that its link was lost")
    stale: int = Field(description="times that it fell silent on a standing link")
    refused: int = Field(description="times that the twin could not follow")
    last_refusal: str


class MirrorOut(BaseModel):
    """The real devices beside a run."""

    links: dict[str, LinkOut]
    assets: dict[str, Departure]
    signals: dict[str, Trust] = Field(description="quality of each bound signal, by path")
    outlets: dict[str, dict[str, float | None]] = Field(
        default_factory=dict, description="time and rhythm of publishing, ms, by address"
    )


class Done(BaseModel):
    """A command that was carried out, as it stands in the log."""

    model_config = example(
        time_s=812.4, verb="break", target="m1", args={"failure": "jam"}, by="instructor"
    )

    time_s: float
    verb: str
    target: str
    args: dict[str, Any]
    by: str
