"""What the model expects of a station, and how a station is to be mirrored."""

from twin.plant.samplers import mean_s
from twin.spec.device import DevicesSpec
from twin.spec.line import LineSpec
from twin.spec.times import Time, TimeByPart


def cell_mode(devices: DevicesSpec, line: LineSpec, asset: str) -> str:
    """Return the mode of the cell that an asset stands in; one not named is real."""
    cell = next((a.cell for a in line.assets if a.id == asset), None)
    return next((entry.plant for entry in devices.cells if entry.cell == cell), "real")


def expected_cycle_s(line: LineSpec, asset: str) -> float | None:
    """Return the mean process time of a station as its line file has it, s."""
    spec = next((a for a in line.assets if a.id == asset), None)
    process = getattr(spec, "process_s", None)
    if isinstance(process, TimeByPart):
        means = [mean_s(time) for time in process.by_part.values()]
        return sum(means) / len(means)
    return mean_s(process) if isinstance(process, Time) else None
