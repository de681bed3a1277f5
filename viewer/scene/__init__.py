"""The scene document: a line as every viewer draws it."""

from .build import build_scene
from .document import SceneDocument
from .errors import SceneError

__all__ = ["SceneDocument", "SceneError", "build_scene"]
