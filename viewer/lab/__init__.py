"""The browser page of a live run: `attach_lab(app, hub, access)` puts it on the API's app."""

from .attach import attach_lab

__all__ = ["attach_lab"]
