"""Origins of websites: how they are written in ALLOWED_ORIGINS, and which ones wildcards match."""

from __future__ import annotations

import pytest

from errors import ConfigurationError
from origins import is_origin, normalized_origin, origin_pattern
from settings import Settings


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://Shop.Example:443", "https://shop.example"),
        ("http://localhost:80", "http://localhost"),
        ("https://shop.example:08443", "https://shop.example:8443"),
        ("https://shop.example/", "https://shop.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://BÜCHER.example", "https://xn--bcher-kva.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://[::0001]:3000", "http://[::1]:3000"),
        ("https://*.Example.com", "https://*.example.com"),
        ("*", "*"),
    ],
)
def test_normalized_to_what_browsers_send(written: str, sent: str) -> None:
    assert normalized_origin(written) == sent


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("shop.example", "begin with https://"),
        ("null", "begin with https://"),
        ("ftp://shop.example", "must begin with https://"),
        ("file://", "must begin with https://"),
        ("https://shop.example/path", "has a path"),
        ("https://shop.example?x", "has a path"),
        ("https://shop.example/#x", "has a path"),
        ("https://a.example https://b.example", "separate origins with commas"),
        ("https://shop .example", "contains a space"),
        ('"https://shop.example"', "is in quotes"),
        ("https://me@shop.example", "contains an @"),
        ("https://shop.example:", "port"),
        ("https://shop.example:0", "port"),
        ("https://shop.example:65536", "port"),
        ("https://shop.example:https", "port"),
        ("https://", "host name"),
        ("https://-shop.example", "host name"),
        ("https://shop..example", "host name"),
        ("https://shop.example.", "host name"),
        ("https://shop%2eexample", "host name"),
        ("https://xn--a", "host name"),
        ("https://256.1.1.1", "IPv4"),
        ("https://1.2.3", "IPv4"),
        (f"https://{'a.' * 130}example", "host name"),
        ("https://[::g]", "host name|IPv6"),
        ("https://[::1", "host name"),
        ("https://*", r"a \* elsewhere"),
        ("https://shop.*", r"a \* elsewhere"),
        ("https://w*.shop.example", r"a \* elsewhere"),
        ("https://*.*.example.com", r"a \* elsewhere"),
        ("https://*.com", "more than the subdomains"),
    ],
)
def test_anything_else_is_explained(written: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=f"but entry 2 is not one: it .*({problem})"):
        Settings.read({"ALLOWED_ORIGINS": f"https://a.example, {written}"}.get)


@pytest.mark.parametrize(
    ("origin", "matches"),
    [
        ("https://shop.example.com", True),
        ("https://eu.shop.example.com", True),
        ("https://example.com", False),
        ("http://shop.example.com", False),
        ("https://shop.example.com:8443", False),
        ("https://shop.example.com.evil.example", False),
        ("https://evil.example/.example.com", False),
        ("https://evil.example#.example.com", False),
        ("https://evilexample.com", False),
        ("https://.example.com", False),
        ("https://shop.example", True),
        ("https://shopxexample", False),
        ("null", False),
    ],
)
def test_wildcard_matches_subdomains_only(origin: str, *, matches: bool) -> None:
    pattern = origin_pattern(("https://*.example.com", "https://shop.example"))
    assert bool(pattern.fullmatch(origin)) is matches


def test_empty_list_matches_nothing_and_a_star_everything() -> None:
    assert not origin_pattern(()).fullmatch("")
    assert not origin_pattern(()).fullmatch("https://shop.example")
    assert origin_pattern(("*",)).fullmatch("null")


@pytest.mark.parametrize("origin", ["https://shop.example", "http://localhost:3000", "http://[::1]"])
def test_what_a_browser_sends_is_an_origin(origin: str) -> None:
    assert is_origin(origin)


@pytest.mark.parametrize(
    "origin",
    ["null", "*", "https://*.a.example", "https://A.example", "x", "https://a.b\n", "a" * 9999],
)
def test_anything_else_is_not_an_origin(origin: str) -> None:
    assert not is_origin(origin)
