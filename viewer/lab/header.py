"""The header: which line, how it runs, its clock, its pace, and the visitor's choices."""

from collections.abc import Callable
from functools import partial
from math import inf
from pathlib import Path

from nicegui import ui

from twin.api.hub import Live

from .actions import Actor
from .words import Words

PACES = ((1.0, "1×"), (2.0, "2×"), (10.0, "10×"), (100.0, "100×"))
DARK_COOKIE = "pilotline_dark"
ICON = Path(__file__).with_name("icon.svg")


def header(live: Live, actor: Actor, words: Words, run_ids: list[str], *, at: str = "") -> None:
    """Build the header; `at` is what is shown of the line, and leads back to the line."""
    with ui.element("header").classes("lab-header"):
        ui.html(ICON.read_text(encoding="utf-8"), sanitize=False, tag="span").classes("lab-logo")
        _title(live, words, at)
        if len(run_ids) > 1:
            picked = ui.select(run_ids, value=live.id, label=words("run.choose"))
            picked.props("dense outlined dark options-dense").on_value_change(
                lambda event: ui.navigate.to(f"/run/{event.value}")
            )
        with ui.element("div").classes("lab-clock"):
            ui.element("span").classes("run-chip").props('data-live="run" role="status"')
            ui.element("span").classes("clock").props(
                f'data-live="clock" aria-label="{words("clock")}" title="{words("clock")}"'
            )
        _pace(actor, words)
        ui.element("div").classes("lab-gap")
        if not at:
            _line_buttons(actor, words)
        _reset_button(actor, words)
        _choices(actor, words)


def _title(live: Live, words: Words, at: str) -> None:
    line = words.title(live.spec.title, live.spec.id)
    with ui.element("div").classes("lab-title"):
        ui.label(at or line).classes("lab-line").props("role=heading aria-level=1")
        if at:
            link = ui.link(f"‹ {line}", f"/run/{live.id}").classes("lab-subtitle lab-back")
            link.props('data-act="back"')
        else:
            ui.label(words("subtitle")).classes("lab-subtitle")


def _icon_button(
    icon: str, about: str, act: Callable[[], object], mark: str = "", label: str = ""
) -> ui.button:
    button = ui.button(label, icon=icon, color=None, on_click=act)
    button.props(f'flat dense no-caps aria-label="{about}"').classes("head-button")
    if mark:
        button.mark(mark).props(f'data-act="{mark}"')
    button.tooltip(about)
    return button


def _pace(actor: Actor, words: Words) -> None:
    with ui.element("div").classes("pace").props(f'role=group aria-label="{words("pace.title")}"'):
        _pace_button("0", "pause", words("pace.pause"), lambda: actor.set_rate(0.0))
        for rate, label in PACES:
            about = words("pace.real" if rate == 1 else "pace.times", times=f"{rate:g}")
            _pace_button(f"{rate:g}", label, about, partial(actor.set_rate, rate))
        _pace_button("max", words("pace.max"), words("pace.max_about"), lambda: actor.set_rate(inf))
    _icon_button("skip_next", words("pace.step"), actor.step, "step")


def _pace_button(rate: str, label: str, about: str, act: Callable[[], object]) -> None:
    icon = label if label == "pause" else None
    button = ui.button("" if icon else label, icon=icon, color=None, on_click=act)
    button.props(f'flat dense no-caps data-rate="{rate}" aria-label="{about}" aria-pressed=false')
    button.classes("pace-button").tooltip(about)


def _line_buttons(actor: Actor, words: Words) -> None:
    _icon_button(
        "play_arrow", words("line.start_about"), actor.start_line, "start_line", words("line.start")
    )
    _icon_button("stop", words("line.stop_about"), actor.stop_line, "stop_line", words("line.stop"))


def _reset_button(actor: Actor, words: Words) -> None:
    with ui.dialog() as sure, ui.card().classes("lab-dialog"):
        ui.label(words("reset.sure")).classes("lab-dialog-title")
        ui.label(words("reset.about"))
        with ui.row().classes("w-full justify-end"):
            ui.button(words("cancel"), on_click=sure.close).props("flat no-caps")

            def go() -> None:
                sure.close()
                actor.reset()

            ui.button(words("reset.go"), on_click=go).props('no-caps data-act="reset_go"')
    _icon_button("restart_alt", words("reset.title"), sure.open, "reset")


def _choices(actor: Actor, words: Words) -> None:
    ui.element("div").classes("head-rule")
    other, name = ("zh", "中文") if words.language == "en" else ("en", "EN")
    switch = ui.button(name, color=None, on_click=lambda: ui.navigate.to(f"?lang={other}"))
    switch.props(
        f'flat dense no-caps data-act="language" lang="{other}" aria-label="{words("language")}"'
    )
    switch.classes("head-button").tooltip(words("language"))
    dark = ui.dark_mode(value=ui.context.client.request.cookies.get(DARK_COOKIE) == "true")
    dark.on_value_change(
        lambda event: ui.run_javascript(
            f"document.cookie = '{DARK_COOKIE}={str(event.value).lower()};path=/;samesite=strict'"
        )
    )
    _icon_button("contrast", words("dark"), dark.toggle, "dark")
    _icon_button(
        "verified_user" if actor.who.role > 1 else "lock",
        words(f"role.{actor.who.role.word}"),
        lambda: actor.explain(actor.who.role),
        "role",
    )
