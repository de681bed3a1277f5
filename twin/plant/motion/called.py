"""What people call the things that a contact or a stop is about: titles for ids, in their language.

State and data hold ids; a text that somebody reads says what is written on the drawing.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.spec.base import Text
from twin.spec.messages import Phrase, catalogue, phrase

if TYPE_CHECKING:
    from .workcell import Workcell

LINK = "robot.link."
PEDESTAL = "_pedestal"
CONTACT = frozenset({"mine", "other"})
"""Values of phrases that name what a contact calls its two sides."""
NAMED = {"robot.stop_external": frozenset({"axis"})}
"""Values of other phrases that name a body."""


@dataclass(frozen=True, slots=True)
class Title(Phrase):
    """A title as it stands in the line file, to be put into a phrase; never into a state."""

    def text(self, language: str = "en") -> str:
        """Return it in `language`."""
        return str(self.values["zh" if language.startswith("zh") else "en"])


def spoken(cell: "Workcell", why: Phrase) -> Phrase:
    """Return a phrase that says titles where it has the ids of a contact."""
    names = CONTACT | NAMED.get(why.key, frozenset())
    values = {
        name: spoken(cell, value)
        if isinstance(value, Phrase)
        else (called(cell, value) if name in names else value)
        for name, value in why.values.items()
    }
    return Phrase(why.key, values)


def called(cell: "Workcell", name: str) -> Phrase | str:
    """Return what people call one side of a contact; the id itself where nobody has named it.

    Args:
        cell: where it is.
        name: id of a body or a part, `TYPE NUMBER` of a part, link of an arm, pedestal of a robot.
    """
    title = titles(cell).get(name)
    if title is not None:
        return _said(title)
    kind, _, number = name.rpartition(" ")
    if kind in cell.part_specs:
        return phrase("robot.part", part=called(cell, kind), number=number)
    body = name.removesuffix(PEDESTAL)
    if body != name and body in cell.world.bodies:
        return phrase("robot.pedestal", robot=called(cell, body))
    return _link(name)


def titles(cell: "Workcell") -> dict[str, Text]:
    """Return the titles of the bodies and parts that have one, by id."""
    found = {part: spec.title for part, spec in cell.part_specs.items()}
    found |= {spec.id: spec.title for spec in cell.workcell_spec.bodies}
    return {name: title for name, title in found.items() if title is not None}


def _said(title: Text) -> Phrase:
    return Title("", {language: title.get(language) for language in ("en", "zh")})


def _link(name: str) -> Phrase | str:
    """Return what people call a link of an arm, or what is on its flange, or the floor."""
    word = name.removesuffix("_link")
    if LINK + word in catalogue():
        return phrase(LINK + word)
    number = word.rpartition("link")[2]
    return phrase("robot.link_number", number=number) if number.isdecimal() else name
