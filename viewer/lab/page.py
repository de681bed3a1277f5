"""The page of one run: header, figures, the line in 3D, assets, alarms, signals, trend."""

from pathlib import Path

from nicegui import ui

from twin.api.hub import Live

from .actions import Actor
from .alarms_panel import AlarmsPanel
from .assets_panel import AssetsPanel
from .cell.address import cell_address
from .frame import frame, lost_banner
from .header import header
from .help import hint_strip, rights_dialog, task_strip
from .kpi_strip import kpi_strip
from .line_view import LineView
from .mirror_panel import MirrorPanel
from .signals_panel import signals_panel
from .trend_panel import trend_panel
from .view_bar import view_bar
from .words import Words


def build_page(live: Live, actor: Actor, words: Words, run_ids: list[str]) -> None:
    """Build the page for one visitor.

    Args:
        live: the run.
        actor: the visitor and what the visitor may do.
        words: texts in the visitor's language.
        run_ids: all runs there are.
    """
    frame(words)
    ui.page_title(f"{words.title(live.spec.title, live.spec.id)} · Pilotline")
    actor.explain = rights_dialog(actor, words)
    with ui.element("div").classes("lab"):
        header(live, actor, words, run_ids)
        task_strip(live, words)
        hint_strip(words)
        lost_banner(words)
        kpi_strip(live, words)
        with ui.element("main").classes("lab-main show-alarms") as main:
            view_slot = ui.element("section").classes("lab-view")
            view_slot.props(f'aria-label="{words("view.title")}"')
            side = AssetsPanel(live, actor, words)
            grid, chart = _below(live, actor, words, main)
            with view_slot:
                view = LineView(live, words, grid=grid, chart=chart)
                view_bar(view, words, live)
            side.connect(view)


def _below(live: Live, actor: Actor, words: Words, main: ui.element) -> tuple[ui.aggrid, ui.echart]:
    with ui.element("section").classes("lab-below panel"):
        with ui.tabs().props("dense no-caps align=left inline-label").classes("lab-tabs") as tabs:
            alarm_tab = ui.tab("alarms", label=words("alarms.title"), icon="notifications")
            ui.tab("signals", label=words("signals.title"), icon="list_alt")
            ui.tab("trend", label=words("trend.title"), icon="show_chart")
            if live.mirror is not None:
                ui.tab("mirror", label=words("mirror.title"), icon="compare_arrows")
        tabs.on_value_change(
            lambda event: main.classes(
                remove="show-alarms show-signals show-trend show-mirror", add=f"show-{event.value}"
            )
        )
        # Kept alive: the browser fills the table and the chart behind the other tabs as well.
        panels = ui.tab_panels(tabs, value="alarms", animated=False).props("keep-alive")
        with panels.classes("lab-panels"):
            with ui.tab_panel("alarms"):
                AlarmsPanel(live, actor, words, alarm_tab)
            with ui.tab_panel("signals"):
                grid = signals_panel(live, actor, words)
            with ui.tab_panel("trend"):
                chart = trend_panel(words)
            if live.mirror is not None:
                with ui.tab_panel("mirror"):
                    MirrorPanel(live, words)
    return grid, chart


def empty_page(words: Words, run_id: str | None, run_ids: list[str]) -> None:
    """Build the page that says that there is no such run, or none at all."""
    frame(words)
    with ui.element("div").classes("lab-empty"):
        ui.image(Path(__file__).with_name("icon.svg")).classes("lab-logo-large")
        if run_id is None:
            ui.label(words("empty.title")).classes("lab-empty-title")
            ui.label(words("empty.how"))
            ui.code("twin demo", language="bash")
        else:
            ui.label(words("empty.unknown", run=run_id[:64])).classes("lab-empty-title")
            for other in run_ids:
                ui.link(other, f"/run/{other}")


def no_cell_page(words: Words, live: Live, cell: str) -> None:
    """Build the page that says that the line has no such workcell."""
    frame(words)
    with ui.element("div").classes("lab-empty"):
        ui.image(Path(__file__).with_name("icon.svg")).classes("lab-logo-large")
        missing = words.or_key("cellpage.missing").format(cell=cell[:64])
        ui.label(missing).classes("lab-empty-title")
        for known, other in live.workcells.items():
            ui.link(words.title(other.workcell_spec.title, known), cell_address(live, known))
        ui.link(words.title(live.spec.title, live.spec.id), f"/run/{live.id}")
