"""Errors as RFC 9457 problem details: what happened, where, and what to do about it."""

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response

from twin.kernel.errors import CommandRefused, PilotlineError, SignalError
from twin.spec.messages import Phrase, phrase

MEDIA_TYPE = "application/problem+json"
LONGEST_ECHO = 80
CHINESE = "zh-CN"
MOST_LANGUAGES = 20
"""So many entries of an `Accept-Language` header are read."""
WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?")


class FieldProblem(BaseModel):
    """One field that is wrong."""

    field: str
    detail: str


class Problem(BaseModel):
    """Why a request was not carried out (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "there is no run 'demo2'; the runs are: demo",
                "instance": "/api/v1/runs/demo2",
            }
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str = ""
    errors: list[FieldProblem] = Field(default_factory=list)


class ApiError(PilotlineError):
    """A request that cannot be carried out, with its HTTP status.

    Args:
        status: HTTP status.
        detail: what is wrong and what to do.
        headers: further response headers.
    """

    def __init__(
        self, status: int, detail: Phrase, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})


def problem(
    status: int,
    detail: str,
    *,
    instance: str = "",
    headers: Mapping[str, str] | None = None,
    errors: Sequence[FieldProblem] = (),
) -> Response:
    """Return a problem as a response."""
    body = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=instance,
        errors=list(errors),
    )
    text = json.dumps(body.model_dump(exclude_defaults=False), ensure_ascii=False)
    return Response(text, status, dict(headers or {}), media_type=MEDIA_TYPE)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of these problem statuses."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }


def listed(known: Sequence[str]) -> Phrase:
    """Return the end of an error text that lists what there is, shortened."""
    if not known:
        return phrase("api.none")
    shown = ", ".join(sorted(known)[:12])
    return phrase("api.listed", known=f"{shown}{', …' if len(known) > 12 else ''}")


def shorten(text: str) -> str:
    """Return what somebody sent in, short enough for an error text."""
    return text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 1] + "…"


def language_of(accepted: str) -> str:
    """Return `zh` or `en`, whichever an `Accept-Language` header wants more; else `en`.

    Args:
        accepted: the header, such as `zh-CN,zh;q=0.9,en;q=0.8`.
    """
    best, language = 0.0, "en"
    for entry in accepted.lower().split(",")[:MOST_LANGUAGES]:
        tag, _, weight = (part.strip() for part in entry.partition(";"))
        name = tag.partition("-")[0]
        wanted = _weight(weight)
        if name in ("en", "zh") and wanted > best:
            best, language = wanted, name
    return language


def _weight(text: str) -> float:
    """Return the weight `q=0.8` of a language; 0 where it is none, 1 where nothing is said."""
    name, _, number = text.partition("=")
    if not text:
        return 1.0
    if name.strip() != "q" or not WEIGHT.fullmatch(number.strip()):
        return 0.0
    return float(number)


def _phrase_of(error: Exception) -> Phrase | None:
    """Return what an error says in a form that can be read in either language, if it has one."""
    for said in (getattr(error, "phrase", None), *error.args[:1]):
        if isinstance(said, Phrase):
            return said
    return None


def spoken(
    asked: HTTPConnection, status: int, said: Phrase, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem in the language that who has asked wants."""
    language = language_of(asked.headers.get("accept-language", ""))
    headers = {**(headers or {}), "Content-Language": CHINESE if language == "zh" else "en"}
    return problem(status, said.text(language), instance=asked.url.path, headers=headers)


def _from_pilotline(request: Request, error: Exception) -> Response:
    status, headers = 400, {}
    if isinstance(error, ApiError):
        status, headers = error.status, error.headers
    elif isinstance(error, CommandRefused):
        status = 409
    elif isinstance(error, SignalError):
        status = 422
    said = _phrase_of(error)
    if said is None:
        return problem(status, str(error), instance=request.url.path, headers=headers)
    return spoken(request, status, said, headers)


def _from_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status, headers = error.status_code, error.headers or {}
    if status == 404 and error.detail == "Not Found":
        said = phrase("api.nothing_at", path=shorten(request.url.path))
        return spoken(request, status, said, headers)
    if status == 405:
        said = phrase("api.no_method", method=request.method)
        return spoken(request, status, said, headers)
    return problem(status, str(error.detail), instance=request.url.path, headers=headers)


def _from_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        FieldProblem(
            field=".".join(str(part) for part in entry["loc"] if part != "body") or "body",
            detail=f"{entry['msg']}, found {shorten(repr(entry.get('input')))}",
        )
        for entry in error.errors()[:20]
    ]
    detail = "; ".join(f"{entry.field}: {entry.detail}" for entry in errors[:3])
    return problem(422, detail, instance=request.url.path, errors=errors)


def add_handlers(app: FastAPI) -> None:
    """Make the app answer every error with a problem."""
    app.add_exception_handler(PilotlineError, _from_pilotline)
    app.add_exception_handler(HTTPException, _from_http)
    app.add_exception_handler(RequestValidationError, _from_validation)
