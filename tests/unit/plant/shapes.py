"""Short ways to write a line in a test."""

from typing import Any

from tests.unit.plant.lives import alive, line_of
from twin.kernel.runner import Runner
from twin.plant.line import Line
from twin.spec.check import check_line
from twin.spec.line import LineSpec

Spec = dict[str, Any]


def asset(name: str, kind: str, **more: Any) -> Spec:
    """Return an asset as a line file writes it."""
    return {"id": name, "kind": kind, **more}


def station(name: str, process_s: Any, **more: Any) -> Spec:
    """Return a station."""
    return asset(name, "station", process_s=process_s, **more)


def buffer(name: str, capacity: Any = "unlimited", **more: Any) -> Spec:
    """Return a buffer."""
    return asset(name, "buffer", capacity=capacity, **more)


def feed(name: str = "feed", **more: Any) -> Spec:
    """Return a source."""
    return asset(name, "source", **more)


OUT = asset("out", "sink")


def spec_of(assets: list[Spec], flow: list[Any], **more: Any) -> LineSpec:
    """Return a line that the loader accepts."""
    document = {"schema": "pilotline.line/1", "id": "t", "assets": assets, "flow": flow, **more}
    spec = LineSpec.model_validate(document)
    problems = check_line(spec)
    assert not problems, problems
    return spec


def row(*assets: Spec, **more: Any) -> LineSpec:
    """Return assets one after the other, people and such aside."""
    chain = [entry["id"] for entry in assets if entry["kind"] != "operator"]
    return spec_of(list(assets), [chain], **more)


def ran(spec: LineSpec, until_s: float, seed: int = 0) -> Line:
    """Return a line after it has run for a time."""
    return line_of(running(spec, until_s, seed))


def running(spec: LineSpec, until_s: float = 0.0, seed: int = 0) -> Runner:
    """Return a run that has gone on for a time."""
    runner = alive(spec, seed)
    if until_s:
        runner.run_until(until_s)
    return runner


def departures(spec: LineSpec, until_s: float, seed: int = 0) -> list[float]:
    """Return when the good parts left, s."""
    return list(ran(spec, until_s, seed).departures_s)
