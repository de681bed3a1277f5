"""Grading: replays a run's record and judges each expectation, with its evidence."""

from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from math import inf
from typing import Any

from twin.control.line import build
from twin.kernel.command import Command, Stamped
from twin.kernel.errors import CommandRefused, RecordError, TraceEnded
from twin.kernel.record import Header, RunRecord
from twin.kernel.runner import Runner
from twin.plant.line import Line
from twin.spec.line import LineSpec
from twin.spec.messages import message
from twin.spec.scenario import Expectation, ScenarioSpec

from .condition import Condition
from .load import reader, signals_of
from .storyboard import BY


@dataclass(slots=True)
class Judgement:
    """How one expectation was met."""

    id: str
    title: str
    points: float
    most: float
    met: bool
    at_s: float | None
    """When it was met, or when it failed; None when nothing happened."""
    why: str
    values: dict[str, Any] = field(default_factory=dict)
    """What the named signals were at that time."""


Instant = tuple[float, Line]
"""A time, s, and the line as it is then."""
Watch = Generator[None, Instant | None, Judgement]
"""Is shown every instant, then None; it returns its judgement as soon as that is certain."""


@dataclass(slots=True)
class Grade:
    """The result of a run."""

    scenario: str
    line: str
    seed: int
    points: float
    most: float
    judgements: list[Judgement]
    same: bool
    """Whether the replay gave the same fingerprint as the record: nobody has changed it."""

    def as_dict(self) -> dict[str, Any]:
        """Return the grade as plain data."""
        return asdict(self)


def grade(record: RunRecord, language: str = "en") -> Grade:
    """Judge a run by its record alone.

    Raises:
        RecordError: The record has no scenario, or cannot be replayed.
    """
    if record.header.scenario is None:
        raise RecordError("this run had no scenario, so there is nothing to grade")
    scenario = ScenarioSpec.model_validate(record.header.scenario)
    began = _begins(record)
    judge = _Judge(scenario, record, began, language)
    try:
        judgements = judge.all()
        same = record.digest is None or judge.fingerprint() == record.digest
    except CommandRefused as error:
        raise RecordError(f"the record's commands do not fit its line: {error}") from None
    return Grade(
        scenario=scenario.id,
        line=scenario.line,
        seed=record.header.seed,
        points=sum(entry.points for entry in judgements),
        most=sum(entry.most for entry in judgements),
        judgements=judgements,
        same=same,
    )


def _begins(record: RunRecord) -> dict[str, float]:
    """Return when each event took place, as the log tells."""
    prefix = f"{BY}:"
    return {
        stamped.command.by.removeprefix(prefix): stamped.time_s
        for stamped in record.log
        if stamped.command.by.startswith(prefix)
    }


def _target(command: Command) -> str:
    """Return what a command is about, as an expectation names it."""
    zone = command.args.get("zone")
    return f"{command.target}/{zone}" if zone else str(command.args.get("alarm") or command.target)


