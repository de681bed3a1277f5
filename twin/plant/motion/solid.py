"""Hard things that tools must not hit."""

from typing import TYPE_CHECKING

from twin.spec import motion as specs

from .body import Body

if TYPE_CHECKING:
    from .world import World


class Solid(Body):
    """A frame, a machine's housing or its door. It may be carried: a door by a cylinder."""

    def __init__(self, world: "World", spec: specs.Solid) -> None:
        super().__init__(world, spec)
        self.size_m = spec.size_m
