"""The pages of figures: each pose, each path, each corner, and the notes."""

from collections.abc import Callable, Iterator
from math import degrees

from twin.spec.messages import message
from twin.study.iso9283.evaluate import Inspection

from .sheet import FAINT, LEFT_MM, Column, Sheet
from .words import folded, place_name

TOP_MM, FULL_MM = 22.0, 281.0
"""Of what is written on a page."""
GAP_MM, ROW_MM = 6.2, 4.3
NOTES, NOTE_MM, NOTE_WIDE = 7, 4.4, 148


def _mm(value_m: float) -> str:
    return f"{1000.0 * value_m:.3f}".replace("-", "−")


def _deg(value_rad: float) -> str:
    return f"{degrees(value_rad):.4f}".replace("-", "−")


def _number(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace("-", "−")


def detail_pages(
    inspection: Inspection, language: str, sheet: Callable[[], Sheet]
) -> Iterator[Sheet]:
    """Yield the pages."""
    page, y = sheet(), TOP_MM
    notes = [
        line
        for number in range(1, NOTES + 1)
        for line in folded(message(f"inspect.note_{number}", language), NOTE_WIDE)
    ]
    tables = list(_tables(inspection, language))
    for title, columns, rows in tables:
        needs = 3.0 + ROW_MM * (len(rows) + 1)
        # The notes go with the last table: on a page of their own they would look forgotten.
        if title == tables[-1][0]:
            needs += GAP_MM + 4.0 + NOTE_MM * len(notes)
        if y > TOP_MM and y + needs > FULL_MM:
            yield page
            page, y = sheet(), TOP_MM
        y = page.heading(y, title)
        y = page.table(LEFT_MM, y, columns, rows, size=7.0, row_mm=ROW_MM) + GAP_MM
    y = page.heading(y, message("inspect.notes", language)) + 1.6
    for line in notes:
        page.text(LEFT_MM, y, line, 7.0, colour=FAINT)
        y += NOTE_MM
    yield page


Table = tuple[str, list[Column], list[list[str]]]


def _tables(inspection: Inspection, language: str) -> Iterator[Table]:
    yield from _poses(inspection, language)
    yield from _distances(inspection, language)
    yield from _paths(inspection, language)


def _poses(inspection: Inspection, language: str) -> Iterator[Table]:
    say = message
    columns = [
        Column(say("inspect.col_pose", language), 12.0),
        *(Column(title, width, right=True) for title, width in (
            ("n", 9.0), ("AP / mm", 16.0), ("APx", 14.0), ("APy", 14.0), ("APz", 14.0),
            ("RP / mm", 16.0), ("l mean", 14.0), ("S / mm", 14.0),
            ("APa / °", 17.0), ("APb", 17.0), ("APc", 17.0),
        )),
    ]  # fmt: skip
    for share, results in inspection.poses.items():
        rows = [
            [
                one.name, str(len(one.attained)), _mm(one.accuracy.position_m),
                *map(_mm, one.accuracy.xyz_m), _mm(one.repeatability.position_m),
                _mm(one.repeatability.mean_m), _mm(one.repeatability.deviation_m),
                *map(_deg, one.accuracy.abc_rad),
            ]
            for one in results
        ]  # fmt: skip
        yield say("inspect.table_poses", language, speed=f"{100 * share:g}"), columns, rows


def _distances(inspection: Inspection, language: str) -> Iterator[Table]:
    say = message
    columns = [
        Column(say("inspect.col_speed", language), 20.0),
        *(Column(title, 19.25, right=True) for title in (
            "AD / mm", "ADx", "ADy", "ADz", "RD / ±mm", "RDx", "RDy", "RDz",
        )),
    ]  # fmt: skip
    rows = [
        [
            f"{100 * share:g} %", _mm(one.accuracy_m), *map(_mm, one.accuracy_xyz_m),
            _mm(one.repeatability_m), *map(_mm, one.repeatability_xyz_m),
        ]
        for share, one in inspection.distances.items()
    ]  # fmt: skip
    if rows:
        yield say("inspect.table_distances", language), columns, rows


def _paths(inspection: Inspection, language: str) -> Iterator[Table]:
    say = message
    columns = [
        Column(say("inspect.col_path", language), 28.0),
        Column(say("inspect.col_speed", language), 14.0, right=True),
        *(Column(title, width, right=True) for title, width in (
            ("v / m/s", 15.0), ("L / mm", 15.0), ("AT / mm", 16.0),
            (say("inspect.col_at", language), 20.0), ("RT / mm", 16.0),
            ("AV / %", 16.0), ("RV / ±%", 16.0), ("FV / mm/s", 18.0),
        )),
    ]  # fmt: skip
    rows = [
        [
            place_name(one.kind, language), f"{100 * share:g} %", _number(one.speed_m_s, 3),
            _number(1000 * one.length_m, 0), _mm(one.figures.accuracy_m),
            _number(1000 * one.worst_m, 0), _mm(one.figures.repeatability_m),
            _number(one.velocity.accuracy_percent, 2),
            _number(one.velocity.repeatability_percent, 2),
            _number(1000 * one.velocity.fluctuation_m_s, 1),
        ]
        for share, results in inspection.paths.items()
        for one in results
    ]  # fmt: skip
    if rows:
        yield say("inspect.table_paths", language), columns, rows
    yield from _settles(inspection, language)


def _settles(inspection: Inspection, language: str) -> Iterator[Table]:
    say, settles = message, inspection.settles
    if not settles:
        return
    columns = [Column(say("inspect.col_pose", language), 14.0)]
    for share in settles:
        at = f"{100 * share:g} %"
        width = min(160.0 / len(settles) / 2.0, 40.0)
        columns.append(Column(f"t / s, {at}", width, right=True))
        columns.append(Column(f"OV / mm, {at}", width, right=True))
    rows = [
        [same[0].name]
        + [
            text
            for one in same
            for text in (_number(one.figures.time_s, 3), _mm(one.figures.overshoot_m))
        ]
        for same in zip(*settles.values(), strict=True)
    ]
    band = max(one.band_m for many in settles.values() for one in many)
    yield say("inspect.table_settles", language, band=f"{1000 * band:.3f}"), columns, rows
