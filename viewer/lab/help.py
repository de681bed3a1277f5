"""What tells a visitor what to click, and how to get the rights for it."""

from collections.abc import Callable
from urllib.parse import urlencode

from nicegui import ui

from twin.api.access import Role
from twin.api.hub import Live
from twin.spec.base import Text

from .actions import Actor
from .words import Words

SEEN = "pilotline_hint_seen"


def hint_strip(words: Words) -> None:
    """Build the strip that a first visitor sees, until it is closed for good."""
    strip = ui.element("div").classes("hint-strip").props("role=note data-hint hidden")
    with strip:
        for number, key in enumerate(("watch", "pick", "answer"), start=1):
            with ui.element("span").classes("hint"):
                ui.label(str(number)).classes("hint-number")
                ui.label(words(f"hint.{key}"))
        button = ui.button(words("hint.close")).props('flat dense no-caps data-act="hint"')
        button.on(
            "click",
            js_handler=f"() => {{ localStorage.setItem('{SEEN}', '1');"
            " document.querySelector('[data-hint]').hidden = true; }",
        )
    ui.run_javascript(
        f"document.querySelector('[data-hint]').hidden = localStorage.getItem('{SEEN}') === '1'"
    )


def task_strip(live: Live, words: Words) -> None:
    """Build the strip with the task of a scenario; nothing where there is none."""
    task = (live.record().header.scenario or {}).get("task")
    if not task:
        return
    text = Text.model_validate(task) if isinstance(task, dict) else Text(en=str(task))
    with ui.element("section").classes("task-strip").props(f'aria-label="{words("task")}"'):
        ui.icon("assignment").props("aria-hidden=true")
        ui.label(words("task")).classes("task-title")
        ui.label(text.get(words.language)).classes("task-text")


def rights_dialog(actor: Actor, words: Words) -> Callable[[Role], None]:
    """Build the dialog about rights; return what opens it for the role that is needed."""
    with ui.dialog() as dialog, ui.card().classes("lab-dialog"):
        title = ui.label().classes("lab-dialog-title")
        ui.label(words("rights.now", role=words(f"role.{actor.who.role.word}")))
        ui.label(words("rights.how"))
        token = ui.input(words("rights.token"), password=True)
        token.props("outlined dense autocomplete=off")
        token.classes("w-full")

        def use() -> None:
            if token.value:
                ui.navigate.to("?" + urlencode({"token": token.value.strip()}))

        token.on("keydown.enter", use)
        with ui.row().classes("w-full justify-end"):
            ui.button(words("close"), on_click=dialog.close).props("flat no-caps")
            ui.button(words("rights.use"), on_click=use).props("no-caps")

    def show(least: Role) -> None:
        enough = actor.may(least)
        key = "rights.have" if enough else "rights.need"
        title.set_text(words(key, role=words(f"role.{least.word}")))
        dialog.open()

    return show
