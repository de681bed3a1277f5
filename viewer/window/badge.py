"""The sign of a state: a colour and a shape, so that it is read without colour too."""

from functools import lru_cache

from PIL import Image, ImageDraw

FINER = 8
DARK = (20, 26, 32, 255)
LIGHT = (255, 255, 255, 255)
ON_PALE = {"starved", "blocked"}


def put_badge(
    sheet: Image.Image, at: tuple[float, float], radius: float, state: str, colour: str
) -> None:
    """Put the sign of a state on a sheet.

    Args:
        sheet: An RGBA picture.
        at: Middle of the sign, px.
        radius: Its radius, px.
        state: An asset state.
        colour: Its colour, `#rrggbb`.
    """
    tile = _tile(round(radius * 2), state, colour)
    corner = (round(at[0] - tile.width / 2), round(at[1] - tile.height / 2))
    if corner[0] >= 0 and corner[1] >= 0:
        sheet.alpha_composite(tile, corner)


@lru_cache(maxsize=128)
def _tile(width: int, state: str, colour: str) -> Image.Image:
    tile = Image.new("RGBA", (width * FINER, width * FINER), (0, 0, 0, 0))
    pen = ImageDraw.Draw(tile)
    pen.ellipse((0, 0, tile.width - 1, tile.height - 1), fill=colour)
    _sign(pen, tile.width / 2, state)
    return tile.resize((width, width), Image.Resampling.BOX)


def _sign(pen: ImageDraw.ImageDraw, c: float, state: str) -> None:
    """Draw the shape of a state about (c, c) in a disc of radius c."""
    ink = DARK if state in ON_PALE else LIGHT
    r, wide = c * 0.5, max(1, round(c * 0.24))
    if state == "busy":
        pen.polygon([(c - r * 0.65, c - r), (c - r * 0.65, c + r), (c + r, c)], fill=ink)
    elif state == "blocked":
        for x in (c - r * 0.6, c + r * 0.6):
            pen.rectangle((x - wide * 0.55, c - r, x + wide * 0.55, c + r), fill=ink)
    elif state == "down":
        for side in (-1, 1):
            pen.line(
                [(c - r * 0.8, c - side * r * 0.8), (c + r * 0.8, c + side * r * 0.8)],
                fill=ink,
                width=wide,
            )
    elif state == "starved":
        pen.ellipse((c - r, c - r, c + r, c + r), outline=ink, width=wide)
    elif state == "setup":
        pen.arc((c - r, c - r, c + r, c + r), 40, 320, fill=ink, width=wide)
    else:
        pen.line([(c - r, c), (c + r, c)], fill=ink, width=wide)
