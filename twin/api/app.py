"""The FastAPI app: `/api/v1`, its docs, and the door in front of both."""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from fastapi import APIRouter, Depends, FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse

from twin import __version__
from twin.spec.messages import phrase

from .access import Access
from .context import Context, reader
from .docs_page import docs_page
from .guard import Guard
from .hub import Hub
from .leases import Leases
from .limits import RateLimit
from .problems import ApiError, Problem, add_handlers
from .routes import alarms, assets, cells, mirror, robots, runs, scene, signals, stream
from .traces import Traces

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

ABOUT = """
The live digital twin of a line. Read what it does; with a token, act on it.

**Reading** is open to this machine. **Writing** needs `Authorization: Bearer TOKEN`: an operator
runs the clock, stops and repairs assets, answers alarms and writes signals; an instructor also
breaks assets and begins a run again.

**Live changes** come on the WebSocket `/api/v1/runs/RUN/stream`: a Snapshot, then Deltas. Each has
a number `seq`. After a lost connection open `…/stream?from_seq=N` with the last one that you have.
A Delta with `since` holds everything after that number, merged. The stream takes no messages.

**Errors** are problem details (RFC 9457, `application/problem+json`). What the plant
refuses is told in Chinese to who asks for that with `Accept-Language`, else in English.
"""


def create_api(hub: Hub, access: Access, *, writes_per_s: float = 20.0) -> FastAPI:
    """Return the app that serves these runs.

    Args:
        hub: the live runs.
        access: who may do what.
        writes_per_s: commands a second that one caller may give; twice as many at once.
    """
    leases = Leases()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        leases.close()
        hub.close()

    app = FastAPI(
        title="Pilotline",
        version=__version__,
        description=ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        license_info={"name": "Apache-2.0"},
    )
    traces = Traces()
    for live in hub:
        traces.follow(live)
    app.state.pilotline = Context(
        hub, access, RateLimit(writes_per_s, int(2 * writes_per_s), monotonic), traces, leases
    )
    app.state.scenes = OrderedDict()
    read = APIRouter(prefix="/api/v1", dependencies=[Depends(reader)])
    for noun in (runs, assets, cells, robots, signals, alarms, mirror, scene):
        read.include_router(noun.router)
    app.include_router(read)
    app.include_router(stream.router, prefix="/api/v1")
    app.add_api_route("/api/{path:path}", _nowhere, methods=METHODS, include_in_schema=False)
    app.add_api_route("/docs", _docs, include_in_schema=False, response_class=HTMLResponse)
    app.add_middleware(Guard, access=access)
    add_handlers(app)
    _describe_problems(app)
    return app


async def _nowhere(path: str) -> None:
    raise ApiError(404, phrase("api.nothing_at", path=f"/api/{path[:200]}"))


async def _docs(request: Request) -> HTMLResponse:
    return HTMLResponse(docs_page(request.app.openapi()))


def _describe_problems(app: FastAPI) -> None:
    """Put the problem's schema where the responses refer to it, and FastAPI's own 422 away."""
    make = app.openapi

    def openapi() -> dict[str, object]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        schema = make()
        schemas = schema["components"]["schemas"]
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}))
        schemas["Problem"] = problem
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for path in schema["paths"].values():
            for operation in path.values():
                _own_422(operation["responses"])
        app.openapi_schema = schema
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # the documented way to change the schema


def _own_422(responses: dict[str, dict[str, object]]) -> None:
    if "422" in responses:
        schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
        responses["422"] = {
            "description": "Unprocessable Content",
            "content": {"application/problem+json": schema},
        }
