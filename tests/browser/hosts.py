"""Pages of other websites: on another origin, with their own headers."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

Page = tuple[str, "Mapping[str, str]"]


class HostPages:
    """A web server for pages added by tests."""

    def __init__(self) -> None:
        """Take a free port of 127.0.0.1."""
        pages: dict[str, Page] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html, headers = pages.get(self.path, ("", {}))
                self.send_response(200 if html else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        self._pages = pages
        self._numbers = count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def add(self, html: str, **headers: str) -> str:
        """Serve a page and return its URL. Header names are written with underscores."""
        path = f"/{next(self._numbers)}"
        self._pages[path] = html, {name.replace("_", "-"): value for name, value in headers.items()}
        return self.origin + path

    def __enter__(self) -> Self:
        """Start serving."""
        self._thread = threading.Thread(target=self._server.serve_forever, name="host-pages", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
