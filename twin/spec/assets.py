"""The kinds of asset that a line file may name, at flow fidelity."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from .base import (
    AnyText,
    Count,
    Expected,
    Id,
    Model,
    NonNegative,
    Positive,
    Priority,
    Share,
    Whole,
)
from .motion import Workcell
from .place import AssetBase
from .times import AnyTime, ProcessTime, Time


def _capacity(value: Any) -> str:
    return "word" if isinstance(value, str) else "count"


Capacity = Annotated[
    Annotated[Whole, Field(ge=0), Tag("count")] | Annotated[Literal["unlimited"], Tag("word")],
    Discriminator(_capacity),
    Expected("spec.expect.capacity"),
]


def _supply(value: Any) -> str:
    return "shares" if isinstance(value, dict) else "one"


Supply = Annotated[
    Annotated[Id, Tag("one")] | Annotated[dict[Id, Share], Field(min_length=1), Tag("shares")],
    Discriminator(_supply),
    Expected("spec.expect.supply"),
]
"""One part type, or several with their shares."""


class OperatorCall(Model):
    """A call for people: how many of a pool, with which skill, how urgently."""

    expected = "spec.expect.call"

    pool: Id
    skill: Id | None = None
    count: Count = 1
    priority: Priority = Field(0, description="lower is served first")


def _call(value: Any) -> Any:
    return {"pool": value} if isinstance(value, str) else value


AnyCall = Annotated[OperatorCall, BeforeValidator(_call, json_schema_input_type=Id | OperatorCall)]
"""An `OperatorCall`, or just the pool's id."""


class Failure(Model):
    """One way in which an asset breaks, and how long it stays broken."""

    id: Id
    title: AnyText | None = None
    clock: Literal["operating", "calendar"] = "operating"
    uptime_s: AnyTime
    downtime_s: AnyTime
    on_failure: Literal["resume", "restart", "scrap"] = "resume"
    repair_by: AnyCall | None = None
    severity: Annotated[Whole, Field(ge=1, le=1000)] = 700


class Maintenance(Model):
    """Planned work that takes an asset out of production."""

    id: Id
    every_s: Positive
    duration_s: AnyTime
    clock: Literal["operating", "calendar"] = "calendar"
    by: AnyCall | None = None


class SetupPair(Model):
    """The changeover from one part type to another."""

    from_: Id = Field(alias="from")
    to: Id
    s: AnyTime


class Setups(Model):
    """Sequence-dependent changeovers. `pairs` wins over `default`; same type to same: none."""

    default_s: AnyTime | None = None
    pairs: tuple[SetupPair, ...] = ()
    by: AnyCall | None = None


class Power(Model):
    """Electric power in each state, W."""

    busy: NonNegative = 0.0
    starved: NonNegative = 0.0
    blocked: NonNegative = 0.0
    down: NonNegative = 0.0
    setup: NonNegative = 0.0
    idle: NonNegative = 0.0


