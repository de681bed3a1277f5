"""Reading scenario files, and checking them against their line."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from twin.plant.line import Line, build
from twin.spec.document import Finding
from twin.spec.errors import SpecError
from twin.spec.line import LineSpec
from twin.spec.load import load_line, load_model
from twin.spec.scenario import ScenarioSpec

from .condition import Condition, ConditionError

LIBRARY = Path(__file__).with_name("library")


def shipped_scenarios() -> dict[str, Path]:
    """Return the scenario files that come with the program, by name."""
    return {path.stem: path for path in sorted(LIBRARY.glob("*.yaml"))}


def load_scenario(path_or_name: str | Path) -> tuple[ScenarioSpec, LineSpec]:
    """Read a scenario file, or the shipped one of that name, and the line that it is for.

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
        beside = path.parent / f"{scenario.line}.yaml"
        lines.append(load_line(beside if beside.exists() else scenario.line))
        yield from ()

    scenario = load_model(path, ScenarioSpec, [check])
    try:
        check_scenario(scenario, build(lines[0]))
    except ConditionError as error:
        raise SpecError.of(str(path), str(error)) from None
    return scenario, lines[0]


def signals_of(line: Line) -> dict[str, set[str]]:
    """Return the names of the signals of each asset of a line."""
    return {asset.id: set(asset.read()) for asset in line.assets.values()}


def check_scenario(scenario: ScenarioSpec, line: Line) -> None:
    """Check that a scenario names what its line has.

    Raises:
        ConditionError: It names an asset, failure or signal that is not there.
    """
    signals = signals_of(line)
    paths = {signal.path: signal for signal in line.signals()}
    for event in scenario.events:
        action = event.do
        if action.verb == "write":
            if action.target not in paths or not paths[action.target].writable:
                raise ConditionError(
                    f"event {event.id} writes {action.target!r}, which cannot be written"
                )
        elif action.target not in line.assets:
            near = get_close_matches(action.target, line.assets, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConditionError(
                f"event {event.id}: line {line.spec.id} has no {action.target!r}{hint}"
            )
        modes = [mode.id for mode in getattr(line.assets.get(action.target), "modes", ())]
        if action.failure is not None and action.failure not in modes:
            raise ConditionError(
                f"event {event.id}: {action.target} has no failure {action.failure!r}; "
                f"it has {', '.join(modes) or 'none'}"
            )
    for expectation in scenario.expect:
        for text in (expectation.becomes, expectation.holds):
            if text is not None:
                Condition(text, signals)
