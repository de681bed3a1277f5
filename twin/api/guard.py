"""The door: what is checked on every request before any page or route sees it.

Host and Origin against DNS rebinding and forged cross-site requests, the size of bodies, and the
`?token=` of the link that the launcher prints, which is traded for a cookie that scripts cannot
read.
"""

from html import escape
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twin.spec.messages import phrase

from .access import Access, cookie_name
from .problems import shorten, spoken

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 64 * 1024
WEEK_S = 7 * 24 * 3600
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Guard:
    """ASGI middleware that turns away what must not come in."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one connection, then pass it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        refusal = self._refusal(connection, scope)
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await self._http(connection, scope, receive, send)

    def _refusal(self, connection: HTTPConnection, scope: Scope) -> Response | None:
        host = connection.headers.get("host", "")
        if not self.access.knows_host(host):
            return spoken(connection, 421, phrase("api.host", host=shorten(host)))
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        origin = connection.headers.get("origin")
        if unsafe and origin is not None and not _same_origin(origin, host):
            said = phrase("api.origin", origin=shorten(origin), host=host)
            return spoken(connection, 403, said)
        length = connection.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return spoken(connection, 413, phrase("api.too_large", most=LARGEST_BODY))
        page = not scope["path"].startswith("/api/")
        if page and not _is_token_link(scope) and self.access.identify(connection) is None:
            headers = {"WWW-Authenticate": "Bearer"}
            return spoken(connection, 401, phrase("api.page_needs_token"), headers)
        return None

    async def _http(
        self, connection: HTTPConnection, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if _is_token_link(scope):
            await self._trade_token(connection, scope)(scope, receive, send)
            return
        taken = 0
        gone = False

        async def bounded() -> Message:
            nonlocal taken, gone
            message = await receive()
            gone = gone or message["type"] == "http.disconnect"
            taken += len(message.get("body", b""))
            if taken > LARGEST_BODY:
                raise HTTPException(413, f"the body is larger than {LARGEST_BODY} bytes")
            return message

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *HEADERS]}
            await send(message)

        try:
            await self.app(scope, bounded, marked)
        except RuntimeError:
            # A browser that leaves in mid-page makes the layers below complain; nobody is there.
            if not gone:
                raise

    def _trade_token(self, connection: HTTPConnection, scope: Scope) -> Response:
        """Answer the printed link: keep its token in a cookie and go on without it."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        token = dict(query).get("token")
        rest = urlencode([(key, value) for key, value in query if key != "token"])
        # A path that begins with // or /\ would be another site.
        target = "/" + quote(scope["path"].lstrip("/\\")) + (f"?{rest}" if rest else "")
        known = self.access.who_has(token) is not None
        # The cookie is SameSite=Strict: a browser that came from another site would not send it
        # along a redirect, but does when this page itself moves on.
        page = _PAGE_ON if known else _PAGE_STALE
        response = HTMLResponse(
            page.format(target=escape(target, quote=True)),
            200 if known else 403,
            {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
        )
        if known and token:
            response.set_cookie(
                cookie_name(connection),
                token,
                max_age=WEEK_S,
                httponly=True,
                samesite="strict",
                secure=scope["scheme"] == "https",
            )
        return response


_PAGE_ON = (
    '<!doctype html><meta charset="utf-8"><title>Pilotline</title>'
    '<meta http-equiv="refresh" content="0;url={target}"><a href="{target}">Pilotline</a>'
)
_PAGE_STALE = (
    '<!doctype html><meta charset="utf-8"><title>Pilotline</title>'
    "<p>The token in this link is not valid: the twin was started again since. Open the link that "
    "it printed last, or just watch: "
    '<a href="{target}">Pilotline</a>.</p>'
    "<p>此链接中的令牌无效：孪生系统已重新启动。请打开最近一次打印的链接，或仅观看："
    '<a href="{target}">Pilotline</a>。</p>'
)


def _is_token_link(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and not scope["path"].startswith("/api/")
        and b"token=" in scope["query_string"]
        and "token" in dict(parse_qsl(scope["query_string"].decode("latin-1")))
    )


def _same_origin(origin: str, host: str) -> bool:
    parts = urlsplit(origin)
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()


async def _refuse(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await refusal(scope, receive, send)
        return
    if "websocket.http.response" in scope.get("extensions", {}):
        await send(
            {
                "type": "websocket.http.response.start",
                "status": refusal.status_code,
                "headers": Headers(raw=refusal.raw_headers).raw,
            }
        )
        await send({"type": "websocket.http.response.body", "body": bytes(refusal.body)})
        return
    await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
