"""A run that begins again keeps the programs that were put into its soft PLCs."""

from twin.api.live import LiveRun
from twin.kernel.command import Command
from twin.spec.load import load_line

MINE = "PROGRAM mine\n    infeed_run := panel_start;\nEND_PROGRAM\n"


async def test_a_program_stays_and_the_plant_is_as_new():
    live = LiveRun(load_line("sorting_cell"), rate=0.0)
    live.runner.run_until(30.0)
    live.command(Command("load_program", "sorting", {"text": MINE}, "student"))
    live.reset()
    cell = live.workcells["sorting"]
    assert cell.controller.source == MINE
    assert cell.controller.mode == "run"
    assert cell.content() == 0
    assert live.time_s < 1e-9
    assert [entry.command.verb for entry in live.runner.log] == ["load_program"]


async def test_without_another_program_nothing_is_noted():
    live = LiveRun(load_line("sorting_cell"), rate=0.0)
    live.runner.run_until(30.0)
    live.reset()
    assert not live.runner.log
