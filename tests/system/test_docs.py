"""What the pages on connecting show works against a live twin."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .live_twin import free_port, running

DOCS = Path(__file__).resolve().parents[2] / "docs"
CONNECT = DOCS / "how-to" / "connect-opcua-and-mqtt.md"
STREAM = DOCS / "reference" / "http-and-stream.md"
USUAL = {"page": 8080, "opcua": 4840, "mqtt": 1883}

pytestmark = pytest.mark.timeout(180)


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    folder = tmp_path_factory.mktemp("live")
    ports = {name: free_port() for name in USUAL}
    arguments = [
        "serve", "pack_pilot", "--speed", "10", "--port", str(ports["page"]),
        "--opcua-port", str(ports["opcua"]), "--mqtt-port", str(ports["mqtt"]), "--lang", "en",
    ]  # fmt: skip
    with running(arguments, folder) as twin:
        twin.wait_for("Ctrl-C")
        for number, line in enumerate(blocks(CONNECT, "text")[0].splitlines()):
            pattern = re.escape(line).replace("…", ".*")
            for name, port in USUAL.items():
                pattern = pattern.replace(f":{port}", f":{ports[name]}")
            assert re.search(pattern, twin.text), f"line {number} of what it prints: {line}"
        yield ports


def on_these(text: str, ports: dict[str, int]) -> str:
    """What a page shows, on the ports of this test."""
    for name, port in USUAL.items():
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{ports[name]}")
    return text


def lines_of(script: str, most: int) -> list[str]:
    """Run a script and return the first lines that it prints."""
    call = [sys.executable, "-u", "-c", script]
    with subprocess.Popen(
        call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as run:
        assert run.stdout is not None
        found = [line for line, _ in zip(run.stdout, range(most), strict=False)]
        run.kill()
    return found


def test_the_opcua_script_reads_a_counter(ports: dict[str, int]) -> None:
    (script,) = blocks(CONNECT, "python")
    (line,) = lines_of(on_these(script, ports), 1)
    assert int(line) >= 0


def test_the_stream_script_follows_the_run(ports: dict[str, int]) -> None:
    (script,) = blocks(STREAM, "python")
    rows = [line.split() for line in lines_of(on_these(script, ports), 4)]
    numbers, times = [int(row[0]) for row in rows], [float(row[1]) for row in rows]
    assert numbers == sorted(set(numbers))
    assert times == sorted(times)


@pytest.mark.needs_broker
def test_each_mosquitto_call_hears_something(ports: dict[str, int]) -> None:
    calls = re.findall(r"^mosquitto_sub .*$", "\n".join(blocks(CONNECT, "sh")), re.MULTILINE)
    assert len(calls) == 3
    for call in calls:
        here = call.replace(" -p 1883", "").replace(
            "127.0.0.1", f"127.0.0.1 -p {ports['mqtt']} -W 2"
        )
        heard = subprocess.run(
            ["sh", "-c", here],
            capture_output=True,
            text=True,
            timeout=30,
            env=os.environ,
            check=False,
        ).stdout
        if "$alarms" not in call:
            assert '"q": "good"' in heard
