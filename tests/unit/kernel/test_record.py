"""The record of a run as a file, and the fingerprint of what happens."""

import json

import pytest

from tests.unit.plant.lives import alive, fingerprint
from tests.unit.plant.shapes import OUT, feed, row, running, station
from twin.kernel.command import Command, Stamped
from twin.kernel.errors import RecordError
from twin.kernel.record import LINK, Digest, Header, RunRecord

LINE = row(feed(), station("m", {"exponential": 10}), OUT)


@pytest.fixture
def run():
    runner = running(LINE)
    runner.digest()
    runner.apply(Command("break", "m", {"downtime_s": 7.5}, "学生"), at_s=33.3)
    runner.apply(Command("write", "m/speed_factor", {"value": 2}), at_s=60)
    runner.run_until(200)
    return runner


def test_written_and_read_it_is_the_same(run, tmp_path):
    path = tmp_path / "run.jsonl"
    run.record().write(path)
    record = RunRecord.read(path)
    assert record.text() == run.record().text()
    assert record.log == run.log
    assert record.header == run.header
    assert record.log[0] == Stamped(33.3, Command("break", "m", {"downtime_s": 7.5}, "学生"))
    assert len(path.read_text(encoding="utf-8").splitlines()) == 4


def test_replayed_from_the_file_it_is_the_same_run(run, tmp_path):
    path = tmp_path / "run.jsonl"
    run.record().write(path)
    record = RunRecord.read(path)
    again = alive(LINE)
    again.digest()
    again.replay(record)
    assert again.record().digest == record.digest
    assert fingerprint(again) == fingerprint(run)


def test_a_changed_record_gives_another_fingerprint(run):
    record = run.record()
    late = [Stamped(s.time_s + 1e-9, s.command) for s in record.log]
    again = alive(LINE)
    again.digest()
    again.replay(RunRecord(record.header, late, record.end_s))
    assert again.record().digest != record.digest


@pytest.mark.parametrize("lines", [0, 1, 2, 3])
def test_a_record_that_is_cut_off_is_refused(run, tmp_path, lines):
    path = tmp_path / "run.jsonl"
    text = run.record().text().splitlines(keepends=True)
    path.write_text("".join(text[:lines]), encoding="utf-8")
    with pytest.raises(RecordError, match=r"run\.jsonl"):
        RunRecord.read(path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]\n[]\n", '{"schema": "other"}\n{}\n', "\x00", "1\n2\n"]
)
def test_a_file_that_is_no_record(tmp_path, text):
    path = tmp_path / "odd.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match=r"odd\.jsonl"):
        RunRecord.read(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(RecordError, match="cannot be read"):
        RunRecord.read(tmp_path / "none.jsonl")


def test_a_record_cut_within_a_line_is_refused(run, tmp_path):
    path = tmp_path / "run.jsonl"
    path.write_text(run.record().text()[:-20], encoding="utf-8")
    with pytest.raises(RecordError, match="whole run record"):
        RunRecord.read(path)


def test_a_header_is_plain_data():
    header = Header(LINE.document(), 3, 1, started="2026-01-01T00:00:00Z")
    data = json.loads(json.dumps(header.as_dict()))
    assert data.pop("schema") == "pilotline.run/1"
    assert Header(**data) == header


class Thing:
    class env:  # noqa: N801
        time_s = 0.0

    id, state, made = "m", 1, 0

    def content(self):
        return 0


@pytest.mark.parametrize("cut", [0, 1, LINK - 1, LINK, LINK + 1, 70])
def test_a_fingerprint_that_is_saved_goes_on_as_if_it_never_stopped(cut):
    thing, whole, first, second = Thing(), Digest(), Digest(), Digest()
    for k in range(100):
        thing.made = k
        whole.note(thing)
        if k == cut:
            second.load(json.loads(json.dumps(first.save())))
        (first if k < cut else second).note(thing)
    assert second.hex() == whole.hex()
    assert second.changes == whole.changes == 100
    whole.clear()
    assert whole.hex() == Digest().hex()


@pytest.mark.parametrize(("name", "value"), [("state", 2), ("made", 1), ("id", "n")])
def test_a_fingerprint_sees_each_change(name, value):
    plain, other = Digest(), Digest()
    thing = Thing()
    plain.note(thing)
    setattr(thing, name, value)
    other.note(thing)
    assert plain.hex() != other.hex()
