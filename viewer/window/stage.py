"""The hall in VTK: solids joined into few actors, lamps recoloured, bodies as glyphs.

A stage is made and rendered in one thread: VTK draws nothing, and says nothing, in another.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from twin.wire.model import Body, SignalState, Snapshot
from viewer.scene import SceneDocument, SceneError
from viewer.scene.document import Camera, Node
from viewer.scene.floor import texture
from viewer.scene.frames import Frames
from viewer.scene.shapes import mesh
from viewer.scene.solid import joined, rgb, worlds

from .arms import Arms
from .glyphs import Parts, Placed, Vehicles, poly
from .state import asset_states
from .works import Works, look_of

BACKGROUND = ("#eef2f5", "#c3d0da")
LIGHTS = (((-4.0, -8.0, 9.0), 0.62), ((7.0, -5.0, 4.0), 0.26))
"""Where light comes from, and how strong: a key light over the left shoulder, and a weak fill."""
SURFACE = {"ambient": 0.38, "diffuse": 0.78, "specular": 0.06, "specular_power": 24}
UNLIT = 0.32
HALO = 2.9

Floats = NDArray[np.float64]


class Stage:
    """A line drawn in a plotter."""

    def __init__(self, document: SceneDocument, plotter: Any, *, lights: int = 2) -> None:
        self.document = document
        self.plotter = plotter
        self._poses = worlds(document)
        self._states: dict[str, str] = {}
        self._lamps: list[Node] = [n for n in document.nodes if n.role == "lamp" and n.shape]
        self._beacons = [n for n in document.nodes if n.role == "beacon" and n.shape]
        self._lights(lights)
        self._floor()
        self.frames = Frames(document)
        self._works = Works(document, plotter, self._poses)
        self.arms = Arms(document, plotter, self._poses)
        self._statics()
        self._lamp_mesh: Any = None
        self._lamp_spans = _spans(self._lamps)
        if self._lamps:
            self._lamp_mesh = poly(joined(self._lamps, self._poses, document.materials))
            plotter.add_mesh(self._lamp_mesh, scalars="rgb", rgb=True, lighting=False)
        self._shown_beacons: list[Any] = []
        self._parts = {name: Parts(document, plotter, name) for name in document.parts}
        self._vehicles = {name: Vehicles(document, plotter, name) for name in document.fleets}
        self.light({})
        self.look("overview")

    def look(self, camera: str | Camera) -> None:
        """Look from one of the document's points of view, or from any other."""
        view = self.document.cameras[camera] if isinstance(camera, str) else camera
        eye = self.plotter.camera
        eye.position = view.position_m
        eye.focal_point = view.target_m
        straight = abs(view.position_m[2] - view.target_m[2]) > 50 * math.dist(
            view.position_m[:2], view.target_m[:2]
        )
        eye.up = (0, 1, 0) if straight else (0, 0, 1)
        eye.view_angle = view.angle_deg
        self.plotter.renderer.ResetCameraClippingRange()

    def light(self, states: Mapping[str, str]) -> None:
        """Light the lamps and show the beacons by the state of each asset."""
        changed = {a for a in {*states, *self._states} if states.get(a) != self._states.get(a)}
        if not changed and self._states:
            return
        self._states = dict(states)
        if self._lamp_mesh is None:
            return
        colours = self._lamp_mesh.point_data["rgb"]
        for node, span in zip(self._lamps, self._lamp_spans, strict=True):
            colours[span] = rgb_of_lamp(self.document, node, states)
        self._lamp_mesh.point_data["rgb"] = colours
        self._lamp_mesh.Modified()
        self._show_beacons(states)

    def show(self, snapshot: Snapshot) -> None:
        """Draw everything as a snapshot says."""
        self.light(asset_states(snapshot))
        self.signal(snapshot.signals)
        self.turn(snapshot)
        self.put({key: (body, *at) for key, body, at in self._placed(snapshot.bodies)})

    def signal(self, signals: Mapping[str, SignalState]) -> None:
        """Light the lamps of the workcells by their signals."""
        self._works.light(signals)

    def turn(self, snapshot: Snapshot) -> None:
        """Move what joints move to where it is at a snapshot's time; bodies ride on it."""
        frames = self.frames.at(snapshot.joints, snapshot.time_s, snapshot.signals)
        self._works.put(frames)
        self.arms.put(snapshot, frames)

    def put(self, placed: Mapping[str, Placed]) -> None:
        """Put each body at a place and heading."""
        by_type: dict[str, list[Placed]] = {}
        for entry in placed.values():
            by_type.setdefault(entry[0].type, []).append(entry)
        for name, parts in self._parts.items():
            parts.put(by_type.get(name, []), self.frames)
        for name, vehicles in self._vehicles.items():
            vehicles.put(by_type.get(f"vehicle:{name}", []))

    def _placed(self, bodies: Mapping[str, Body]) -> Any:
        for key, body in bodies.items():
            try:
                yield key, body, self.frames.place(body)
            except SceneError:
                continue

    def _lights(self, count: int) -> None:
        self.plotter.set_background(BACKGROUND[0], top=BACKGROUND[1])
        for position, intensity in LIGHTS[:count]:
            lamp = pv.Light(position=position, intensity=intensity, light_type="scene light")
            lamp.positional = False
            self.plotter.add_light(lamp)

    def _floor(self) -> None:
        x0, y0, x1, y1 = self.document.floor_m
        sheet = pv.Plane(
            center=((x0 + x1) / 2, (y0 + y1) / 2, 0.0),
            i_size=x1 - x0,
            j_size=y1 - y0,
            i_resolution=1,
            j_resolution=1,
        )
        picture = texture(self.document)
        image = pv.Texture(np.ascontiguousarray(picture))
        image.InterpolateOn()
        image.MipmapOn()
        self.plotter.add_mesh(sheet, texture=image, lighting=False)
        slab = pv.Box((x0, x1, y0, y1, -0.25, -0.01))
        self.plotter.add_mesh(slab, color="#9aa5ae", ambient=0.4, diffuse=0.6)

    def _statics(self) -> None:
        materials = self.document.materials
        groups: dict[tuple[float, bool, bool], list[Node]] = {}
        templates = {n.id for n in self.document.nodes if n.role == "template"}
        for node in self.document.nodes:
            if node.role in {"lamp", "beacon", "signal", "axes"} or node.material is None:
                continue
            if node.parent in templates or self._works.moves(node):
                continue
            groups.setdefault(look_of(materials[node.material]), []).append(node)
        for (opacity, glow, glossy), nodes in sorted(groups.items(), reverse=True):
            self.plotter.add_mesh(
                poly(joined(nodes, self._poses, materials)),
                name=f"static_{opacity}_{glow}_{glossy}",
                scalars="rgb",
                rgb=True,
                opacity=opacity,
                lighting=not glow,
                culling="back" if opacity == 1.0 else None,
                **(SURFACE | {"specular": 0.3 if glossy else 0.06}),
            )

    def _show_beacons(self, states: Mapping[str, str]) -> None:
        for actor in self._shown_beacons:
            self.plotter.remove_actor(actor, render=False)
        self._shown_beacons = []
        lit = [n for n in self._beacons if n.asset and states.get(n.asset) == n.state]
        halos = [
            n
            for n in self._lamps
            if n.state != "any" and n.asset and states.get(n.asset) == n.state
        ]
        if lit:
            solid = joined(lit, self._poses, self.document.materials)
            self._shown_beacons.append(
                self.plotter.add_mesh(
                    poly(solid),
                    scalars="rgb",
                    rgb=True,
                    ambient=0.7,
                    diffuse=0.4,
                    reset_camera=False,
                    render=False,
                )
            )
        if halos:
            solid = joined([_halo(n) for n in halos], self._poses, self.document.materials)
            self._shown_beacons.append(
                self.plotter.add_mesh(
                    poly(solid),
                    scalars="rgb",
                    rgb=True,
                    lighting=False,
                    opacity=0.2,
                    reset_camera=False,
                    render=False,
                )
            )


