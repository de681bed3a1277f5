"""What can be wrong with a scene."""


class SceneError(Exception):
    """A scene that does not fit the line, or a body that has no place in it."""
