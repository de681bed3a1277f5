"""`twin shot` and `twin view`: look at a line, as a picture or through a window."""

from pathlib import Path
from typing import Annotated

import typer

from .failure import explained, say
from .language import choose
from .quantities import seconds

SHOT_HELP = """Draw a line as a picture, without a screen.

LINE is a line file, the name of a shipped line, or the address of a running twin.

Example: twin shot pack_pilot pack.png --at 2h"""

VIEW_HELP = """Open a window on a running twin.

Example: twin view http://127.0.0.1:8080"""

Lang = Annotated[str | None, typer.Option(help="Language: en or zh.")]
Token = Annotated[
    str | None,
    typer.Option(help="Token of the twin: needed to act.", envvar="PILOTLINE_TOKEN"),
]


def shot(
    line: Annotated[str, typer.Argument(metavar="LINE", help="A line, or the address of a twin.")],
    picture: Annotated[Path, typer.Argument(metavar="FILE", help="The picture: png, jpg, webp.")],
    *,
    at: Annotated[str, typer.Option(help="Simulated time to draw: 2h, 30min, 90s.")] = "2h",
    seed: Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")] = 0,
    size: Annotated[str, typer.Option(help="Width x height, px.")] = "1600x900",
    camera: Annotated[str, typer.Option(help="Point of view of the scene.")] = "overview",
    token: Token = None,
    lang: Lang = None,
) -> None:
    """Draw a picture."""
    language = choose(lang)
    pixels = _size(size)
    try:
        time_s = seconds(at)
    except ValueError as error:
        raise typer.BadParameter(f"--at: {error}") from None
    with explained(language):
        if line.startswith(("http://", "https://")):
            from viewer.window.window import shot_live

            shot_live(line, picture, size=pixels, camera=camera, token=token, language=language)
        else:
            from twin.api.live import LiveRun
            from twin.spec.load import load_line
            from viewer.window.picture import shot as draw

            spec = load_line(line)
            live = LiveRun(spec, seed=seed, head_start_s=time_s)
            draw(spec, live.snapshot(), picture, pixels, camera, language=language)
        say(str(picture))


def view(
    url: Annotated[str, typer.Argument(metavar="URL", help="Address of the running twin.")] = (
        "http://127.0.0.1:8080"
    ),
    *,
    token: Token = None,
    lang: Lang = None,
) -> None:
    """Open a window."""
    language = choose(lang)
    with explained(language):
        from viewer.window.window import run_window

        run_window(url, token=token, language=language)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (
        width.isdigit()
        and height.isdigit()
        and 64 <= int(width) <= 8192
        and 64 <= int(height) <= 8192
    ):
        raise typer.BadParameter(f"--size {text!r} is no size; write WIDTHxHEIGHT, 64 to 8192 each")
    return int(width), int(height)
