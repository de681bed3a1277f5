"""The composition root: the one room that knows everyone."""

from .living import Twin, serve
from .wishes import Wishes

__all__ = ["Twin", "Wishes", "serve"]
