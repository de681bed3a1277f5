"""The small bar over the 3D view: points of view, names, and what the colours mean."""

from nicegui import ui

from twin.api.hub import Live
from viewer.scene import build_scene

from .line_view import LineView
from .words import Words

STATES = ("busy", "starved", "blocked", "down", "setup", "idle")


def view_bar(view: LineView, words: Words, live: Live) -> None:
    """Build the bar."""
    with ui.element("div").classes("view-bar"):
        _camera(view, words("view.overview"), "overview", "home")
        _camera(view, words("view.top"), "top", "map")
        extra = [name for name in build_scene(live.spec).cameras if name not in {"overview", "top"}]
        if extra:
            with ui.button(icon="videocam", color=None).props("flat dense") as more:
                more.props(f'aria-label="{words("view.more")}"').tooltip(words("view.more"))
                with ui.menu():
                    for name in extra:
                        ui.menu_item(
                            name.replace("_", " "), on_click=lambda name=name: view.look(name)
                        )
        shown = {"labels": True}

        def toggle() -> None:
            shown["labels"] = not shown["labels"]
            view.show_labels(shown["labels"])

        label = ui.button(icon="label", color=None, on_click=toggle).props("flat dense")
        label.props(f'aria-label="{words("view.labels")}"').tooltip(words("view.labels"))
    with ui.element("div").classes("legend").props("role=note"):
        names = words.state_names()
        for state in STATES:
            with (
                ui.element("span")
                .classes("legend-entry")
                .props(f'title="{words(f"state.{state}.about")}"')
            ):
                ui.element("span").classes("dot").props(f'data-state="{state}"')
                ui.label(names[state])


def _camera(view: LineView, about: str, name: str, icon: str) -> None:
    button = ui.button(icon=icon, color=None, on_click=lambda: view.look(name)).props("flat dense")
    button.props(f'aria-label="{about}" data-view="{name}"').tooltip(about)
