"""The arms that a line file may name, and those that it brings along."""

import sys
from functools import lru_cache
from math import pi
from pathlib import Path

from twin.spec.errors import SpecError
from twin.spec.extras import install_command
from twin.spec.motion.robots import ArmFile
from twin.spec.shipped import config_folder

from .description import ArmDescription
from .meshes import SUFFIXES
from .tree import wrong
from .urdf import Hints, read_urdf

OWN = ("six", "scara")
PACKAGE = "example-robot-data"
MODELS = {
    "ur5": (
        "ur_description/urdf/ur5_robot.urdf",
        Hints("tool0", (0.0, -pi / 2, pi / 2, -pi / 2, -pi / 2, 0.0), 5.0),
    ),
    "ur10": (
        "ur_description/urdf/ur10_robot.urdf",
        Hints("tool0", (0.0, -pi / 2, pi / 2, -pi / 2, -pi / 2, 0.0), 10.0),
    ),
    "panda": (
        "panda_description/urdf/panda.urdf",
        Hints("panda_link8", (0.0, -pi / 4, 0.0, -3 * pi / 4, 0.0, pi / 2, pi / 4), 3.0),
    ),
}


def catalogue_names() -> tuple[str, ...]:
    """Return the names of the arms that can be had without a URDF file of one's own."""
    return (*OWN, *MODELS)


def describe(arm: str | ArmFile) -> ArmDescription:
    """Return what an arm is made of.

    Args:
        arm: a name of the catalogue, or a URDF file of one's own.

    Raises:
        SpecError: there is no such arm, it is not installed, or its file is wrong.
    """
    if isinstance(arm, str):
        return _named(arm)
    return _own(arm.file or "", arm.urdf)


@lru_cache(maxsize=16)
def _named(name: str) -> ArmDescription:
    if name in OWN:
        path = config_folder() / "arms" / f"{name}.urdf"
        text = path.read_text(encoding="utf-8")
        return read_urdf(text, arm_id=name, file=path.name, mesh=_no_mesh)
    if name not in MODELS:
        raise wrong(name, 0, "spec.arm.unknown", arm=name, arms=", ".join(catalogue_names()))
    where, hints = MODELS[name]
    path = package_folder(name) / "robots" / where
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise _no_models(name) from None
    return read_urdf(text, arm_id=name, file=path.name, mesh=package_mesh, hints=hints)


@lru_cache(maxsize=16)
def _own(file: str, text: str | None) -> ArmDescription:
    name = Path(file).name or "<urdf>"
    if text is None:
        raise wrong(name, 0, "spec.arm.not_read", file=file)
    return read_urdf(text, arm_id=Path(file).stem or "arm", file=name, mesh=_mesh)


def _no_models(name: str) -> SpecError:
    command = install_command("robots", "robot-models")
    return wrong(name, 0, "spec.arm.not_installed", arm=name, command=command)


def package_folder(name: str) -> Path:
    """Return where the models of the package `example-robot-data` lie.

    Raises:
        SpecError: it is not installed.
    """
    for folder in sys.path:
        found = Path(folder or ".") / "cmeel.prefix" / "share" / PACKAGE
        if (found / "robots").is_dir():
            return found
    raise _no_models(name)


def package_mesh(name: str) -> str | None:
    """Return the path of a mesh that a model of the package names."""
    head = f"package://{PACKAGE}/"
    if not name.startswith(head):
        return None
    folder = package_folder(PACKAGE).resolve()
    path = (folder / name.removeprefix(head)).resolve()
    return str(path) if path.is_relative_to(folder) and path.is_file() else None


def _mesh(name: str) -> str | None:
    if name.startswith("package://"):
        try:
            return package_mesh(name)
        except SpecError:
            return None
    path = Path(name)
    there = path.is_absolute() and path.suffix.lower() in SUFFIXES and path.is_file()
    return name if there else None


def _no_mesh(_: str) -> None:
    return None
