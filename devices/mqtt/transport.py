"""Opening a connection without holding up the loop: TCP, then TLS where it is wanted."""

import asyncio
import socket
import ssl
from collections.abc import Callable


async def open_socket(
    host: str, port: int, *, tls: ssl.SSLContext | None, timeout_s: float
) -> socket.socket:
    """Return a connected socket that does not block; raises `OSError` or `TimeoutError`."""
    async with asyncio.timeout(timeout_s):
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, where = found[0]
        plain = socket.socket(family, kind, protocol)
        plain.settimeout(0.0)
        try:
            await loop.sock_connect(plain, where)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return plain if tls is None else await _handshake(plain, tls, host)
        except BaseException:  # cancelled or failed: the socket must not stay open
            plain.close()
            raise


async def _handshake(plain: socket.socket, tls: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    loop = asyncio.get_running_loop()
    wrapped = tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    try:
        while True:
            try:
                wrapped.do_handshake()
            except ssl.SSLWantReadError:
                await _until(wrapped, loop.add_reader, loop.remove_reader)
            except ssl.SSLWantWriteError:
                await _until(wrapped, loop.add_writer, loop.remove_writer)
            else:
                return wrapped
    except BaseException:  # likewise
        wrapped.close()
        raise


async def _until(
    sock: socket.socket,
    add: Callable[..., None],
    remove: Callable[[socket.socket], bool],
) -> None:
    ready = asyncio.get_running_loop().create_future()

    def tell() -> None:
        if not ready.done():
            ready.set_result(None)

    add(sock, tell)
    try:
        await ready
    finally:
        remove(sock)
