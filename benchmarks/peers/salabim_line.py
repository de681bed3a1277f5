"""The ten-machine line in salabim: machines and parts are Components, buffers are Stores."""

from collections.abc import Generator
from typing import Any

import salabim as sim

from . import MACHINES, PLACES, STATES, Chance, Outcome, chances

sim.yieldless(False)


class Part(sim.Component):
    """A part; salabim keeps its time of creation."""


class Machine(sim.Component):
    """Takes a part, works on it, breaks now and then, gives the part away."""

    def setup(self, before: Any, after: Any, line: "Line", chance: Chance) -> None:
        self.before = before
        self.after = after
        self.line = line
        self.work, self.uptime, self.downtime = chance.streams()
        self.state = sim.Monitor(level=True, initial_tally="starved", env=self.env)

    def process(self) -> Generator[Any, Any, None]:
        env, line, state = self.env, self.line, self.state
        left = next(self.uptime)
        while True:
            if self.before is None:
                part = Part()
                line.wip.tally(line.wip() + 1)
            else:
                state.tally("starved")
                part = yield self.from_store(self.before)
            state.tally("busy")
            work = next(self.work)
            while work > left:
                yield self.hold(left)
                work -= left
                state.tally("down")
                yield self.hold(next(self.downtime))
                left = next(self.uptime)
                state.tally("busy")
            yield self.hold(work)
            left -= work
            if self.after is None:
                line.wip.tally(line.wip() - 1)
                line.lead_times.append(env.now() - part.creation_time())
                if len(line.lead_times) == line.parts:
                    env.main().activate()
            else:
                state.tally("blocked")
                yield self.to_store(self.after, part)


class Line:
    """The line, its work in process and its lead times."""

    def __init__(self, seed: int, parts: int) -> None:
        self.env = env = sim.Environment(trace=False)
        self.parts = parts
        self.wip = sim.Monitor(level=True, env=env)
        self.lead_times: list[float] = []
        self.buffers = [sim.Store(capacity=PLACES, env=env) for _ in range(MACHINES - 1)]
        places = [None, *self.buffers, None]
        self.machines = [
            Machine(before=places[i], after=places[i + 1], line=self, chance=chance, env=env)
            for i, chance in enumerate(chances(seed))
        ]


def run(parts: int, seed: int) -> Outcome:
    """Run until so many parts have left."""
    line = Line(seed, parts)
    line.env.run()
    now = line.env.now()
    return Outcome(
        parts=parts,
        time=now,
        fractions=[{s: m.state.value_duration(s) / now for s in STATES} for m in line.machines],
        levels=[buffer.length.mean() for buffer in line.buffers],
        wip=line.wip.mean(),
        lead_times=line.lead_times,
    )
