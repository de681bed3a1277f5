"""How parts go from asset to asset: chains, branches and closed loops."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from .base import Count, Expected, Id, Model, Share

Rule = Literal["quality", "part", "exit", "share", "shortest", "cyclic", "priority"]


def _targets(value: Any) -> str:
    if not isinstance(value, dict):
        return "list"
    words = any(isinstance(target, str) for target in value.values())
    return "ids" if words else "shares"


Targets = Annotated[
    Annotated[dict[Id, Share], Field(min_length=1), Tag("shares")]
    | Annotated[dict[Id, Id], Field(min_length=1), Tag("ids")]
    | Annotated[tuple[Id, ...], Field(min_length=1), Tag("list")],
    Discriminator(_targets),
    Expected("spec.expect.targets"),
]


class Branch(Model):
    """One asset, several ways on.

    `by: quality` has the keys `pass` and `fail`; `by: part` has part types; `by: exit`
    the exits of a workcell; with shares as values the way is drawn; a rule chooses among the
    listed assets that can take the part:
    `shortest` the least full, `cyclic` the next in turn, `priority` the first listed.
    """

    from_: Id = Field(alias="from")
    to: Targets = Field(
        description="{asset: share, …}, {pass: asset, fail: asset}, {type: asset, …} or [asset, …]"
    )
    by: Rule | None = Field(None, description="default: what the form of `to` says")
    via: Id | None = Field(None, description="the vehicle fleet that carries the parts")


class Loop(Model):
    """A closed chain, last back to first, with a fixed number of pallets.

    With a source and a sink in it, or with ways in and out of it, a pallet is a card that a part
    needs to enter (CONWIP). With neither, the pallets themselves go round, and a part is made
    each time that one passes from the last asset to the first.
    """

    loop: tuple[Id, ...] = Field(min_length=2)
    pallets: Count
    part: Id = "pallet"


Chain = Annotated[tuple[Id, ...], Field(min_length=2)]


def _which(value: Any) -> str:
    if isinstance(value, Loop) or (isinstance(value, dict) and "loop" in value):
        return "loop"
    return "branch" if isinstance(value, Branch | dict) else "chain"


Way = Annotated[
    Annotated[Chain, Tag("chain")]
    | Annotated[Branch, Tag("branch")]
    | Annotated[Loop, Tag("loop")],
    Discriminator(_which),
    Expected("spec.expect.way"),
]


class Edge(Model):
    """One way of a part, as the chains, branches and loops together mean it."""

    giver: Id
    taker: Id
    via: Id | None = None
