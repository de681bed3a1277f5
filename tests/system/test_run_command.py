"""`twin run` and `twin check` as a person starts them."""

import json
import os
import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from twin.__main__ import app

LOCKS_UP = """
schema: pilotline.line/1
id: locks_up
assets:
  - {id: feed, kind: source, interarrival_s: 5}
  - {id: a, kind: station, process_s: 10}
  - {id: b, kind: station, process_s: 10}
  - {id: out, kind: sink}
flow:
  - [feed, a]
  - {from: a, to: {b: 0.9, out: 0.1}, by: share}
  - [b, a]
"""

TRACED = """
schema: pilotline.line/1
id: traced
assets:
  - {id: feed, kind: source}
  - {id: a, kind: station, process_s: {trace: [10, 12, 11, 9]}}
  - {id: out, kind: sink}
flow:
  - [feed, a, out]
"""

SLOW = """
schema: pilotline.line/1
id: slow
assets:
  - {id: feed, kind: source}
  - {id: a, kind: station, process_s: 100000}
  - {id: out, kind: sink}
flow:
  - [feed, a, out]
"""


@pytest.fixture
def twin(tmp_path):
    """Start the command in an empty folder that holds a few line files."""
    for name, text in (("locks_up", LOCKS_UP), ("traced", TRACED), ("slow", SLOW)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")

    def start(*arguments):
        done = subprocess.run(  # noqa: PLW1510 - the status is what is tested
            [sys.executable, "-m", "twin", *arguments],
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environment(),
            timeout=100,
        )
        assert "Traceback" not in done.stderr + done.stdout
        return done

    return start


def environment():
    return os.environ | {"LANG": "C.UTF-8", "LC_ALL": "", "COLUMNS": "100", "NO_COLOR": "1"}


def test_json_holds_the_contract_and_nothing_else_is_on_stdout(twin):
    done = twin(
        "run", "two_machine", "--for", "8h", "--warmup", "1h", "--replications", "5",
        "--seed", "3", "--json",
    )  # fmt: skip
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert (data["line"], data["seed"], data["replications"]) == ("two_machine", 3, 5)
    assert (data["simulated_s"], data["warmup_s"]) == (28800.0, 3600.0)
    assert data["events"] > 0
    low, high = data["throughput_per_h"]["ci95"]
    # Machine 1 makes 90 an hour while it is up, 97.6 % of its time; the buffer saves most of it.
    assert 85 < low < data["throughput_per_h"]["mean"] < high < 90
    for asset in data["assets"].values():
        states = ("busy", "starved", "blocked", "down", "setup", "idle")
        assert sum(asset[state] for state in states) == pytest.approx(1, abs=1e-9)
    assert data["assets"]["b1"]["level"] >= 0


def test_the_number_of_workers_changes_nothing(twin):
    told = []
    for workers in ("1", "2"):
        done = twin(
            "run",
            "pack_pilot",
            "--for",
            "12h",
            "--replications",
            "6",
            "--workers",
            workers,
            "--json",
        )
        data = json.loads(done.stdout)
        assert data.pop("wall_s") > 0
        told.append(data)
    assert told[0] == told[1]


def test_tables_in_both_languages(twin):
    english = twin("run", "two_machine", "--replications", "3")
    assert english.returncode == 0
    assert "throughput" in english.stdout
    assert "Bottleneck: m1" in english.stdout
    chinese = twin("run", "two_machine", "--replications", "3", "--lang", "zh")
    assert "产出率" in chinese.stdout
    assert "瓶颈" in chinese.stdout


def test_parts_end_a_replication(twin):
    data = json.loads(twin("run", "two_machine", "--parts", "25", "--json").stdout)
    assert data["made"]["mean"] == 25
    assert 25 * 38 < data["simulated_s"] < 28800


def test_until_a_half_width(twin):
    done = twin("run", "two_machine", "--for", "40h", "--until-halfwidth", "1%", "--json")
    data = json.loads(done.stdout)
    low, high = data["throughput_per_h"]["ci95"]
    assert (high - low) / 2 <= 0.01 * data["throughput_per_h"]["mean"]
    assert data["replications"] < 200
    assert "report.note_precise" in [note["code"] for note in data["notes"]]


def test_the_warm_up_is_found(twin):
    done = twin("run", "mm1", "--for", "200h", "--warmup", "auto", "--replications", "4", "--json")
    data = json.loads(done.stdout)
    assert data["warmup_method"] == "mser5"
    assert 0 <= data["warmup_s"] <= 100 * 3600


def test_a_deadlock_is_named_and_fails(twin):
    done = twin("run", "locks_up.yaml", "--for", "1h")
    assert done.returncode == 1
    assert "locked up: a (holds part for b) → b (holds part for a) → a" in " ".join(
        done.stdout.split()
    )
    quiet = twin("run", "locks_up.yaml", "--for", "1h", "--json")
    assert quiet.returncode == 1
    assert json.loads(quiet.stdout)["deadlock"].startswith("a (holds ")
    assert "locked up" in quiet.stderr


def test_a_trace_at_its_end_ends_the_run(twin):
    data = json.loads(twin("run", "traced.yaml", "--json").stdout)
    assert data["simulated_s"] == 42.0
    assert data["made"]["mean"] == 4
    assert "a/process" in data["ended"]


def test_a_run_that_makes_nothing_has_a_result(twin):
    done = twin("run", "slow.yaml", "--for", "1h", "--replications", "2", "--json")
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert data["throughput_per_h"]["mean"] == 0
    assert data["lead_time_s"]["mean"] is None


WRONG_CALLS = [
    (("run", "two_machin"), "two_machine"),
    (("run", "two_machine", "--for", "8x"), "write 8h"),
    (("run", "two_machine", "--for", "0"), "longer than 0"),
    (("run", "two_machine", "--warmup", "9h"), "run longer"),
    (("run", "two_machine", "--replications", "0"), "--replications"),
    (("run", "two_machine", "--until-halfwidth", "0"), "write 1%"),
    (("run", "two_machine", "--out", "nowhere/x.json"), "there is no folder"),
    (("run", "two_machine", "--report", __file__), "is a file"),
    (("run", "two_machine", "--lang", "fr"), "write en or zh"),
    (("run", "two_machine", "--spead", "2"), "No such option"),
    (("rum", "two_machine"), "run"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG_CALLS)
def test_a_wrong_call_is_told_what_is_wrong(arguments, said):
    done = CliRunner().invoke(app, arguments, env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_wrong_call_of_the_program_is_told_too(twin):
    done = twin("run", "two_machine", "--for", "8x")
    assert done.returncode == 2
    assert "write 8h" in " ".join(done.stderr.split())


def test_check_tells_right_from_wrong(twin, tmp_path):
    assert twin("check", "two_machine", "slow.yaml").returncode == 0
    wrong = LOCKS_UP.replace("kind: station", "kind: sttation", 1)
    (tmp_path / "wrong.yaml").write_text(wrong, encoding="utf-8")
    done = twin("check", "slow.yaml", "wrong.yaml")
    assert done.returncode == 2
    assert "slow.yaml: right" in done.stdout
    assert "wrong.yaml:6" in done.stderr
    assert "station" in done.stderr


def test_a_report_is_written(twin, tmp_path):
    done = twin(
        "run", "two_machine", "--replications", "3", "--report", "out", "--out", "r.json", "--quiet"
    )
    assert done.returncode == 0
    assert done.stdout == ""
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "twin run two_machine --replications 3" in html
    data = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert data == json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("verb", [[], ["run"], ["check"]])
def test_help_has_an_example(twin, verb):
    done = twin(*verb, "--help")
    assert done.returncode == 0
    assert "Example: twin" in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT to a process group")
@pytest.mark.parametrize(("count", "hours"), [("1", "100000h"), ("60", "20h")])
def test_ctrl_c_in_a_long_run_keeps_what_is_done(tmp_path, count, hours):
    command = ["run", "ten_machines", "--for", hours, "--replications", count]
    process = subprocess.Popen(
        [sys.executable, "-m", "twin", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment(),
        start_new_session=True,
    )
    for line in process.stderr:
        assert line.startswith("Running: ")
        if count == "1" or "(0/" not in line:
            break
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "stopped" in err
    assert "throughput" in out
    assert "Stopped by hand" in out
