"""What an arm looks like, and what of it must not touch anything."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from twin.spec.arms import describe
from twin.spec.arms.description import (
    Box,
    Bumper,
    Capsule,
    Cylinder,
    Frame,
    Hull,
    MeshFile,
    Part,
    Revolve,
    Sphere,
)
from twin.spec.arms.geometry import disc, ring

OWN = ("six", "scara")
Array = NDArray[np.float64]


def matrix(frame: Frame) -> tuple[Array, Array]:
    w, x, y, z = frame.turn
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    return turn, np.array(frame.xyz)


def corners(shape: object) -> Array:
    """Points that a mesh of a shape could have."""
    match shape:
        case Box((a, b, c)):
            return np.array(
                [
                    (i * a, j * b, k * c)
                    for i in (-0.5, 0.5)
                    for j in (-0.5, 0.5)
                    for k in (-0.5, 0.5)
                ]
            )
        case Cylinder(radius, length):
            return np.array([p for h in (-length / 2, length / 2) for p in circle(radius, h)])
        case Revolve(profile):
            return np.array([p for r, h in profile for p in circle(r, h)])
        case Hull(points):
            return np.array(points)
    raise AssertionError(shape)


def circle(radius: float, height: float) -> list[tuple[float, float, float]]:
    turns = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    return [(radius * np.cos(t), radius * np.sin(t), height) for t in turns]


def sticks_out(points: Array, bumper: Bumper) -> Array:
    """How far each point, in the link's frame, is outside of a bumper; at least that far."""
    turn, at = matrix(bumper.at)
    local = (points - at) @ turn
    match bumper.shape:
        case Box(size):
            past = np.maximum(np.abs(local) - np.array(size) / 2, 0)
            return np.linalg.norm(past, axis=1)
        case Cylinder(radius, length):
            side = np.maximum(np.hypot(local[:, 0], local[:, 1]) - radius, 0)
            return np.hypot(side, np.maximum(np.abs(local[:, 2]) - length / 2, 0))
        case Sphere(radius):
            return np.maximum(np.linalg.norm(local, axis=1) - radius, 0)
        case Capsule(radius, length):
            along = np.clip(local[:, 2], -length / 2, length / 2)
            return np.maximum(
                np.hypot(np.hypot(local[:, 0], local[:, 1]), local[:, 2] - along) - radius, 0
            )
        case Hull(corners_):
            faces = ConvexHull(np.array(corners_)).equations
            return np.maximum((local @ faces[:, :3].T + faces[:, 3]).max(axis=1), 0)
    raise AssertionError(bumper)


def outside(part: Part, bumpers: tuple[Bumper, ...]) -> float:
    turn, at = matrix(part.at)
    points = corners(part.shape) @ turn.T + at
    return float(np.min([sticks_out(points, bumper) for bumper in bumpers], axis=0).max())


@pytest.mark.parametrize("name", OWN)
def test_nothing_that_is_seen_sticks_out_of_the_collision_shapes(name: str) -> None:
    links = [link for link in describe(name).links if link.parts]
    assert len(links) >= 5
    far = {part.name: outside(part, link.bumpers) for link in links for part in link.parts}
    assert {name: out for name, out in far.items() if out > 1e-3} == {}


@pytest.mark.parametrize("name", OWN)
def test_the_collision_shapes_are_not_much_larger_than_what_is_seen(name: str) -> None:
    for link in describe(name).links:
        if not link.parts:
            continue
        seen = np.vstack([corners(p.shape) @ matrix(p.at)[0].T + p.at.xyz for p in link.parts])
        felt = np.vstack([corners(b.shape) @ matrix(b.at)[0].T + b.at.xyz for b in link.bumpers])
        assert (seen.min(axis=0) - felt.min(axis=0)).max() < 0.012, link.name
        assert (felt.max(axis=0) - seen.max(axis=0)).max() < 0.012, link.name


@pytest.mark.parametrize("name", OWN)
def test_our_arms_need_no_file_and_have_two_tones(name: str) -> None:
    parts = [part for link in describe(name).links for part in link.parts]
    assert not any(isinstance(part.shape, MeshFile) for part in parts)
    assert all(part.colour.startswith("#") and len(part.colour) == 7 for part in parts)
    assert len({part.colour for part in parts}) >= 3
    assert {part.finish for part in parts} == {"paint", "rubber", "metal"}
    assert len({part.name for part in parts}) == len(parts)


@pytest.mark.parametrize("name", ["ur5", "ur10", "panda"])
def test_bought_arms_come_with_meshes_to_see_and_hulls_to_feel(name: str) -> None:
    links = [link for link in describe(name).links if link.parts]
    assert len(links) == (8 if name == "panda" else 7)
    for link in links:
        assert [type(part.shape) for part in link.parts] == [MeshFile]
        assert [type(bumper.shape) for bumper in link.bumpers] == [Hull]
        points = corners(link.bumpers[0].shape)
        assert 4 < len(points) < 2000
        assert np.ptp(points, axis=0).max() < 1.0  # m, not mm
    assert not any("finger" in link.name or "hand" in link.name for link in describe(name).links)


def test_a_ring_lies_on_its_circle_and_a_polygon_lies_around_it() -> None:
    axis = (1.0, 2.0, -0.5)
    points = np.array(ring((0.1, 0.2, 0.3), 0.05, axis)) - (0.1, 0.2, 0.3)
    assert np.linalg.norm(points, axis=1) == pytest.approx(0.05)
    assert points @ axis == pytest.approx(0.0, abs=1e-12)
    polygon = np.array(ring((0, 0, 0), 0.05, sides=8))
    middles = (polygon + np.roll(polygon, 1, axis=0)) / 2
    assert np.linalg.norm(middles, axis=1) == pytest.approx(0.05)


def test_a_disc_has_rounded_edges() -> None:
    points = np.array(disc((0, 0, 1), 0.1, (0, 0, 2), 0.06, bevel=0.02, sides=0))
    assert points[:, 2].min() == pytest.approx(1 - 0.03)
    assert points[:, 2].max() == pytest.approx(1 + 0.03)
    radius = np.hypot(points[:, 0], points[:, 1])
    assert radius.max() == pytest.approx(0.1)
    top = radius[points[:, 2] > 1.0299]
    assert top == pytest.approx(0.08)
    # Each point of an edge is as far from the middle of its rounding as the bevel says.
    edge = np.hypot(radius - 0.08, np.abs(points[:, 2] - 1) - 0.01)
    assert edge == pytest.approx(0.02)
