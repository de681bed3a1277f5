"""The document: its pages in order, with a header and a footer on each."""

from functools import partial
from pathlib import Path

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages

from twin.spec.messages import catalogue, message
from twin.study.iso9283.evaluate import Inspection

from .charts import path_page, scatter_page, settle_page
from .cover import cover_page
from .occasion import Occasion
from .sheet import FAINT, LEFT_MM, RIGHT_MM, Sheet
from .tables import detail_pages
from .typeface import Typeface, letters

__all__ = ["Occasion", "write"]
PREFIX = "inspect."


def write(
    inspection: Inspection, occasion: Occasion, file: Path, *, language: str = "en",
    typeface: Typeface | None = None,
) -> int:  # fmt: skip
    """Write a report as PDF; return how many pages it has.

    Args:
        inspection: what was found.
        occasion: what was inspected, where, when.
        file: to write.
        language: `en` or `zh`.
        typeface: for the letters; none: one that has no Chinese.
    """
    texts = [each["zh" if language.startswith("zh") else "en"]
             for key, each in catalogue().items() if key.startswith(PREFIX)]  # fmt: skip
    written = "".join(texts) + "".join(occasion.texts())
    with letters(typeface or Typeface(), written) as font, mpl.rc_context({"pdf.fonttype": 3}):
        pages = [
            page
            for maker in (
                partial(cover_page, occasion),
                detail_pages,
                scatter_page,
                path_page,
                settle_page,
            )
            for page in maker(inspection, language, lambda: Sheet(font))
        ]
        about = {
            "Title": message("inspect.title", language),
            "Subject": occasion.arm,
            "Creator": f"Pilotline {occasion.version}",
            "CreationDate": None,
        }
        with PdfPages(file, metadata=about) as pdf:
            for number, page in enumerate(pages, start=1):
                _frame(page, occasion, language, number, len(pages))
                pdf.savefig(page.figure)
    return len(pages)


def _frame(page: Sheet, occasion: Occasion, language: str, number: int, count: int) -> None:
    page.text(LEFT_MM, 11.0, message("inspect.standard", language), 7.0, colour=FAINT)
    right = " · ".join(each for each in (occasion.arm, occasion.serial, occasion.report) if each)
    page.text(RIGHT_MM, 11.0, right, 7.0, colour=FAINT, align="right")
    page.rule(13.0)
    page.rule(284.0)
    page.text(LEFT_MM, 288.5, message("inspect.simulated", language), 6.6, colour=FAINT)
    said = message("inspect.page", language, number=number, count=count)
    page.text(RIGHT_MM, 288.5, said, 6.6, colour=FAINT, align="right")
