"""URDF files beside a line file: read into the line, so that it is whole in itself.

The text goes into the line. A mesh for collisions goes in as the points of its convex hull: the
plant needs no file. A mesh that is only looked at stays a file, by its full path; where it is not
there, the shapes for collisions are shown instead.
"""

import re
from pathlib import Path

from .description import Vector
from .geometry import OWN
from .meshes import SUFFIXES, hull, vertices
from .tree import read_tree, wrong

MAX_BYTES = 512 * 1024
BLOCK = re.compile(r"<(visual|collision)\b.*?</\1\s*>", re.DOTALL)
MESH = re.compile(r"(<mesh\b[^>]*?\bfilename\s*=\s*)(\"[^\"]*\"|'[^']*')", re.DOTALL)


def inlined(folder: Path, name: str) -> str:
    """Return the text of a URDF file, with what the plant needs of its meshes in it.

    Args:
        folder: in which the file lies.
        name: of the file; it may lie in a folder below.

    Raises:
        SpecError: the file or a mesh is not there, outside the folder, or too large.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise wrong(name, 0, "spec.arm.missing", file=name, folder=str(folder))
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1).decode("utf-8-sig")
    except OSError:
        raise wrong(name, 0, "spec.arm.missing", file=name, folder=str(folder)) from None
    except ValueError:
        raise wrong(name, 0, "spec.arm.not_text", file=name) from None
    if len(text) > MAX_BYTES:
        raise wrong(name, 0, "spec.arm.too_long", limit=MAX_BYTES)
    read_tree(text, name)
    return _Inliner(path.parent, name).whole(text)


class _Inliner:
    """Puts the meshes of one URDF in their place."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.shapes: dict[str, str] = {}
        """Path of a mesh → its shape as XML."""

    def whole(self, text: str) -> str:
        text = BLOCK.sub(self._block, text)
        if not self.shapes:
            return text
        head, end, tail = text.rpartition("</robot")
        return f"{head}<pilotline>{''.join(self.shapes.values())}</pilotline>{end}{tail}"

    def _block(self, block: re.Match[str]) -> str:
        solid = block[1] == "collision"
        return MESH.sub(lambda mesh: self._mesh(mesh, solid=solid), block[0])

    def _mesh(self, mesh: re.Match[str], *, solid: bool) -> str:
        named = mesh[2][1:-1]
        if named.startswith((OWN, "package://example-robot-data/")):
            return mesh[0]
        path = self._found(named)
        if path is None or not solid:
            return f'{mesh[1]}"{path or named}"'
        if str(path) not in self.shapes:
            points = vertices(str(path))
            if points is None:
                raise wrong(self.name, 0, "spec.arm.no_mesh", file=named)
            number = len(self.shapes) + 1
            self.shapes[str(path)] = _shape(f"mesh_{number}", hull(points))
        number = list(self.shapes).index(str(path)) + 1
        return f'{mesh[1]}"{OWN}mesh_{number}"'

    def _found(self, named: str) -> Path | None:
        """Return the file of a mesh.

        Raises:
            SpecError: it lies outside the URDF's folder.
        """
        rest = named.removeprefix("file://")
        tries = [rest]
        if rest.startswith("package://"):
            rest = rest.removeprefix("package://")
            tries = [rest.partition("/")[2], rest]
        top = self.folder.resolve()
        for each in tries:
            path = (top / each).resolve()
            if not path.is_relative_to(top):
                raise wrong(self.name, 0, "spec.arm.mesh_outside", file=named)
            if path.suffix.lower() in SUFFIXES and path.is_file():
                return path
        return None


def _shape(name: str, points: tuple[Vector, ...]) -> str:
    rows = "".join(f'<point xyz="{x:.7g} {y:.7g} {z:.7g}"/>' for x, y, z in points)
    return f'<shape name="{name}"><hull>{rows}</hull></shape>'
