"""Names, and what they stand for in a place of the source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from twin.control.syntax.diagnostic import Span
from twin.plant.robot.mover import SignalKind

from .kinds import Type
from .program import Datum, Routine


@dataclass(slots=True)
class Local:
    """Data or a parameter of a routine, in a slot of its frame."""

    name: str
    type: Type
    slot: int
    kind: str
    """`VAR`, `CONST`, `IN`, `FOR`, or of parameters that refer `INOUT`, `VARREF`, `PERS`."""
    span: Span
    optional: bool = False
    const: object = None
    used: bool = False

    @property
    def refers(self) -> bool:
        """Whether its slot holds a reference."""
        return self.kind in {"INOUT", "VARREF", "PERS"}


@dataclass(slots=True)
class Names:
    """What a routine, or the modules' data, can name."""

    signals: dict[str, SignalKind]
    units: dict[str, str]
    data: dict[str, Datum] = field(default_factory=dict)
    """Of all modules, but for LOCAL ones."""
    routines: dict[str, Routine] = field(default_factory=dict)
    module_data: dict[str, dict[str, Datum]] = field(default_factory=dict)
    module_routines: dict[str, dict[str, Routine]] = field(default_factory=dict)

    spare: Callable[[str], Datum | None] | None = None
    """Makes data that a controller has in its module `user`, when a program names it."""

    def datum(self, module: str, name: str) -> Datum | None:
        """Return data as a module sees it: its own LOCAL ones first."""
        found = self.module_data.get(module, {}).get(name) or self.data.get(name)
        if found is None and self.spare is not None:
            found = self.spare(name)
        return found

    def routine(self, module: str, name: str) -> Routine | None:
        """Return a routine as a module sees it."""
        return self.module_routines.get(module, {}).get(name) or self.routines.get(name)

    def all_data(self, module: str) -> Iterator[str]:
        """Yield the names of data as written."""
        for datum in (*self.module_data.get(module, {}).values(), *self.data.values()):
            yield datum.name

    def all_routines(self, module: str) -> Iterator[str]:
        """Yield the names of routines as written."""
        for routine in (*self.module_routines.get(module, {}).values(), *self.routines.values()):
            yield routine.name
