"""Builds the page of a workcell."""

from pathlib import Path

from nicegui import ui

from twin.api.hub import Live
from twin.api.robots import robots_of
from twin.plant.motion.workcell import Workcell
from viewer.lab.actions import Actor
from viewer.lab.frame import frame, lost_banner
from viewer.lab.header import header
from viewer.lab.help import rights_dialog, task_strip
from viewer.lab.line_view import LineView
from viewer.lab.robot.actions import LOOK_S, RobotActor
from viewer.lab.robot.elements import STYLE as ROBOT_STYLE
from viewer.lab.robot.elements import RapidEditor, RobotPendant
from viewer.lab.words import Words

from .actions import CellActor
from .elements import (
    BodyCard,
    CellHub,
    IncidentList,
    IoTable,
    OperatorPanel,
    ProgramEditor,
    StatusStrip,
    TimingChart,
)
from .facts import cell_facts

FOLD = "() => document.querySelector('.cell-right').classList.toggle('folded')"
STYLE = Path(__file__).with_name("cell.css")


def build_cell_page(
    live: Live, cell: Workcell, actor: Actor, words: Words, run_ids: list[str]
) -> None:
    """Build the page for one visitor.

    Args:
        live: the run.
        cell: the workcell.
        actor: the visitor and what the visitor may do.
        words: texts in the visitor's language.
        run_ids: all runs there are.
    """
    frame(words)
    ui.add_css(STYLE)
    title = words.title(cell.workcell_spec.title, cell.id)
    ui.page_title(f"{title} · Pilotline")
    actor.explain = rights_dialog(actor, words)
    hub = CellHub(cell_facts(live, cell, actor, words))
    with ui.element("div").classes("lab cell-page"):
        header(live, actor, words, run_ids, at=title)
        task_strip(live, words)
        lost_banner(words)
        StatusStrip().classes("cell-strip")
        with ui.element("main").classes("cell-main"):
            with ui.element("section").classes("cell-left"):
                view = _view(live, cell, words)
                OperatorPanel().classes("panel cell-operator")
            _right(hub, cell, words)
    _connect(hub, view, cell)
    hub.on_act(CellActor(live, cell.id, actor).act)
    if robots_of(cell):
        ui.add_css(ROBOT_STYLE)
        hands = RobotActor(live, cell.id, actor)
        hub.on_robot(hands.act)
        ui.context.client.on_disconnect(hands.let_go)
        ui.timer(LOOK_S, hands.look)


def _view(live: Live, cell: Workcell, words: Words) -> LineView:
    with (
        ui.element("div").classes("lab-view cell-view").props(f'aria-label="{words("view.title")}"')
    ):
        view = LineView(live, words, workcell=cell.id)
        with ui.element("div").classes("view-bar"):
            _camera(view, words.or_key("cellpage.view.whole"), f"cell:{cell.id}", "home")
            for place in cell.workcell_spec.views:
                name = words.title(place.title, place.id.replace("_", " "))
                _camera(view, name, f"cell:{cell.id}:{place.id}", "", name)
            _camera(view, words("view.overview"), "overview", "factory")
        BodyCard().classes("cell-card-slot")
    return view


def _camera(view: LineView, about: str, name: str, icon: str, label: str = "") -> None:
    button = ui.button(label, icon=icon or None, color=None, on_click=lambda: view.look(name))
    button.props(f'flat dense no-caps aria-label="{about}" data-view="{name}"').tooltip(about)


def _tabs(kind: str) -> ui.tabs:
    return ui.tabs().props("dense no-caps align=left inline-label").classes(f"lab-tabs {kind}")


def _tab(name: str, label: str, icon: str) -> ui.tab:
    return ui.tab(name, label=label, icon=icon).props(f"data-tab={name}")


def _right(hub: CellHub, cell: Workcell, words: Words) -> None:
    with ui.element("div").classes("cell-right"):
        with ui.element("section").classes("panel cell-box cell-upper"):
            upper = _upper(words, robots=bool(robots_of(cell)))
        with ui.element("section").classes("panel cell-box cell-lower"):
            lower = _lower(words)
    groups = dict.fromkeys(("robot", "rapid", "program", "io"), upper)
    groups |= dict.fromkeys(("timing", "incidents"), lower)

    def show(name: str) -> None:
        if name in groups:
            groups[name].set_value(name)

    hub.on_show(show)


def _panels(tabs: ui.tabs, first: str) -> ui.tab_panels:
    panels = ui.tab_panels(tabs, value=first, animated=False).props("keep-alive")
    return panels.classes("lab-panels")


def _upper(words: Words, *, robots: bool) -> ui.tabs:
    said = words.or_key
    with _tabs("cell-tabs-upper") as tabs:
        if robots:
            name = said("robotpage.tab.robot")
            _tab("robot", name, "precision_manufacturing")
            _tab("rapid", said("robotpage.tab.rapid"), "terminal")
        _tab("program", said("cellpage.tab.program"), "code")
        _tab("io", said("cellpage.tab.io"), "cable")
    with _panels(tabs, "robot" if robots else "program"):
        if robots:
            with ui.tab_panel("robot"):
                RobotPendant().classes("cell-fill")
            with ui.tab_panel("rapid"):
                RapidEditor().classes("cell-fill")
        with ui.tab_panel("program"):
            ProgramEditor().classes("cell-fill")
        with ui.tab_panel("io"):
            IoTable().classes("cell-fill")
    return tabs


def _lower(words: Words) -> ui.tabs:
    said = words.or_key
    with ui.element("div").classes("cell-tabs-row"):
        with _tabs("cell-tabs-lower") as tabs:
            _tab("timing", said("cellpage.tab.timing"), "ssid_chart")
            with _tab("incidents", said("cellpage.tab.incidents"), "report"):
                ui.element("span").classes("incident-badge").props("data-incident-count")
        fold = ui.button(icon="expand_more", color=None).props(
            f'flat dense round size=sm data-act="fold" aria-label="{said("cellpage.fold")}"'
        )
        fold.classes("cell-fold").tooltip(said("cellpage.fold"))
        fold.on("click", js_handler=FOLD)
    with _panels(tabs, "timing"):
        with ui.tab_panel("timing"):
            TimingChart().classes("cell-fill")
        with ui.tab_panel("incidents"):
            IncidentList().classes("cell-fill")
    return tabs


def _connect(hub: CellHub, view: LineView, cell: Workcell) -> None:
    """Let the view and the panels choose the same body."""

    def picked(name: str) -> None:
        asset, _, body = name.partition("/")
        hub.choose(body if asset == cell.id and body in cell.world.bodies else None)

    def chosen(body: str) -> None:
        view.highlight(f"{cell.id}/{body}" if body in cell.world.bodies else None)

    view.on_select(picked)
    hub.on_choose(chosen)
    hub.on_look(view.look)
