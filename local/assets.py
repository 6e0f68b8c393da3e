"""Serves the demo page and the widget, with the headers that Cloudflare would read from `_headers`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from local.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Message, Receive, Scope, Send

Rule = tuple[re.Pattern[str], list[tuple[str, str]]]

WIDGET_PATHS = "/voice-agent"
# What Cloudflare sends with a file that `_headers` has no rule for: ask each time whether it has changed.
DEFAULT_CACHING = "public, max-age=0, must-revalidate"


@dataclass(frozen=True, slots=True)
class Site:
    """Two folders: `pages` holds the demo page and `_headers`, `widget` everything at `/voice-agent*`.

    The widget's sources can be served as they are; `widget/build.mjs` puts both into the same folder.
    """

    pages: Path
    widget: Path


SOURCES = Site(ROOT / "public", ROOT / "widget")


class Assets:
    """An ASGI application for static files."""

    def __init__(self, site: Site) -> None:
        """Serve `site`. Its `_headers` file, if there is one, is read once and not served.

        Raises `ValueError` if that file cannot be read.
        """
        self._pages = StaticFiles(directory=site.pages, html=True)
        self._widget = StaticFiles(directory=site.widget)
        rules = site.pages / "_headers"
        self._rules = parse_headers(rules.read_text("utf-8")) if rules.is_file() else []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path: str = scope["path"]
        if path == "/_headers":
            raise HTTPException(404)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for pattern, pairs in self._rules:
                    if pattern.fullmatch(path):
                        headers.update(dict(pairs))
                headers.setdefault("Cache-Control", DEFAULT_CACHING)
            await send(message)

        files = self._widget if path.startswith(WIDGET_PATHS) else self._pages
        await files(scope, receive, send_with_headers)


def parse_headers(text: str) -> list[Rule]:
    """The rules of a `_headers` file: a path pattern in which `*` is any text, then indented headers.

    Raises `ValueError` for a line that is neither.
    """
    rules: list[Rule] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            rules.append((re.compile(".*".join(map(re.escape, line.strip().split("*")))), []))
            continue
        name, colon, value = line.partition(":")
        if not rules or not colon:
            raise ValueError(f"_headers: cannot read '{line.strip()}'")
        rules[-1][1].append((name.strip(), value.strip()))
    return rules
