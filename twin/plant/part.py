"""A part on its way through the line."""

from typing import Any


class Part:
    """One workpiece, pallet or product. Plain data."""

    __slots__ = (
        "born_s", "cards", "contents", "due_s", "good", "id", "order", "priority", "spoiled_by",
        "type", "verdict",
    )  # fmt: skip

    def __init__(self, number: int, kind: str, born_s: float, priority: int = 0) -> None:
        self.id = number
        self.type = kind
        self.born_s = born_s
        self.priority = priority
        self.good = True
        """What it truly is; only an inspection may look."""
        self.spoiled_by: str | None = None
        """Where it went bad."""
        self.verdict: bool | None = None
        """What the last inspection said."""
        self.due_s: float | None = None
        self.order: str | None = None
        self.cards: tuple[str, ...] = ()
        """The loops whose cards it carries."""
        self.contents: list[Part] | None = None

    def worked(self, where: str, luck: float, defect_rate: float, cure_rate: float) -> None:
        """Let work spoil a good part, or cure a bad one; what an inspection said is void then.

        Work that is done again where it went wrong is like new work.
        """
        if self.good or self.spoiled_by == where:
            self.good = luck >= defect_rate
            self.spoiled_by = None if self.good else where
        else:
            self.good = luck < cure_rate
        self.verdict = None

    def as_list(self) -> list[Any]:
        """Return the part as plain data."""
        inside = None if self.contents is None else [part.as_list() for part in self.contents]
        return [
            self.id, self.type, self.born_s, self.priority, self.good, self.verdict, self.due_s,
            self.order, list(self.cards), inside, self.spoiled_by,
        ]  # fmt: skip

    @classmethod
    def from_list(cls, data: list[Any]) -> "Part":
        """Read a part back."""
        part = cls.__new__(cls)
        (
            part.id, part.type, part.born_s, part.priority, part.good, part.verdict, part.due_s,
            part.order, cards, inside, part.spoiled_by,
        ) = data  # fmt: skip
        part.cards = tuple(cards)
        part.contents = None if inside is None else [cls.from_list(entry) for entry in inside]
        return part
