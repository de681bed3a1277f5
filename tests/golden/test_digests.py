"""The shipped lines do what they did: on this machine, in any process, under any hash seed."""

import json
import os
import runpy
import subprocess
import sys

import joblib
import pytest

from tests.golden.update import FILE, SEEDS, names, run
from twin.kernel.record import versions

GOLDEN = json.loads(FILE.read_text(encoding="utf-8"))
RUNS = GOLDEN["runs"]
SCRIPT = str(FILE.with_name("update.py"))


def test_there_is_a_fingerprint_of_each_shipped_line():
    assert sorted(RUNS) == names(), "write them anew: python tests/golden/update.py"


@pytest.mark.parametrize("name", names())
def test_a_line_runs_as_it_did(name):
    _other_versions()
    entry = RUNS[name]
    for seed in SEEDS:
        found = run(name, seed, entry["until_s"])
        assert found == entry["seeds"][str(seed)], f"{name}, seed {seed}"


def test_seeds_differ():
    for name, entry in RUNS.items():
        digests = {found["digest"] for found in entry["seeds"].values()}
        alike = name in ("job_shop", "inspection_stand")  # no chance in the flow
        assert len(digests) == (1 if alike else len(SEEDS)), name


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_hash_seed_changes_nothing(hash_seed):
    wanted = {name: RUNS[name]["until_s"] for name in ("pack_pilot", "training_four", "conwip")}
    code = (
        "import runpy, sys, json; run = runpy.run_path(sys.argv[1])['run']; "
        "print(json.dumps({n: run(n, 7, t) for n, t in json.loads(sys.argv[2]).items()}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, SCRIPT, json.dumps(wanted)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    there = json.loads(done.stdout)
    assert there == {name: run(name, 7, until_s) for name, until_s in wanted.items()}


def test_another_worker_gives_the_same():
    wanted = [(name, RUNS[name]["until_s"]) for name in ("pack_pilot", "pv_module", "rework")]
    path = SCRIPT
    # A lambda travels whole: the worker does not know the tests as modules.
    there = joblib.delayed(lambda name, until_s: runpy.run_path(path)["run"](name, 7, until_s))
    with joblib.Parallel(n_jobs=2, backend="loky") as workers:
        found = workers(there(*one) for one in wanted)
    assert found == [run(name, 7, until_s) for name, until_s in wanted]


def _other_versions() -> None:
    here = versions()
    differ = {k: v for k, v in GOLDEN["versions"].items() if here[k] != v}
    if differ:
        pytest.skip(f"made with {differ}: pip install -c constraints.txt gives these versions")
