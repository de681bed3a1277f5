"""Finds font files at run time: VTK's own fonts have no Chinese."""

import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

CHINESE = (
    "NotoSansCJK-{weight}.ttc",
    "NotoSansSC-{weight}.otf",
    "SourceHanSansSC-{weight}.otf",
    "SourceHanSansCN-{weight}.otf",
    "msyh{msyh}.ttc",
    "PingFang.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "DroidSansFallbackFull.ttf",
    "simhei.ttf",
)
LATIN = ("DejaVuSans{dejavu}.ttf", "Arial{arial}.ttf", "LiberationSans-{weight}.ttf")
SIMPLIFIED = {"NotoSansCJK-Regular.ttc": 2, "NotoSansCJK-Bold.ttc": 2}
"""Which face of a collection has the simplified Chinese forms."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file, the face in it, and whether it has Chinese."""

    path: str
    face: int
    chinese: bool


@lru_cache(maxsize=4)
def font_file(*, bold: bool = False) -> FontFile:
    """Return the best font file on this machine."""
    weight = "Bold" if bold else "Regular"
    names = {
        "weight": weight,
        "msyh": "bd" if bold else "",
        "dejavu": "-Bold" if bold else "",
        "arial": " Bold" if bold else "",
    }
    files = _files()
    for pattern in CHINESE:
        name = pattern.format(**names)
        if name.lower() in files:
            return FontFile(files[name.lower()], SIMPLIFIED.get(name, 0), chinese=True)
    for pattern in LATIN:
        name = pattern.format(**names)
        if name.lower() in files:
            return FontFile(files[name.lower()], 0, chinese=False)
    import matplotlib as mpl

    shipped = Path(mpl.get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{names['dejavu']}.ttf"
    return FontFile(str(shipped), 0, chinese=False)


@lru_cache(maxsize=64)
def font(size_px: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the font in a size, px."""
    file = font_file(bold=bold)
    return ImageFont.truetype(file.path, size_px, index=file.face)


@lru_cache(maxsize=64)
def mono(size_px: int) -> ImageFont.FreeTypeFont:
    """Return a font of even width in a size, px. It has no Chinese."""
    import matplotlib as mpl

    shipped = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"
    return ImageFont.truetype(str(shipped), size_px)


def readable(language: str) -> str:
    """Return `language`, or English where no font here can show it."""
    return language if font_file().chinese or not language.startswith("zh") else "en"


@lru_cache(maxsize=1)
def _files() -> dict[str, str]:
    """Return the font files of this machine by their lower-case name."""
    home = Path.home()
    folders = [home / ".fonts", home / ".local/share/fonts"]
    if sys.platform == "win32":
        folders += [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
    elif sys.platform == "darwin":
        folders += [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    else:
        folders += [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    found: dict[str, str] = {}
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                if name.lower().endswith((".ttc", ".ttf", ".otf")):
                    found.setdefault(name.lower(), str(Path(root) / name))
    return found
