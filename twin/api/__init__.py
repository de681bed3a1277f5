"""FastAPI under `/api/v1`: runs, assets, signals, alarms, scene, and the live stream.

`create_api(hub, access)` makes the app, `server_config(app)` says how it is served.
"""

from .access import Access, Identity, Role
from .app import create_api
from .hub import Feed, Hub, Live
from .serve import server_config

__all__ = ["Access", "Feed", "Hub", "Identity", "Live", "Role", "create_api", "server_config"]
