"""The scenario file, schema `pilotline.scenario/1`: what goes wrong, when, and what is expected."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import AnyText, Id, Model, NonNegative, Positive
from .errors import Wrong
from .times import AnyTime

Condition = Annotated[str, Field(min_length=1, max_length=500)]
"""A condition over signals, such as `weld.state == busy and weld.made > 3`."""


Target = Annotated[str, Field(min_length=1, max_length=200)]
"""An asset, a body or a point of a workcell (`WORKCELL/BODY`), or a signal."""

_VERBS = ("break_", "repair", "stop", "start", "write", "force", "release", "enter", "leave")


class Action(Model):
    """One command: exactly one verb with its asset or signal, and what belongs to it."""

    break_: Target | None = Field(
        None, alias="break", description="asset that breaks; WORKCELL/BODY; or WORKCELL/POINT"
    )
    repair: Target | None = Field(None, description="what `break` broke is repaired")
    stop: Target | None = Field(None, description="asset that is stopped")
    start: Target | None = Field(None, description="asset that is started again")
    write: Target | None = Field(None, description="signal that is written: [CELL/]ASSET/SIGNAL")
    force: Target | None = Field(None, description="point that is forced: [CELL/]WORKCELL/POINT")
    release: Target | None = Field(None, description="point that is forced no more")
    enter: Target | None = Field(None, description="zone that a person enters: WORKCELL/ZONE")
    leave: Target | None = Field(None, description="zone that a person leaves: WORKCELL/ZONE")
    failure: Id | None = Field(None, description="which failure; default: one that has no name")
    downtime_s: Positive | None = Field(
        None, description="break, force; default: as the failure has it, else until repaired"
    )
    value: bool | int | float | str | None = Field(
        None, description="write, force; break of a point: the value at which it is stuck"
    )

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        verbs = [name for name in _VERBS if getattr(self, name)]
        if len(verbs) != 1:
            raise Wrong("scenario.one_verb", count=len(verbs))
        needs = verbs[0] in ("write", "force")
        if self.value is None if needs else self.value is not None and verbs != ["break_"]:
            raise Wrong("scenario.write_value")
        if self.downtime_s is not None and verbs[0] not in ("break_", "force"):
            raise Wrong("scenario.downtime", verb=self.verb)
        if self.failure is not None and verbs[0] not in ("break_", "repair"):
            raise Wrong("scenario.failure", verb=self.verb)
        return self

    @property
    def verb(self) -> str:
        """The verb of the command."""
        return next(name for name in _VERBS if getattr(self, name)).rstrip("_")

    @property
    def target(self) -> str:
        """What it is done to."""
        return str(next(filter(None, (getattr(self, name) for name in _VERBS))))


class Event(Model):
    """Something that the scenario does, at a time or so long after another event."""

    id: Id
    title: AnyText | None = None
    at_s: AnyTime | None = Field(None, description="time from the start; a law is drawn once a run")
    after: Id | None = Field(None, description="an earlier event")
    delay_s: AnyTime | None = Field(None, description="time after that event")
    do: Action

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.at_s is None) == (self.after is None):
            raise Wrong("scenario.one_time", event=self.id)
        if self.delay_s is not None and self.after is None:
            raise Wrong("scenario.delay_after", event=self.id)
        return self


class Reaction(Model):
    """A command that a person is expected to give."""

    verb: Literal[
        "break", "repair", "stop", "start", "write", "acknowledge", "confirm", "force", "release",
        "enter", "leave", "reset",
    ]  # fmt: skip
    target: str = Field(
        description="asset, WORKCELL/BODY, signal, or alarm (ASSET/FAILURE); a '*' stands for any"
    )


class Expectation(Model):
    """What should happen, and what it is worth.

    It is judged from the event `after` (default: the start) for `within_s` (default: to the end).
    Exactly one of: a person's `command`; a condition that `becomes` true; one that `holds`
    all the time.
    """

    id: Id
    title: AnyText
    points: NonNegative
    after: Id | None = None
    within_s: Positive | None = None
    command: Reaction | None = None
    becomes: Condition | None = None
    holds: Condition | None = None
    sustained_s: NonNegative = Field(0.0, description="how long `becomes` must stay true")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [k for k in ("command", "becomes", "holds") if getattr(self, k) is not None]
        if len(kinds) != 1:
            raise Wrong("scenario.one_expectation", expectation=self.id, count=len(kinds))
        return self


class ScenarioSpec(Model):
    """A scenario: for one line, events, and expectations with points."""

    schema_: Literal["pilotline.scenario/1"] = Field(alias="schema")
    id: Id
    title: AnyText
    task: AnyText | None = Field(None, description="what the student is asked to do")
    line: Id
    duration_s: Positive = 3600.0
    events: tuple[Event, ...] = Field(min_length=1)
    expect: tuple[Expectation, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Self:
        seen: list[str] = []
        for event in self.events:
            if event.id in seen:
                raise Wrong("scenario.twice", name=event.id)
            if event.after is not None and event.after not in seen:
                raise Wrong("scenario.unknown_event", user=event.id, name=event.after)
            seen.append(event.id)
        names = [expectation.id for expectation in self.expect]
        for expectation in self.expect:
            if names.count(expectation.id) > 1:
                raise Wrong("scenario.twice", name=expectation.id)
            if expectation.after is not None and expectation.after not in seen:
                raise Wrong("scenario.unknown_event", user=expectation.id, name=expectation.after)
        return self
