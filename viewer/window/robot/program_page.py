"""Draws the program of a robot: its text with the pointer, and what runs and stops it."""

from .look import Look
from .pen import BLUE, EDGE, FIELD, GREEN, INK, PALE, POINTER, RED, SOFT, WHITE, Pen
from .seen import ProgramSeen

PAD = 14.0
LINE = 16.0
LIGHTS = {"run": GREEN, "error": RED, "stopped": BLUE}
DOT = (216, 35, 42, 255)


def draw(pen: Pen, look: Look, y: float) -> None:
    """Draw the page from `y` down."""
    assert look.seen is not None
    program, wide = look.seen.program, look.size[0]
    if program is None or program.mode == "empty":
        said = look.say("windowrobot.no_program")
        for number, line in enumerate(pen.wrapped(said, 12.5, wide - 2 * PAD, 4)):
            pen.text(PAD, y + 12.0 + 18.0 * number, line, 12.5, SOFT)
        return
    _buttons(pen, look, program, y)
    y += 34.0
    if program.error:
        y += _error(pen, look, program, y)
    bottom = look.size[1] - 34.0
    _text(pen, look, program, y, bottom)
    words = program.messages[-1] if program.messages else look.say("windowrobot.edit_in_page")
    pen.text(PAD, bottom + 13.0, words, 11.0, SOFT, most=wide - 2 * PAD)


def _buttons(pen: Pen, look: Look, program: ProgramSeen, y: float) -> None:
    assert look.seen is not None
    robot, right = look.seen.robot, look.size[0] - PAD
    runs = program.mode == "run"
    held = look.manual and look.can_move
    may_run = look.may and program.mode in {"ready", "stopped"} and (robot.ready or held)
    entries = (
        ("run", look.say("robotpage.run"), may_run),
        ("stop", look.say("robotpage.stop"), look.may and runs),
        ("step", look.say("windowrobot.step"), may_run),
        ("main", look.say("robotpage.main"), look.may and not runs),
    )
    left = PAD
    for name, text, may in entries:
        wide = max(pen.width(text, 12.5) + 18.0, 46.0)
        pen.button((left, y, left + wide, y + 28.0), text, f"rapid_{name}", may=may)
        left += wide + 5.0
    state = look.say(f"robotpage.rapid_{program.mode}")
    ink = LIGHTS.get(program.mode, SOFT)
    pen.text(right, y + 14.0, state, 12.5, ink, bold=True, anchor="rm", most=right - left)


def _error(pen: Pen, look: Look, program: ProgramSeen, y: float) -> float:
    right = look.size[0] - PAD
    where = look.say("windowrobot.at_line", line=program.error_line) if program.error_line else ""
    lines = pen.wrapped(f"{where}{program.error}", 11.5, right - PAD - 20.0, 3)
    high = 12.0 + 14.0 * len(lines)
    pen.block((PAD, y, right, y + high), RED, radius=7.0)
    for number, line in enumerate(lines):
        pen.text(PAD + 10.0, y + 13.0 + 14.0 * number, line, 11.5, WHITE)
    return high + 6.0


def shown_from(look: Look, program: ProgramSeen, count: int) -> int:
    """Return the number, from 0, of the first line that is shown of so many."""
    lines = program.text.count("\n") + 1
    wanted = look.choice.code_top
    if wanted is None:
        wanted = (program.error_line or program.line or 1) - 1 - count // 3
    return max(0, min(wanted, lines - count))


def lines_between(y: float, bottom: float) -> int:
    """Return how many lines of text there is room for."""
    return max(1, int((bottom - y - 8.0) // LINE))


def _text(pen: Pen, look: Look, program: ProgramSeen, y: float, bottom: float) -> None:
    right = look.size[0] - PAD
    pen.block((PAD, y, right, bottom), WHITE, EDGE, radius=7.0)
    pen.block((PAD + 1.0, y + 1.0, PAD + 31.0, bottom - 1.0), FIELD, radius=6.0)
    count = lines_between(y, bottom)
    pen.area((PAD, y, right, bottom), "code", count)
    lines = program.text.split("\n")
    first = shown_from(look, program, count)
    for number, line in enumerate(lines[first : first + count], first + 1):
        top = y + 4.0 + (number - first - 1) * LINE
        middle = top + LINE / 2
        if number == program.line:
            pen.block((PAD + 32.0, top, right - 2.0, top + LINE), POINTER, radius=3.0)
            tip = PAD + 29.5
            pen.shape([(tip - 6, middle - 4), (tip - 6, middle + 4), (tip, middle)], BLUE)
        if number in program.breakpoints:
            pen.block((PAD + 3.0, middle - 3.0, PAD + 9.0, middle + 3.0), DOT, radius=3.0)
        dark = number == program.line
        pen.text(PAD + 23.0, middle, str(number), 9.5, INK if dark else PALE, anchor="rm")
        ink = RED if number == program.error_line and program.error else INK
        if line.lstrip().startswith("!"):
            ink = SOFT
        text = line.rstrip().replace("\t", "  ")
        if text:
            indent = (len(text) - len(text.lstrip())) * pen.width(" ", 10.5, code=True)
            left = PAD + 36.0 + indent
            pen.text(left, middle, text.lstrip(), 10.5, ink, code=True, most=right - left - 6.0)
