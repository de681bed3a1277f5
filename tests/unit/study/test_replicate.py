import os
import signal
import threading

import pytest

from twin.study.errors import StudyError
from twin.study.precision import Precision
from twin.study.replicate import replicate, replicate_until


def rates(outcome):
    return [(one.replication, one.throughput_per_h) for one in outcome.results]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_do_not_depend_on_the_workers(workers, fake_job):
    outcome = replicate(fake_job(), 7, workers=workers)
    assert rates(outcome) == rates(replicate(fake_job(), 7, workers=1))
    assert [one.replication for one in outcome.results] == list(range(7))
    assert not outcome.interrupted


@pytest.mark.parametrize("workers", [1, 2])
def test_until_a_half_width_does_not_depend_on_the_workers(workers, fake_job):
    def measure(result):
        return result.throughput_per_h

    outcome = replicate_until(fake_job(), Precision(0.02), measure, most=100, workers=workers)
    assert outcome.precise
    values = [measure(one) for one in replicate(fake_job(), 100, workers=1).results]
    assert len(outcome.results) == Precision(0.02).enough(values)


def test_a_half_width_out_of_reach_ends_at_the_most(fake_job):
    outcome = replicate_until(
        fake_job(), Precision(1e-6), lambda one: one.throughput_per_h, most=10, workers=1
    )
    assert outcome.precise is False
    assert len(outcome.results) == 10


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_a_worker_is_one_sentence(workers, fake_job):
    with pytest.raises(StudyError) as caught:
        replicate(fake_job(fails_at=3), 6, workers=workers)
    text = str(caught.value)
    assert text.startswith("replication 3: KeyError: 'spindle'")
    assert "\n" not in text


def test_progress_ends_at_the_whole(fake_job):
    seen = []
    replicate(
        fake_job(slices=5, slice_s=0.06),
        3,
        workers=1,
        progress=lambda *told: seen.append(told),
    )
    assert seen[-1] == (3.0, 3, 3)
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert any(0 < done < 3 for done, _, _ in seen)


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_keeps_what_is_finished(workers, fake_job):
    """Press Ctrl-C when two replications are through, in the midst of the others."""

    def press(done, finished, of):
        if finished >= 2 and not pressed.is_set():
            pressed.set()
            os.kill(os.getpid(), signal.SIGINT)

    pressed = threading.Event()
    before = signal.getsignal(signal.SIGINT)
    outcome = replicate(fake_job(slices=10, slice_s=0.05), 30, workers=workers, progress=press)
    assert outcome.interrupted
    assert 1 <= len(outcome.results) < 30
    expected = dict(rates(replicate(fake_job(), 30, workers=1)))
    assert all(expected[number] == rate for number, rate in rates(outcome))
    assert signal.getsignal(signal.SIGINT) == before


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch, fake_job):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    replicate(fake_job(), 2, workers=1)
    with pytest.raises(StudyError):
        replicate(fake_job(fails_at=0), 2, workers=1)
    assert list(tmp_path.iterdir()) == []
