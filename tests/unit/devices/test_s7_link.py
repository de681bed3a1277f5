"""What goes wrong with an S7 controller, said by the link and by its doctor."""

import asyncio
import struct
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from devices.checkup import Finding, Patient
from devices.errors import LinkError, WriteRefused
from devices.registry import make_link, make_s7_outlet
from devices.s7.browse import browse
from devices.s7.doctor import examine
from devices.s7.link import S7Link, S7LinkOptions
from devices.s7.outlet import S7Options, S7Outlet
from tests.unit.devices.fake_cell import FakeCell
from twin.kernel.signal import Quality
from twin.spec.device import LinkSpec, S7OutletSpec


class Plc:
    """Speaks just enough S7 to be wrong: takes one slot, and answers reading with one code."""

    def __init__(self, *, slot: int = 1, code: int = 0x03, header: int = 0) -> None:
        self.slot, self.code, self.header = slot, code, header
        self.silent = False

    async def start(self) -> None:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self.server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                _, _, length = struct.unpack(">BBH", await reader.readexactly(4))
                answer = self._answer(await reader.readexactly(length - 4))
                if answer is None:
                    break
                if answer:
                    writer.write(struct.pack(">BBH", 3, 0, len(answer) + 4) + answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, frame: bytes) -> bytes | None:
        if self.silent:
            return b""
        if frame[1] == 0xE0:
            called = frame[frame.index(b"\xc2\x02") + 2 :][:2]
            if called[1] != self.slot:
                return None
            return b"\x06\xd0" + frame[4:6] + b"\x00\x01\x00"
        if frame[1] != 0xF0:
            return None
        pdu = frame[3:]
        sequence = struct.unpack(">H", pdu[4:6])[0]
        if pdu[1] == 7:
            words = (0x32, 2, 0, sequence, 0, 0, 0x81, 0x04)
            return b"\x02\xf0\x80" + struct.pack(">BBHHHHBB", *words)
        if pdu[10] == 0xF0:
            head = struct.pack(">BBHHHHBB", 0x32, 3, 0, sequence, 8, 0, 0, 0)
            return b"\x02\xf0\x80" + head + struct.pack(">BBHHH", 0xF0, 0, 1, 1, 240)
        if self.header:
            words = (0x32, 2, 0, sequence, 0, 0, self.header >> 8, self.header & 0xFF)
            return b"\x02\xf0\x80" + struct.pack(">BBHHHHBB", *words)
        data = struct.pack(">BBH", self.code, 0, 0)
        head = struct.pack(">BBHHHHBB", 0x32, 3, 0, sequence, 2, len(data), 0, 0)
        return b"\x02\xf0\x80" + head + b"\x04\x01" + data


@pytest_asyncio.fixture
async def plc() -> AsyncIterator[Plc]:
    plc = Plc()
    await plc.start()
    yield plc
    await plc.stop()


def link_to(plc: Plc, place: str = "0/1", timeout_s: float = 5.0) -> S7Link:
    url = f"s7://127.0.0.1:{plc.port}/{place}"
    return S7Link(S7LinkOptions("plc", url, armed=True, timeout_s=timeout_s))


async def findings(plc: Plc, *tags: str, place: str = "0/1") -> list[Finding]:
    url = f"s7://127.0.0.1:{plc.port}/{place}"
    patient = Patient(url, "127.0.0.1", plc.port, tags=tags, timeout_s=2.0)
    return [finding async for finding in examine(patient)]


async def test_a_wrong_slot_is_said(plc: Plc) -> None:
    with pytest.raises(LinkError, match=r"refuses rack 0, slot 2.*S7-300 is 0/2"):
        await link_to(plc, "0/2").connect()
    (found,) = await findings(plc, place="0/2")
    assert (found.mark, found.found.key) == ("bad", "doctor.s7.other_place")
    assert found.found.values["right"] == "0/1"


