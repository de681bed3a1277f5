"""What every route needs: the hub, the access rules, and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from twin.kernel.command import Args, Command
from twin.spec.messages import Phrase, phrase

from .access import STRANGER, Access, Identity, Role
from .hub import Hub, Live
from .leases import Leases
from .limits import RateLimit
from .problems import ApiError
from .shapes import Done
from .traces import Traces


@dataclass(frozen=True, slots=True)
class Context:
    """What the routes share."""

    hub: Hub
    access: Access
    writes: RateLimit
    traces: Traces
    leases: Leases


def context_of(connection: HTTPConnection) -> Context:
    """Return the context of the app that serves this connection."""
    return cast(Context, connection.app.state.pilotline)


def role_name(role: Role) -> Phrase:
    """Return what people call a role."""
    return phrase(f"lab.role.{role.word}")


def reader(connection: HTTPConnection) -> Identity:
    """Return who is asking, or raise a 401 where not even reading is allowed."""
    who = context_of(connection).access.identify(connection)
    if who is None:
        raise ApiError(
            401,
            phrase("api.needs_token"),
            {"WWW-Authenticate": "Bearer"},
        )
    return who


def writer(least: Role) -> Callable[[Request], Identity]:
    """Return a dependency that lets pass who has at least this role, not too often."""

    def check(request: Request) -> Identity:
        who = reader(request)
        if who == STRANGER:
            raise ApiError(
                401,
                phrase("api.needs_token_of", role=role_name(least)),
                {"WWW-Authenticate": "Bearer"},
            )
        if who.role < least:
            said = phrase("api.needs_role", role=role_name(least), yours=role_name(who.role))
            raise ApiError(403, said)
        peer = request.client.host if request.client else ""
        wait_s = context_of(request).writes.wait_s(f"{who.name}@{peer}")
        if wait_s > 0:
            raise ApiError(
                429,
                phrase("api.too_many", wait=f"{wait_s:.1f}"),
                {"Retry-After": str(ceil(wait_s))},
            )
        return who

    return check


def needs(least: Role) -> Any:
    """Return `writer` as a dependency of a route that does not ask who it is."""
    return Depends(writer(least))


def the_run(connection: HTTPConnection, run: str) -> Live:
    """Return the run that the path names."""
    return context_of(connection).hub.get(run)


Shared = Annotated[Context, Depends(context_of)]
Reader = Annotated[Identity, Depends(reader)]
Operator = Annotated[Identity, Depends(writer(Role.OPERATOR))]
Instructor = Annotated[Identity, Depends(writer(Role.INSTRUCTOR))]
TheRun = Annotated[Live, Depends(the_run)]


def carry_out(
    live: Live, who: Identity, verb: str, target: str = "", args: Args | None = None
) -> Done:
    """Give a run a command and return its entry in the log."""
    entry: dict[str, Any] = live.command(Command(verb, target, args or {}, who.name)).as_dict()
    return Done.model_validate(entry)
