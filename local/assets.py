"""Serves public/ as Cloudflare does: files with the headers that public/_headers gives them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Message, Receive, Scope, Send

Rule = tuple[re.Pattern[str], list[tuple[str, str]]]


class Assets:
    """An ASGI application for a folder of static files."""

    def __init__(self, folder: Path) -> None:
        """Serve `folder`; its `_headers` file, if there is one, is read now and not served."""
        self._files = StaticFiles(directory=folder, html=True)
        rules = folder / "_headers"
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
            await send(message)

        await self._files(scope, receive, send_with_headers)


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
