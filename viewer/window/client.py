"""Talks to a running twin: what it runs, its line, its state, its pace."""

import json
import urllib.error
import urllib.request
from math import inf
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import ValidationError

from twin.spec.line import LineSpec
from twin.spec.messages import phrase
from twin.wire.codec import decode
from twin.wire.errors import WireError
from twin.wire.model import Snapshot

from .errors import NoTwin, Refused, ViewError

ANSWER_S = 10.0
REFUSED = (401, 403)
MISSING = 404
NOT_DONE = (409, 422, 429)
LATER = 429


class Twin:
    """A running twin, reached over HTTP.

    Args:
        url: Its address: `http://HOST:PORT`, or just `HOST:PORT`.
        run: Which run; None is the first that it has.
        token: For a twin that asks who is there.
        language: In which it says why it refuses something: `en` or `zh`.

    Raises:
        NoTwin: Nothing answers there, or it has no such run.
    """

    def __init__(
        self, url: str, run: str | None = None, token: str | None = None, language: str = "en"
    ) -> None:
        parts = urlsplit(url if "//" in url else f"//{url}", scheme="http")
        if not parts.hostname or parts.scheme not in {"http", "https", "ws", "wss"}:
            raise NoTwin(phrase("error.no_twin", url=url, reason="not an address"))
        self._secure = parts.scheme in {"https", "wss"}
        self._host = parts.netloc
        self._token = token
        self._language = "zh-CN" if language.startswith("zh") else "en"
        self.run = run or self._first_run()

    @property
    def url(self) -> str:
        """The address of the twin's page."""
        return f"{'https' if self._secure else 'http'}://{self._host}"

    @property
    def stream_url(self) -> str:
        """The address of the run's stream."""
        scheme = "wss" if self._secure else "ws"
        return f"{scheme}://{self._host}/api/v1/runs/{quote(self.run)}/stream"

    @property
    def headers(self) -> dict[str, str]:
        """What says who is there, and which language is understood."""
        known = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return known | {"Accept-Language": self._language}

    def line(self) -> LineSpec:
        """Return the line that runs."""
        try:
            return LineSpec.model_validate(self._get(f"/runs/{quote(self.run)}/line"))
        except ValidationError as error:
            reason = f"its line cannot be read: {error.error_count()} problems"
            raise NoTwin(phrase("error.no_twin", url=self.url, reason=reason)) from error

    def snapshot(self) -> Snapshot:
        """Return the run's state now."""
        try:
            found = decode(self._read(f"/runs/{quote(self.run)}/snapshot"))
        except WireError as error:
            raise NoTwin(phrase("error.no_twin", url=self.url, reason=error)) from error
        if not isinstance(found, Snapshot):
            raise NoTwin(phrase("error.no_twin", url=self.url, reason="no snapshot"))
        return found

    def set_rate(self, rate: float) -> None:
        """Set how many simulation seconds pass in a second; 0 pauses."""
        if rate == 0:
            self._read(f"/runs/{quote(self.run)}/pause", {})
        else:
            self._read(f"/runs/{quote(self.run)}/speed", {"rate": "max" if rate == inf else rate})

    def role(self) -> str:
        """Return in which role the twin sees this window: viewer, operator or instructor."""
        return str(self._get("/me")["role"])

    def robots(self) -> list[dict[str, Any]]:
        """Return the robots of the run in short."""
        found: list[dict[str, Any]] = self._get(f"/runs/{quote(self.run)}/robots")
        return found

    def robot(self, cell: str, name: str, language: str) -> dict[str, Any]:
        """Return how a robot and its program are; the program's errors in `language`."""
        found: dict[str, Any] = self._get(f"{self._robot(cell, name)}?language={language}")
        return found

    def command(self, cell: str, name: str, verb: str, args: dict[str, Any]) -> None:
        """Do something with a robot.

        Raises:
            Refused: The twin says that it cannot be done now.
            NoTwin: Nothing answers, or this window may not act.
        """
        self._read(f"{self._robot(cell, name)}/commands", {"verb": verb, "args": args})

    def _robot(self, cell: str, name: str) -> str:
        return f"/runs/{quote(self.run)}/robots/{quote(cell)}/{quote(name)}"

    def _first_run(self) -> str:
        runs = self._get("/runs")
        if not runs:
            raise NoTwin(phrase("error.no_twin", url=self.url, reason="it runs no line"))
        return str(runs[0]["id"])

    def _get(self, path: str) -> Any:
        try:
            return json.loads(self._read(path))
        except ValueError as error:
            raise NoTwin(phrase("error.no_twin", url=self.url, reason="no JSON")) from error

    def _read(self, path: str, body: dict[str, Any] | None = None) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - the scheme is http or https, see `url`
            f"{self.url}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers=self.headers | {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:  # noqa: S310
                found: bytes = answer.read()
                return found
        except urllib.error.HTTPError as error:
            raise self._refusal(path, error) from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise NoTwin(phrase("error.no_twin", url=self.url, reason=reason)) from error

    def _refusal(self, path: str, error: urllib.error.HTTPError) -> ViewError:
        if error.code in REFUSED:
            return NoTwin(phrase("error.twin_refused", url=self.url, reason=error.reason))
        if error.code == MISSING and path != "/runs":
            runs = ", ".join(str(run["id"]) for run in self._get("/runs"))
            return NoTwin(phrase("error.no_run", url=self.url, run=self.run, runs=runs or "-"))
        if error.code in NOT_DONE:
            said = phrase("windowrobot.refused", why=_detail(error))
            return Refused(said, later=error.code == LATER)
        reason = f"{error.code} {error.reason}"
        return NoTwin(phrase("error.no_twin", url=self.url, reason=reason))


def _detail(error: urllib.error.HTTPError) -> str:
    """Return what a problem (RFC 9457) says in words."""
    try:
        return str(json.loads(error.read())["detail"])
    except (OSError, ValueError, KeyError, TypeError):
        return str(error.reason)