def rgb_of_lamp(
    document: SceneDocument, node: Node, states: Mapping[str, str]
) -> tuple[int, int, int]:
    """Return what colour a lamp shows while the assets are in `states`."""
    state = states.get(node.asset or "")
    if node.state == "any":
        return rgb(document.states[state or "idle"])
    colour = rgb(document.materials[node.material or ""].colour)
    if state == node.state:
        return colour
    red, green, blue = (round(60 + (channel - 60) * UNLIT) for channel in colour)
    return red, green, blue


def _halo(node: Node) -> Node:
    size = (node.size_m[0] * HALO, node.size_m[1] * HALO, node.size_m[0] * HALO)
    return Node(
        node.id,
        node.parent,
        node.position_m,
        node.rotation,
        "sphere",
        size,
        node.material,
        asset=node.asset,
    )


def _spans(nodes: list[Node]) -> list[slice]:
    spans, first = [], 0
    for node in nodes:
        count = len(mesh(node.shape or "box")[0])
        spans.append(slice(first, first + count))
        first += count
    return spans


def projection(plotter: Any, aspect: float) -> Floats:
    """Return the `(4, 4) float` matrix from the hall onto the picture, -1 to 1 on each axis."""
    found = plotter.camera.GetCompositeProjectionTransformMatrix(aspect, -1, 1)
    return np.array([[found.GetElement(i, j) for j in range(4)] for i in range(4)])