@pytest.mark.parametrize(
    ("code", "header", "said", "key"),
    [
        (0x03, 0, "allow PUT/GET", "doctor.s7.access"),
        (0x05, 0, "too short, or it is optimised", "doctor.s7.short"),
        (0x0A, 0, "does not exist, or it is optimised", "doctor.s7.no_object"),
        (0x06, 0, "type does not fit", "doctor.s7.refused"),
        (0, 0x8104, "allow PUT/GET", "doctor.s7.access"),
    ],
)
async def test_a_refusal_is_said_with_its_remedy(
    plc: Plc, code: int, header: int, said: str, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    plc.code, plc.header = code, header
    link = link_to(plc)
    await link.connect()
    tag = "DB1.DBW2"
    assert (await link.read([tag]))[tag].quality is Quality.BAD
    assert said in caplog.text
    if header:
        with pytest.raises(WriteRefused, match=said):
            await link.write(tag, 1)
    await link.close()
    found = await findings(plc, tag)
    keys = [finding.found.key for finding in found]
    assert keys == ["doctor.s7.place", key, "doctor.s7.pace"]


async def test_what_says_nothing_is_no_s7(plc: Plc) -> None:
    plc.silent = True
    with pytest.raises(LinkError, match="no answer"):
        await link_to(plc, timeout_s=0.3).connect()
    (found,) = await findings(plc)
    assert found.found.key == "doctor.s7.silent"


async def test_a_good_controller_is_good() -> None:
    outlet = S7Outlet(S7Options(port=0))
    await outlet.start(FakeCell())
    port = urlsplit(outlet.address).port
    patient = Patient(outlet.address, "127.0.0.1", port)
    found = [finding async for finding in examine(patient)]
    assert {finding.mark for finding in found} == {"good"}
    patient = Patient(outlet.address, "127.0.0.1", port, tags=("I0.0", "DB7.DBW0", "x"))
    found = [finding async for finding in examine(patient)]
    offers = {
        offer.tag: offer.value async for offer in browse(outlet.address, user=None, password=None)
    }
    await outlet.stop()
    keys = [finding.found.key for finding in found]
    assert keys[:4] == [
        "doctor.s7.place",
        "doctor.s7.value",
        "doctor.s7.no_object",
        "doctor.s7.tag",
    ]
    for finding in found:
        for told in (finding.found, finding.remedy):
            assert told is None or told.text("en") != told.text("zh")
    assert offers["QB0"] == 0
    assert "DB2.DBB63" in offers
    assert "DB3.DBB0" not in offers


async def test_one_missing_tag_does_not_hide_its_neighbours() -> None:
    outlet = S7Outlet(S7Options(port=0))
    run = FakeCell()
    await outlet.start(run)
    link = S7Link(S7LinkOptions("plc", outlet.address))
    await link.connect()
    last = len(outlet._image.areas[0x84, 1])
    tags = [f"DB1.DBB{last - 1}", f"DB1.DBW{last - 1}", "nonsense"]
    found = await link.read(tags)
    await link.close()
    await outlet.stop()
    assert [found[tag].quality for tag in tags] == [Quality.GOOD, Quality.BAD, Quality.BAD]


async def test_polls_that_are_slower_than_wished_are_told_once(caplog) -> None:
    link = S7Link(S7LinkOptions("plc", "s7://127.0.0.1/0/1", publish_s=0.02))
    for poll in range(400):
        link.timing.polled(poll * 0.05)
        link._watch_pace()
    assert len(link.warnings) == 1
    assert "every 50 ms instead of 20 ms" in link.warnings[0]
    assert caplog.text.count("instead of") == 1


def test_the_registry_makes_both_ends(tmp_path) -> None:
    spec = LinkSpec(id="plc", kind="s7", address="s7://10.0.0.5:1102/0/2", armed=True)
    link = make_link(spec, {}, tmp_path)
    assert isinstance(link, S7Link)
    assert (link.id, link.armed) == ("plc", True)
    assert make_s7_outlet(S7OutletSpec(port=1102)).address == "s7://127.0.0.1:1102/0/1"
    with pytest.raises(LinkError, match="no S7 address"):
        make_link(LinkSpec(id="plc", kind="s7", address="s7://10.0.0.5/x"), {}, tmp_path)