class _Judge:
    def __init__(
        self, scenario: ScenarioSpec, record: RunRecord, began: dict[str, float], language: str
    ) -> None:
        self.scenario = scenario
        self.record = record
        self.began = began
        self.language = language

    def _replayed(self) -> tuple[Line, Runner]:
        header: Header = self.record.header
        line = build(LineSpec.model_validate(header.line), header.seed, header.replication)
        return line, Runner(line, header)

    def fingerprint(self) -> str:
        _, runner = self._replayed()
        digest = runner.digest()
        runner.replay(self.record)
        return digest.hex()

    def all(self) -> list[Judgement]:
        """Judge every expectation; conditions that begin together share one replay."""
        found: dict[str, Judgement] = {}
        watches: dict[float, dict[str, tuple[float, Watch]]] = {}
        for expectation in self.scenario.expect:
            begin_s = 0.0 if expectation.after is None else self.began.get(expectation.after)
            if begin_s is None:
                found[expectation.id] = self._judgement(
                    expectation, None, "grade.no_event", event=expectation.after
                )
                continue
            end_s = min(self.record.end_s, begin_s + (expectation.within_s or inf))
            if expectation.command is not None:
                found[expectation.id] = self._command(expectation, begin_s, end_s)
                continue
            look = self._holds if expectation.becomes is None else self._becomes
            together = watches.setdefault(begin_s, {})
            together[expectation.id] = end_s, look(expectation, begin_s, end_s)
        for begin_s, together in watches.items():
            found |= self._watched(begin_s, together)
        return [found[expectation.id] for expectation in self.scenario.expect]

    def _watched(
        self, begin_s: float, watches: dict[str, tuple[float, Watch]]
    ) -> dict[str, Judgement]:
        """Show each watch every instant from `begin_s` to its end; return what they found."""
        found: dict[str, Judgement] = {}

        def show(name: str, instant: Instant | None) -> None:
            try:
                watches[name][1].send(instant)
            except StopIteration as judged:
                found[name] = judged.value

        for name in watches:
            show(name, None)
        for instant in self._instants(begin_s, max(end_s for end_s, _ in watches.values())):
            for name, (end_s, _) in watches.items():
                if name not in found:
                    show(name, instant if instant[0] <= end_s else None)
            if len(found) == len(watches):
                break
        for name in watches:
            if name not in found:
                show(name, None)
        return found

    def _judgement(
        self,
        expectation: Expectation,
        at_s: float | None,
        key: str,
        *,
        met: bool = False,
        values: dict[str, Any] | None = None,
        **about: Any,
    ) -> Judgement:
        return Judgement(
            id=expectation.id,
            title=expectation.title.get(self.language),
            points=expectation.points if met else 0.0,
            most=expectation.points,
            met=met,
            at_s=at_s,
            why=message(key, self.language, **about),
            values=values or {},
        )

    def _command(self, expectation: Expectation, begin_s: float, end_s: float) -> Judgement:
        wanted = expectation.command
        assert wanted is not None
        late_s: float | None = None
        for stamped in self._by_people():
            command = stamped.command
            target = _target(command)
            fits = command.verb == wanted.verb and fnmatchcase(target, wanted.target)
            if fits and begin_s <= stamped.time_s <= end_s:
                return self._judgement(
                    expectation, stamped.time_s, "grade.command_given", met=True,
                    verb=command.verb, target=target, by=command.by or "?",
                    after=round(stamped.time_s - begin_s, 1),
                )  # fmt: skip
            if fits and stamped.time_s > end_s and late_s is None:
                late_s = stamped.time_s
        about: dict[str, Any] = {
            "verb": wanted.verb, "target": wanted.target, "within": round(end_s - begin_s, 1),
        }  # fmt: skip
        if late_s is None:
            return self._judgement(expectation, None, "grade.command_missing", **about)
        after = round(late_s - begin_s, 1)
        return self._judgement(expectation, late_s, "grade.command_late", after=after, **about)

    def _by_people(self) -> Iterator[Stamped]:
        for stamped in self.record.log:
            if not stamped.command.by.startswith(f"{BY}:"):
                yield stamped

    def _instants(self, begin_s: float, end_s: float) -> Iterator[Instant]:
        """Replay, and yield the line after each instant of the window, from its begin on."""
        line, runner = self._replayed()
        commands = list(self.record.log)
        while commands and commands[0].time_s <= begin_s:
            stamped = commands.pop(0)
            runner.apply(stamped.command, at_s=stamped.time_s)
        with suppress(TraceEnded):
            runner.run_until(begin_s)
        yield begin_s, line
        while True:
            command_s = commands[0].time_s if commands else inf
            due_s = inf if line.env.ended else line.env.next_due_s()
            next_s = min(command_s, due_s)
            if next_s > end_s:
                break
            if command_s <= due_s:
                stamped = commands.pop(0)
                runner.apply(stamped.command, at_s=stamped.time_s)
            else:
                with suppress(TraceEnded):
                    runner.step()
            yield line.env.time_s, line

    def _becomes(self, expectation: Expectation, begin_s: float, end_s: float) -> Watch:
        text = expectation.becomes
        assert text is not None
        since: float | None = None
        last: dict[str, Any] = {}
        condition: Condition | None = None
        while (instant := (yield)) is not None:
            time_s, line = instant
            condition = condition or Condition(text, signals_of(line))
            read = reader(line)
            last = condition.evidence(read)
            if not condition.holds(read):
                if since is not None and time_s - since >= expectation.sustained_s:
                    return self._met(expectation, since, begin_s, last)
                since = None
                continue
            since = time_s if since is None else since
            if time_s - since >= expectation.sustained_s:
                return self._met(expectation, since, begin_s, last)
        if since is not None and end_s - since >= expectation.sustained_s:
            return self._met(expectation, since, begin_s, last)
        return self._judgement(
            expectation, None, "grade.never_became", values=last,
            condition=text, begin=round(begin_s, 1), end=round(end_s, 1),
        )  # fmt: skip

    def _met(
        self, expectation: Expectation, at_s: float, begin_s: float, values: dict[str, Any]
    ) -> Judgement:
        return self._judgement(
            expectation, at_s, "grade.became", met=True, values=values,
            condition=expectation.becomes, after=round(at_s - begin_s, 1),
        )  # fmt: skip

    def _holds(self, expectation: Expectation, begin_s: float, end_s: float) -> Watch:
        text = expectation.holds
        assert text is not None
        condition: Condition | None = None
        while (instant := (yield)) is not None:
            time_s, line = instant
            condition = condition or Condition(text, signals_of(line))
            read = reader(line)
            if not condition.holds(read):
                return self._judgement(
                    expectation, time_s, "grade.broke", values=condition.evidence(read),
                    condition=text, after=round(time_s - begin_s, 1),
                )  # fmt: skip
        return self._judgement(
            expectation, end_s, "grade.held", met=True,
            condition=text, begin=round(begin_s, 1), end=round(end_s, 1),
        )  # fmt: skip
