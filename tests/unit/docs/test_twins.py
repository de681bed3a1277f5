"""Pages in two languages: each has what the other has, and leads to it."""

import re
from pathlib import Path

import pytest

from .pages import DOCS, blocks

LINK = re.compile(r"\]\(([^)\s#]+\.md)")
TWINS = sorted(DOCS.rglob("*.zh-CN.md"))
FOR_LEARNERS = sorted(
    page
    for room in ("cells", "tutorial")
    for page in (DOCS / room).glob("*.md")
    if not page.name.endswith(".zh-CN.md")
)
ALIKE = [
    *FOR_LEARNERS,
    DOCS / "README.md",
    DOCS / "explanation" / "how-time-passes.md",
    *(
        DOCS / "reference" / f"{name}.md"
        for name in ("commands", "kpis", "line-file", "lines", "run-record")
    ),
    *(
        DOCS / "how-to" / f"{name}.md"
        for name in (
            "connect-modbus",
            "connect-opcua-and-mqtt",
            "drive-a-cell-from-outside",
            "mirror-a-station",
            "script-a-run-from-python",
            "write-a-scenario",
        )
    ),
]
"""Pages whose twins have the same blocks and tables."""


def name(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def twin_of(page: Path) -> Path:
    return page.with_name(f"{page.stem}.zh-CN.md")


def english(page: Path) -> Path:
    return page.with_name(page.name.replace(".zh-CN.md", ".md"))


def prose(page: Path) -> str:
    """A page without its fenced blocks: a `#` in these is no heading."""
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def levels(page: Path) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]


def tables(page: Path) -> list[list[tuple[int, list[str]]]]:
    """Of each row of each table: how many cells it has, and what is code in it."""
    found = re.findall(r"(?:^ *\|.*\n?)+", prose(page), re.MULTILINE)
    return [
        [
            (len(re.findall(r"(?<!\\)\|", row)), sorted(re.findall("`[^`]+`", row)))
            for row in one.splitlines()
        ]
        for one in found
    ]


@pytest.mark.parametrize("page", FOR_LEARNERS, ids=name)
def test_what_a_learner_reads_is_there_in_chinese(page: Path) -> None:
    assert twin_of(page).exists()


@pytest.mark.parametrize("page", TWINS, ids=name)
def test_twins_have_the_same_headings(page: Path) -> None:
    assert levels(page) == levels(english(page))


@pytest.mark.parametrize("page", TWINS, ids=name)
def test_twins_lead_to_each_other_at_the_top(page: Path) -> None:
    for here, there in ((page, english(page)), (english(page), page)):
        top = "\n".join(here.read_text("utf-8").splitlines()[:4])
        assert f"]({there.name})" in top, here.name


@pytest.mark.parametrize("page", TWINS, ids=name)
def test_a_chinese_page_leads_to_chinese_pages(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        target = (page.parent / link).resolve()
        if target == english(page).resolve() or target.name.endswith(".zh-CN.md"):
            continue
        assert not twin_of(target).exists(), link


@pytest.mark.parametrize("page", ALIKE, ids=name)
def test_twins_have_the_same_tables(page: Path) -> None:
    assert tables(twin_of(page)) == tables(page)


@pytest.mark.parametrize("page", ALIKE, ids=name)
def test_twins_show_the_same_blocks(page: Path) -> None:
    ours, theirs = blocks(page), blocks(twin_of(page))
    assert [(b.language, b.text) for b in ours] == [(b.language, b.text) for b in theirs]


@pytest.mark.parametrize("page", ALIKE, ids=name)
def test_twins_show_the_same_pictures(page: Path) -> None:
    def pictures(of: Path) -> list[str]:
        found = re.findall(r"!\[[^]]*\]\(([^)]+)\)", of.read_text("utf-8"))
        return [picture.replace(".zh-CN", "") for picture in found]

    assert pictures(twin_of(page)) == pictures(page)
