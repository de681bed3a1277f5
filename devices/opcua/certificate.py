"""The certificate that the twin makes for itself and keeps."""

import asyncio
import socket
from pathlib import Path
from typing import NamedTuple

from asyncua.crypto.cert_gen import setup_self_signed_certificate
from cryptography.x509.oid import ExtendedKeyUsageOID

from devices.errors import DeviceError


class KeyPair(NamedTuple):
    """Files of a certificate (DER) and its private key (PEM)."""

    certificate: Path
    key: Path


async def own_certificate(directory: Path, *, uri: str, server: bool) -> KeyPair:
    """Return the twin's certificate, made where there is none or it has expired.

    Args:
        directory: where it is kept; made readable for its owner only.
        uri: the application's URI, which the certificate carries.
        server: whether it is for a server or for a client.
    """
    name = "server" if server else "client"
    pair = KeyPair(directory / f"{name}.der", directory / f"{name}.pem")
    try:
        await asyncio.to_thread(directory.mkdir, mode=0o700, parents=True, exist_ok=True)
        await setup_self_signed_certificate(
            pair.key,
            pair.certificate,
            uri,
            socket.gethostname(),
            [ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH],
            {"commonName": "Pilotline", "organizationName": "Pilotline"},
        )
        await asyncio.to_thread(pair.key.chmod, 0o600)
    except (OSError, ValueError) as error:
        raise DeviceError(
            f"cannot keep an OPC UA certificate in {directory} ({error}): "
            "give a directory that can be written, or delete the broken files in it"
        ) from None
    return pair
