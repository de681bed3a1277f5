"""Draws the robot panel: head, state, what drives it, and the page that is open."""

from collections.abc import Callable

from . import jog_page, points_page, program_page
from .look import TABS, Look
from .pen import AMBER, BLUE, EDGE, FIELD, GREEN, INK, PALE, PAPER, RED, SOFT, WHITE, Ink, Pen
from .seen import RobotSeen

PAD = 14.0
STATE_HIGH = 58.0
NEAR_M = 0.1
"""A nearer obstacle is shown in red."""

Page = Callable[[Pen, Look, float], None]
PAGES: dict[str, Page] = {
    "jog": jog_page.draw,
    "points": points_page.draw,
    "program": program_page.draw,
}


def draw(pen: Pen, look: Look) -> None:
    """Draw the panel over the whole of a pen's sheet."""
    wide, high = look.size
    pen.area((0.0, 0.0, wide, high), "panel")
    pen.card((0.0, 0.0, wide - 3.0, high - 4.0), PAPER)
    _head(pen, look)
    if look.seen is None:
        key = "windowrobot.none" if look.robotless else "windowrobot.waiting"
        if not look.connected:
            key = "windowrobot.lost"
        for number, line in enumerate(pen.wrapped(look.say(key), 13.0, wide - 2 * PAD, 4)):
            pen.text(PAD, 62.0 + 18.0 * number, line, ink=SOFT)
        return
    _state(pen, look, 46.0)
    y = 46.0 + STATE_HIGH + 6.0
    _drive(pen, look, y)
    _speed(pen, look, y + 34.0)
    _nearest(pen, look, y + 64.0)
    _tabs(pen, look, y + 86.0)
    PAGES[look.choice.tab](pen, look, y + 124.0)


def _head(pen: Pen, look: Look) -> None:
    wide = look.size[0]
    right = wide - PAD - 32.0
    names = [look.text(title) for title in look.titles]
    if len(names) > 1:
        entries = [(str(number), name) for number, name in enumerate(names)]
        pen.choice((PAD, 10.0, right - 6.0, 38.0), entries, "choose", str(look.chosen))
    elif names:
        pen.text(PAD, 24.0, names[0], 15.0, bold=True, most=right - PAD)
    pen.button((right, 10.0, wide - PAD, 38.0), "×", "close", size=17.0)


def _state(pen: Pen, look: Look, y: float) -> None:
    """Write how it stands, and what to do next: of two things that are wrong the graver one."""
    assert look.seen is not None
    robot, wide = look.seen.robot, look.size[0]
    if robot.fault is not None:
        _fault(pen, look, y)
        return
    key, ink = _standing(robot)
    text = look.say(f"robotpage.state_{key}")
    chip = pen.width(text, 12.0, bold=True) + 18.0
    pen.block((PAD, y, PAD + chip, y + 22.0), ink, radius=11.0)
    pen.text(PAD + chip / 2, y + 11.0, text, 12.0, WHITE, bold=True, anchor="mm")
    said, colour = (look.said, RED) if look.said else (_hint(look), SOFT)
    if not look.connected:
        said, colour = look.say("windowrobot.lost"), RED
    first = wide - 2 * PAD - chip - 10.0
    lines = pen.wrapped(said, 12.0, first, 2)
    if len(lines) > 1 and lines[1].endswith("…"):
        lines = pen.wrapped(said, 12.0, first, 1 + len(pen.wrapped(said, 12.0, first, 9)))[:4]
    step = 15.0 if len(lines) < 4 else 14.0
    top = y + 11.0 if len(lines) == 1 else y + 7.0
    for number, line in enumerate(lines):
        pen.text(PAD + chip + 10.0, top + step * number, line, 12.0, colour)


def _standing(robot: RobotSeen) -> tuple[str, Ink]:
    if robot.moving:
        return ("jog" if robot.doing == "jog" else "moving"), BLUE
    return ("ready", GREEN) if robot.ready else ("not_ready", (98, 108, 118, 255))


def _fault(pen: Pen, look: Look, y: float) -> None:
    assert look.seen is not None
    wide = look.size[0]
    pen.block((PAD, y, wide - PAD, y + STATE_HIGH), RED, radius=8.0)
    right = wide - PAD - 8.0
    reset = look.say("robotpage.reset")
    edge = right - max(58.0, pen.width(reset, 12.5) + 18.0)
    if look.may:
        pen.button((edge, y + 15.0, right, y + 43.0), reset, "reset")
    most = edge - PAD - 18.0
    pen.text(PAD + 10.0, y + 10.0, look.say("robotpage.fault"), 12.5, WHITE, bold=True)
    lines = pen.wrapped(look.text(look.seen.robot.fault), 11.5, most, 3 if not look.said else 2)
    more = look.said or look.say("robotpage.hint_fault")
    if len(lines) < 3:
        lines += pen.wrapped(more, 11.5, most, 3 - len(lines))
    for number, line in enumerate(lines):
        pen.text(PAD + 10.0, y + 23.5 + 12.5 * number, line, 11.5, WHITE)


