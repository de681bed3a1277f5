"""Reading scenario files, and checking them against their line."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from twin.control.line import build
from twin.plant.line import Line
from twin.spec.document import Finding
from twin.spec.errors import SpecError
from twin.spec.line import LineSpec
from twin.spec.load import line_named, load_model
from twin.spec.messages import phrase
from twin.spec.scenario import ScenarioSpec

from .action import check_action
from .condition import Condition, ConditionError, Read

LIBRARY = Path(__file__).with_name("library")


def shipped_scenarios() -> dict[str, Path]:
    """Return the scenario files that come with the program, by name."""
    return {path.stem: path for path in sorted(LIBRARY.glob("*.yaml"))}


def load_scenario(
    path_or_name: str | Path, line: LineSpec | None = None
) -> tuple[ScenarioSpec, LineSpec]:
    """Read a scenario file, or the shipped one of that name, and the line that it is for.

    Args:
        path_or_name: the scenario.
        line: the line that it must be for; None takes the one that it names: a file beside it
            (`NAME.yaml`), or a shipped line.

    Raises:
        SpecError: With everything that is wrong with the file.
    """
    known = shipped_scenarios()
    path = known.get(str(path_or_name), Path(path_or_name))
    if not path.exists() and not path.suffix:
        near = get_close_matches(str(path_or_name), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise SpecError.of(
            str(path_or_name), f"no such scenario{hint} There are: {', '.join(known)}"
        )
    lines: list[LineSpec] = []

    def check(scenario: ScenarioSpec) -> Iterator[Finding]:
        if line is not None and line.id != scenario.line:
            told = phrase("scenario.other_line", wanted=scenario.line, found=line.id)
            yield Finding(("line",), told)
            return
        try:
            lines.append(line or line_named(scenario.line, beside=path))
        except SpecError as error:
            yield Finding(("line",), phrase("scenario.no_line", name=scenario.line, why=str(error)))
            return
        yield from check_scenario(scenario, build(lines[0]))

    return load_model(path, ScenarioSpec, [check]), lines[0]


def signals_of(line: Line) -> dict[str, set[str]]:
    """Return the names of the signals of each asset, and of `line` itself."""
    names = {asset.id: set(asset.read()) for asset in line.assets.values()}
    return {"line": {path.removeprefix("line/") for path in line.read()}, **names}


def reader(line: Line) -> Read:
    """Return what gives the present value of a signal by asset and name."""

    def read(asset: str, name: str) -> Any:
        if asset == "line":
            return line.read()[f"line/{name}"]
        return line.assets[asset].read()[name]

    return read


def check_scenario(scenario: ScenarioSpec, line: Line) -> Iterator[Finding]:
    """Yield everything that a scenario names and its line does not have."""
    for number, event in enumerate(scenario.events):
        yield from check_action(event.do, ("events", number, "do"), line)
    signals = signals_of(line)
    for number, expectation in enumerate(scenario.expect):
        for key in ("becomes", "holds"):
            text = getattr(expectation, key)
            if text is None:
                continue
            try:
                Condition(text, signals)
            except ConditionError as error:
                yield Finding(("expect", number, key), phrase("scenario.condition", why=str(error)))
