"""Draws the page on which an arm is jogged: frame, steps, axes, places, tool, a new point."""

from .look import CARTESIAN, FRAMES, HOLD, STEPS, Look, axes_of, joint_text, step_text, tidy
from .pen import EDGE, FIELD, GREEN, INK, PALE, SOFT, WHITE, Pen
from .seen import RobotSeen, free_name, turns

PAD = 14.0
ROW = 26.0
NAMES = {"tool": "tool0", "wobj": "wobj0"}
"""What there is without a program."""


def draw(pen: Pen, look: Look, y: float) -> None:
    """Draw the page from `y` down."""
    assert look.seen is not None
    robot, choice, right = look.seen.robot, look.choice, look.size[0] - PAD
    frames = [(name, look.say(f"robotpage.frame_{name}")) for name in FRAMES]
    pen.choice((PAD, y, right, y + 26.0), frames, "frame", choice.frame)
    steps = [
        (
            step,
            look.say("robotpage.step_hold")
            if step == HOLD
            else step_text(robot, choice.frame, step),
        )
        for step in STEPS
    ]
    pen.choice((PAD, y + 31.0, right, y + 57.0), steps, "step", choice.step, size=11.5)
    y += 63.0
    for row, axis in enumerate(axes_of(robot, choice.frame)):
        _axis(pen, look, axis, y + row * ROW)
    y += len(CARTESIAN) * ROW + 4.0
    _places(pen, look, y)
    _frames_in_use(pen, look, y + 58.0)
    teach(pen, look, y + 90.0)


def _axis(pen: Pen, look: Look, axis: int, y: float) -> None:
    assert look.seen is not None
    robot, choice, right = look.seen.robot, look.choice, look.size[0] - PAD
    top, bottom, middle = y + 1.0, y + ROW - 2.0, y + (ROW - 1.0) / 2
    may = look.can_move
    pen.button((PAD, top, PAD + 48.0, bottom), "−", "jog", (axis, -1), may=may, size=16.0)
    pen.button((right - 48.0, top, right, bottom), "+", "jog", (axis, 1), may=may, size=16.0)
    pen.area((PAD + 50.0, top, right - 50.0, bottom), "axis", axis)
    if axis == choice.axis:
        pen.block((PAD + 52.0, top + 2.0, right - 52.0, bottom - 2.0), FIELD, radius=5.0)
    name, value = _named(robot, choice.frame, axis)
    pen.text(PAD + 62.0, middle, name, 13.0, INK, bold=True)
    pen.text(PAD + 186.0, middle, value, 13.5, INK, anchor="rm")
    if choice.frame == "joint":
        _range(pen, robot, axis, (PAD + 202.0, middle, right - 64.0))


def _range(pen: Pen, robot: RobotSeen, axis: int, at: tuple[float, float, float]) -> None:
    """Draw where a joint is between its limits."""
    left, middle, right = at
    joint = robot.joints[axis]
    span = joint.high - joint.low
    if not 0.0 < span < float("inf"):
        return
    share = min(1.0, max(0.0, (joint.value - joint.low) / span))
    pen.block((left, middle - 2.0, right, middle + 2.0), (209, 216, 222, 255), radius=2.0)
    x = left + share * (right - left)
    pen.block((x - 2.5, middle - 6.0, x + 2.5, middle + 6.0), GREEN, radius=2.0)


def _named(robot: RobotSeen, frame: str, axis: int) -> tuple[str, str]:
    if frame == "joint":
        return f"J{axis + 1}", joint_text(robot.joints[axis])
    return CARTESIAN[axis], _cartesian(robot, frame, axis)


def _cartesian(robot: RobotSeen, frame: str, axis: int) -> str:
    place = robot.tip_in_wobj if frame == "wobj" else robot.tip
    if axis < 3:
        return f"{tidy(place[axis] * 1000.0, 1)} mm"
    return f"{tidy(turns(place)[axis - 3], 2)}°"


