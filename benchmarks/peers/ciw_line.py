"""The ten-machine line in Ciw: nodes with places to wait and blocking after service.

Ciw has no failures that depend on work done. A service time here is the work with the repairs in
it, of the same law; so `down` cannot be told from `busy`. The supply that never ends is a queue
before the first node that holds all parts from the start; its wait is not part of the lead time.
"""

from typing import Any

import ciw

from . import MACHINES, PLACES, Chance, Outcome, chances


class WorkWithRepairs(ciw.dists.Distribution):
    """Work of one part, with the repairs of the failures that happen in it."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance

    def start(self) -> None:
        """Make the streams; not earlier, since Ciw copies its distributions."""
        self.work, self.uptime, self.downtime = self.chance.streams()
        self.left = next(self.uptime)

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        """Return the next completion time."""
        if not hasattr(self, "left"):
            self.start()
        work = next(self.work)
        time = work
        while work > self.left:
            work -= self.left
            time += next(self.downtime)
            self.left = next(self.uptime)
        self.left -= work
        return time


def run(parts: int, seed: int) -> Outcome:
    """Run until so many parts have left."""
    work: list[Any] = [WorkWithRepairs(chance) for chance in chances(seed)]
    supply = parts + MACHINES * (PLACES + 1)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([0.0, float("inf")])] + [None] * (MACHINES - 1),
        batching_distributions=[ciw.dists.Deterministic(supply)] * MACHINES,
        service_distributions=work,
        number_of_servers=[1] * MACHINES,
        queue_capacities=[float("inf")] + [PLACES] * (MACHINES - 1),
        routing=[
            [1.0 if to == here + 1 else 0.0 for to in range(MACHINES)] for here in range(MACHINES)
        ],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(parts, method="Finish")
    now = simulation.current_time
    busy = [0.0] * MACHINES
    blocked = [0.0] * MACHINES
    waited = [0.0] * MACHINES
    births: dict[int, float] = {}
    lead_times = []
    for record in simulation.get_all_records():
        node = record.node - 1
        busy[node] += record.service_time
        blocked[node] += record.time_blocked
        if node == 0:
            births[record.id_number] = record.service_start_date
        else:
            waited[node] += record.waiting_time
        if node == MACHINES - 1:
            lead_times.append((record.id_number, record.exit_date))
    leads = [left - births[part] for part, left in lead_times]
    return Outcome(
        parts=len(leads),
        time=now,
        fractions=[
            {"busy": b / now, "blocked": k / now, "starved": 1 - (b + k) / now}
            for b, k in zip(busy, blocked, strict=True)
        ],
        levels=[each / now for each in waited[1:]],
        wip=sum(leads) / now,
        lead_times=leads,
    )
