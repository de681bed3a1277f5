"""A YAML document as plain data, with the line and column of everything in it.

Stricter than YAML: no key twice, no tags, no aliases that unfold without bound.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner

from .messages import Phrase, phrase

Path = tuple[str | int, ...]

MAX_BYTES = 4_000_000
MAX_VALUES = 400_000
MAX_DEPTH = 60

TAG = "tag:yaml.org,2002:"


class Place(NamedTuple):
    """A line and a column, from 1."""

    line: int
    column: int


class Finding(NamedTuple):
    """Something wrong at a path of the document; `key` points at the key, not at its value."""

    path: Path
    phrase: Phrase
    key: bool = False


class Unreadable(Exception):
    """The text is no document that can be used."""

    def __init__(self, findings: list[tuple[Place, Finding]]) -> None:
        self.findings = findings
        super().__init__("; ".join(str(finding.phrase) for _, finding in findings))


@dataclass(slots=True)
class Document:
    """Plain data, and where each value and each key of it stands."""

    data: Any
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Return the place of `path`, or of the nearest thing around it that is written."""
        while path not in self.values and path:
            path = path[:-1]
        if key and path in self.keys:
            return self.keys[path]
        return self.values.get(path, Place(1, 1))

    def name(self, path: Path) -> str:
        """Return `path` for a person: ids in place of list positions, `assets.m1.process_s`."""
        text = ""
        data = self.data
        for step in path:
            data = _child(data, step)
            known = data.get("id") if isinstance(data, dict) else None
            if isinstance(step, int) and not isinstance(known, str):
                text += f"[{step + 1}]"
            else:
                text += f".{known if isinstance(step, int) else step}"
        return text.lstrip(".")


