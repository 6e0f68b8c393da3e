"""Values that were pasted with something around them, or are still the example's placeholder."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

# What documentation writes in place of a key, and how dashboards abbreviate a real one.
_PLACEHOLDER = re.compile(
    r".*(…|\.\.\.|\*\*\*).*|<.*>|\[.*\]|\{.*\}|(sk-)?(proj-)?(x{3,}|your[-_ ].*|.*[-_](here|goes[-_]here)|"
    r"placeholder|change[-_]?me|todo)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTES = "\"'`\u201c\u201d\u2018\u2019"
# Addresses that OpenAI's documentation shows for single calls; the base URL is what comes before.
_CALL = re.compile(r"/(chat/completions|completions|responses|audio/\w+|models)/?$")


def one_word(value: str) -> str:
    """`value` if it is one word without quotes around it; raises `ValueError` with the fix otherwise."""
    if value[:1] in _QUOTES or value[-1:] in _QUOTES:
        raise ValueError("must not be in quotes: remove them")
    if value.strip() != value:
        raise ValueError("must not begin or end with a space or line break: remove it")
    if re.search(r"\s", value) or not value.isprintable():
        raise ValueError("must not contain a space, a line break or a control character")
    return value


def secret_text(value: str) -> str:
    """`value` if it can be a key or another secret; raises `ValueError` with the fix otherwise."""
    if _PLACEHOLDER.fullmatch(value.strip(_QUOTES).strip()):
        raise ValueError("must be the whole secret, and not the placeholder or abbreviation that it is now")
    one_word(value)
    if not value.isascii():
        raise ValueError("must not contain characters other than ASCII: copy it again")
    return value


def http_url(value: str) -> str:
    """`value` if it can be a base URL, without its last slash; raises `ValueError` with the fix otherwise."""
    parts = _split(value)
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be a base URL, without a user name, ? or #")
    if _CALL.search(parts.path):
        raise ValueError("must be the base URL, as in https://api.openai.com/v1, without the path of a call")
    return value.rstrip("/")


def page_url(value: str) -> str:
    """`value` if it can be the address of a web page; raises `ValueError` with the fix otherwise."""
    if _split(value).username is not None:
        raise ValueError("must be the address of a page, without a user name")
    return value


def _split(value: str) -> SplitResult:
    """The parts of a URL for HTTP; raises `ValueError` with the fix if `value` is none."""
    if not one_word(value).startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    try:
        parts = urlsplit(value)
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete:
        raise ValueError("must be a URL with a valid host name and port")
    return parts
