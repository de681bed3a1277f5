"""The list of assets with their states, and the card of the chosen one."""

from nicegui import ui

from twin.api.hub import Live
from twin.spec.assets import Asset, MachineBase
from twin.spec.motion import Workcell

from .actions import Actor
from .cell.address import cell_address
from .line_view import LineView, asset_prefixes
from .mirror_panel import mirror_fields
from .words import Words

FIELDS = ("packml", "part", "content", "made", "scrapped", "cycle_s", "speed_factor", "mode")


class AssetsPanel:
    """The right-hand column.

    Args:
        live: the run.
        actor: the visitor.
        words: texts.
    """

    def __init__(self, live: Live, actor: Actor, words: Words) -> None:
        self._live = live
        self._actor = actor
        self._words = words
        self._chosen: str | None = None
        self._view: LineView | None = None
        self._prefixes = asset_prefixes(live)
        self._assets = {asset.id: asset for asset in live.spec.assets}
        with ui.element("aside").classes("lab-side"):
            self._card()
            self._list()

    def connect(self, view: LineView) -> None:
        """Let clicks in the 3D view choose an asset here, and the other way round."""
        self._view = view
        # A body of a workcell is named WORKCELL/BODY: here its workcell is chosen.
        view.on_select(lambda name: self.choose(name.partition("/")[0], look=False))

    def choose(self, asset: str | None, *, look: bool = True) -> None:
        """Show an asset's card; `look` turns the view to it."""
        self._chosen = asset if asset in self._assets else None
        self._card.refresh()
        if self._view is not None:
            self._view.highlight(self._chosen)
            if look and self._chosen:
                self._view.look(f"asset:{self._chosen}")

    def _list(self) -> None:
        words = self._words
        with ui.element("div").classes("panel assets"):
            with ui.element("div").classes("panel-title"):
                ui.label(words("assets.title"))
                ui.label(str(len(self._assets))).classes("count")
            with ui.element("ul").classes("asset-list"):
                for asset in self._assets.values():
                    self._entry(asset)

    def _entry(self, asset: Asset) -> None:
        with ui.element("li").classes("asset-row"):
            entry = ui.element("button").classes("asset-entry")
            entry.props(f'type=button data-asset="{asset.id}" data-asset-state="{asset.id}"')
            entry.on("click", lambda: self.choose(asset.id))
            with entry:
                ui.element("span").classes("dot")
                with ui.element("span").classes("asset-names"):
                    ui.label(self._words.title(asset.title, asset.id)).classes("asset-name")
                    ui.label(self._words.kind(asset.kind)).classes("asset-kind")
                ui.element("span").classes("asset-state").props("data-state-word")
            if isinstance(asset, Workcell):
                open_it = ui.link(target=cell_address(self._live, asset.id)).classes("asset-open")
                about = self._words.or_key("cellpage.open")
                open_it.props(f'data-open-cell="{asset.id}" aria-label="{about}" title="{about}"')
                with open_it:
                    ui.icon("open_in_full")

    @ui.refreshable_method
    def _card(self) -> None:
        words = self._words
        if self._chosen is None:
            return
        asset = self._assets[self._chosen]
        with (
            ui.element("section")
            .classes("panel card")
            .props(f'data-card="{asset.id}" aria-label="{words("card.title")}"')
        ):
            with ui.element("div").classes("card-head").props(f'data-asset-state="{asset.id}"'):
                with ui.element("div").classes("card-names"):
                    ui.label(words.title(asset.title, asset.id)).classes("card-name")
                    ui.label(f"{words.kind(asset.kind)} · {asset.id}").classes("asset-kind")
                ui.element("span").classes("state-chip").props("data-state-word")
                close = ui.button(icon="close", color=None, on_click=lambda: self.choose(None))
                close.props(f'flat dense round size=sm aria-label="{words("close")}"')
            self._fields(asset)
            mirror_fields(self._live, asset.id, words)
            self._buttons(asset)

    def _fields(self, asset: Asset) -> None:
        prefix = self._prefixes[asset.id]
        with ui.element("dl").classes("card-fields"):
            for name in FIELDS:
                if f"{prefix}{name}" in self._live.signals:
                    with ui.element("dt"):
                        ui.label(self._words(f"signal.{name}"))
                    ui.element("dd").props(f'data-signal="{prefix}{name}"')

    def _buttons(self, asset: Asset) -> None:
        if isinstance(asset, Workcell):
            with ui.element("div").classes("card-buttons"):
                address = cell_address(self._live, asset.id)
                said = self._words.or_key
                go = ui.button(said("cellpage.open"), icon="open_in_full", color=None)
                go.props('outline dense no-caps data-act="open_cell"')
                go.tooltip(said("cellpage.open_about")).on_click(lambda: ui.navigate.to(address))
        if not isinstance(asset, MachineBase):
            return
        words, actor = self._words, self._actor
        with ui.element("div").classes("card-buttons"):
            self._break_button(asset)
            for icon, verb, act in (
                ("build", "repair", actor.repair),
                ("stop", "stop", actor.stop),
                ("play_arrow", "start", actor.start),
            ):
                button = ui.button(
                    words(f"card.{verb}"),
                    icon=icon,
                    color=None,
                    on_click=lambda act=act: act(asset.id),
                )
                button.props(f'outline dense no-caps data-act="{verb}"')
                button.tooltip(words(f"card.{verb}_about"))

    def _break_button(self, asset: MachineBase) -> None:
        words, actor = self._words, self._actor
        failures = asset.failures
        button = ui.button(words("card.break"), icon="bolt", color=None).classes("harm")
        button.props('outline dense no-caps data-act="break"')
        button.tooltip(words("card.break_about"))
        if len(failures) < 2:
            only = failures[0].id if failures else None
            button.on_click(lambda: actor.break_(asset.id, only))
            return
        with button, ui.menu():
            for failure in failures:
                ui.menu_item(
                    words.title(failure.title, failure.id),
                    on_click=lambda failure=failure: actor.break_(asset.id, failure.id),
                )
