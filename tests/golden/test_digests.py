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


def test_there_is_a_fingerprint_of_each_shipped_line():
    assert sorted(GOLDEN["runs"]) == names(), "write them anew: python tests/golden/update.py"


@pytest.mark.parametrize("name", names())
def test_a_line_runs_as_it_did(name):
    _other_versions()
    for seed in SEEDS:
        assert run(name, seed) == GOLDEN["runs"][name][str(seed)], f"{name}, seed {seed}"


def test_seeds_differ():
    for name, runs in GOLDEN["runs"].items():
        digests = {entry["digest"] for entry in runs.values()}
        alike = name == "job_shop"  # nothing in it is drawn
        assert len(digests) == (1 if alike else len(SEEDS)), name


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_hash_seed_changes_nothing(hash_seed):
    names_wanted = ["pack_pilot", "training_four", "job_shop", "conwip"]
    code = (
        "import runpy, sys, json; m = runpy.run_path(sys.argv[1]); "
        "print(json.dumps({n: m['run'](n, 7) for n in sys.argv[2:]}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(FILE.with_name("update.py")), *names_wanted],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    there = json.loads(done.stdout)
    assert there == {name: run(name, 7) for name in names_wanted}


def test_another_worker_gives_the_same():
    wanted = ["pack_pilot", "pv_module", "rework"]
    path = str(FILE.with_name("update.py"))
    # A lambda travels whole: the worker does not know the tests as modules.
    there = joblib.delayed(lambda name: runpy.run_path(path)["run"](name, 7))
    with joblib.Parallel(n_jobs=2, backend="loky") as workers:
        found = workers(there(name) for name in wanted)
    assert found == [run(name, 7) for name in wanted]


def _other_versions() -> None:
    here = versions()
    differ = {k: v for k, v in GOLDEN["versions"].items() if here[k] != v}
    if differ:
        pytest.skip(f"made with {differ}: pip install -c constraints.txt gives these versions")
