"""XML as a tree that knows its lines, so that a message can name the place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from xml.parsers import expat

from twin.spec.errors import Problem, SpecError
from twin.spec.messages import phrase

MAX_CHARS = 4_000_000
MAX_NODES = 50_000


@dataclass(slots=True)
class Node:
    """An element."""

    file: str
    tag: str
    line: int
    values: dict[str, str]
    children: list["Node"] = field(default_factory=list)

    def all(self, tag: str) -> Iterator["Node"]:
        """Yield the children of that name."""
        return (child for child in self.children if child.tag == tag)

    def one(self, tag: str) -> "Node | None":
        """Return the first child of that name."""
        return next(self.all(tag), None)

    @property
    def name(self) -> str:
        """Its name as people write it: `joint axis_1`."""
        own = self.values.get("name", "")
        return f"{self.tag} {own}" if own else self.tag

    def text(self, key: str) -> str:
        """Return a value that must be there.

        Raises:
            SpecError: it is not.
        """
        found = self.values.get(key, "").strip()
        if not found:
            raise self.wrong("spec.arm.no_value", element=self.name, key=key)
        return found

    def numbers(self, key: str, *, count: int = 0, default: str = "") -> tuple[float, ...]:
        """Return the numbers of a value; `count` says how many there must be, 0: any.

        Raises:
            SpecError: they are not numbers, or not so many.
        """
        text = self.values.get(key, default) or self.text(key)
        try:
            found = tuple(float(word) for word in text.replace(",", " ").split())
        except ValueError:
            found = ()
        good = all(isfinite(x) and abs(x) < 1e6 for x in found)
        if not good or not found or (count and len(found) != count):
            wanted = phrase("spec.arm.many_numbers" if count != 1 else "spec.arm.one_number")
            if count > 1:
                wanted = phrase("spec.arm.count_numbers", count=count)
            raise self.wrong(
                "spec.arm.numbers", element=self.name, key=key, found=text[:40], wanted=wanted
            )
        return found

    def number(self, key: str, *, default: str = "") -> float:
        """Return a value that is one number."""
        return self.numbers(key, count=1, default=default)[0]

    def wrong(self, key: str, /, **values: object) -> SpecError:
        """Return the error for something that is wrong here."""
        return wrong(self.file, self.line, key, **values)


def wrong(file: str, line: int, key: str, /, **values: object) -> SpecError:
    """Return the error for one thing wrong in a URDF file."""
    told = phrase(key, **values)
    return SpecError([Problem(file, line, 0, "", told.text(), told)])


def read_tree(text: str, file: str) -> Node:
    """Return the root element of an XML text.

    Raises:
        SpecError: it is no XML, or too much of it.
    """
    if len(text) > MAX_CHARS:
        raise wrong(file, 0, "spec.arm.too_long", limit=MAX_CHARS)
    parser = expat.ParserCreate()
    top = Node(file, "", 0, {})
    stack = [top]
    count = 0

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_NODES or len(stack) > 100:
            raise wrong(file, parser.CurrentLineNumber, "spec.arm.too_many", limit=MAX_NODES)
        node = Node(file, tag.rpartition(":")[2], parser.CurrentLineNumber, values)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        stack.pop()

    def entity(*_: object) -> None:
        raise wrong(file, parser.CurrentLineNumber, "spec.arm.entity")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(text.encode(), True)  # noqa: FBT003
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise wrong(file, error.lineno, "spec.arm.not_xml", reason=reason) from None
    root = top.children[0]
    if root.tag != "robot":
        raise root.wrong("spec.arm.not_robot", found=root.tag)
    return root
