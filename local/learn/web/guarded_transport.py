"""Requests that reach public addresses only, wherever a name or a redirect may lead."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Resolve = Callable[[str, int], Awaitable[list[str]]]

_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddress(httpx2.RequestError):
    """The name of a public website leads to an address in a private network."""


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Looks a name up once, checks all its addresses, and connects to the one that it checked.

    Otherwise, a name could have a public address when it is checked and a private one when it is used.
    `public_only` says whether private addresses are refused, which are fine for an owner's own server.
    """

    def __init__(self, inner: httpx2.AsyncBaseTransport, resolve: Resolve, *, public_only: bool) -> None:
        self._inner = inner
        self._resolve = resolve
        self._public_only = public_only

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        addresses = await self._resolve(host, request.url.port or _PORTS[request.url.scheme])
        if self._public_only and not all(map(is_public, addresses)):
            raise PrivateAddress(f"{host} leads to a private address", request=request)
        pinned = httpx2.Request(
            request.method,
            request.url.copy_with(host=addresses[0]),
            headers=request.headers,  # they name the host
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        await self._inner.aclose()


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of `host`, those of IPv4 first. Raises `httpx2.ConnectError` if it has none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx2.ConnectError(f"the name {host} is unknown") from error
    ordered = sorted(found, key=lambda one: one[0] != socket.AF_INET)
    return [str(address[0]) for *_, address in ordered]


def is_public(address: str) -> bool:
    """Whether `address` is reachable from the whole internet, also the one that an IPv6 address wraps."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return ip.is_global and not ip.is_multicast
