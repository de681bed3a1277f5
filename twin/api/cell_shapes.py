"""The shapes in which the API takes and gives what concerns a workcell."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictStr

from .shapes import LinkOut, Value, example

LONGEST_PROGRAM = 60_000
Name = Annotated[StrictStr, Field(max_length=200)]
Verb = Literal[
    "write",
    "force",
    "release",
    "remove",
    "enter",
    "leave",
    "repair",
    "control",
    "load_program",
    "plc_run",
    "plc_stop",
    "plc_step",
    "plc_restart",
    "plc_write",
    "plc_force",
    "plc_release",
]
ProgramText = Annotated[StrictStr, Field(max_length=LONGEST_PROGRAM)]


class CellSummary(BaseModel):
    """A workcell in short."""

    model_config = example(
        id="sorting",
        title={"en": "Sorting cell", "zh": "分拣单元"},
        state="busy",
        owner="plc",
        points=24,
        forced=0,
        incidents=1,
    )

    id: str
    title: dict[str, str]
    state: str
    owner: str = Field(description="who drives the outputs: plc, a controller outside, or nobody")
    points: int
    forced: int = Field(description="how many points are forced")
    incidents: int


class PointOut(BaseModel):
    """A point between a workcell and its controller."""

    model_config = example(
        name="infeed_run",
        path="sorting/infeed_run",
        body="infeed",
        direction="output",
        type="BOOL",
        address="%QX0.0",
        unit="",
        low=None,
        high=None,
        comment={"en": "infeed: run", "zh": "进料带：运行"},
        value=True,
        raw=False,
        forced=True,
        writer="plc",
        time_s=12.43,
        changes=3,
    )

    name: str
    path: str = Field(description="path of its signal")
    body: str
    direction: Literal["input", "output", "operator"] = Field(
        description="seen from the controller; operator: worked by a person"
    )
    type: Literal["BOOL", "INT", "DINT", "REAL"]
    address: str
    unit: str
    low: float | None
    high: float | None
    comment: dict[str, str]
    value: Value = Field(description="what its reader sees")
    raw: Value = Field(description="what was written last, hidden by a force")
    forced: Value | None = Field(description="the forced value; null when it is not forced")
    writer: str = Field(description="who wrote it last; empty for the plant itself")
    time_s: float = Field(description="when the value became what it is, s")
    changes: int


class IncidentOut(BaseModel):
    """One thing that went wrong."""

    number: int
    time_s: float
    kind: str
    body: str
    part: int | None = Field(description="number of the part it happened to")
    at_m: tuple[float, float, float] = Field(description="where, in the workcell")
    text: dict[str, str] = Field(description="what happened, and why")


class PlcOut(BaseModel):
    """The soft PLC of a workcell."""

    mode: Literal["run", "stop", "fault", "empty"]
    fault: dict[str, str] | None = Field(description="why it stopped")
    fault_line: int | None
    scans: int
    period_s: float
    program: int = Field(description="checksum of the program's text: another one, another text")


class CellStatus(BaseModel):
    """What changes in a workcell beside the values of its points."""

    time_s: float
    owner: str
    link: LinkOut | None = Field(
        description="how the link is by which the owner drives, when it is one of the mirror"
    )
    powered: bool = Field(description="false after an emergency stop, until it is reset")
    plc: PlcOut | None
    forced: dict[str, Value] = Field(description="the forced value of each forced point")
    raw: dict[str, Value] = Field(description="what the force hides, of each forced point")
    writers: dict[str, str] = Field(description="who wrote each output last")
    sliding: dict[str, Value] = Field(
        description="values of the points that change between events, such as an axis position"
    )
    count: int = Field(description="incidents since the beginning")
    incidents: list[IncidentOut]
    held: dict[str, list[str]] = Field(description="parts on each body that holds some")
    lying: list[str] = Field(description="parts on the floor")
    people: dict[str, bool] = Field(description="whether a person stands in each zone")


class CellOut(CellStatus):
    """A workcell with all its points."""

    id: str
    title: dict[str, str]
    points: list[PointOut]


class DiagnosticOut(BaseModel):
    """Something wrong or doubtful in a program. Lines and columns count from 1."""

    severity: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: dict[str, str]


class ProgramOut(BaseModel):
    """The program of a workcell's soft PLC."""

    text: str
    plc: PlcOut | None
    diagnostics: list[DiagnosticOut]


class ProgramIn(BaseModel):
    """A program in Structured Text."""

    model_config = example(text="PROGRAM main\n  infeed_run := start_pressed;\nEND_PROGRAM\n")

    text: ProgramText


class VariableOut(BaseModel):
    """A variable of the program."""

    model_config = example(path="main.count", type="INT", value=3)

    path: str
    type: str
    value: Any


class TraceOut(BaseModel):
    """What points did: for each its samples [time s, value], oldest first."""

    model_config = example(
        epoch=1, time_s=20.0, since_s=0.0, points={"infeed_run": [[0.0, False], [12.43, True]]}
    )

    epoch: int = Field(description="another number: the run began again, or is another one")
    time_s: float
    since_s: float = Field(description="when the recording began, s")
    points: dict[str, list[tuple[float, Value]]]


class CellCommand(BaseModel):
    """Something to do with a workcell, its points or its soft PLC."""

    model_config = example(verb="force", point="at_gate", value=True)

    verb: Verb
    point: Name | None = Field(None, description="write, force, release: name of the point")
    value: Value | None = Field(None, description="write, force, plc_write, plc_force")
    part: int | None = Field(None, description="remove: number of a part; none: all on the floor")
    zone: Name | None = Field(None, description="enter, leave: id of the zone")
    body: Name | None = Field(None, description="repair: id of the body")
    owner: Literal["plc", ""] | None = Field(None, description="control: who is to drive")
    text: ProgramText | None = Field(None, description="load_program")
    cold: bool = Field(default=False, description="plc_restart: also retained values begin anew")
    path: Name | None = Field(
        None, description="plc_write, plc_force, plc_release: path of the variable"
    )
