"""What the checks of a line share: its assets and ways by id."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from twin.spec.assets import Asset, Operator, OperatorCall, Sink, Source, Vehicle
from twin.spec.choices import hint
from twin.spec.document import Finding, Path
from twin.spec.flow import Branch, Edge, Loop
from twin.spec.line import LineSpec
from twin.spec.messages import phrase
from twin.spec.times import ProcessTime, Time, TimeByPart
from twin.spec.topology import assets_by_id, edges, givers, takers


@dataclass(frozen=True)
class Facts:
    """A line with its maps. Where an id is there twice, the first counts."""

    spec: LineSpec

    @cached_property
    def assets(self) -> dict[str, Asset]:
        """The assets by id."""
        return assets_by_id(self.spec)

    @cached_property
    def index(self) -> dict[str, int]:
        """The position of each asset in the file."""
        return {asset.id: i for i, asset in reversed(list(enumerate(self.spec.assets)))}

    @cached_property
    def edges(self) -> list[Edge]:
        """Every way once."""
        return edges(self.spec)

    @cached_property
    def takers(self) -> dict[str, tuple[str, ...]]:
        """For every asset those that its parts can go to."""
        return takers(self.spec)

    @cached_property
    def givers(self) -> dict[str, tuple[str, ...]]:
        """For every asset those that its parts can come from."""
        return givers(self.spec)

    @cached_property
    def places(self) -> list[str]:
        """The assets that hold parts and stand in the flow: no fleets, no people."""
        return [a.id for a in self.spec.assets if not isinstance(a, Vehicle | Operator)]

    def of(self, *kinds: type[Any]) -> list[str]:
        """Return the ids of the assets of some kinds."""
        return [asset.id for asset in self.spec.assets if isinstance(asset, kinds)]

    @property
    def sources(self) -> list[str]:
        """The ids of the sources."""
        return self.of(Source)

    @property
    def sinks(self) -> list[str]:
        """The ids of the sinks."""
        return self.of(Sink)

    def branches(self) -> Iterator[tuple[int, Branch]]:
        """Yield the branches with their position in `flow`."""
        return ((i, way) for i, way in enumerate(self.spec.flow) if isinstance(way, Branch))

    def loops(self) -> Iterator[tuple[int, Loop]]:
        """Yield the loops with their position in `flow`."""
        return ((i, way) for i, way in enumerate(self.spec.flow) if isinstance(way, Loop))

    def at(self, asset: str, *rest: str | int) -> Path:
        """Return the path of an asset, or of something within it."""
        return ("assets", self.index[asset], *rest)


def wrong(path: Path, key: str, /, *, at_key: bool = False, **values: Any) -> Finding:
    """Return a finding with the message `spec.check.KEY`."""
    return Finding(path, phrase(f"spec.check.{key}", **values), key=at_key)


def unknown(
    path: Path, what: str, name: str, choices: list[str], *, at_key: bool = False
) -> Finding:
    """Return the finding that there is no `what` called `name`, with the nearest choice."""
    thing = phrase(f"spec.thing.{what}")
    return wrong(path, "unknown", thing=thing, name=name, hint=hint(name, choices), at_key=at_key)


def calls_of(asset: Asset) -> Iterator[tuple[Path, OperatorCall]]:
    """Yield the calls for people within an asset, with their path from the asset."""
    for i, failure in enumerate(getattr(asset, "failures", ())):
        if failure.repair_by:
            yield ("failures", i, "repair_by"), failure.repair_by
    for i, work in enumerate(getattr(asset, "maintenance", ())):
        if work.by:
            yield ("maintenance", i, "by"), work.by
    setups = getattr(asset, "setups", None)
    if setups and setups.by:
        yield ("setups", "by"), setups.by
    operator = getattr(asset, "operator", None)
    if operator:
        yield ("operator",), operator


def is_zero(time: ProcessTime) -> bool:
    """Tell whether a duration is always 0."""
    if isinstance(time, TimeByPart):
        return all(is_zero(part) for part in time.by_part.values())
    if time.law in {"constant", "uniform", "triangular", "normal", "empirical", "trace"}:
        return not any(time.parameters)
    return False


def passes_at_once(asset: Asset) -> bool:
    """Tell whether a part can go through an asset in no time."""
    if isinstance(asset, Sink | Source):
        return False
    if asset.kind in ("conveyor", "workcell"):
        return False
    if asset.kind == "storage":
        return is_zero(asset.store_s) and is_zero(asset.retrieve_s)
    process: ProcessTime = getattr(asset, "process_s", Time(constant=0.0))
    return is_zero(process)
