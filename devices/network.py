"""The way to a port, and a port of our own: what stands in between, as findings."""

import asyncio
import contextlib
import errno
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import Any

from .checkup import Finding, Patient, bad, good, note
from .ports import is_loopback

NOWHERE = "192.0.2.1"
"""An address that nobody has (RFC 5737). Asking for the way there sends nothing."""


async def network(patient: Patient, neighbours: tuple[int, ...] = ()) -> AsyncIterator[Finding]:
    """Yield what stands in the way to a port. When it is open, the last finding is not BAD.

    Args:
        patient: where to look.
        neighbours: other ports on which such a server often listens.
    """
    host, port = patient.host, patient.port
    address = await resolve(host, patient.timeout_s)
    if address is None:
        yield bad("name", "doctor.name.unknown", host=host)
        return
    if address != host:
        yield good("name", "doctor.name.known", host=host, address=address)
    began_s = monotonic()
    trouble = await knock(address, port, patient.timeout_s)
    if trouble is None:
        took_ms = f"{(monotonic() - began_s) * 1e3:.1f}"
        yield good("port", "doctor.port.open", host=host, port=port, ms=took_ms)
        if is_loopback(address):
            async for finding in _only_here(patient):
                yield finding
        return
    async for finding in _closed(patient, address, trouble, neighbours):
        yield finding


async def _only_here(patient: Patient) -> AsyncIterator[Finding]:
    """Yield a note when a server of this machine cannot be reached from any other."""
    own = own_addresses()
    for address in own:
        if await knock(address, patient.port, patient.timeout_s) is None:
            return
    if own:
        yield note("port", "doctor.port.only_here", port=patient.port, own=", ".join(own))


async def _closed(
    patient: Patient, address: str, trouble: str, neighbours: tuple[int, ...]
) -> AsyncIterator[Finding]:
    host, port = patient.host, patient.port
    own = own_addresses()
    values: dict[str, Any] = {"host": host, "port": port, "own": ", ".join(own) or "-"}
    if trouble == "silent":
        yield bad("port", "doctor.port.silent", **values, seconds=f"{patient.timeout_s:g}")
        return
    if trouble == "no_way":
        yield bad("port", "doctor.port.no_way", **values)
        return
    if trouble != "refused":
        yield bad("port", "doctor.port.trouble", **values, trouble=trouble)
        return
    others = [
        other
        for other in neighbours
        if other != port and await knock(address, other, patient.timeout_s) is None
    ]
    if address in own and await knock("127.0.0.1", port, patient.timeout_s) is None:
        yield bad("port", "doctor.port.loopback_only", **values)
    elif is_loopback(address):
        yield bad("port", "doctor.port.nobody_here", **values)
    else:
        yield bad("port", "doctor.port.nobody", **values)
    if others:
        listed = ", ".join(str(other) for other in others)
        yield note("port", "doctor.port.others", host=host, port=port, ports=listed)


async def resolve(host: str, timeout_s: float) -> str | None:
    """Return the address of a host, None when nobody knows it in time."""
    with contextlib.suppress(ValueError):
        return str(ip_address(host.split("%", 1)[0])) if "%" not in host else host
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str | None] = loop.create_future()

    def settle(address: str | None) -> None:
        if not answer.done():
            answer.set_result(address)

    def look() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            address = str(found[0][4][0])
        except (OSError, UnicodeError):
            address = None
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, address)

    # A slow name server must not hold up the end of the program, as the loop's own threads would.
    threading.Thread(target=look, daemon=True).start()
    try:
        return await asyncio.wait_for(answer, timeout_s)
    except TimeoutError:
        return None


async def knock(host: str, port: int, timeout_s: float) -> str | None:
    """Return None for an open port, else `refused`, `silent`, `no_way`, or the system's words."""
    try:
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return "silent"
    except ConnectionRefusedError:
        return "refused"
    except OSError as error:
        if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN):
            return "no_way"
        return error.strerror or str(error)
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(timeout_s):
            await writer.wait_closed()
    return None


def own_addresses() -> list[str]:
    """Return the addresses under which other machines may know this one."""
    found: list[str] = []
    with contextlib.suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((NOWHERE, 9))
        found.append(str(probe.getsockname()[0]))
    found += _interface_addresses()
    return [address for address in dict.fromkeys(found) if not is_loopback(address)]


def _interface_addresses() -> Iterator[str]:
    """Yield the address of each adapter, where the system tells (Linux)."""
    try:
        import fcntl
    except ImportError:
        return
    asks_address = 0x8915  # SIOCGIFADDR
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):
                told = fcntl.ioctl(
                    probe.fileno(), asks_address, name.encode()[:15].ljust(256, b"\0")
                )
                yield socket.inet_ntoa(told[20:24])


# ---- ports that the twin itself wants


def own_port(host: str, port: int, option: str) -> Finding:
    """Return whether the twin can listen on a port, and who has it otherwise."""
    try:
        family, kind, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        own = ", ".join(own_addresses()) or "-"
        return bad("own_port", "doctor.own.not_mine", host=host, own=own)
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
            probe.listen()
        except OSError as error:
            return _not_to_be_had(error, host, port, option)
    return good("own_port", "doctor.own.free", host=host, port=port)


def _not_to_be_had(error: OSError, host: str, port: int, option: str) -> Finding:
    values: dict[str, Any] = {"host": host, "port": port, "option": option}
    if error.errno == errno.EACCES:
        return bad("own_port", "doctor.own.rights", **values)
    if error.errno == errno.EADDRNOTAVAIL:
        own = ", ".join(own_addresses()) or "-"
        return bad("own_port", "doctor.own.not_mine", host=host, own=own)
    if error.errno != errno.EADDRINUSE:
        return bad("own_port", "doctor.own.trouble", **values, trouble=error.strerror or str(error))
    holder = holder_of(port)
    if holder is None:
        return bad("own_port", "doctor.own.taken", **values)
    return bad("own_port", "doctor.own.taken_by", **values, holder=holder)


def holder_of(port: int) -> str | None:
    """Return which program listens on a port, its name and number, where Linux tells."""
    sockets = set()
    for table in ("tcp", "tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
                words = line.split()
                if words[3] == "0A" and int(words[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{words[9]}]")
    if not sockets:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(str(handle.readlink()) in sockets for handle in (process / "fd").iterdir()):
                name = (process / "comm").read_text(encoding="utf-8").strip()
                return f"{name} ({process.name})"
    return None
