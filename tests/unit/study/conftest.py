"""Replications made up from known laws, so that a study can be tested without a plant."""

import sys
import time
from dataclasses import dataclass

import cloudpickle
import numpy as np
import pytest

from twin.plant.result import AssetResult, RunResult

NAMES = ("busy", "starved", "blocked", "down", "setup", "idle")


def made_up(replication: int, *, seed=1, simulated_s=3600.0, warmup_s=0.0, mean_s=10.0):
    """A line that makes a part each exponential time; one machine busy 0.6, down 0.1."""
    rng = np.random.default_rng([seed, replication])
    gaps = rng.exponential(mean_s, size=max(1, int(3 * simulated_s / mean_s)))
    departures = np.cumsum(gaps)
    departures = departures[departures <= simulated_s]
    made = int((departures > warmup_s).sum())
    span = simulated_s - warmup_s
    fractions = dict.fromkeys(NAMES, 0.0) | {"busy": 0.6, "starved": 0.3, "down": 0.1}
    return RunResult(
        line="fake",
        seed=seed,
        replication=replication,
        simulated_s=simulated_s,
        warmup_s=warmup_s,
        events=2 * departures.size,
        wall_s=0.0,
        created=departures.size,
        made=made,
        scrapped=1,
        escaped=0,
        throughput_per_h=made * 3600 / span,
        wip=3.0 + replication,
        lead_time_s=rng.exponential(60.0, size=made),
        departures_s=departures,
        energy_j=7200.0 * made,
        assets={
            "m1": AssetResult(
                kind="station",
                fractions=fractions,
                made=made,
                availability=0.9,
                performance=0.8,
                quality=1.0,
                oee=0.72,
                bottleneck=0.55,
            ),
            "b1": AssetResult(
                kind="buffer", fractions=dict.fromkeys(NAMES, 0.0) | {"idle": 1.0}, level=2.5,
                level_max=5,
            ),
        },
    )  # fmt: skip


@dataclass(frozen=True)
class FakeJob:
    """Gives `made_up`; can be slow, or fail at one replication."""

    slices: int = 1
    slice_s: float = 0.0
    fails_at: int = -1
    simulated_s: float = 3600.0

    def __call__(self, replication, tick):
        if replication == self.fails_at:
            raise KeyError("spindle")
        for index in range(self.slices):
            if self.slice_s:
                time.sleep(self.slice_s)
            if tick((index + 1) / self.slices):
                return None
        return made_up(replication, simulated_s=self.simulated_s)


# Workers cannot import this file by name.
cloudpickle.register_pickle_by_value(sys.modules[__name__])


@pytest.fixture
def run_result():
    return made_up


@pytest.fixture
def fake_job():
    return FakeJob
