"""Which line a person means: a shipped name, or the path of a line file."""

from pathlib import Path

from twin.spec import load_line
from twin.spec.line import LineSpec
from twin.spec.shipped import shipped


def path_of(line: str) -> Path:
    """Return the file of a shipped line, or the path as it stands."""
    return shipped("lines").get(line, Path(line))


def load(line: str) -> LineSpec:
    """Return the line that a person means.

    Raises:
        SpecError: there is no such file, or something is wrong in it.
    """
    return load_line(path_of(line))
