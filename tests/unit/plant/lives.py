"""Running lines in tests: to an instant, with commands, through a snapshot, with a fingerprint."""

import json
from hashlib import sha256
from math import nan
from typing import Any

from hypothesis import strategies as st

from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.line import Line, build
from twin.spec.line import LineSpec

Doing = tuple[float, Command]
"""A command and when it is given, s."""


def alive(spec: LineSpec, seed: int = 0, replication: int = 0) -> Runner:
    """Begin a run."""
    document = spec.document()
    return Runner(build(spec, seed, replication), Header(document, seed, replication))


def line_of(runner: Runner) -> Line:
    """Return the line of a run."""
    assert isinstance(runner.plant, Line)
    return runner.plant


def text(runner: Runner) -> str:
    """Return everything that a snapshot holds, as text."""
    return json.dumps(runner.snapshot())


def fingerprint(runner: Runner) -> str:
    """Return a short form of the plant's whole state."""
    return sha256(json.dumps(runner.snapshot()["plant"]).encode()).hexdigest()


def reborn(runner: Runner, spec: LineSpec) -> Runner:
    """Return a fresh run that goes on where another one is, through a file's text."""
    header = runner.header
    fresh = alive(spec, header.seed, header.replication)
    fresh.restore(json.loads(text(runner)))
    return fresh


def do(runner: Runner, doing: list[Doing], until_s: float) -> list[str]:
    """Give the commands that come before `until_s`, and run there; return the refusals."""
    refused = []
    while doing and doing[0][0] <= until_s:
        time_s, command = doing.pop(0)
        try:
            runner.apply(command, at_s=time_s)
        except CommandRefused as error:
            refused.append(str(error))
    runner.run_until(until_s)
    return refused


def doings(spec: LineSpec, until_s: float, *, most: int = 12) -> st.SearchStrategy[list[Doing]]:
    """Return a strategy for random commands to the assets of a line, in order of time."""
    targets = st.sampled_from([*(asset.id for asset in spec.assets), "nobody"])
    failures = sorted({f.id for a in spec.assets for f in getattr(a, "failures", ())})
    names = st.sampled_from([None, "fault", *failures])
    alarm_verbs = st.sampled_from(["acknowledge", "confirm"])
    verdicts = st.sampled_from([True, False, "good"])
    commands = st.one_of(
        st.builds(_break, targets, names, st.sampled_from([None, 1.0, 5.0, 0.0, "soon"])),
        st.builds(lambda t, n: Command("repair", t, _args(failure=n)), targets, names),
        st.builds(Command, st.sampled_from(["stop", "start", "begin", "finish", "dance"]), targets),
        st.builds(Command, st.sampled_from(["stop", "start"])),
        st.builds(lambda t, v: Command("finish", t, {"verdict": v}), targets, verdicts),
        st.builds(lambda t, on: Command("follow", t, {"on": on}), targets, st.booleans()),
        st.builds(_write, targets, st.sampled_from([0.5, 2, 1.0, 99.0, "fast", None, nan])),
        st.builds(
            lambda t, q: Command("mark", t, {"quality": q}),
            targets,
            st.sampled_from(["good", "bad", "uncertain", "odd"]),
        ),
        st.builds(lambda v, t: Command(v, t, {"alarm": f"{t}/fault"}), alarm_verbs, targets),
    )
    moments = st.one_of(
        st.integers(0, int(until_s)).map(float), st.floats(0, until_s, allow_nan=False)
    )
    return st.lists(st.tuples(moments, commands), max_size=most).map(
        lambda entries: sorted(entries, key=lambda entry: entry[0])
    )


def _args(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _break(target: str, failure: str | None, downtime_s: Any) -> Command:
    return Command("break", target, _args(failure=failure, downtime_s=downtime_s))


def _write(target: str, value: Any) -> Command:
    return Command("write", f"{target}/speed_factor", {"value": value})
