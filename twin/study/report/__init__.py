"""The report of a study: one HTML page that holds everything it shows."""

from .page import Picture, page

__all__ = ["Picture", "page"]
