"""The strip of key figures. The browser fills in the numbers from the stream."""

from dataclasses import dataclass

from nicegui import ui

from twin.api.hub import Live

from .words import Words


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its name in the stream, how it is written, and its icon."""

    name: str
    icon: str
    digits: int = 1
    scale: float = 1.0


FIGURES = (
    Figure("throughput_per_h", "speed"),
    Figure("made", "inventory_2", 0),
    Figure("wip", "layers", 0),
    Figure("lead_time_s", "timer", scale=1 / 60),
    Figure("yield", "verified", 1, scale=100),
    Figure("busiest", "precision_manufacturing", 0, scale=100),
    Figure("machines_down", "heart_broken", 0),
)


def kpi_strip(live: Live, words: Words) -> None:
    """Build a card for each known figure that the run gives."""
    given = live.kpis()
    shown = [figure for figure in FIGURES if figure.name in given]
    with ui.element("section").classes("kpis").props(f'aria-label="{words("kpi.title")}"'):
        for figure in shown:
            about = words(f"kpi.{figure.name}.about")
            with ui.element("div").classes("kpi").props(f'title="{about}"'):
                ui.icon(figure.icon).props("aria-hidden=true")
                with ui.element("div"):
                    ui.label(words(f"kpi.{figure.name}")).classes("kpi-name")
                    with ui.element("div").classes("kpi-line"):
                        ui.element("span").classes("kpi-value").props(
                            f'data-kpi="{figure.name}" data-digits={figure.digits}'
                            f" data-scale={figure.scale:.9g}"
                        )
                        ui.label(words(f"kpi.{figure.name}.unit")).classes("kpi-unit")
