"""Two ways of the tool on one circle: where they join, the tool stays on it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ROUND_M = 1e-5
"""Places are on a circle within this: the joints' pieces keep to it no closer."""
FLAT = 1e-7
"""Three places that span less than this (m², twice a triangle's area) are on a straight line."""


class Ring(NamedTuple):
    """A circle in space."""

    centre: Array
    """(3,), m."""
    axis: Array
    """(3,), unit vector."""

    @classmethod
    def through(cls, a: Array, b: Array, c: Array) -> "Ring | None":
        """Return the circle through three places, (3,) m; None: they lie on a straight line."""
        u, v = b - a, c - a
        square = np.cross(u, v)
        size = float(square @ square)
        if size < FLAT * FLAT:
            return None
        to_centre = (np.cross(square, u) * (v @ v) + np.cross(v, square) * (u @ u)) / (2.0 * size)
        return cls(a + to_centre, square / np.sqrt(size))

    def holds(self, places: Array, on: Array) -> bool:
        """Return whether places, (m, 3), are on it, as one that is, (3,)."""
        off, radius = places - self.centre, float(np.linalg.norm(on - self.centre))
        beside, out = off @ self.axis, np.linalg.norm(off, axis=1) - radius
        return bool(max(np.abs(beside).max(), np.abs(out).max()) <= ROUND_M)

    def added(self, first: Array, second: Array, corner: Array) -> Array:
        """Return the places that are as far round as both together, counted from the corner.

        Args:
            first: (m, 3), of the one way, m.
            second: (m, 3), of the other.
            corner: (3,), where the one ends and the other begins.
        """
        ahead = corner - self.centre
        off, aside = first - self.centre, np.cross(self.axis, ahead)
        angle = np.arctan2(off @ aside, off @ ahead)[:, None]
        arm = second - self.centre
        return self.centre + np.cos(angle) * arm + np.sin(angle) * np.cross(self.axis, arm)
