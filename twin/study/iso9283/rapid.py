"""Writes an inspection's programme as a RAPID module, for a robot with a tracker beside it.

The program sets three signals: `label` (a group: under which number), `trigger` (take a reading),
`follow` (read all the time).
"""

from collections.abc import Iterator

from twin.plant.robot.placement import Placement

from .programme import SETTLES_S, Programme, Section, Step

NO_AXES = "[9E9, 9E9, 9E9, 9E9, 9E9, 9E9]"
FOLLOWS_S = 0.9
"""So long the tracker follows on after a stop."""
TITLES = {
    "pose": "Pose accuracy and repeatability (7.2.1, 7.2.2)",
    "direction": "Multi-directional pose accuracy variation (7.2.3)",
    "distance": "Distance accuracy and repeatability (7.3)",
    "settle": "Stabilisation time and overshoot (7.4, 7.5)",
    "line": "Straight line (8.2, 8.3, 8.6)",
    "circle_large": "Large circle (8.2, 8.3, 8.6)",
    "circle_small": "Small circle (8.2, 8.3, 8.6)",
    "reorient": "Path accuracy on reorientation (8.4)",
    "corner": "Cornering (8.5)",
}


def module(programme: Programme) -> str:
    """Return the module's text."""
    targets = {programme.cube.pose(number): f"p{number}" for number in (1, 2, 3, 4, 5)}
    procedures = [
        "\n".join(_procedure(number, section, targets))
        for number, section in enumerate(programme.sections, start=1)
    ]
    tip, mass = programme.tool.tip, programme.tool.mass_kg
    edge = 1000.0 * programme.cube.edge_m
    lines = [
        "MODULE Inspection",
        "  ! Cycles of ISO 9283 (GB/T 12642): test cube "
        f"{edge:.0f} mm, plane {programme.cube.plane}.",
        "  ! Signals: label (number of what is measured), trigger (read once), follow (read on).",
        "",
        f"  PERS tooldata reflector := [TRUE, [{_place(tip)}, {_turn(tip)}], "
        f"[{max(mass, 0.001):g}, [0, 0, {500 * tip.z:g}], [1, 0, 0, 0], 0, 0, 0]];",
        *(
            f"  CONST robtarget {name} := [{_place(at)}, {_turn(at)}, [0, 0, 0, 0], {NO_AXES}];"
            for at, name in targets.items()
        ),
        "",
        "  PROC main()",
        "    ConfJ \\Off;",
        "    ConfL \\Off;",
        "    Reset trigger;",
        "    Reset follow;",
        *(f"    {_name(n, s)};" for n, s in enumerate(programme.sections, start=1)),
        "    Stop;",
        "  ENDPROC",
        "",
        "  ! Waits until the arm is at rest, and reads where it is.",
        "  PROC measure(num what)",
        f"    WaitTime {SETTLES_S:g};",
        "    SetGO label, what;",
        "    Set trigger;",
        "    WaitTime 0.02;",
        "    Reset trigger;",
        "  ENDPROC",
        "",
    ]
    return "\n".join([*lines, "\n\n".join(procedures), "ENDMODULE", ""])


def _name(number: int, section: Section) -> str:
    return f"test_{number}_{section.kind}"


def _procedure(number: int, section: Section, targets: dict[Placement, str]) -> Iterator[str]:
    yield f"  ! {TITLES[section.kind]}, {100 * section.share:g} % speed"
    yield f"  PROC {_name(number, section)}()"
    yield f"    VelSet {100 * section.share:g}, 7000;"
    for step in section.lead:
        yield f"    {_move(step, section, targets)}"
    yield f"    FOR cycle FROM 1 TO {section.cycles} DO"
    follows = False
    for step in section.steps:
        if step.records in ("way", "settle") and not follows:
            follows = True
            yield f"      SetGO label, {step.label};"
            yield "      Set follow;"
        yield f"      {_move(step, section, targets)}"
        if step.records == "stop":
            yield f"      measure {step.label};"
        elif step.records == "settle":
            follows = False
            yield f"      WaitTime {FOLLOWS_S:g};"
            yield "      Reset follow;"
    if follows:
        yield "      Reset follow;"
    yield "    ENDFOR"
    yield "  ENDPROC"


def _move(step: Step, section: Section, targets: dict[Placement, str]) -> str:
    move = step.move
    assert move.target is not None
    to = _target(move.target, targets)
    radius = f"{1000.0 * move.zone_m:g}"
    zone = "fine" if move.fine else f"[FALSE, {radius}, {radius}, {radius}, 10, {radius}, 10]"
    if move.kind == "joint":
        return f"MoveJ {to}, vmax, {zone}, reflector;"
    # VelSet scales what a movement asks for, so it asks for the full speed.
    speed = f"[{1000 * move.speed_m_s / section.share:g}, 500, 5000, 1000]"
    if move.kind == "circular":
        assert move.via is not None
        return f"MoveC {_target(move.via, targets)}, {to}, {speed}, {zone}, reflector;"
    return f"MoveL {to}, {speed}, {zone}, reflector;"


def _target(at: Placement, targets: dict[Placement, str]) -> str:
    return targets.setdefault(at, f"t{len(targets) - 4}")


def _place(at: Placement) -> str:
    return "[" + ", ".join(_number(1000.0 * each, 4) for each in at.place) + "]"


def _turn(at: Placement) -> str:
    return "[" + ", ".join(_number(each, 9) for each in at.turn) + "]"


def _number(value: float, places: int) -> str:
    # Adding 0.0 makes -0.0 a plain 0.
    return f"{round(value, places) + 0.0:.{places}f}".rstrip("0").rstrip(".")
