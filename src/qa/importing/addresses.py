"""Connections to public addresses only: the address that is checked is the one that is connected to."""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import TYPE_CHECKING

import httpcore

from qa.importing.drafts import UnusableError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

__all__ = ["CheckedNetwork", "is_public"]

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64 carries an IPv4 address in its last 32 bits (RFC 6052)
ATTEMPTS = 3  # of a host's addresses


def is_public(address: str) -> bool:
    """Tells an address on the internet from one of this machine, its network or its cloud, however it is written."""
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
    return ip.is_global and not ip.is_multicast


class CheckedNetwork(httpcore.NetworkBackend):
    """Resolves a host once, refuses it if any of its addresses is private, and connects to what was checked.

    `deadline` is the moment (`time.monotonic()`) at which every connection gives up, however slowly it is fed.
    """

    def __init__(self, private: bool) -> None:
        self.deadline = 0.0
        self._private = private
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connects to a host whose addresses were checked.

        Raises:
            UnusableError: the host has a private address.
            httpcore.ConnectError: it does not exist or does not answer.
        """
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses(host, port)[:ATTEMPTS]:
            try:
                stream = self._network.connect_tcp(address, port, self.left(), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Timed(stream, self)
        raise failure

    def left(self) -> float:
        """Returns the seconds left until the deadline.

        Raises:
            httpcore.ReadTimeout: there are none.
        """
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("the time is up")
        return seconds

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the host {host!r} is not known") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        refused = next((address for address in addresses if not self._private and not is_public(address)), None)
        if refused:
            raise UnusableError(f"{host!r} is the private address {refused}; QA_FETCH_PRIVATE=on allows it")
        return addresses


class _Timed(httpcore.NetworkStream):
    """A connection whose every step ends at its network's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, network: CheckedNetwork) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._network.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._network.left()), self._network)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
