"""The storyboard: lets a scenario's events happen in a run, at their drawn times."""

from twin.kernel.command import Args, Command
from twin.kernel.errors import CommandRefused
from twin.kernel.runner import Runner
from twin.kernel.streams import Streams
from twin.plant.samplers import Duration
from twin.spec.scenario import ScenarioSpec

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
        self._left = [(start_s + times[name], events[name]) for name in order]
        self.refused: dict[str, str] = {}
        """Why an event did not take place."""

    def __call__(self, runner: Runner, goal_s: float) -> float:
        """Let all events up to `goal_s` happen; return `goal_s`."""
        while self._left and self._left[0][0] <= goal_s:
            time_s, event = self._left.pop(0)
            action = event.do
            args: Args = {
                "failure": action.failure,
                "downtime_s": action.downtime_s,
                "value": action.value,
            }
            args = {name: value for name, value in args.items() if value is not None}
            command = Command(action.verb, action.target, args, f"{BY}:{event.id}")
            try:
                runner.apply(command, at_s=time_s)
            except CommandRefused as error:
                self.refused[event.id] = str(error)
        return goal_s
