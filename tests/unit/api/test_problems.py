"""Errors as problem details: their status, and their language."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from twin.api.problems import ApiError, add_handlers, language_of
from twin.kernel.errors import CommandRefused, PilotlineError, SignalError
from twin.plant.robot.order import MoveRefused
from twin.spec.messages import message, phrase

HINDERED = {"robot": "r1", "why": phrase("robot.why_motors")}
ERRORS: dict[str, PilotlineError] = {
    "refused": CommandRefused(phrase("robot.not_ready", **HINDERED)),
    "move": MoveRefused("robot.not_ready", **HINDERED),
    "plain": CommandRefused("it is not there"),
    "signal": SignalError("no such signal"),
    "bare": PilotlineError(),
    "api": ApiError(404, "nothing is here", {"X-More": "1"}),
}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_handlers(app)

    @app.get("/{name}")
    async def fail(name: str) -> None:
        raise ERRORS[name]

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        yield client


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("zh", "zh"), ("zh-CN", "zh"), ("ZH-hant-TW", "zh"), ("en", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("en;q=0.2, zh;q=0.7", "zh"), ("fr, zh;q=0.5", "zh"), ("fr", "en"), ("*", "en"),
        ("zh;q=0", "en"), ("zh;q=x", "en"), ("zh;q=nan", "en"), ("zhuang", "en"),
        ("," * 50 + "zh", "en"), ("; ;,=", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_that_is_wanted_most(header: str, language: str) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize(("name", "status"), [("refused", 409), ("move", 400)])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_what_the_plant_refuses_is_told_in_that_language(
    client: httpx.AsyncClient, name: str, status: int, language: str
) -> None:
    answer = await client.get(f"/{name}", headers={"Accept-Language": language})
    assert answer.status_code == answer.json()["status"] == status
    assert answer.json()["detail"] == message("robot.not_ready", language, **HINDERED)
    assert answer.headers["content-language"] == {"en": "en", "zh": "zh-CN"}[language]
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [
        ("plain", 409, "it is not there"), ("signal", 422, "no such signal"), ("bare", 400, ""),
        ("api", 404, "nothing is here"),
    ],
)  # fmt: skip
async def test_what_has_one_language_is_told_in_that(
    client: httpx.AsyncClient, name: str, status: int, detail: str
) -> None:
    answer = await client.get(f"/{name}", headers={"Accept-Language": "zh"})
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert "content-language" not in answer.headers
    assert answer.headers.get("x-more") == ("1" if name == "api" else None)
