"""Origins of websites, as ALLOWED_ORIGINS lists them and as browsers send them."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from host_names import LABEL, MAX_CHARS, normalized_host, port_of

ANY = "*"
# The longest that a browser can send: a scheme, a host name and a port.
MAX_LENGTH = len("https://") + MAX_CHARS + len(":65535")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_WILDCARD = "*."


def normalized_origin(text: str) -> str:
    """`text` as a browser sends it: in lower case, in punycode, without the scheme's own port.

    `*` stands for every origin, and `https://*.example.com` for all subdomains of example.com, but not for
    example.com itself. Raises `ValueError` with what to change if `text` is anything else.
    """
    if text == ANY:
        return ANY
    parts = _split(text)
    host = _host(parts)
    port = _port(parts)
    return f"{parts.scheme}://{host}{port}"


def origin_pattern(origins: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for whole origins: matches those that the normalized `origins` list or have wildcards for."""
    return re.compile("|".join(map(_pattern, origins)) or r"(?!)")


def is_origin(text: str) -> bool:
    """Whether `text` is an origin of a website exactly as a browser sends it."""
    try:
        return len(text) <= MAX_LENGTH and "*" not in text and normalized_origin(text) == text
    except ValueError:
        return False


def _pattern(origin: str) -> str:
    if origin == ANY:
        return ".*"
    return re.escape(origin).replace(re.escape(_WILDCARD), rf"({LABEL}\.)+")


def _split(text: str) -> SplitResult:
    if re.search(r"\s", text):
        raise ValueError("contains a space: separate origins with commas")
    if "://" not in text:
        raise ValueError("has no scheme: begin with https://")
    if text[0] in "\"'":
        raise ValueError("is in quotes: remove them")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError("has no valid host name") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError("must begin with https:// or http://")
    if parts.path not in ("", "/") or "?" in text or "#" in text:
        raise ValueError("has a path: end after the host name")
    if "@" in parts.netloc:
        raise ValueError("contains an @")
    return parts


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    wildcard = _WILDCARD if host.startswith(_WILDCARD) else ""
    name = host.removeprefix(wildcard)
    if "*" in name:
        raise ValueError("has a * elsewhere than in front of a domain, as in https://*.example.com")
    name = normalized_host(name)
    if wildcard and "." not in name:
        raise ValueError("has a * for more than the subdomains of one domain; * alone allows every website")
    return wildcard + name


def _port(parts: SplitResult) -> str:
    port = port_of(parts)
    return "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