def _child(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def read_document(text: str) -> Document:
    """Read the one YAML document in `text`.

    Raises:
        Unreadable: With everything that is wrong, and where.
    """
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Scanner = _Scanner
        root = yaml.compose(text)
    except RecursionError:
        raise _stop(Place(1, 1), "spec.yaml.too_deep", limit=MAX_DEPTH) from None
    except ReaderError as error:
        place = _place_of(text, error.position)
        raise _stop(place, "spec.file.control", code=f"U+{_code(error):04X}") from None
    except MarkedYAMLError as error:
        raise _syntax(error) from None
    except (YAMLError, ValueError, IndexError, AssertionError) as error:
        raise _stop(Place(1, 1), "spec.yaml.syntax", problem=str(error).split("\n")[0]) from None
    if root is None:
        return Document(None)
    unfolding = _Unfolding()
    data = unfolding.value(root, ())
    if unfolding.wrong:
        raise Unreadable(unfolding.wrong)
    return Document(data, unfolding.values, unfolding.keys)


def _code(error: ReaderError) -> int:
    character = error.character
    if isinstance(character, bytes):
        return character[0]
    return ord(character) if isinstance(character, str) else int(character)


def _stop(place: Place, key: str, /, **values: Any) -> Unreadable:
    return Unreadable([(place, Finding((), phrase(key, **values)))])


def _place_of(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - before.rfind("\n"))


def _syntax(error: MarkedYAMLError) -> Unreadable:
    problem = error.problem or error.context or "it breaks off"
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    if "'\\t'" in problem or "tab" in problem.split():
        return _stop(place, "spec.yaml.tab")
    if "another document" in problem:
        return _stop(place, "spec.yaml.documents")
    if "undefined alias" in problem:
        return _stop(place, "spec.yaml.unknown_alias", alias=problem.split("'")[1])
    return _stop(place, "spec.yaml.syntax", problem=problem)


class _Scanner(Scanner):
    """Stops at too many open brackets; the work of the plain one grows with their square."""

    def fetch_flow_collection_start(self, *arguments: Any, **named: Any) -> None:
        if len(self.flow_context) >= MAX_DEPTH:
            mark = self.reader.get_mark()
            place = Place(mark.line + 1, mark.column + 1)
            raise _stop(place, "spec.yaml.too_deep", limit=MAX_DEPTH)
        super().fetch_flow_collection_start(*arguments, **named)


class _Unfolding:
    """One walk over the nodes of a document, aliases written out."""

    def __init__(self) -> None:
        self.values: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}
        self.wrong: list[tuple[Place, Finding]] = []
        self._count = 0
        self._open: set[int] = set()

    def value(self, node: Node, path: Path) -> Any:
        place = Place(node.start_mark.line + 1, node.start_mark.column + 1)
        self.values[path] = place
        self._count += 1
        if self._count > MAX_VALUES:
            raise _stop(place, "spec.yaml.too_many", limit=MAX_VALUES)
        if isinstance(node, ScalarNode):
            return self._scalar(node, path, place)
        if id(node) in self._open:
            raise _stop(place, "spec.yaml.recursive")
        if len(self._open) >= MAX_DEPTH:
            raise _stop(place, "spec.yaml.too_deep", limit=MAX_DEPTH)
        self._open.add(id(node))
        try:
            return self._collection(node, path, place)
        finally:
            self._open.discard(id(node))

    def _collection(self, node: Node, path: Path, place: Place) -> Any:
        if isinstance(node, SequenceNode) and node.tag == TAG + "seq":
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        if isinstance(node, MappingNode) and node.tag == TAG + "map":
            return self._mapping(node, path)
        self._wrong(place, path, "spec.yaml.tag", tag=short_tag(node))
        return None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        first: dict[Hashable, int] = {}
        for key, child in _pairs(node):
            place = Place(key.start_mark.line + 1, key.start_mark.column + 1)
            if not isinstance(key, ScalarNode):
                self._wrong(place, path, "spec.yaml.key", found=phrase("spec.word.list", count="…"))
                continue
            name = key.value
            if name in first:
                self._wrong(place, path, "spec.yaml.duplicate_key", key=name, first=first[name])
                continue
            first[name] = place.line
            self.keys[(*path, name)] = place
            data[name] = self.value(child, (*path, name))
        for merged in self._merges(node, path):
            for name, child in merged.items():
                data.setdefault(name, child)
        return data

    def _merges(self, node: MappingNode, path: Path) -> Iterator[dict[str, Any]]:
        for key, child in node.value:
            if key.tag != TAG + "merge":
                continue
            found = self.value(child, (*path, "<<"))
            for item in found if isinstance(found, list) else [found]:
                if isinstance(item, dict):
                    yield item
                else:
                    place = Place(child.start_mark.line + 1, child.start_mark.column + 1)
                    self._wrong(place, path, "spec.yaml.merge", found=shown(item))

    def _scalar(self, node: ScalarNode, path: Path, place: Place) -> Any:
        kind = short_tag(node)
        text = node.value
        if kind in {"str", "timestamp", "merge", "value"}:
            return text
        convert = SCALARS.get(kind)
        if convert is None:
            self._wrong(place, path, "spec.yaml.tag", tag=kind)
            return None
        try:
            return convert(text)
        except ValueError:
            self._wrong(place, path, "spec.yaml.scalar", found=text[:40], kind=kind)
            return None

    def _wrong(self, place: Place, path: Path, key: str, /, **values: Any) -> None:
        self.wrong.append((place, Finding(path, phrase(key, **values))))


def _pairs(node: MappingNode) -> Iterator[tuple[Node, Node]]:
    return ((key, child) for key, child in node.value if key.tag != TAG + "merge")


def short_tag(node: Node) -> str:
    """Return a node's tag without the common beginning."""
    tag = str(node.tag)
    return tag.removeprefix(TAG)


def _whole(text: str) -> int:
    plain = text.replace("_", "").lower()
    for prefix, base in (("0x", 16), ("0o", 8), ("0b", 2)):
        if plain.lstrip("+-").startswith(prefix):
            return int(plain, base)
    return int(plain)


def _decimal(text: str) -> float:
    plain = text.replace("_", "").lower()
    special = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}
    return float(special.get(plain, plain))


SCALARS: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() in {"true", "yes", "on", "y"},
    "int": _whole,
    "float": _decimal,
}


def shown(value: Any) -> str | Phrase:
    """Return what was found, short, for a message."""
    if value is None:
        return phrase("spec.word.nothing")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        keys = ", ".join(str(key) for key in list(value)[:6])
        return (
            phrase("spec.word.mapping", keys=keys) if value else phrase("spec.word.empty_mapping")
        )
    if isinstance(value, list | tuple | set):
        return phrase("spec.word.list", count=len(value))
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…" + text[-1]
