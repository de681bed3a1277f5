"""The first page: what was inspected, under which conditions, and the outcome."""

from collections.abc import Callable, Iterator

from twin.spec.messages import message
from twin.study.iso9283.evaluate import Inspection
from twin.study.iso9283.limits import CHARACTERISTICS

from .occasion import Occasion
from .sheet import FAIL, FAINT, INK, LEFT_MM, PASS, RIGHT_MM, Column, Sheet
from .words import breadth, folded, name, place_name, shown, symbol, unit, verdict

REMARKS, SAID = 8, 128
"""As many lines of as many letters have room below the outcome."""
ACROSS = ("how", "errors", "limits")
"""Facts that go across the page, however short."""
NARROW, WIDE = 46, 112
"""So many letters have room behind the name of a fact: in a column, and across the page."""


def cover_page(
    occasion: Occasion, inspection: Inspection, language: str, sheet: Callable[[], Sheet]
) -> Iterator[Sheet]:
    """Yield the page."""
    page = sheet()
    page.text(LEFT_MM, 24.0, message("inspect.title", language), 17, bold=True)
    page.text(LEFT_MM, 30.0, message("inspect.subtitle", language), 8.5, colour=FAINT)
    _stamp(page, inspection, language)
    y = _facts(page, 37.0, inspection, occasion, language)
    y = page.heading(y + 7.5, message("inspect.outcome", language))
    y = _outcome(page, y, inspection, language)
    page.text(LEFT_MM, y + 4.2, message("inspect.outcome_note", language), 6.8, colour=FAINT)
    said = [(line, colour) for text, colour in _said(inspection, language)
            for line in folded(text, SAID)]  # fmt: skip
    for number, (line, colour) in enumerate(said[:REMARKS]):
        page.text(LEFT_MM, y + 10.0 + 4.4 * number, line, 7.6, colour=colour)
    for x, key in ((LEFT_MM, "inspect.inspector"), (LEFT_MM + 92.0, "inspect.approved")):
        page.line((x, 277.0), (x + 80.0, 277.0), width=0.5, colour=INK)
        page.text(x, 280.8, message(key, language), 7.0, colour=FAINT)
    if occasion.inspector:
        page.text(LEFT_MM + 1.0, 275.5, occasion.inspector, 8.5)
    yield page


def _said(inspection: Inspection, language: str) -> Iterator[tuple[str, str]]:
    """Yield what the verdict rests on, and what a reader must know, each with its colour."""
    if inspection.passed is None:
        yield message("inspect.none_kept", language), INK
    elif inspection.passed:
        yield message("inspect.all_kept", language), PASS
    for one in inspection.worst():
        if one.passed is False and one.limit is not None:
            yield (
                message(
                    "inspect.not_kept", language, id=symbol(one.id), speed=f"{100 * one.share:g}",
                    place=place_name(one.place, language), value=shown(one.value, one.id),
                    unit=unit(one.id), limit=shown(one.limit, one.id),
                ),
                FAIL,
            )  # fmt: skip
    for remark in inspection.remarks:
        yield remark.text(language), FAIL


def _stamp(page: Sheet, inspection: Inspection, language: str) -> None:
    passed = inspection.passed
    key = {True: "inspect.passed", False: "inspect.failed", None: "inspect.no_verdict"}[passed]
    colour = {True: PASS, False: FAIL, None: FAINT}[passed]
    page.box(RIGHT_MM - 52.0, 16.5, 52.0, 15.0, edge=colour)
    page.text(RIGHT_MM - 26.0, 22.0, message("inspect.verdict", language), 7.0,
              colour=colour, align="center")  # fmt: skip
    page.text(RIGHT_MM - 26.0, 28.6, message(key, language), 12.0, colour=colour,
              align="center", bold=True)  # fmt: skip


