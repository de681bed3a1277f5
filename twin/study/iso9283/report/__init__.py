"""The printable report of an inspection: A4, English or Chinese."""

from .document import Occasion, write
from .typeface import Typeface

__all__ = ["Occasion", "Typeface", "write"]
