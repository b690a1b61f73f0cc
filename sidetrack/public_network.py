"""A connection that reaches the public internet and nothing else, for addresses that we did not choose ourselves.

The name is resolved here, every address it has is checked, and the connection goes to a checked address: a name that
answers differently the second time gains nothing. The check runs for each connection, so for each redirect too.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

PORTS = frozenset({80, 443})
NAT64 = ipaddress.ip_network("64:ff9b::/96")

HostPort = tuple[str, int]


class NotPublic(httpx.RequestError):
    """The address leads into a private network, or is none that may be fetched."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, looking through addresses that wrap an IPv4 one."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def host_and_port(url: str | httpx.URL) -> HostPort:
    """The machine that an address names: host in lower case, port written out."""
    parts = urlsplit(str(url))
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)


def refuse_unless_fetchable(url: httpx.URL, trusted: Collection[HostPort]) -> None:
    """NotPublic for anything but http and https on the usual ports without a name and password in it."""
    if url.scheme not in {"http", "https"}:
        raise NotPublic(f"only http and https addresses are fetched, not {url.scheme or 'an address without scheme'}")
    if not url.host:
        raise NotPublic("the address names no host")
    if url.userinfo:
        raise NotPublic("the address holds a name or password")
    if host_and_port(url) not in trusted and host_and_port(url)[1] not in PORTS:
        raise NotPublic(f"port {url.port} is not fetched from")


class _GuardedBackend(httpcore.SyncBackend):
    """Opens TCP connections to public addresses, and to the hosts and ports in `trusted`."""

    def __init__(self, trusted: Collection[HostPort]) -> None:
        self.trusted = frozenset(trusted)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        target = host
        if (host.lower(), port) not in self.trusted:
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except OSError as error:
                raise httpcore.ConnectError(f"{host} has no address") from error
            addresses = [str(each[4][0]) for each in found]
            if not addresses or not all(is_public(each) for each in addresses):
                raise NotPublic(f"{host} is not on the public internet")
            target = addresses[0]
        return super().connect_tcp(target, port, timeout, local_address, socket_options)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise NotPublic("sockets of this machine are not fetched from")


class PublicTransport(httpx.HTTPTransport):
    """httpx's own transport over guarded connections; certificates are checked against the host's name as ever."""

    def __init__(self, trusted: Collection[HostPort] = ()) -> None:
        certificates = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=certificates, trust_env=False)
        self.trusted = frozenset(trusted)
        self._pool = httpcore.ConnectionPool(
            ssl_context=certificates,
            max_connections=4,
            keepalive_expiry=5,
            network_backend=_GuardedBackend(self.trusted),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        refuse_unless_fetchable(request.url, self.trusted)
        return super().handle_request(request)