def _facts(
    page: Sheet, y: float, inspection: Inspection, occasion: Occasion, language: str
) -> float:
    """Write two columns of facts; return where they end."""
    say, programme = message, inspection.programme
    cube = programme.cube
    middle = ", ".join(f"{1000 * each:.0f}" for each in cube.middle_m).replace("-", "−")
    cycles = {one.kind: one.cycles for one in programme.sections}
    speeds = ", ".join(
        f"{100 * one:g} %" for one in dict.fromkeys(s.share for s in programme.sections)
    )
    rated = max((s.speed_m_s for s in programme.sections), default=0.0)
    counts = say("inspect.cycles_value", language, poses=cycles.get("pose", 0),
                 paths=cycles.get("line", 0), settles=cycles.get("settle", 0))  # fmt: skip
    share = f" ({100 * occasion.payload_kg / occasion.rated_kg:.0f} %)" if occasion.rated_kg else ""
    plane = say("inspect.level", language) if cube.plane == "level" else cube.plane
    facts = [
        ("arm", occasion.arm), ("payload", f"{occasion.payload_kg:g} kg{share}"),
        ("serial", occasion.serial or "–"), ("speeds", speeds),
        ("place", occasion.place or say("inspect.alone", language)),
        ("path_speed", f"{rated:.2f} m/s" if rated else "–"),
        ("date", occasion.date or "–"), ("cube", f"{1000 * cube.edge_m:.0f} mm"),
        ("report_no", occasion.report or "–"), ("middle", f"({middle}) mm"),
        ("instrument", say("inspect.instrument_value", language,
                           mm=f"{1000 * occasion.instrument_mm:.1f}")), ("plane", plane),
        ("seed", str(occasion.seed)), ("cycles", counts),
        ("how", say(f"inspect.how_{occasion.how}", language)),
        ("errors", occasion.errors or "–"), ("limits", occasion.limits or "–"),
    ]  # fmt: skip
    across = [fact for fact in facts if fact[0] in ACROSS or breadth(fact[1]) > NARROW]
    page.rule(y - 1.0)
    row = y - 1.4
    for at, (key, value) in enumerate(fact for fact in facts if fact not in across):
        left = LEFT_MM if at % 2 == 0 else LEFT_MM + 94.0
        row += 5.4 if at % 2 == 0 else 0.0
        page.text(left, row, say(f"inspect.fact_{key}", language), 7.2, colour=FAINT)
        page.text(left + 27.0, row, value, 7.8)
    for key, value in across:
        page.text(LEFT_MM, row + 5.4, say(f"inspect.fact_{key}", language), 7.2, colour=FAINT)
        for line in folded(value, WIDE):
            row += 5.4
            page.text(LEFT_MM + 27.0, row, line, 7.8)
    page.rule(row + 2.4)
    return row + 2.4


def _outcome(page: Sheet, y: float, inspection: Inspection, language: str) -> float:
    say = message
    worst = inspection.worst()
    shares = sorted({one.share for one in worst}, reverse=True)
    columns = [
        Column(say("inspect.col_clause", language), 13.0),
        Column(say("inspect.col_name", language), RIGHT_MM - LEFT_MM - 67.0 - 17.0 * len(shares)),
        Column(say("inspect.col_symbol", language), 15.0),
        *(Column(f"{100 * share:g} %", 17.0, right=True) for share in shares),
        Column(say("inspect.col_unit", language), 11.0),
        Column(say("inspect.col_limit", language), 14.0, right=True),
        Column(say("inspect.col_verdict", language), 14.0),
    ]
    rows = []
    for id_ in CHARACTERISTICS:
        found = {one.share: one for one in worst if one.id == id_}
        if not found:
            continue
        known = [one.passed for one in found.values() if one.passed is not None]
        limit = next((one.limit for one in found.values() if one.limit is not None), None)
        sign = "±" if id_ in ("RD", "RV", "RPo", "RTo") else ""
        values = [
            sign + shown(found[share].value, id_) if share in found else "–" for share in shares
        ]
        rows.append([
            CHARACTERISTICS[id_].clause, name(id_, language), symbol(id_), *values, unit(id_),
            "–" if limit is None else shown(limit, id_),
            verdict(all(known) if known else None, language),
        ])  # fmt: skip
    colours = {
        verdict(passed, language): colour for passed, colour in ((True, PASS), (False, FAIL))
    }
    size = 7.2
    row = min(5.7, 148.0 / max(len(rows), 1))
    return page.table(LEFT_MM, y, columns, rows, colours=colours, size=size, row_mm=row)
