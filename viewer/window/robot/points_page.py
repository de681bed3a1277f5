"""Draws the list of a program's points: where each is, going there, teaching it again."""

from .jog_page import teach
from .look import Look
from .pen import EDGE, FIELD, INK, SOFT, Pen
from .seen import PointSeen

PAD = 14.0
ROW = 32.0


def rows(look: Look, y: float) -> int:
    """Return how many points are seen at once in a list that begins at `y`."""
    return max(1, int((look.size[1] - 14.0 - y) // ROW))


def draw(pen: Pen, look: Look, y: float) -> None:
    """Draw the page from `y` down."""
    assert look.seen is not None
    teach(pen, look, y)
    program, right = look.seen.program, look.size[0] - PAD
    points = program.points if program is not None else []
    y += 36.0
    if not points:
        said = look.say("robotpage.no_points")
        for number, line in enumerate(pen.wrapped(said, 12.5, right - PAD, 3)):
            pen.text(PAD, y + 14.0 + 18.0 * number, line, 12.5, SOFT)
        return
    count = rows(look, y)
    first = min(max(look.choice.points_top, 0), max(len(points) - count, 0))
    scrolls = len(points) > count
    for number, point in enumerate(points[first : first + count]):
        _row(pen, look, point, y + number * ROW, right - (10.0 if scrolls else 0.0))
    if scrolls:
        high = count * ROW
        top = y + high * first / len(points)
        pen.block((right - 5.0, y, right, y + high), FIELD, radius=2.5)
        pen.block((right - 5.0, top, right, top + high * count / len(points)), EDGE, radius=2.5)


def _row(pen: Pen, look: Look, point: PointSeen, y: float, right: float) -> None:
    assert look.seen is not None
    program = look.seen.program
    go, again = look.say("robotpage.go"), look.say("robotpage.overwrite")
    wide = max(pen.width(again, 12.0), 44.0) + 16.0
    narrow = max(pen.width(go, 12.0), 44.0) + 16.0
    edge = right - wide - narrow - 6.0
    pen.rule(PAD, y + ROW - 1.0, right)
    pen.text(PAD, y + 10.0, point.name, 12.5, INK, code=True, most=edge - PAD - 8.0)
    pen.text(PAD, y + 23.0, place(point), 10.5, SOFT, most=edge - PAD - 8.0)
    box = (edge, y + 3.0, edge + narrow, y + ROW - 4.0)
    pen.button(box, go, "go", point.name, may=look.can_move, size=12.0)
    may = look.may and point.type == "robtarget" and program is not None and program.mode != "run"
    box = (right - wide, y + 3.0, right, y + ROW - 4.0)
    pen.button(box, again, "overwrite", point.name, may=may, size=12.0)


def place(point: PointSeen) -> str:
    """Return where a point is, short: the first group of its value."""
    numbers = point.text.lstrip("[").split("]")[0].replace("-", "−")
    parts = numbers.split(",")
    if point.type == "robtarget":
        return "    ".join(f"{name} {part}" for name, part in zip("XYZ", parts, strict=False))
    return "   ".join(f"{part}°" for part in parts)
