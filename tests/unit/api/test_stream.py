"""The stream over a real WebSocket: begin, resume, merge, refuse."""

import asyncio
import json

import pytest
from api_world import World
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from twin.api.broadcast import Broadcast
from twin.wire.codec import apply, decode
from twin.wire.model import Delta, Snapshot

WAIT_S = 10


def url(port: int, query: str = "", run: str = "demo") -> str:
    return f"ws://127.0.0.1:{port}/api/v1/runs/{run}/stream{query}"


async def read(socket: ClientConnection) -> dict:
    return json.loads(await asyncio.wait_for(socket.recv(), WAIT_S))


async def read_until(socket: ClientConnection, wanted) -> list[dict]:
    messages = []
    while not (messages and wanted(messages[-1])):
        messages.append(await read(socket))
    return messages


async def test_a_snapshot_then_deltas_numbered_one_by_one(world: World, port: int) -> None:
    async with connect(url(port)) as socket:
        first = decode(await asyncio.wait_for(socket.recv(), WAIT_S))
        assert isinstance(first, Snapshot)
        assert first.bodies == world.live.bodies
        state, numbers = first, [first.seq]
        for _ in range(4):
            world.live.tick(3)
            delta = decode(await asyncio.wait_for(socket.recv(), WAIT_S))
            assert isinstance(delta, Delta)
            state = apply(state, delta)
            numbers.append(delta.seq)
    assert numbers == list(range(first.seq, first.seq + 5))
    assert state.bodies == world.live.bodies
    assert state.signals["line/made"].value == world.live.signals.read("line/made").value


async def test_silence_is_filled_so_that_viewers_can_tell_it_from_a_lost_server(
    world: World, port: int
) -> None:
    async with connect(url(port)) as socket:
        await read(socket)
        beat = await read(socket)
    assert beat["type"] == "delta"
    assert "bodies" not in beat


async def test_a_returning_viewer_gets_what_it_missed(world: World, port: int) -> None:
    async with connect(url(port)) as socket, connect(url(port)) as witness:
        last = await read(socket)
        await read(witness)
        await socket.close()
        world.live.tick(9)
        missed = await read(witness)
        async with connect(url(port, f"?from_seq={last['seq']}")) as again:
            first = await read(again)
    assert first["type"] == "delta"
    assert first["seq"] == last["seq"] + 1
    assert first == missed


async def test_long_absence_is_merged_into_one_delta(world: World, port: int) -> None:
    async with connect(url(port)) as witness:
        state = decode(await asyncio.wait_for(witness.recv(), WAIT_S))
        begin = state.seq
        for _ in range(5):
            world.live.tick(4)
            state = apply(state, decode(await asyncio.wait_for(witness.recv(), WAIT_S)))
        async with connect(url(port, f"?from_seq={begin}")) as again:
            merged = await read(again)
    assert merged["type"] == "delta"
    assert merged["since"] == begin
    assert merged["seq"] >= begin + 5
    bodies = decode(json.dumps(merged)).bodies
    assert {key: state.bodies[key] for key in bodies} == bodies


@pytest.mark.parametrize("query", ["?from_seq=1", "?from_seq=9999999999999999"])
async def test_a_number_that_is_not_kept_gets_a_snapshot(
    world: World, port: int, query: str
) -> None:
    async with connect(url(port, query)) as socket:
        assert (await read(socket))["type"] == "snapshot"


async def test_a_reset_sends_everybody_a_new_snapshot(world: World, port: int) -> None:
    async with connect(url(port)) as one, connect(url(port)) as other:
        for socket in (one, other):
            await read(socket)
        world.live.tick(50)
        world.live.reset()
        for socket in (one, other):
            messages = await read_until(socket, lambda m: m["type"] == "snapshot")
            assert messages[-1]["time_s"] == 0


async def test_a_command_reaches_the_viewers(world: World, port: int) -> None:
    from twin.kernel.command import Command

    async with connect(url(port)) as socket:
        await read(socket)
        world.live.command(Command("break", "m1"))
        messages = await read_until(socket, lambda m: "alarms" in m)
    assert messages[-1]["alarms"][0]["id"] == "m1/jam"
    assert messages[-1]["signals"]["m1/state"][0] == 3


