"""Parts and vehicles in VTK: many bodies, few actors."""

import math
from typing import Any

import numpy as np
import pyvista as pv
from scipy.spatial.transform import Rotation
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkRenderingCore import vtkGlyph3DMapper

from twin.wire.model import Body, Ride
from viewer.scene import SceneDocument
from viewer.scene.document import Point, Quaternion
from viewer.scene.frames import Frames
from viewer.scene.shapes import mesh, normals
from viewer.scene.solid import Solid, joined, pose, rgb

REJECTED = "#d8232a"
PART_LIGHT = {"ambient": 0.5, "diffuse": 0.75}

Placed = tuple[Body, Point, float]


def poly(solid: Solid) -> Any:
    """Return a solid as VTK's poly data, with its colours as `rgb`."""
    faces = np.column_stack([np.full(len(solid.triangles), 3), solid.triangles]).ravel()
    made = pv.PolyData(solid.points.astype(np.float32), faces)
    made.point_data["rgb"] = solid.colours
    made.point_data.active_normals = solid.normals.astype(np.float32)
    return made


class Parts:
    """All parts of one type: a body and a lid, drawn as glyphs."""

    def __init__(self, document: SceneDocument, plotter: Any, name: str) -> None:
        look = document.parts[name]
        w, d, h = look.size_m
        colour = np.array(rgb(look.colour), float)
        lid = tuple(int(c) for c in colour + (255 - colour) * 0.34)
        self._points = pv.PolyData(np.zeros((1, 3)))
        self._lid_colour = np.array(lid, np.uint8)
        self._rejected = np.array(rgb(REJECTED), np.uint8)
        self._colour = colour.astype(np.uint8)
        self._layers = [
            self._layer(plotter, (w, d, h * 0.86), h * 0.43, "body"),
            self._layer(plotter, (w * 0.86, d * 0.8, h * 0.14), h * 0.93, "lid"),
        ]

    def _layer(
        self, plotter: Any, size: tuple[float, float, float], z: float, scalars: str
    ) -> tuple[Any, Any]:
        points, triangles = mesh("box")
        solid = Solid(
            points * np.array(size) + np.array([0, 0, z]),
            normals("box"),
            triangles,
            np.zeros((len(points), 3), np.uint8),
        )
        mapper = vtkGlyph3DMapper()
        mapper.SetSourceData(poly(solid))
        mapper.SetInputDataObject(self._points)
        mapper.SetOrientationArray("turn")
        mapper.SetOrientationModeToQuaternion()
        mapper.OrientOn()
        mapper.ScalingOff()
        mapper.SetScalarModeToUsePointFieldData()
        mapper.SelectColorArray(scalars)
        mapper.SetColorModeToDirectScalars()
        actor = pv.Actor()
        actor.SetMapper(mapper)
        actor.prop.ambient, actor.prop.diffuse = PART_LIGHT["ambient"], PART_LIGHT["diffuse"]
        actor.VisibilityOff()
        plotter.add_actor(actor, reset_camera=False, render=False)
        return actor, mapper

    def put(self, placed: list[Placed], frames: Frames) -> None:
        """Show the parts at their places, leaning with what they ride on."""
        count = len(placed)
        for actor, _ in self._layers:
            actor.SetVisibility(count > 0)
        if not count:
            return
        self._points.points = np.array([at for _, at, _ in placed], np.float32)
        turn = np.array([_turn(frames, entry) for entry in placed], np.float32)
        lids = np.tile(self._lid_colour, (count, 1))
        lids[[body.good is False for body, _, _ in placed]] = self._rejected
        data = self._points.GetPointData()
        for name, values in (
            ("turn", turn),
            ("lid", lids),
            ("body", np.tile(self._colour, (count, 1))),
        ):
            array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
            array.SetName(name)
            data.AddArray(array)
        self._points.Modified()


def _turn(frames: Frames, placed: Placed) -> Quaternion:
    """Return a part's orientation as a quaternion, w first."""
    body, _, heading_rad = placed
    if isinstance(body.motion, Ride):
        x, y, z, w = Rotation.from_matrix(frames.lie(body)[:3, :3]).as_quat()
        return float(w), float(x), float(y), float(z)
    return math.cos(heading_rad / 2), 0.0, 0.0, math.sin(heading_rad / 2)


class Vehicles:
    """The vehicles of a fleet: copies of its template."""

    def __init__(self, document: SceneDocument, plotter: Any, name: str) -> None:
        look = document.fleets[name]
        template = [n for n in document.nodes if n.parent == look.node]
        local = {n.id: pose(n) for n in template}
        self._mesh = poly(joined(template, local, document.materials))
        self._plotter = plotter
        self._actors: list[Any] = []

    def put(self, placed: list[Placed]) -> None:
        """Show the vehicles at their places."""
        while len(self._actors) < len(placed):
            self._actors.append(
                self._plotter.add_mesh(
                    self._mesh,
                    scalars="rgb",
                    rgb=True,
                    ambient=0.36,
                    diffuse=0.66,
                    reset_camera=False,
                    render=False,
                )
            )
        for number, actor in enumerate(self._actors):
            actor.SetVisibility(number < len(placed))
            if number < len(placed):
                _, (x, y, z), heading = placed[number]
                c, s = math.cos(heading), math.sin(heading)
                actor.user_matrix = np.array(
                    [[c, -s, 0, x], [s, c, 0, y], [0, 0, 1, z], [0, 0, 0, 1]], float
                )
