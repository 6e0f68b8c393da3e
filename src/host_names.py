"""Host names and ports of URLs that people type, in the form that clients send them."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

import idna

if TYPE_CHECKING:
    from urllib.parse import SplitResult

LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
MAX_CHARS = 253  # RFC 1035
_NAME = re.compile(rf"{LABEL}(\.{LABEL})*")
# Whatever ends with a number is an IPv4 address to browsers (WHATWG URL, 'ends in a number').
_NUMERIC = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)")


def normalized_host(name: str) -> str:
    """The host `name` in punycode, or an IPv6 address in brackets if `name` contains a colon.

    `name` is in lower case, as `urlsplit` returns it. Raises `ValueError` with what is wrong.
    """
    if ":" in name:
        return _ipv6(name)
    host = _ascii(name)
    if len(host) > MAX_CHARS or not _NAME.fullmatch(host):
        raise ValueError("has no valid host name")
    if _NUMERIC.fullmatch(host):
        return _ipv4(host)
    return host


def port_of(parts: SplitResult) -> int | None:
    """The port in a URL, or None if it has none. Raises `ValueError` if there is no such port."""
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0 or parts.netloc.endswith(":"):
        raise ValueError("has no valid port")
    return port


def _ipv6(address: str) -> str:
    try:
        return f"[{IPv6Address(address).compressed}]"
    except ValueError:
        raise ValueError("has no valid IPv6 address") from None


def _ipv4(address: str) -> str:
    try:
        return str(IPv4Address(address))
    except ValueError:
        raise ValueError("has no valid IPv4 address") from None


def _ascii(name: str) -> str:
    if name.isascii() and "xn--" not in name:
        return name
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        advice = "" if name.isascii() else "; write it in punycode (xn--…)"
        raise ValueError(f"has no valid host name{advice}") from None
