"""The window's client against the API itself: robots, commands, refusals, roles."""

import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn

pytest.importorskip("pinocchio", reason="the extra `robots` is not installed")

from twin.api import Access, Hub, Role, create_api
from twin.api.live import LiveRun
from twin.spec import load_line
from twin.spec.messages import message
from viewer.window.client import Twin
from viewer.window.errors import NoTwin, Refused
from viewer.window.robot.link import Link
from viewer.window.robot.seen import Seen

CELL = Path(__file__).parents[2] / "system" / "robot_cell.yaml"


@pytest.fixture(scope="module")
def served():
    hub, access = Hub(), Access()
    hub.add(LiveRun(load_line(CELL), run_id="run", rate=0.0))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(create_api(hub, access), port=port, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    end_s = time.monotonic() + 60.0
    while not server.started and time.monotonic() < end_s:
        time.sleep(0.02)
    yield f"127.0.0.1:{port}", access
    server.should_exit = True
    thread.join(timeout=20)


def wait_for(done):
    end_s = time.monotonic() + 30.0
    while not done():
        assert time.monotonic() < end_s, "nothing happened"
        time.sleep(0.05)


@pytest.fixture
def operator(served):
    address, access = served
    return Twin(address, token=access.grant(Role.OPERATOR))


def test_robots_and_their_states_are_read(operator):
    (which,) = operator.robots()
    assert (which["cell"], which["id"]) == ("lab", "arm")
    seen = Seen.model_validate(operator.robot("lab", "arm", "zh"))
    assert len(seen.robot.joints) == 6
    assert seen.program is not None


def test_a_command_is_carried_out(operator):
    operator.command("lab", "arm", "speed", {"percent": 30})
    assert Seen.model_validate(operator.robot("lab", "arm", "en")).robot.override == 30


@pytest.mark.parametrize(
    ("verb", "args", "word"),
    [("speed", {"percent": 300}, "300"), ("dance", {}, "dance"), ("reset", {}, "arm")],
)
def test_a_refusal_is_told_in_the_words_of_the_twin(operator, verb, args, word):
    with pytest.raises(Refused, match=word) as refused:
        operator.command("lab", "arm", verb, args)
    assert not refused.value.later


def test_a_refusal_is_told_in_the_language_of_the_window(served):
    address, access = served
    for language, asked in (("zh-CN", "zh"), ("en", "en")):
        twin = Twin(address, token=access.grant(Role.OPERATOR), language=language)
        with pytest.raises(Refused) as refused:
            twin.command("lab", "arm", "reset", {})
        why = message("robot.no_fault", asked, robot="arm")
        assert refused.value.text(asked) == message("windowrobot.refused", asked, why=why)


def test_a_switch_is_held_as_long_as_the_window_is_alive_and_no_longer(operator):
    def held():
        return Seen.model_validate(operator.robot("lab", "arm", "en")).robot.enabling

    link = Link(operator, "en").start()
    try:
        wait_for(lambda: link.now() is not None)
        link.send("enabling", {"on": True})
        wait_for(held)
        end_s = time.monotonic() + 3.0  # the twin's lease is 2 s
        while time.monotonic() < end_s:
            link.beat()
            assert held()
            time.sleep(0.05)
        wait_for(lambda: not held())
    finally:
        link.close()
    operator.command("lab", "arm", "enabling", {"on": True})
    assert held()
    wait_for(lambda: not held())


def test_who_looks_on_may_not_act(served):
    address, access = served
    viewer = Twin(address, token=access.grant(Role.VIEWER))
    assert (viewer.role(), Twin(address).role()) == ("viewer", "viewer")
    for twin in (viewer, Twin(address)):
        with pytest.raises(NoTwin, match="token"):
            twin.command("lab", "arm", "speed", {"percent": 50})
