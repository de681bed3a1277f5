"""Who may do what: roles, tokens, and how a request shows its token."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from ipaddress import ip_address

from starlette.requests import HTTPConnection


class Role(IntEnum):
    """What a person may do. Each role may do what the ones before it may."""

    VIEWER = 1
    """Sees everything, changes nothing."""
    OPERATOR = 2
    """Runs the line: clock, start, stop, repair, alarms, writable signals."""
    INSTRUCTOR = 3
    """Breaks assets and begins the run again."""

    @property
    def word(self) -> str:
        """The role in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who speaks, and in which role."""

    name: str
    role: Role


STRANGER = Identity("anyone", Role.VIEWER)


def is_loopback(host: str | None) -> bool:
    """Tell whether an address or host name means this very machine."""
    if host is None:
        return False
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_address(host: str) -> bool:
    """Tell whether a host is written as an IP address, which no name server can redirect."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def split_host(host: str) -> tuple[str, str]:
    """Split a Host header into name and port; the port is "" where none is given."""
    name, colon, port = host.rpartition(":")
    if not colon or name.count("[") > name.count("]"):
        return host.lower(), ""
    return name.lower(), port


def cookie_name(connection: HTTPConnection) -> str:
    """Return the cookie's name. Browsers share cookies between ports, so the port is in it."""
    return f"pilotline_token_{split_host(connection.headers.get('host', ''))[1] or 'default'}"


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


class Access:
    """The tokens that are good, and what a connection may do.

    Without a token nothing can be written, whatever the address. Reading is open to this machine;
    to others only when `open_reading` is set.

    Args:
        tokens: identity by token.
        hosts: further host names under which the server may be called.
        open_reading: let other machines read without a token.
    """

    def __init__(
        self,
        tokens: Mapping[str, Identity] | None = None,
        *,
        hosts: Iterable[str] = (),
        open_reading: bool = False,
    ) -> None:
        self._identities = {_digest(token): who for token, who in (tokens or {}).items()}
        self.hosts = frozenset({"localhost", *(host.lower() for host in hosts)})
        self.open_reading = open_reading

    def grant(self, role: Role, name: str = "") -> str:
        """Make a new random token for a role and return it."""
        token = secrets.token_urlsafe(24)
        self._identities[_digest(token)] = Identity(name or role.word, role)
        return token

    def knows_host(self, host: str) -> bool:
        """Tell whether a Host header names this server: an address, or a name it was given.

        A foreign name that was made to point here (DNS rebinding) is none of them.
        """
        name = split_host(host)[0]
        return is_address(name) or name in self.hosts

    def who_has(self, token: str | None) -> Identity | None:
        """Return whose token this is."""
        # A digest is looked up, never compared by hand: timing tells nothing about the token.
        return self._identities.get(_digest(token)) if token else None

    def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return who is at the other end; None where not even reading is allowed.

        A wrong `Authorization` is nobody; a stale cookie is a stranger, who may still look on.
        """
        authorization = connection.headers.get("authorization")
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            return self.who_has(token.strip()) if scheme.lower() == "bearer" else None
        known = self.who_has(connection.cookies.get(cookie_name(connection)))
        if known is not None:
            return known
        peer = connection.client.host if connection.client else None
        return STRANGER if self.open_reading or is_loopback(peer) else None
