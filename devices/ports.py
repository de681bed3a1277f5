"""Ports of this machine: whether one is free, said before anything heavy starts."""

import errno
import socket
from ipaddress import ip_address

from .errors import OutletError


def require_free(host: str, port: int, *, what: str, option: str) -> int:
    """Return a port that can be listened on, or raise `OutletError` with the remedy.

    Args:
        host: address to listen on.
        port: wanted port; 0 takes any free one.
        what: what wants it, for the message.
        option: the command line option that gives another port, for the message.
    """
    try:
        family, kind, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise OutletError(f"{what}: {host!r} is no address of this machine ({error})") from None
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
            probe.listen()
        except OSError as error:
            raise OutletError(_reason(error, host, port, what, option)) from None
        return int(probe.getsockname()[1])


def _reason(error: OSError, host: str, port: int, what: str, option: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"{what}: port {port} on {host} is in use. Stop the program that holds it, "
            f"or give another port with {option}"
        )
    if error.errno == errno.EACCES:
        return f"{what}: port {port} needs more rights; give one above 1023 with {option}"
    return f"{what}: cannot listen on {host}:{port} ({error.strerror})"


def is_loopback(host: str) -> bool:
    """Tell whether an address stays on this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.split("%", 1)[0]).is_loopback
    except ValueError:
        return False
