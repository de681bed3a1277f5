"""The pages of the documentation, cut into blocks."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"`([\w/.-]+\.(?:py|ya?ml))`")


@dataclass(frozen=True)
class Block:
    """A fenced block, and the paragraph in front of it."""

    language: str
    text: str
    before: str

    @property
    def is_run(self) -> bool:
        return "<!-- run -->" in self.before

    @property
    def file(self) -> str | None:
        """The file that the paragraph in front names last."""
        return (NAMED.findall(self.before) or [None])[-1]


@cache
def blocks(page: Path) -> tuple[Block, ...]:
    found, end = [], 0
    text = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        paragraph = text[end : match.start()].rstrip().rpartition("\n\n")[2]
        found.append(Block(match[1], match[2], paragraph))
        end = match.end()
    return tuple(found)


def section(page: Path, heading: str) -> str:
    text = page.read_text(encoding="utf-8")
    found = re.search(
        rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert found, f"{page.name} has no section {heading!r}"
    return found[1]


def table(page: Path, heading: str) -> list[list[str]]:
    """The rows of a section's tables, without their heads."""
    rows = [row for row in section(page, heading).splitlines() if row.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    rules = [i for i, row in enumerate(cells) if set("".join(row)) <= set("-: ")]
    heads = {i - 1 for i in rules}
    return [row for i, row in enumerate(cells) if i not in heads and i not in rules]


def assert_prints(expected: str, printed: str) -> None:
    """Each expected line is printed, in this order; … stands for anything, rules for nothing."""
    left = [" ".join(line.split()) for line in re.sub("[│┃]", " ", printed).splitlines()]
    for line in filter(None, (" ".join(line.split()) for line in expected.splitlines())):
        pattern = ".*".join(re.escape(piece) for piece in line.split("…"))
        while left and not re.fullmatch(pattern, left[0]):
            left.pop(0)
        assert left, f"nothing printed fits {line!r}; printed was:\n{printed}"
        left.pop(0)
