"""The scene document as a GLB file: one node for each node, shapes shared between them."""

import io
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import trimesh
from PIL import Image, ImageColor

from .document import UPRIGHT, Material, Node, Point, SceneDocument
from .floor import packed
from .shapes import mesh, normals
from .solid import Matrix, pose

WORLD = "world"
FLOOR = "floor"
UNLIT = 0.28


def export(document: SceneDocument, *, floor: bool = True) -> bytes:
    """Return the document as GLB.

    Args:
        document: The scene.
        floor: Whether the painted floor goes in, as a textured slab.
    """
    scene = trimesh.Scene(base_frame="scene")
    scene.graph.update(frame_from="scene", frame_to=WORLD, matrix=_upright())
    materials = {name: _material(name, m) for name, m in document.materials.items()}
    if floor:
        _add(scene, _floor(document), node=FLOOR, parent=WORLD, matrix=np.eye(4), name=FLOOR)
    for node in document.nodes:
        if node.role == "axes":
            continue
        parent = node.parent or WORLD
        if node.shape is None or node.material is None:
            scene.graph.update(frame_from=parent, frame_to=node.id, matrix=_matrix(node))
            continue
        own = node.role in {"lamp", "beacon"}
        name = f"{node.id}__mesh" if own else f"{node.shape}__{node.material}"
        if name not in scene.geometry:
            look = materials[node.material]
            if own:
                look = _lamp(node.id, document.materials[node.material], lit=node.role == "beacon")
            scene.geometry[name] = _mesh(node.shape, look)
        scene.graph.update(
            frame_from=parent, frame_to=node.id, matrix=_matrix(node, sized=True), geometry=name
        )
    data: bytes = scene.export(
        file_type="glb", include_normals=True, tree_postprocessor=_plain(document)
    )
    return data


def _matrix(node: Node, *, sized: bool = False) -> Matrix:
    out = pose(node)
    if sized:
        out[:3, :3] = out[:3, :3] * np.array(node.size_m)
    return out


def _plain(document: SceneDocument) -> Callable[[dict[str, Any]], None]:
    """Return what writes each node as place, turn and size instead of sixteen numbers."""
    nodes = {node.id: node for node in document.nodes}

    def rewrite(tree: dict[str, Any]) -> None:
        for entry in tree["nodes"]:
            node = nodes.get(entry["name"])
            if node is None:
                continue
            entry.pop("matrix", None)
            if any(node.position_m):
                entry["translation"] = [round(v, 4) for v in node.position_m]
            if node.rotation != UPRIGHT:
                entry["rotation"] = [round(v, 6) for v in node.rotation]
            if node.shape:
                entry["scale"] = [round(v, 4) for v in node.size_m]
        for entry in tree["meshes"]:
            entry.pop("extras", None)

    return rewrite


def _upright() -> Matrix:
    return np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]], float)


def _add(
    scene: trimesh.Scene,
    geometry: trimesh.Trimesh,
    *,
    node: str,
    parent: str,
    matrix: Matrix,
    name: str,
) -> None:
    scene.geometry[name] = geometry
    scene.graph.update(frame_from=parent, frame_to=node, matrix=matrix, geometry=name)


def _mesh(shape: str, material: object) -> trimesh.Trimesh:
    points, triangles = mesh(shape)
    made = trimesh.Trimesh(points, triangles, vertex_normals=normals(shape), process=False)
    made.visual = trimesh.visual.TextureVisuals(material=material)
    return made


def _material(name: str, look: Material) -> object:
    return trimesh.visual.material.PBRMaterial(
        name=name,
        baseColorFactor=_linear(look.colour, look.opacity),
        metallicFactor=0.0,
        roughnessFactor=round(1.0 - 0.8 * look.gloss, 2),
        emissiveFactor=_linear(look.colour)[:3] if look.glow else None,
        alphaMode="BLEND" if look.opacity < 1 else None,
    )


def _lamp(name: str, look: Material, *, lit: bool) -> object:
    share = 1.0 if lit else UNLIT
    return trimesh.visual.material.PBRMaterial(
        name=name,
        baseColorFactor=_linear(look.colour, share=share),
        metallicFactor=0.0,
        roughnessFactor=0.5,
        emissiveFactor=_linear(look.colour)[:3] if lit else None,
    )


def _linear(colour: str, opacity: float = 1.0, *, share: float = 1.0) -> list[float]:
    """Return a colour as glTF's linear factors."""
    srgb = (channel / 255 * share for channel in ImageColor.getrgb(colour)[:3])
    return [round(channel**2.2, 4) for channel in srgb] + [opacity]


def _floor(document: SceneDocument) -> trimesh.Trimesh:
    x0, y0, x1, y1 = document.floor_m
    corners: Iterable[Point] = ((x0, y0, 0.0), (x1, y0, 0.0), (x1, y1, 0.0), (x0, y1, 0.0))
    made = trimesh.Trimesh(list(corners), [[0, 1, 2], [0, 2, 3]], process=False)
    look = trimesh.visual.material.PBRMaterial(
        name=FLOOR,
        baseColorTexture=Image.open(io.BytesIO(packed(document))),
        metallicFactor=0.0,
        roughnessFactor=0.9,
    )
    made.visual = trimesh.visual.TextureVisuals(
        uv=np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float), material=look
    )
    return made
