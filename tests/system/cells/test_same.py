"""Saved in mid-move and mid-scan, and put back: the same as never having stopped."""

import json
from importlib.util import find_spec

import pytest

from twin.control.line import build
from twin.control.plc import soft_plcs
from twin.kernel.record import Header
from twin.kernel.runner import Runner

from .shop import Shop, spec_of

CELLS = ("sorting_cell", "tending_cell", "palletiser_cell", "highbay_cell")
if find_spec("pinocchio"):
    CELLS += ("picking_cell", "robot_palletiser_cell", "battery_cell")
MOMENTS = (9.137, 31.4159, 77.0, 123.4567, 240.005)
"""In mid-move, between two scans, at a scan."""


def through_json(runner):
    return json.loads(json.dumps(runner.snapshot()))


def restored(spec, saved, seed):
    runner = Runner(build(spec, seed), Header(spec.document(), seed))
    runner.restore(saved)
    return runner


@pytest.mark.parametrize("name", CELLS)
def test_a_run_goes_on_from_a_snapshot_as_if_it_had_never_stopped(name):
    shop = Shop(name, seed=3)
    shop.start()
    runner = shop.runner
    runner.digest()
    for moment in MOMENTS:
        runner.run_until(moment)
        saved = through_json(runner)
        assert saved == through_json(restored(shop.spec, saved, 3))
        other = restored(shop.spec, saved, 3)
        runner.run_until(moment + 20.0)
        other.run_until(moment + 20.0)
        assert through_json(other) == through_json(runner)
        assert dict(other.plant.assets[shop.cell.id].joints()) == dict(shop.cell.joints())


@pytest.mark.parametrize("name", CELLS)
def test_a_run_is_the_same_again_from_its_record(name):
    shop = Shop(name, seed=5)
    shop.runner.digest()
    shop.start()
    shop.write("panel_estop", False, 33.3)
    shop.write("panel_estop", True, 35.0)
    shop.press("reset", 36.0)
    shop.press("start", 37.0)
    shop.run_until(150.0)
    again = Runner(build(shop.spec, 5), Header(shop.spec.document(), 5))
    again.digest()
    again.replay(shop.runner.record())
    assert again.record().digest == shop.runner.record().digest
    assert through_json(again)["plant"] == through_json(shop.runner)["plant"]


@pytest.mark.parametrize("name", CELLS)
def test_leaving_quiet_scans_out_changes_nothing(name):
    ends = []
    for sparing in (True, False):
        shop = Shop(name, seed=7)
        for plc in soft_plcs(shop.line):
            plc.sparing = sparing
        shop.start()
        told = []
        shop.cell.listeners.append(
            lambda point, told=told, shop=shop: told.append(
                (shop.runner.time_s, point.name, point.value)
            )
        )
        shop.run_until(180.0)
        (plc,) = soft_plcs(shop.line)
        ends.append((told, plc.variables(), shop.told()))
        assert (plc.skipped > 0) == sparing
    assert ends[0] == ends[1]


def test_the_fork_of_a_run_is_a_run_of_its_own():
    shop = Shop("sorting_cell", seed=2)
    shop.start()
    shop.run_until(60.0)
    fork = shop.runner.fork(build(shop.spec, 2))
    fork.run_until(600.0)
    before = shop.cell.made
    assert fork.plant.assets["sorting"].made > before
    assert shop.cell.made == before
    assert spec_of("sorting_cell") == shop.spec
