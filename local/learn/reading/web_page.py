"""A web page, read from its HTML."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from local.learn.reading.boilerplate import (
    main_part,
    remove_boilerplate,
    remove_logins,
    take_surroundings,
)
from local.learn.reading.document import Unreadable, WebPage
from local.learn.reading.markdown import to_markdown
from local.learn.reading.text import one_line

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_METAS = ("article:modified_time", "og:updated_time", "last-modified", "article:published_time", "date")
_JSON_DATES = re.compile(r'"date(?:Modified|Published)"\s*:\s*"(\d{4}-\d{2}-\d{2})')
_MAX_TITLE = 120
# Pages of page builders have about 50 levels. Python's own limit is reached at about 300.
_MAX_DEPTH = 150
# A page that asks for a password and says little besides is a login page.
_MAX_BESIDES_LOGIN = 120


def read_web_page(html: str, url: str) -> WebPage:
    """Read the page at `url`.

    Raises `Unreadable` if it has no text, asks for a password, or is nested so deeply that nobody made it.
    """
    soup = BeautifulSoup(html, "lxml")
    if _depth(soup) > _MAX_DEPTH:
        raise Unreadable(f"nested more than {_MAX_DEPTH} levels deep")
    facts = _Facts(soup, url)
    asks_for_password = remove_logins(soup)
    remove_boilerplate(soup)
    around = "\n\n".join(filter(None, map(to_markdown, take_surroundings(soup))))
    main, bounded = main_part(soup)
    text = to_markdown(main)
    if asks_for_password and len(text) <= _MAX_BESIDES_LOGIN:
        raise Unreadable("asks for a password")
    if not text:
        raise Unreadable("no text without JavaScript" if facts.has_scripts else "no text")
    title = facts.title or one_line(text)[:_MAX_TITLE]
    return WebPage(title, text, facts.date, facts.links, facts.canonical, around, bounded)


def _depth(soup: BeautifulSoup) -> int:
    """How deep the elements are nested, as far as that matters."""
    level: list[Tag] = [soup]
    depth = 0
    while level and depth <= _MAX_DEPTH:
        level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
        depth += 1
    return depth


class _Facts:
    """What a page says about itself, read before anything is removed from it."""

    def __init__(self, soup: BeautifulSoup, url: str) -> None:
        self._soup = soup
        base = soup.select_one("base[href]")
        self._base = _join(url, str(base["href"])) if base else url
        self.title = self._title()
        self.date = self._date()
        self.links = self._links()
        self.canonical = self._canonical()
        self.has_scripts = soup.find("script") is not None

    def _title(self) -> str:
        """The only heading of the first level, or else the title of the window."""
        headings = [one_line(heading.get_text(" ")) for heading in self._soup.find_all("h1")]
        if len(headings) == 1 and 0 < len(headings[0]) <= _MAX_TITLE:
            return headings[0]
        title = self._soup.find("title")
        return one_line(title.get_text(" "))[:_MAX_TITLE] if title else ""

    def _date(self) -> str:
        for name in _DATE_METAS:
            if found := _DATE.match(self._meta(name)):
                return found[0]
        scripts = self._soup.select("script[type='application/ld+json']")
        return max(_JSON_DATES.findall(" ".join(script.get_text() for script in scripts)), default="")

    def _links(self) -> tuple[str, ...]:
        targets = [*map(_refreshed, self._soup.select("meta[http-equiv=refresh i]"))]
        targets += [
            str(link["href"]) for link in self._soup.select("a[href]:not([rel~=nofollow]), area[href]")
        ]
        return tuple(dict.fromkeys(_join(self._base, target) for target in targets if target))

    def _canonical(self) -> str:
        link = self._soup.select_one("link[rel~=canonical][href]")
        return _join(self._base, str(link["href"])) if link else ""

    def _meta(self, name: str) -> str:
        tag = self._soup.select_one(f'meta[property="{name}"], meta[name="{name}"]')
        return str(tag.get("content", "")) if tag else ""


def _refreshed(meta: Tag) -> str:
    """The page to which a page moves its visitors."""
    return str(meta.get("content", "")).partition("=")[2].strip(" '\"")


def _join(base: str, link: str) -> str:
    """The absolute address of `link`, or '' if it is none."""
    with contextlib.suppress(ValueError):
        return urljoin(base, link.strip())
    return ""
