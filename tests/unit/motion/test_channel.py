"""The socket between a PLC and a robot: frames against `struct`, and what goes wrong with them."""

from struct import pack, unpack
from typing import Any

import pytest

from twin.kernel.runner import Runner

from .motion_world import body, cell, make, reborn, run, spec_of, write

CHANNEL = """
- {{id: r1, kind: robot}}
- id: link
  kind: channel
  robot: r1
  port: 2000
  order: {order}
  to_robot: [{{id: job, type: int}}, {{id: size, type: real}}, {{id: flag, type: byte}}]
  to_plc: [{{id: done, type: dint}}, {{id: level, type: real}}]
"""
VALUES = (-1234, 12.5, 7)


def made(order: str = "big") -> tuple[Runner, Any]:
    runner = make(CHANNEL.format(order=order))
    return runner, body(runner, "link")


def ask(runner: Runner) -> None:
    for name, value in zip(("job", "size", "flag"), VALUES, strict=True):
        write(runner, f"link_{name}", value)
    write(runner, "link_send", value=True)
    write(runner, "link_send", value=False)


def points(runner: Runner) -> tuple[Any, ...]:
    return tuple(cell(runner).points[f"link_{n}"].value for n in ("done", "level", "received"))


@pytest.mark.parametrize(("order", "sign"), [("big", ">"), ("little", "<")])
def test_a_frame_has_its_bytes_in_the_order_that_the_file_says(order: str, sign: str) -> None:
    runner, link = made(order)
    assert link.connect_robot()
    ask(runner)
    assert link.inbox == []
    run(runner, 0.01)
    assert unpack(f"{sign}hfB", bytes(link.take(100))) == VALUES
    assert link.send(list(pack(f"{sign}if", 77, 0.25)))
    run(runner, 0.02)
    assert points(runner) == (77, 0.25, 1)


def test_nobody_hears_before_the_robot_has_connected() -> None:
    runner, link = made()
    ask(runner)
    assert not link.send([1, 2, 3])
    assert link.connect_robot()
    assert not link.connect_robot()
    run(runner, 1.0)
    assert (link.inbox, points(runner)) == ([], (0, 0.0, 0))
    assert cell(runner).points["link_connected"].value is True


def test_one_byte_too_many_shifts_every_frame_that_follows() -> None:
    runner, link = made()
    link.connect_robot()
    link.send([*pack(">if", 1, 0.0), 0])
    link.send(list(pack(">if", 2, 0.0)))
    run(runner, 1.0)
    shifted = bytes([0, *pack(">if", 2, 0.0)][:8])
    assert points(runner) == (*unpack(">if", shifted), 2)
    link.close()
    link.connect_robot()
    link.send(list(pack(">if", 3, 0.5)))
    run(runner, 2.0)
    assert points(runner) == (3, 0.5, 3)


def test_a_frame_in_pieces_is_one_frame() -> None:
    runner, link = made()
    link.connect_robot()
    frame = list(pack(">if", 5, 1.5))
    for number, byte in enumerate(frame):
        assert points(runner)[2] == 0
        link.send([byte])
        run(runner, (number + 1) * 0.1)
    assert points(runner) == (5, 1.5, 1)


def test_bytes_that_nobody_fetches_are_lost_and_told() -> None:
    runner, link = made()
    link.connect_robot()
    for _ in range(600):
        ask(runner)
    run(runner, 1.0)
    assert len(link.inbox) == 4096 // 7 * 7
    assert cell(runner).points["link_overrun"].value is True


def test_what_is_no_number_becomes_zero_and_what_is_too_great_the_greatest() -> None:
    runner, link = made()
    link.connect_robot()
    link.send(list(pack(">if", 1, float("nan"))))
    run(runner, 1.0)
    assert points(runner) == (1, 0.0, 1)
    write(runner, "link_size", 1e300)
    write(runner, "link_send", value=True)
    run(runner, 2.0)
    assert unpack(">hfB", bytes(link.take(7)))[1] == pytest.approx(3.4028235e38)


class Client:
    """The robot's end: writes down how many bytes lie there, or that nobody is connected."""

    def __init__(self) -> None:
        self.told: list[int | None] = []

    def heard(self, channel: Any) -> None:
        self.told.append(len(channel.inbox) if channel.open else None)


@pytest.mark.parametrize(("pin", "value"), [("hang_up", True), ("plugged", False)])
def test_what_is_on_its_way_is_lost_with_the_connection(pin: str, value: bool) -> None:
    runner, link = made()
    client = Client()
    link.connect_robot()
    link.client = client
    ask(runner)
    run(runner, 0.01)
    ask(runner)
    link.send(list(pack(">if", 1, 1.0)))
    write(runner, f"link_{pin}", value)
    assert client.told == [7, None]
    assert (link.open, link.inbox) == (False, [])
    assert cell(runner).points["link_connected"].value is False
    assert not link.send([1])
    run(runner, 1.0)
    assert points(runner) == (0, 0.0, 0)
    assert client.told == [7, None]


def test_the_robot_connects_again_after_hanging_up_but_not_without_a_cable() -> None:
    runner, link = made()
    assert link.connect_robot()
    write(runner, "link_hang_up", value=True)
    assert link.connect_robot(), "only the edge hangs up"
    write(runner, "link_plugged", value=False)
    assert not link.connect_robot()
    assert cell(runner).points["link_connected"].value is False
    write(runner, "link_plugged", value=True)
    assert not link.open, "a cable connects nobody"
    assert link.connect_robot()
    link.send(list(pack(">if", 3, 0.5)))
    run(runner, 1.0)
    assert points(runner) == (3, 0.5, 1)


def test_a_snapshot_keeps_what_is_on_its_way() -> None:
    runner, link = made()
    link.connect_robot()
    ask(runner)
    link.send(list(pack(">if", 9, 9.0))[:5])
    run(runner, 0.002)
    again = reborn(runner, spec_of(CHANNEL.format(order="big")))
    for one in (runner, again):
        other = body(one, "link")
        other.send(list(pack(">if", 9, 9.0))[5:])
        run(one, 0.1)
        assert points(one) == (9, 9.0, 1)
        assert unpack(">hfB", bytes(other.take(7))) == VALUES