class MachineBase(AssetBase):
    """What every asset has that works, breaks, and keeps hours."""

    failures: tuple[Failure, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    shifts: tuple[Id, ...] = Field((), description="works only in these shifts; none named: always")
    power_w: Power = Power()


class Source(AssetBase):
    """Where parts come from. Without `interarrival_s` it never starves the line."""

    kind: Literal["source"]
    part: Supply = Field("part", description="a type, or types with shares")
    interarrival_s: AnyTime | None = None
    first_s: NonNegative | None = Field(None, description="time of the first arrival, else drawn")
    batch: Count = 1
    limit: Annotated[Whole, Field(ge=1, le=10**12)] | None = Field(
        None, description="how many parts there are in all"
    )
    when_full: Literal["wait", "lose"] = Field(
        "wait", description="what an arrival does that the line cannot take"
    )
    orders: bool = Field(default=False, description="release the line's work orders instead")


class Sink(AssetBase):
    """Where parts leave. A `scrap` sink counts what was thrown away."""

    kind: Literal["sink"]
    scrap: bool = False


class Batch(Model):
    """A machine that works on several parts at once."""

    expected = "spec.expect.batch"

    size: Count
    min: Count | None = Field(None, description="start with fewer after `wait_s`; default: size")
    wait_s: NonNegative | None = Field(None, description="longest wait of the first part")


def _batch(value: Any) -> Any:
    number = isinstance(value, int) and not isinstance(value, bool)
    return {"size": value} if number else value


AnyBatch = Annotated[Batch, BeforeValidator(_batch, json_schema_input_type=Count | Batch)]
"""A `Batch`, or just its size."""


class Station(MachineBase):
    """`capacity` parallel servers; a finished part blocks its server until it is taken."""

    kind: Literal["station"]
    process_s: ProcessTime
    capacity: Count = 1
    batch: AnyBatch | None = None
    operator: AnyCall | None = Field(None, description="people needed during the work")
    setups: Setups | None = None
    defect_rate: Share = Field(0.0, description="chance that the work spoils a good part")
    cure_rate: Share = Field(
        0.0, description="chance that the work mends a part that went bad elsewhere"
    )
    sequence: Literal["fifo", "priority", "due"] = Field(
        "fifo", description="which waiting supplier is served first"
    )


class Inspection(MachineBase):
    """Judges parts: a bad one escapes, or a good one is rejected, at the given rates."""

    kind: Literal["inspection"]
    process_s: ProcessTime
    capacity: Count = 1
    operator: AnyCall | None = None
    escape_rate: Share = 0.0
    false_reject_rate: Share = 0.0


class Assembly(MachineBase):
    """Joins parts into one. `each` takes them as they come, `together` when all are there."""

    kind: Literal["assembly"]
    process_s: ProcessTime
    needs: dict[Id, Count] = Field(min_length=1)
    makes: Id
    collect: Literal["each", "together"] = "each"
    operator: AnyCall | None = None
    defect_rate: Share = 0.0


class Disassembly(MachineBase):
    """Takes one part apart into `gives`."""

    kind: Literal["disassembly"]
    process_s: ProcessTime
    gives: dict[Id, Count] = Field(min_length=1)
    operator: AnyCall | None = None


class Buffer(AssetBase):
    """Keeps parts. `capacity: 0` passes them through only when the next asset takes them."""

    kind: Literal["buffer"]
    capacity: Capacity = "unlimited"
    order: Literal["fifo", "lifo", "priority"] = "fifo"
    initial: dict[Id, Count] = Field(default_factory=dict, description="parts there at the start")


class Conveyor(MachineBase):
    """Moves parts. Give `transit_s`, or `length_m` with `speed_m_s`.

    With a length, parts keep a distance of `pitch_m` (default: length / capacity), queue up at
    the end when `accumulating`, and stop all together when not.
    """

    kind: Literal["conveyor"]
    transit_s: Positive | None = None
    length_m: Positive | None = None
    speed_m_s: Positive | None = None
    pitch_m: Positive | None = None
    capacity: Count | None = Field(None, description="default: length / pitch, else unlimited")
    accumulating: bool = True


class Storage(MachineBase):
    """A store with one device that puts parts away and fetches them."""

    kind: Literal["storage"]
    capacity: Count
    store_s: AnyTime
    retrieve_s: AnyTime
    order: Literal["fifo", "lifo", "priority"] = "fifo"


class Battery(Model):
    """Charging of a vehicle: km or hours do not matter here, only time on the move."""

    runtime_s: Positive = Field(description="driving time on a full battery")
    charge_s: Positive = Field(description="time to charge from empty to full")
    reserve: Share = Field(0.2, description="goes to charge below this share when free")
    charger: Id | None = Field(None, description="asset beside which it charges; none: where it is")


class Vehicle(MachineBase):
    """A fleet that carries single parts between places: named between two assets in `flow`."""

    kind: Literal["vehicle"]
    count: Count = 1
    speed_m_s: Positive = 1.0
    load_s: AnyTime = Time(constant=0.0)
    unload_s: AnyTime = Time(constant=0.0)
    home: Id | None = Field(None, description="asset beside which a free vehicle waits at first")
    distance_m: dict[Id, dict[Id, Positive]] = Field(
        default_factory=dict, description="way between two assets; else straight in the layout"
    )
    dispatch: Literal["fifo", "nearest"] = "fifo"
    battery: Battery | None = None


class Operator(AssetBase):
    """A pool of people that setups, repairs and manual work ask for."""

    kind: Literal["operator"]
    count: Count = 1
    skills: tuple[Id, ...] = Field((), description="none named: can do everything")
    shifts: tuple[Id, ...] = ()


Asset = Annotated[
    Source
    | Sink
    | Station
    | Inspection
    | Assembly
    | Disassembly
    | Buffer
    | Conveyor
    | Storage
    | Vehicle
    | Operator
    | Workcell,
    Field(discriminator="kind"),
    Expected("spec.expect.asset"),
]
