"""Addresses: one form for each page, and which pages are in scope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.learn.web.addresses import Scope, is_start, normal, path_of, shape_of, site_of


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://WWW.Example.COM", "https://www.example.com/"),
        ("https://example.com:443/a#part", "https://example.com/a"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("https://me:secret@example.com/", "https://example.com/"),
        ("https://example.com/a b?q=x y", "https://example.com/a%20b?q=x%20y"),
        ("https://example.com/a%20b?next=%2Fa", "https://example.com/a%20b?next=%2Fa"),
        ("https://example.com/?utm_source=x&id=3&fbclid=y", "https://example.com/?id=3"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("ftp://example.com/", ""),
        ("javascript:alert(1)", ""),
        ("mailto:a@b.example", ""),
        ("https:///a", ""),
        ("http://[bad", ""),
        ("http://example.com:99999/", ""),
        (f"https://example.com/{'a' * 2000}", ""),
    ],
)
def test_normal_form(url: str, expected: str) -> None:
    assert normal(url) == expected


@given(st.text(max_size=40))
def test_normal_form_never_changes_again(text: str) -> None:
    once = normal(f"https://example.com/{text}")
    assert normal(once) == once


def test_parts_of_an_address() -> None:
    assert site_of("https://www.example.com/a") == site_of("http://example.com/b") == "example.com"
    assert path_of("https://example.com/caf%C3%A9?a=%20") == "/café?a= "
    assert is_start("https://example.com")
    assert not is_start("https://example.com/?p=1")
    assert shape_of("https://example.com/2026/11?b=1&a=2") == shape_of("https://example.com/1999/2?a=&b=")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.com/a", True),
        ("http://example.com/prices.pdf", True),
        ("https://example.com/photo.JPG", False),
        ("https://shop.example.com/a", False),
        ("https://example.com.evil.example/", False),
        ("https://example.com:8443/", False),
        ("", False),
    ],
)
def test_same_site(url: str, expected: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert Scope("example.com").has(url) is expected


@pytest.mark.parametrize(
    ("include", "exclude", "wanted"),
    [
        ([], [], ["/", "/shop", "/shop/tea", "/shop/tea?x=1", "/blog/1"]),
        (["/shop/*"], [], ["/shop", "/shop/tea", "/shop/tea?x=1"]),
        (["shop/*", "/"], ["*x=*"], ["/", "/shop", "/shop/tea"]),
        (["https://example.com/blog/*"], [], ["/blog/1"]),
        ([], ["/shop/*", "/blog*"], ["/"]),
    ],
)
def test_include_and_exclude(include: list[str], exclude: list[str], wanted: list[str]) -> None:
    scope = Scope("example.com", tuple(include), tuple(exclude))
    paths = ["/", "/shop", "/shop/tea", "/shop/tea?x=1", "/blog/1"]
    assert [path for path in paths if scope.wants(f"https://example.com{path}")] == wanted
