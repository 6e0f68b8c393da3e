"""Addresses of web pages: one form for each, and which of them are in scope."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
# Parameters that say where a visitor came from, and change nothing on the page.
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|_ga|igshid|phpsessid|jsessionid|sid)$", re.IGNORECASE
)
# What is never a page or a document.
_OTHER_FILES = re.compile(
    r"\.(?:7z|avif|avi|bmp|bz2|css|dmg|doc|eot|exe|gif|gz|ico|ics|iso|jpe?g|js|json|m4a|m4v|map|mjs|mov|mp3|mp4|mpe?g|msi|"
    r"ogg|ogv|otf|png|ppt|pptx|rar|rss|svg|tar|tgz|tiff?|ttf|wasm|wav|webm|webmanifest|webp|woff2?|xls|xlsx|xml|zip)$",
    re.IGNORECASE,
)
_MAX_LENGTH = 2000
# What may stand in a path or query as it is (RFC 3986), and the sign of what is already encoded.
_SAFE = "/:@!$&'()*+,;=~-._%?"


def normal(url: str) -> str:
    """The one form in which the page at `url` is known, or '' if `url` cannot be one.

    Without a fragment, user name, default port, or tracking parameters; the host in lower case.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host or len(url) > _MAX_LENGTH:
        return ""
    netloc = _ascii(host) + (f":{port}" if port and port != _PORTS[scheme] else "")
    query = "&".join(
        part for part in parts.query.split("&") if part and not _TRACKING.match(part.partition("=")[0])
    )
    path, query = (quote(part, safe=_SAFE) for part in (parts.path, query))
    return urlunsplit((scheme, netloc, path or "/", query, ""))


def site_of(url: str) -> str:
    """The website of the page at `url`: its host and port, with and without `www.` the same."""
    return urlsplit(url).netloc.removeprefix("www.")


def path_of(url: str) -> str:
    """The path and query of `url`, as a person reads them."""
    parts = urlsplit(url)
    return unquote(parts.path) + (f"?{unquote(parts.query)}" if parts.query else "")


def is_start(url: str) -> bool:
    """Whether `url` is the address of a whole website."""
    return urlsplit(url).path in {"", "/"} and not urlsplit(url).query


def shape_of(url: str) -> str:
    """What `url` has in common with other pages that one template makes: all but its numbers and values."""
    parts = urlsplit(url)
    names = "&".join(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
    return re.sub(r"\d+", "0", parts.path) + (f"?{names}" if names else "")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pages of a website are wanted.

    `include` and `exclude` are patterns with `*` for the path and query: `/shop/*` stands for `/shop` too.
    If there is any in `include`, one of them has to match.
    """

    site: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def has(self, url: str) -> bool:
        """Whether `url` is on the website and may be a page or a document."""
        return bool(url) and site_of(url) == self.site and not _OTHER_FILES.search(urlsplit(url).path)

    def wants(self, url: str) -> bool:
        """Whether the page at `url`, which is on the website, is to be learned."""
        return (not self.include or _matches(url, self.include)) and not _matches(url, self.exclude)


def _matches(url: str, patterns: tuple[str, ...]) -> bool:
    return any(_matches_one(path_of(url), pattern) for pattern in patterns)


def _matches_one(path: str, pattern: str) -> bool:
    wanted = re.sub(r"^https?://[^/]+", "", pattern)
    if not wanted.startswith(("/", "*")):
        wanted = f"/{wanted}"
    return fnmatch.fnmatchcase(path, wanted) or (wanted.endswith("/*") and path == wanted.removesuffix("/*"))


def _ascii(host: str) -> str:
    """`host` as it is looked up; an IPv6 address in its brackets."""
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("idna").decode("ascii").rstrip(".")
    except UnicodeError:
        return ""
