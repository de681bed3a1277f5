"""What every page of the lab has: style, colours, language, the banner of a lost server."""

from pathlib import Path

from nicegui import ui

from .words import COOKIE, Words

STYLE = Path(__file__).with_name("lab.css")
YEAR_S = 365 * 24 * 3600
BRAND = "#14507f"


def frame(words: Words) -> None:
    """Begin a page."""
    ui.add_css(STYLE)
    ui.colors(primary=BRAND, positive="#1b7f45", negative="#c02630", warning="#9a6700")
    ui.query("html").props(f'lang="{"zh-CN" if words.language == "zh" else "en"}"')
    ui.run_javascript(
        f"document.cookie = '{COOKIE}={words.language};path=/;samesite=strict;max-age={YEAR_S}'"
    )


def lost_banner(words: Words) -> None:
    """Build the banner that shows itself when the server does not answer."""
    with ui.element("div").classes("lost-banner").props('role="status"'):
        ui.icon("cloud_off")
        ui.label(words("lost"))
