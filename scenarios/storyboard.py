"""The storyboard: lets a scenario's events happen in a run, at their drawn times."""

from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.kernel.runner import Runner
from twin.kernel.streams import Streams
from twin.plant.samplers import Duration
from twin.spec.scenario import ScenarioSpec

from .action import commands_of

BY = "scenario"
"""Who gives a scenario's commands."""


def times_of(scenario: ScenarioSpec, seed: int, replication: int = 0) -> dict[str, float]:
    """Return when each event happens, s: drawn from the run's seed, so the same for each replay."""
    streams = Streams(seed, replication)
    times: dict[str, float] = {}
    for event in scenario.events:
        law = event.at_s if event.at_s is not None else event.delay_s
        base = times[event.after] if event.after is not None else 0.0
        delay = Duration(law, f"scenario/{scenario.id}/{event.id}", streams).draw() if law else 0.0
        times[event.id] = base + delay
    return times


class Storyboard:
    """Gives a scenario's commands into one run. Call it before each advance.

    Args:
        scenario: what happens.
        seed: the run's.
        start_s: simulation time from which the scenario counts, s.
    """

    def __init__(self, scenario: ScenarioSpec, seed: int, *, start_s: float = 0.0) -> None:
        self.scenario = scenario
        times = times_of(scenario, seed)
        events = {event.id: event for event in scenario.events}
        order = sorted(times, key=lambda name: times[name])
        self._left: list[tuple[float, str, Command]] = []
        for name in order:
            command, ending = commands_of(events[name].do, f"{BY}:{name}")
            at_s = start_s + times[name]
            self._left.append((at_s, name, command))
            if ending is not None:
                downtime_s = events[name].do.downtime_s
                assert downtime_s is not None
                self._left.append((at_s + downtime_s, "", ending))
        self._left.sort(key=lambda entry: entry[0])
        self.refused: dict[str, str] = {}
        """Why an event did not take place."""

    def __call__(self, runner: Runner, goal_s: float) -> float:
        """Let all events up to `goal_s` happen; return `goal_s`."""
        while self._left and self._left[0][0] <= goal_s:
            time_s, name, command = self._left.pop(0)
            try:
                runner.apply(command, at_s=time_s)
            except CommandRefused as error:
                if name:  # what somebody has repaired before need not end
                    self.refused[name] = str(error)
        return goal_s
