"""What the project's YAML files may say.

`load_line` reads a line; `load_model` reads any other file by its pydantic model; both raise
`SpecError` with every problem's file, line and remedy. `message` reads the message catalogue.
"""

from .errors import Problem, SpecError, Wrong
from .line import LineSpec
from .load import load_line, load_model, parse_model
from .messages import Phrase, message, phrase

__all__ = [
    "LineSpec",
    "Phrase",
    "Problem",
    "SpecError",
    "Wrong",
    "load_line",
    "load_model",
    "message",
    "parse_model",
    "phrase",
]