def _places(pen: Pen, look: Look, y: float) -> None:
    """Write what the axes above do not show: the tool's place, or the joints."""
    assert look.seen is not None
    robot, right = look.seen.robot, look.size[0] - PAD
    joint = look.choice.frame == "joint"
    if joint:
        heading = look.say("windowrobot.tool_place", wobj=robot.wobj)
        entries = [(name, _cartesian(robot, "wobj", axis)) for axis, name in enumerate(CARTESIAN)]
    else:
        heading = look.say("windowrobot.joints")
        entries = [(f"J{k}", joint_text(each)) for k, each in enumerate(robot.joints, 1)]
    pen.block((PAD, y, right, y + 52.0), FIELD, radius=7.0)
    pen.text(PAD + 9.0, y + 10.0, heading, 11.0, SOFT, most=right - PAD - 18.0)
    each = (right - PAD) / 3
    for number, (name, value) in enumerate(entries):
        left = PAD + (number % 3) * each
        middle = y + 26.0 + 16.0 * (number // 3)
        pen.text(left + 9.0, middle, name, 11.5, SOFT)
        pen.text(left + each - 10.0, middle, value, 12.0, INK, anchor="rm")


def _frames_in_use(pen: Pen, look: Look, y: float) -> None:
    assert look.seen is not None
    robot, program, right = look.seen.robot, look.seen.program, look.size[0] - PAD
    half = (right - PAD - 10.0) / 2
    for number, (what, name) in enumerate((("tool", robot.tool), ("wobj", robot.wobj))):
        left = PAD + number * (half + 10.0)
        more = bool(program and (program.tools if what == "tool" else program.wobjs))
        title = look.say(f"robotpage.{what}")
        pen.text(left, y + 13.0, title, 12.0, SOFT, most=68.0)
        x = left + min(68.0, pen.width(title, 12.0)) + 8.0
        box = (x, y, left + half, y + 26.0)
        may = look.may and more
        pen.button(box, "", what, may=may)
        pen.text(
            x + 8.0, y + 13.0, name, 12.0, INK if may else SOFT, code=True, most=box[2] - x - 26.0
        )
        if may:
            tip = box[2] - 14.0
            pen.shape([(tip - 4, y + 11.0), (tip + 4, y + 11.0), (tip, y + 16.0)], SOFT)


def following(look: Look, what: str) -> str:
    """Return the tool or the work object that a click chooses: the next of the program's."""
    assert look.seen is not None
    robot, program = look.seen.robot, look.seen.program
    more = [] if program is None else program.tools if what == "tool" else program.wobjs
    names = list(dict.fromkeys([NAMES[what], *more]))
    now = robot.tool if what == "tool" else robot.wobj
    return names[(names.index(now) + 1) % len(names)] if now in names else names[0]


def teach(pen: Pen, look: Look, y: float) -> None:
    """Draw where a new point is named and taught."""
    assert look.seen is not None
    program, right = look.seen.program, look.size[0] - PAD
    may = look.may and program is not None and program.mode != "run"
    typed = look.choice.name
    title = look.say("robotpage.point_new")
    pen.text(PAD, y + 13.0, title, 12.0, SOFT)
    left = PAD + pen.width(title, 12.0) + 8.0
    edge = right - 110.0
    box = (left, y, edge - 8.0, y + 26.0)
    pen.block(box, WHITE if may else FIELD, GREEN if typed is not None else EDGE)
    if may:
        pen.area(box, "name")
    name = suggested(look) if typed is None else typed + "|"
    ink = PALE if not may else SOFT if typed is None else INK
    pen.text(left + 8.0, y + 13.0, name, 12.0, ink, code=True, most=box[2] - left - 14.0)
    pen.button((edge, y, right, y + 26.0), look.say("robotpage.teach"), "teach", may=may)


def suggested(look: Look) -> str:
    """Return the name that a new point gets when nobody types another."""
    program = look.seen.program if look.seen is not None else None
    return free_name([point.name for point in program.points] if program is not None else [])
