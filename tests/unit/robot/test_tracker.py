"""The laser tracker and the stand that it belongs to."""

import json
from array import array
from math import dist

import numpy as np
import pytest

pytest.importorskip("pinocchio")

from twin.control.line import build
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.motion.tracker import MOST, READING
from twin.plant.robot.placement import Placement
from twin.spec import load_line


def with_bodies(spec, **changes):
    (cell,) = spec.assets
    bodies = tuple(body.model_copy(update=changes.get(body.id, {})) for body in cell.bodies)
    return spec.model_copy(update={"assets": (cell.model_copy(update={"bodies": bodies}),)})


def stand(spec=None, seed=0):
    line = build(spec or load_line("inspection_stand"), seed)
    return line, Runner(line, Header(line={}, seed=seed)), line.assets["stand"].world.bodies


def places(tracker, label):
    found = [np.array(values) for kept, values in tracker.recordings if kept == label]
    return np.array([values[1:4] for values in found if len(values) == READING])


def test_the_program_triggers_a_reading_in_each_pose():
    line, runner, bodies = stand()
    runner.run_until(60.0)
    labels = [label for label, _ in bodies["tracker"].recordings]
    assert labels[:10] == [15, 14, 13, 12, 11] * 2
    assert line.assets["stand"].points["tracker_count"].value == len(labels)


def test_it_reads_where_the_reflector_truly_is():
    spec = load_line("inspection_stand")
    exact = with_bodies(spec, robot={"errors": None}, tracker={"place_mm": 0.0, "angle_deg": 0.0})
    _, runner, bodies = stand(exact)
    runner.run_until(40.0)
    # P5 of the cube about (0.4, 0, 0.5) of 0.4 m, plane C4-C1-C6-C7; the foot is at 0.6 m.
    assert places(bodies["tracker"], 15) == pytest.approx(
        np.tile([0.56, 0.16, 0.94], (len(places(bodies["tracker"], 15)), 1)), abs=1e-7
    )


def test_its_own_deviation_and_that_of_the_arm_are_in_the_readings():
    spec = load_line("inspection_stand")
    noisy = with_bodies(spec, robot={"errors": None}, tracker={"place_mm": 0.5})
    _, runner, bodies = stand(noisy)
    runner.run_until(120.0)
    off = 1000.0 * (places(bodies["tracker"], 11) - [0.4, 0.0, 1.1])
    assert len(off) >= 10
    # The deviation of 30 or more numbers is known to within a third.
    assert off.std() == pytest.approx(0.5, rel=0.35)


def test_it_follows_while_it_is_told_to():
    line, runner, bodies = stand(with_bodies(load_line("inspection_stand"), robot={"runs": False}))
    points, tracker = line.assets["stand"].points, bodies["tracker"]
    before = len(tracker.recordings)
    points["tracker_label"].set(77)
    points["tracker_follow"].set(value=True)
    runner.run_until(0.1)
    points["tracker_follow"].set(value=False)
    label, values = tracker.recordings[before]
    readings = np.array(values).reshape(-1, READING)
    assert label == 77
    assert np.diff(readings[:-1, 0]) == pytest.approx(0.002)
    assert readings[[0, -1], 0] == pytest.approx([0.0, 0.1])
    runner.run_until(0.2)
    assert len(tracker.recordings[before][1]) == len(values)


def test_a_full_store_says_so_and_takes_no_more():
    line, _, bodies = stand(with_bodies(load_line("inspection_stand"), robot={"runs": False}))
    points, tracker = line.assets["stand"].points, bodies["tracker"]
    tracker.stored = MOST - READING
    for _ in range(3):
        points["tracker_trigger"].set(value=True)
        points["tracker_trigger"].set(value=False)
    assert tracker.stored == MOST
    assert points["tracker_ready"].value is False
    assert sum(len(values) for _, values in tracker.recordings) == READING


def test_a_snapshot_in_mid_inspection_goes_on_the_same():
    _, one, bodies = stand()
    one.run_until(7.3)
    kept = json.loads(json.dumps(bodies["tracker"].save()))
    again = stand()[2]["tracker"]
    again.load_state(kept, {})
    assert again.recordings == bodies["tracker"].recordings
    assert all(isinstance(values, array) for _, values in again.recordings)


def test_the_same_seed_reads_the_same():
    runs = []
    for seed in (1, 1, 2):
        _, runner, bodies = stand(seed=seed)
        runner.run_until(20.0)
        runs.append(bodies["tracker"].recordings)
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_a_reading_keeps_the_orientation_near_the_truth():
    _, _, bodies = stand()
    true = Placement(0.1, 0.2, 0.3, 0.5, 0.5, 0.5, 0.5)
    read = bodies["tracker"].read(true)
    assert dist(read.place, true.place) < 1e-4
    assert true.off(read)[1] < 1e-4
