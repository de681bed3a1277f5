"""The letters of a report: a font file, cut down to what is written, and embedded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from logging import WARNING, getLogger
from pathlib import Path
from tempfile import TemporaryDirectory

from matplotlib.font_manager import FontProperties, fontManager, get_font

ALWAYS = "".join(map(chr, range(32, 127))) + "±°µ×·–—−…≤≥²³Δ₁₂₃①②③ √Øµ％"
"""Digits, Latin letters and signs, whatever the texts say."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file and the face in it; an empty path: the one that comes with matplotlib."""

    path: str = ""
    face: int = 0


@contextmanager
def letters(typeface: Typeface, text: str) -> Iterator[FontProperties]:
    """Give the font for a text while the context is open.

    A Chinese font has tens of thousands of letters in several faces; what a report needs of one is
    a few kilobytes.
    """
    if not typeface.path:
        yield FontProperties(family="DejaVu Sans")
        return
    from fontTools.subset import (  # type: ignore[import-untyped]
        Options,
        Subsetter,
        load_font,
        save_font,
    )

    getLogger("fontTools").setLevel(WARNING)
    with TemporaryDirectory() as folder:
        options = Options()
        options.font_number = typeface.face
        options.layout_features = []
        options.drop_tables += ["vhea", "vmtx", "BASE", "VORG"]
        font = load_font(typeface.path, options)
        cut = Subsetter(options)
        cut.populate(text=ALWAYS + text)
        cut.subset(font)
        file = Path(folder) / "report.otf"
        save_font(font, str(file), options)
        fontManager.addfont(file)
        family = FontProperties(fname=str(file)).get_name()
        entry = fontManager.ttflist[-1]
        try:
            yield FontProperties(fname=str(file))
        finally:
            # The file goes with the context, so nobody may find it by name afterwards.
            if entry in fontManager.ttflist and entry.name == family:
                fontManager.ttflist.remove(entry)
            get_font.cache_clear() if hasattr(get_font, "cache_clear") else None
