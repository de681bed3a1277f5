"""Collects the nodes of one asset, in its own frame: x along the flow, y to the left, z up."""

import math
from collections import Counter
from dataclasses import replace

from .document import UPRIGHT, Node, Point, Quaternion
from .palette import TOWER

ALONG_X: Quaternion = (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5))
ALONG_Y: Quaternion = (-math.sqrt(0.5), 0.0, 0.0, math.sqrt(0.5))
"""Turn a cylinder's axis from z to x, or to y."""


def about_z(angle_rad: float) -> Quaternion:
    """Return the turn by `angle_rad` about z."""
    return (0.0, 0.0, math.sin(angle_rad / 2), math.cos(angle_rad / 2))


def about_x(angle_rad: float) -> Quaternion:
    """Return the turn by `angle_rad` about x."""
    return (math.sin(angle_rad / 2), 0.0, 0.0, math.cos(angle_rad / 2))


def about_y(angle_rad: float) -> Quaternion:
    """Return the turn by `angle_rad` about y."""
    return (0.0, math.sin(angle_rad / 2), 0.0, math.cos(angle_rad / 2))


def headed(heading_rad: float, pitch_rad: float) -> Quaternion:
    """Return the turn by `pitch_rad` about y (down ahead), then by `heading_rad` about z."""
    cz, sz = math.cos(heading_rad / 2), math.sin(heading_rad / 2)
    cy, sy = math.cos(pitch_rad / 2), math.sin(pitch_rad / 2)
    return (-sz * sy, cz * sy, sz * cy, cz * cy)


class Maker:
    """Makes the nodes below one group."""

    def __init__(
        self,
        group: str,
        at: Point,
        heading_rad: float,
        *,
        role: str = "static",
        asset: str | None = "",
    ) -> None:
        self.group = group
        self._asset = group if asset == "" else asset
        self.nodes = [Node(group, None, at, about_z(heading_rad), role=role, asset=self._asset)]
        self._count: Counter[str] = Counter()

    def add(
        self,
        name: str,
        shape: str,
        at: Point,
        size: Point,
        material: str,
        *,
        rotation: Quaternion = UPRIGHT,
        role: str = "static",
        state: str | None = None,
    ) -> None:
        """Add one shape; a name used again gets a number."""
        self._count[name] += 1
        again = self._count[name]
        node_id = f"{self.group}__{name}" + (f"_{again}" if again > 1 else "")
        self.nodes.append(
            Node(
                node_id,
                self.group,
                at,
                rotation,
                shape,
                size,
                material,
                role,
                state,
                asset=self._asset,
            )
        )

    def box(self, name: str, at: Point, size: Point, material: str) -> None:
        """Add a box by its centre."""
        self.add(name, "box", at, size, material)

    def block(
        self,
        name: str,
        x: tuple[float, float],
        y: tuple[float, float],
        z: tuple[float, float],
        material: str,
    ) -> None:
        """Add a box by its extent in x, y and z."""
        at = (sum(x) / 2, sum(y) / 2, sum(z) / 2)
        self.box(name, at, (x[1] - x[0], y[1] - y[0], z[1] - z[0]), material)

    def pole(self, name: str, at: Point, radius: float, height: float, material: str) -> None:
        """Add a standing cylinder by the centre of its foot."""
        size = (2 * radius, 2 * radius, height)
        self.add(name, "cylinder", (at[0], at[1], at[2] + height / 2), size, material)

    def tower(self, at: Point, *, scale: float = 1.0) -> None:
        """Add a signal tower on top of `at`: a segment for each state, and beacons above it."""
        x, y, z = at
        pole_m, step_m, radius = 0.16 * scale, 0.15 * scale, 0.11 * scale
        self.pole("tower_pole", at, 0.035 * scale, pole_m, "frame")
        z += pole_m
        for state in TOWER:
            self.add(
                f"lamp_{state}",
                "cylinder",
                (x, y, z + step_m / 2),
                (2 * radius, 2 * radius, step_m * 0.86),
                f"lamp_{state}",
                role="lamp",
                state=state,
            )
            z += step_m
        self.pole("tower_cap", (x, y, z - 0.01), radius * 0.9, 0.04 * scale, "dark")
        top = z + 0.42 * scale
        self.add(
            "beacon_down",
            "diamond",
            (x, y, top),
            (0.5, 0.5, 0.62),
            "lamp_down",
            role="beacon",
            state="down",
        )
        for side in (-1, 1):
            self.add(
                "beacon_blocked",
                "box",
                (x + side * 0.13, y, top),
                (0.13, 0.13, 0.46),
                "lamp_blocked",
                role="beacon",
                state="blocked",
            )

    def strip(self, at: Point, length: float, *, height: float = 0.09) -> None:
        """Add a light strip along x that takes the colour of the state."""
        self.add("strip", "box", at, (length, 0.03, height), "lamp_any", role="lamp", state="any")

    def painted(self, material: str, instead: str) -> list[Node]:
        """Return the nodes with one material replaced by another."""
        return [
            replace(node, material=instead) if node.material == material else node
            for node in self.nodes
        ]
