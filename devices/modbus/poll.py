"""Which requests read a set of tags: near ones together."""

from collections.abc import Iterable
from dataclasses import dataclass

from .address import Space, Tag

NEAR = {True: 64, False: 16}
"""Coils, and registers, between two tags that are rather read along than asked for apart."""


@dataclass(frozen=True, slots=True)
class Block:
    """One request and the tags that it answers."""

    unit: int
    space: Space
    first: int
    count: int
    tags: tuple[tuple[str, Tag], ...]

    def elements(self, tag: Tag, answer: list[int] | list[bool]) -> list[int] | list[bool]:
        """Return what of an answer belongs to a tag."""
        begin = tag.number - self.first
        return answer[begin : begin + tag.width]

    def apart(self) -> list["Block"]:
        """Return a request for each tag of its own."""
        return [block_of([named]) for named in self.tags]


def block_of(tags: list[tuple[str, Tag]]) -> Block:
    """Return the one request that reads some tags of one unit and space."""
    _, head = tags[0]
    first = min(tag.number for _, tag in tags)
    end = max(tag.number + tag.width for _, tag in tags)
    return Block(head.unit, head.space, first, end - first, tuple(tags))


def blocks(tags: Iterable[tuple[str, Tag]], *, bridge: bool = True) -> list[Block]:
    """Return the requests that read tags, each as large as one request may be.

    Args:
        tags: names and what they mean.
        bridge: whether what lies between two tags may be read along.
    """
    ordered = sorted(tags, key=lambda named: (named[1].unit, named[1].space, named[1].number))
    groups: list[list[tuple[str, Tag]]] = []
    end = 0
    for named in ordered:
        tag = named[1]
        if groups and _joins(groups[-1][0][1], end, tag, bridge=bridge):
            groups[-1].append(named)
            end = max(end, tag.number + tag.width)
        else:
            groups.append([named])
            end = tag.number + tag.width
    return [block_of(group) for group in groups]


def _joins(head: Tag, end: int, tag: Tag, *, bridge: bool) -> bool:
    """Tell whether a tag may go into the request that begins with another and ends at a number."""
    return (
        (tag.unit, tag.space) == (head.unit, head.space)
        and tag.number - end <= (NEAR[tag.space.bits] if bridge else 0)
        and max(end, tag.number + tag.width) - head.number <= tag.space.most
    )
