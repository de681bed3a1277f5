"""The ten-machine line in SimPy: a process for each machine, a Store for each buffer."""

from collections.abc import Generator

import simpy

from . import MACHINES, PLACES, STATES, Chance, Outcome, chances


class Level:
    """Time average of a number that changes in steps."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.value = 0
        self.since = 0.0
        self.area = 0.0

    def add(self, step: int) -> None:
        now = self.env.now
        self.area += self.value * (now - self.since)
        self.value += step
        self.since = now

    def mean(self) -> float:
        self.add(0)
        return self.area / self.env.now


class Buffer:
    """A Store whose level is watched."""

    def __init__(self, env: simpy.Environment) -> None:
        self.store = simpy.Store(env, PLACES)
        self.level = Level(env)


class Machine:
    """Takes a part, works on it, breaks now and then, gives the part away."""

    def __init__(
        self,
        env: simpy.Environment,
        before: Buffer | None,
        after: Buffer | None,
        line: "Line",
        chance: Chance,
    ) -> None:
        self.env = env
        self.before = before
        self.after = after
        self.line = line
        self.work, self.uptime, self.downtime = chance.streams()
        self.times = dict.fromkeys(STATES, 0.0)
        self.state = "starved"
        self.since = 0.0
        env.process(self.run())

    def enter(self, state: str) -> None:
        now = self.env.now
        self.times[self.state] += now - self.since
        self.state = state
        self.since = now

    def run(self) -> Generator[simpy.Event, object, None]:
        env, before, after, line = self.env, self.before, self.after, self.line
        left = next(self.uptime)
        while True:
            if before is None:
                born = env.now
                line.wip.add(1)
            else:
                self.enter("starved")
                born = yield before.store.get()  # type: ignore[assignment]  # a Store gives Any
                before.level.add(-1)
            self.enter("busy")
            work = next(self.work)
            while work > left:
                yield env.timeout(left)
                work -= left
                self.enter("down")
                yield env.timeout(next(self.downtime))
                left = next(self.uptime)
                self.enter("busy")
            yield env.timeout(work)
            left -= work
            if after is None:
                line.wip.add(-1)
                line.leave(born)
            else:
                self.enter("blocked")
                yield after.store.put(born)
                after.level.add(1)


class Line:
    """The line, its work in process and its lead times."""

    def __init__(self, seed: int, parts: int) -> None:
        self.env = env = simpy.Environment()
        self.parts = parts
        self.done = env.event()
        self.wip = Level(env)
        self.lead_times: list[float] = []
        self.departures: list[float] = []
        self.buffers = [Buffer(env) for _ in range(MACHINES - 1)]
        places: list[Buffer | None] = [None, *self.buffers, None]
        self.machines = [
            Machine(env, places[i], places[i + 1], self, chance)
            for i, chance in enumerate(chances(seed))
        ]

    def leave(self, born: float) -> None:
        self.lead_times.append(self.env.now - born)
        self.departures.append(self.env.now)
        if len(self.lead_times) == self.parts:
            self.done.succeed()


def run(parts: int, seed: int) -> Outcome:
    """Run until so many parts have left."""
    line = Line(seed, parts)
    line.env.run(until=line.done)
    now = line.env.now
    for machine in line.machines:
        machine.enter(machine.state)
    return Outcome(
        parts=parts,
        time=now,
        fractions=[{s: t / now for s, t in m.times.items()} for m in line.machines],
        levels=[buffer.level.mean() for buffer in line.buffers],
        wip=line.wip.mean(),
        lead_times=line.lead_times,
    )
