"""Real devices beside the line: how their links are, and where they depart from their models."""

from typing import Any

from nicegui import ui

from twin.api.hub import Live

from .words import Words

LOOK_EVERY_S = 1.0
ALIKE = 0.02
"""Up to this share a real cycle counts as that of its model …"""
FAR = 0.1
"""… and from this share on the difference is marked."""
COLUMNS = (
    "asset", "link", "quality", "model", "real", "departure", "done", "missed", "behind", "losses",
)  # fmt: skip
CARD = ("real", "model", "departure", "link", "quality")


def departure(ratio: float | None, words: Words) -> str:
    """Return how a real cycle compares with its model's, in words."""
    if ratio is None:
        return "–"
    if abs(ratio - 1.0) <= ALIKE:
        return words("mirror.alike", ratio=f"{ratio:.2f}")
    key = "mirror.slower" if ratio > 1.0 else "mirror.faster"
    return words(key, ratio=f"{ratio:.2f}", percent=f"{abs(ratio - 1.0) * 100:.0f}")


def mirror_texts(live: Live, asset: str, words: Words) -> dict[str, str]:
    """Return what is shown of a mirrored asset, by column; empty when it is not mirrored."""
    figures = live.mirror.figures().get(asset) if live.mirror is not None else None
    if live.mirror is None or figures is None:
        return {}
    link = live.mirror.links().get(figures["link"], {})
    return {
        "link": words(f"link.{link.get('state', 'closed')}"),
        "quality": words(f"quality.{figures['quality']}"),
        "model": _seconds(figures["expected_cycle_s"]),
        "real": _seconds(figures["observed_cycle_s"]),
        "departure": departure(figures["ratio"], words),
        "done": f"{figures['real_done']} / {figures['twin_done']}",
        **{name: str(figures[name]) for name in ("missed", "behind", "losses")},
    }


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} s"


def _grades(figures: dict[str, Any]) -> dict[str, str]:
    """Return how bad each column is that can be bad."""
    ratio = figures["ratio"]
    far = ratio is not None and abs(ratio - 1.0) >= FAR
    return {"departure": "far" if far else "", "quality": figures["quality"]}


class _Cells:
    """Texts of one mirrored asset on the page, written anew when they change."""

    def __init__(self, live: Live, asset: str, words: Words) -> None:
        self._live, self._asset, self._words = live, asset, words
        self._labels: dict[str, ui.label] = {}

    def add(self, column: str) -> None:
        """Put a column's text here."""
        self._labels[column] = ui.label().props(f'data-mirror="{self._asset}.{column}"')

    def look(self) -> None:
        """Write what is so now."""
        texts = mirror_texts(self._live, self._asset, self._words)
        if not texts or self._live.mirror is None:
            return
        grades = _grades(self._live.mirror.figures()[self._asset])
        for column, label in self._labels.items():
            if label.text != texts[column]:
                label.set_text(texts[column])
            grade = grades.get(column, "")
            if label.props.get("data-grade", "") != grade:
                label.props(f'data-grade="{grade}"')


def mirror_fields(live: Live, asset: str, words: Words) -> None:
    """Add real against model to an asset's card, where the asset is mirrored."""
    if not mirror_texts(live, asset, words):
        return
    ui.label(words("mirror.card")).classes("card-part")
    cells = _Cells(live, asset, words)
    with ui.element("dl").classes("card-fields"):
        for column in CARD:
            with ui.element("dt"):
                ui.label(words(f"mirror.{column}"))
            with ui.element("dd"):
                cells.add(column)
    cells.look()
    ui.timer(LOOK_EVERY_S, cells.look)


class MirrorPanel:
    """The table of mirrored assets, and under it what is wrong with a link.

    Args:
        live: the run.
        words: texts.
    """

    def __init__(self, live: Live, words: Words) -> None:
        self._live, self._words = live, words
        titles = {asset.id: words.title(asset.title, asset.id) for asset in live.spec.assets}
        figures = live.mirror.figures() if live.mirror is not None else {}
        self._rows = {asset: _Cells(live, asset, words) for asset in figures}
        with ui.element("div").classes("mirror"):
            with ui.element("table").classes("mirror-table"):
                with ui.element("thead"), ui.element("tr"):
                    for column in COLUMNS:
                        with ui.element("th").props(f'title="{words(f"mirror.{column}_about")}"'):
                            ui.label(words(f"mirror.{column}"))
                with ui.element("tbody"):
                    for asset, cells in self._rows.items():
                        self._row(titles.get(asset, asset), cells)
            self._trouble = ui.label().classes("mirror-trouble").props("role=status")
        self._look()
        ui.timer(LOOK_EVERY_S, self._look)

    def _row(self, title: str, cells: _Cells) -> None:
        with ui.element("tr"):
            with ui.element("th").props("scope=row"):
                ui.label(title)
            for column in COLUMNS[1:]:
                with ui.element("td"):
                    cells.add(column)

    def _look(self) -> None:
        for cells in self._rows.values():
            cells.look()
        links = self._live.mirror.links() if self._live.mirror is not None else {}
        wrong = [f"{name}: {link['problem']}" for name, link in links.items() if link["problem"]]
        self._trouble.set_text(" · ".join(wrong))
        self._trouble.set_visibility(bool(wrong))
