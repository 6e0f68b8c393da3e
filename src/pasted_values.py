"""Values that were pasted with something around them, or are still the example's placeholder."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, urlsplit

from host_names import normalized_host, port_of
from visible_text import first_hidden, visible

# What documentation writes in place of a key, and how dashboards abbreviate a real one.
_PLACEHOLDER = re.compile(
    r".*(…|\.\.\.|\*\*\*).*|<.*>|\[.*\]|\{.*\}|(sk-)?(proj-)?(x{3,}|your[-_ ].*|.*[-_](here|goes[-_]here)|"
    r"placeholder|change[-_]?me|todo)",
    re.IGNORECASE | re.DOTALL,
)
_TEMPLATE = re.compile(r"<.*>|\{.*\}|\[.*\]")
_QUOTES = "\"'`\u201c\u201d\u2018\u2019"
# The characters of a path (RFC 3986, section 3.3).
_PATH = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*")
# Addresses that OpenAI's documentation shows for single calls; the base URL is what comes before.
_CALL = re.compile(r"/(chat/completions|completions|responses|audio/\w+|models)/?$")


# As HTML checks the value of an e-mail field, with a dot in the host.
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]*[0-9]|\([0-9][0-9 ()./-]*[0-9]")
# E.164 allows fifteen digits; short numbers, such as 112, have three.
_MIN_PHONE_DIGITS, _MAX_PHONE_DIGITS = 3, 15

# White space that ends a line or jumps to a column, as opposed to spaces of any width.
_LINE_BREAKS = re.compile(r"\s*[\t-\r\x1c-\x1f\x85\u2028\u2029]\s*")


def shown_text(value: object) -> object:
    """`value` as one line; anything but text is returned unchanged.

    Raises `ValueError` with the fix if it contains a control character or another invisible one.
    """
    if not isinstance(value, str):
        return value
    line = _LINE_BREAKS.sub(" ", value).strip()
    if hidden := first_hidden(line):
        raise ValueError(f"must not contain {_name(hidden)}, which cannot be seen: remove it")
    return line


def one_word(value: str) -> str:
    """`value` if it is one word without quotes around it; raises `ValueError` with the fix otherwise."""
    if not value:
        raise ValueError("must not be empty")
    if value[:1] in _QUOTES or value[-1:] in _QUOTES:
        raise ValueError("must not be in quotes: remove them")
    if value.strip() != value:
        raise ValueError("must not begin or end with a space or line break: remove it")
    if _TEMPLATE.fullmatch(value):
        raise ValueError("must be a value of your own, and not the placeholder that it is now")
    if re.search(r"\s", value) or not value.isprintable() or visible(value) != value:
        raise ValueError("must not contain a space, a line break or an invisible character")
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
    """`value` if it can be a base URL, with its host in punycode and without a slash at the end.

    Raises `ValueError` with the fix otherwise.
    """
    parts = _split(one_word(value))
    if "@" in parts.netloc or "?" in value or "#" in value:
        raise ValueError("must be a base URL, without a user name, ? or #")
    if _CALL.search(parts.path):
        raise ValueError("must be the base URL, as in https://api.openai.com/v1, without the path of a call")
    if not _PATH.fullmatch(parts.path):
        raise ValueError(
            "must not contain characters such as < or {: replace placeholders with your own values"
        )
    return f"{parts.scheme}://{_host_and_port(parts)}{parts.path.rstrip('/')}"


def page_url(value: str) -> str:
    """`value` if it can be the address of a web page; raises `ValueError` with the fix otherwise."""
    parts = _split(one_word(value))
    if "@" in parts.netloc:
        raise ValueError("must be the address of a page, without a user name")
    _host_and_port(parts)
    return value


def email_address(value: str) -> str:
    """`value` if it can be an e-mail address; raises `ValueError` with the fix otherwise."""
    address = one_word(value)
    if address.casefold().startswith("mailto:"):
        raise ValueError("must be an e-mail address without mailto: before it")
    if not _EMAIL.fullmatch(address):
        raise ValueError("must be one e-mail address, such as info@example.com")
    return address


def phone_number(value: str) -> str:
    """`value` if it can be a telephone number; raises `ValueError` with the fix otherwise."""
    number = " ".join(value.split())
    digits = sum(character.isdigit() for character in number)
    if not _PHONE.fullmatch(number) or not _MIN_PHONE_DIGITS <= digits <= _MAX_PHONE_DIGITS:
        raise ValueError("must be one telephone number in digits, such as +49 30 1234567")
    return number


def picture_address(value: str) -> str:
    """`value` if it can be the address of a picture: https, or a path on the agent's own server.

    Raises `ValueError` with the fix otherwise. Most websites are served with https, where a browser does not
    load pictures over http.
    """
    if value.startswith("/") and not value.startswith(("//", "/\\")):
        return one_word(value)
    if not value.startswith("https://"):
        raise ValueError("must start with https://, or be a path such as /logo.svg")
    return page_url(value)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("must be a URL with a valid host name and port") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError("must start with http:// or https://")
    return parts


def _host_and_port(parts: SplitResult) -> str:
    try:
        host, port = normalized_host((parts.hostname or "").removesuffix(".")), port_of(parts)
    except ValueError as problem:
        raise ValueError(f"must be a URL with a valid host name and port, but it {problem}") from None
    return host if port is None else f"{host}:{port}"


def _name(character: str) -> str:
    """A character's code point, and its name if it has one."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} ({name})" if name else f"U+{ord(character):04X}"