async def test_the_stream_is_read_only(world: World, port: int) -> None:
    async with connect(url(port)) as socket:
        await read(socket)
        await socket.send('{"verb":"break","target":"m1"}')
        with pytest.raises(ConnectionClosed) as closed:
            await read_until(socket, lambda _: False)
    assert closed.value.rcvd.code == 1008
    assert "read-only" in closed.value.rcvd.reason
    assert world.live.log == []


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
async def test_a_foreign_page_cannot_watch(world: World, port: int, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(url(port), origin=origin)
    assert refused.value.response.status_code == 403


async def test_the_servers_own_page_may_watch(world: World, port: int) -> None:
    async with connect(url(port), origin=f"http://127.0.0.1:{port}") as socket:
        assert (await read(socket))["type"] == "snapshot"


async def test_messages_go_uncompressed(world: World, port: int) -> None:
    async with connect(url(port)) as socket:
        assert "Sec-WebSocket-Extensions" not in socket.response.headers


@pytest.mark.parametrize(("run", "query"), [("other", ""), ("demo", "?from_seq=x")])
async def test_a_wrong_address_is_closed_with_the_reason(
    world: World, port: int, run: str, query: str
) -> None:
    async with connect(url(port, query, run)) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await read(socket)
    assert closed.value.rcvd.code == 1008
    assert closed.value.rcvd.reason


async def test_a_viewer_that_does_not_read_holds_nobody_up_and_gets_the_rest_merged(
    world: World,
) -> None:
    broadcast = Broadcast(world.live.watch, lambda: (world.live.time_s, 1.0), period_s=0.001)
    slow, quick = broadcast.follow(), broadcast.follow()
    try:
        first = json.loads(await anext(slow))
        assert json.loads(await anext(quick))["seq"] == first["seq"]
        numbers = []
        for _ in range(20):
            world.live.tick(1)
            numbers.append(json.loads(await asyncio.wait_for(anext(quick), WAIT_S))["seq"])
        assert numbers == list(range(first["seq"] + 1, first["seq"] + 21))
        late = json.loads(await asyncio.wait_for(anext(slow), WAIT_S))
    finally:
        await slow.aclose()
        await quick.aclose()
        broadcast.close()
    assert late["since"] == first["seq"]
    assert late["seq"] == numbers[-1]
    assert late["time_s"] == world.live.time_s


async def test_each_message_is_made_once_for_all_viewers(world: World, monkeypatch) -> None:
    import twin.api.broadcast as module

    made = []
    monkeypatch.setattr(module, "encode", lambda message: made.append(message) or "{}")
    broadcast = Broadcast(world.live.watch, lambda: (world.live.time_s, 1.0), period_s=0.001)
    viewers = [broadcast.follow() for _ in range(50)]
    for viewer in viewers:
        await anext(viewer)
    for _ in range(10):
        world.live.tick(1)
        for viewer in viewers:
            await asyncio.wait_for(anext(viewer), WAIT_S)
    for viewer in viewers:
        await viewer.aclose()
    broadcast.close()
    assert len(made) == 11


async def test_viewers_that_leave_are_forgotten(world: World, port: int) -> None:
    broadcast = world.hub.broadcast("demo")
    for _ in range(3):
        async with connect(url(port)) as socket:
            await read(socket)
            assert broadcast.viewers == 1
    for _ in range(100):
        if broadcast.viewers == 0:
            break
        await asyncio.sleep(0.02)
    assert broadcast.viewers == 0


async def test_a_removed_run_ends_its_streams(world: World, port: int) -> None:
    async with connect(url(port)) as socket:
        await read(socket)
        world.hub.remove("demo")
        with pytest.raises(ConnectionClosed) as closed:
            await read_until(socket, lambda _: False)
    assert closed.value.rcvd.code == 1001
    assert world.live.feeds == []