def _hint(look: Look) -> str:
    """Return what to do next, so that it can be moved by hand."""
    assert look.seen is not None
    robot = look.seen.robot
    if not look.may:
        return look.say("windowrobot.looking_on")
    why = look.text(robot.why_not)
    if robot.mode == "auto":
        if robot.ready:
            return look.say("robotpage.hint_auto")
        return look.say("windowrobot.hint_auto", why=why)
    if not robot.motors:
        return look.say("robotpage.hint_motors")
    if look.enabling or robot.enabling:
        return look.say("windowrobot.hint_jog") if robot.ready else why
    return look.say("windowrobot.hint_one" if look.one_hand else "windowrobot.hint_enabling")


def _drive(pen: Pen, look: Look, y: float) -> None:
    assert look.seen is not None
    robot, wide = look.seen.robot, look.size[0]
    modes = [(mode, look.say(f"robotpage.mode_{mode}")) for mode in ("auto", "manual")]
    pen.choice((PAD, y, PAD + 122.0, y + 28.0), modes, "mode", robot.mode, may=look.may)
    left = PAD + 128.0
    text = look.say("robotpage.motors_on" if robot.motors else "robotpage.motors_off")
    pen.button(
        (left, y, left + 100.0, y + 28.0), text, "motors", may=look.may, on=robot.motors,
        fill=GREEN,
    )  # fmt: skip
    held = look.enabling or (robot.enabling and look.manual)
    if held:
        text = look.say("windowrobot.enabling_held")
    else:
        text = look.say("windowrobot.enabling_one" if look.one_hand else "windowrobot.enabling")
    box = (left + 106.0, y, wide - PAD, y + 28.0)
    may = look.may and look.manual
    pen.button(box, text, "enabling", may=may, on=held, fill=GREEN)
    if look.one_hand and may and not held:
        pen.block((box[0], box[1], box[2], box[3]), None, GREEN)
        pen.block((box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1), None, GREEN, radius=5.0)


def _speed(pen: Pen, look: Look, y: float) -> None:
    assert look.seen is not None
    wide = look.size[0]
    middle = y + 12.0
    name = look.say("robotpage.speed")
    pen.text(PAD, middle, name, 12.5, SOFT)
    left = PAD + max(pen.width(name, 12.5), 40.0) + 12.0
    right = wide - PAD - 58.0
    percent = look.choice.percent or look.seen.robot.override
    at = left + (right - left) * percent / 100.0
    pen.block((left, middle - 2.5, right, middle + 2.5), (214, 220, 226, 255), radius=2.5)
    pen.block((left, middle - 2.5, at, middle + 2.5), GREEN if look.may else PALE, radius=2.5)
    if look.may:
        pen.area((left - 6.0, y, right + 6.0, y + 24.0), "speed", (round(left), round(right)))
        pen.block((at - 7.0, middle - 7.0, at + 7.0, middle + 7.0), WHITE, GREEN, radius=7.0)
    pen.text(wide - PAD, middle, f"{percent} %", 13.0, bold=True, anchor="rm")


def _nearest(pen: Pen, look: Look, y: float) -> None:
    assert look.seen is not None
    robot, wide = look.seen.robot, look.size[0]
    middle, near = y + 10.0, robot.nearest
    if near is None:
        pen.text(PAD, middle, look.say("windowrobot.near_none"), 12.0, SOFT)
        return
    close = near.distance_m < NEAR_M
    right = wide - PAD
    name = look.say("windowrobot.near")
    pen.text(PAD, middle, name, 12.5, SOFT)
    left = PAD + pen.width(name, 12.5) + 8.0
    figure = f"{near.distance_m * 1000.0:.0f} mm"
    left += pen.text(left, middle, figure, 13.0, RED if close else INK, bold=True) + 10.0
    if robot.singularity:
        kind = look.say("robotpage.singular", kind=robot.singularity[0])
        pen.text(right, middle, kind, 12.0, AMBER, anchor="rm", most=right - left)
    else:
        between = f"{look.text(near.mine_text)} – {look.text(near.other_text)}"
        pen.text(right, middle, between, 12.0, SOFT, anchor="rm", most=right - left)


def _tabs(pen: Pen, look: Look, y: float) -> None:
    wide = look.size[0]
    each = (wide - 2 * PAD) / len(TABS)
    pen.block((PAD, y, wide - PAD, y + 30.0), FIELD, radius=8.0)
    for number, tab in enumerate(TABS):
        left = PAD + number * each
        box = (left + 2.0, y + 2.0, left + each - 2.0, y + 28.0)
        on = look.choice.tab == tab
        over = pen.area(box, "tab", tab)
        if on:
            pen.block(box, WHITE, EDGE)
        text = look.say(f"windowrobot.tab_{tab}")
        ink = INK if on or over else SOFT
        pen.text(left + each / 2, y + 15.0, text, 12.5, ink, bold=on, anchor="mm")
        if tab == "program" and look.seen is not None and look.seen.program is not None:
            light = {"run": GREEN, "error": RED}.get(look.seen.program.mode)
            if light:
                x = left + each / 2 + pen.width(text, 12.5, bold=on) / 2 + 10.0
                pen.block((x - 3.5, y + 11.5, x + 3.5, y + 18.5), light, radius=3.5)
