"""What an event of a scenario does: its commands, and whether its line can do them."""

from collections.abc import Iterator

from twin.kernel.command import Args, Command
from twin.kernel.errors import SignalError
from twin.kernel.signal import Signal
from twin.plant.line import Line
from twin.plant.motion import broken
from twin.plant.motion.guard import Zone
from twin.plant.motion.point import Point
from twin.plant.motion.workcell import Workcell
from twin.spec.choices import hint
from twin.spec.document import Finding
from twin.spec.messages import Phrase, phrase
from twin.spec.pins import Direction
from twin.spec.scenario import Action

Place = tuple[str | int, ...]
ENDS = {"break": "repair", "force": "release"}
"""What ends a failure of a workcell; a machine ends its own."""


def commands_of(action: Action, by: str) -> tuple[Command, Command | None]:
    """Return the command of an action, and the one that ends it after its `downtime_s`, if any."""
    verb, target = action.verb, action.target
    if verb in ("enter", "leave"):
        cell, _, zone = target.rpartition("/")
        return Command(verb, cell, {"zone": zone}, by), None
    args: Args = {
        "failure": action.failure,
        "downtime_s": action.downtime_s,
        "value": action.value,
    }
    args = {name: value for name, value in args.items() if value is not None}
    if action.downtime_s is None or "/" not in target:
        return Command(verb, target, args, by), None
    del args["downtime_s"]
    return Command(verb, target, args, by), Command(ENDS[verb], target, {}, f"{by}:ends")


def check_action(action: Action, path: Place, line: Line) -> Iterator[Finding]:
    """Yield what an action names and its line does not have, or cannot do."""
    found = _refusal(action, line)
    if found is not None:
        key, why = found
        yield Finding((*path, key or action.verb), why)


def _refusal(action: Action, line: Line) -> tuple[str, Phrase] | None:
    """Return what is wrong with an action: the key (empty: its verb), and why."""
    verb, target = action.verb, action.target
    if verb == "write":
        return _write(action, line)
    if verb in ("force", "release"):
        return _force(action, line)
    if verb in ("enter", "leave"):
        zones = [
            body.address
            for cell in _cells(line)
            for body in cell.world.bodies.values()
            if isinstance(body, Zone)
        ]
        if target in zones:
            return None
        return "", phrase("scenario.no_zone", found=target, hint=hint(target, zones))
    cell = line.assets.get(target.partition("/")[0])
    if isinstance(cell, Workcell):
        return _in_cell(action, cell)
    return _machine(action, line)


def _cells(line: Line) -> list[Workcell]:
    return [asset for asset in line.assets.values() if isinstance(asset, Workcell)]


def _write(action: Action, line: Line) -> tuple[str, Phrase] | None:
    target = action.target
    writable = {signal.path: signal for signal in line.signals() if signal.writable}
    signal = writable.get(target)
    if signal is None:
        point = _points(line).get(target)
        if point is not None and point.io.direction is Direction.INPUT:
            return "", phrase("scenario.is_input", found=target)
        return "", phrase("scenario.no_write", found=target, hint=hint(target, writable))
    return _value(action, signal)


def _value(action: Action, signal: Signal) -> tuple[str, Phrase] | None:
    assert action.value is not None
    try:
        signal.check(action.value)
    except SignalError as error:
        return "value", phrase("scenario.wrong_value", why=str(error))
    return None


def _points(line: Line) -> dict[str, Point]:
    return {point.io.path: point for cell in _cells(line) for point in cell.points.values()}


def _force(action: Action, line: Line) -> tuple[str, Phrase] | None:
    points = _points(line)
    point = points.get(action.target)
    if point is None:
        return "", phrase(
            "scenario.no_point", found=action.target, hint=hint(action.target, points)
        )
    return _value(action, point.signal()) if action.verb == "force" else None


def _in_cell(action: Action, cell: Workcell) -> tuple[str, Phrase] | None:
    """Return what is wrong with an action on a workcell, or on something in it."""
    verb, target = action.verb, action.target
    if verb in ("stop", "start"):
        ends = (f"_{verb}", "_estop")
        buttons = [point.io.path for name, point in cell.points.items() if name.endswith(ends)]
        if not buttons:
            return "", phrase("scenario.cell_none", verb=verb, found=target)
        return "", phrase("scenario.cell_panel", verb=verb, buttons=", ".join(buttons))
    args: Args = {"failure": action.failure, "value": action.value}
    why = broken.refusal(cell, verb, target, args)
    if why is not None:
        return "", why
    trips = cell.world.bodies.get(target.rpartition("/")[2])
    if action.downtime_s is not None and trips is not None and trips.ways == (broken.TRIPS,):
        return "downtime_s", phrase("broken.trip_downtime", name=target)
    return None


def _machine(action: Action, line: Line) -> tuple[str, Phrase] | None:
    verb, target = action.verb, action.target
    if target not in line.assets:
        return "", phrase("scenario.no_asset", found=target, hint=hint(target, line.assets))
    machines = [name for name, asset in line.assets.items() if getattr(asset, "modes", ())]
    if target not in machines:
        return "", phrase(
            "scenario.no_machine", found=target, verb=verb, machines=", ".join(machines) or "–"
        )
    modes = [mode.id for mode in line.assets[target].modes]  # type: ignore[attr-defined]
    if action.failure is not None and action.failure not in modes:
        told = phrase(
            "scenario.no_failure", found=action.failure, asset=target,
            hint=hint(action.failure, modes),
        )  # fmt: skip
        return "failure", told
    if action.value is not None:
        return "value", phrase("scenario.machine_value", asset=target)
    return None
