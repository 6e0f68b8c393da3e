"""A web server on loopback for made-up websites, which counts what it is asked for."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What a server sends for an address."""

    body: bytes | str
    content_type: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    # Whether the server knows when the page is still the same.
    has_etag: bool = True

    @property
    def data(self) -> bytes:
        """The body in bytes."""
        return self.body.encode() if isinstance(self.body, str) else self.body


def redirect(target: str) -> Answer:
    """An answer that sends the visitor on to `target`."""
    return Answer("", status=302, headers={"Location": target})


NOT_FOUND = Answer("<h1>Not found</h1>", status=404)


@dataclass
class Site:
    """Answers by path and query. `other` answers for all other addresses."""

    pages: dict[str, Answer] = field(default_factory=dict)
    other: Callable[[str], Answer] = lambda _: NOT_FOUND
    # Addresses in the order in which they were asked for, and how many answers of each status were sent.
    asked: list[str] = field(default_factory=list)
    sent: Counter[int] = field(default_factory=Counter)
    address: str = ""

    def page(self, path: str, body: str, *, has_etag: bool = True) -> None:
        """Serve a page of HTML at `path`."""
        self.pages[path] = Answer(body, has_etag=has_etag)

    def answer(self, path: str, etag: str | None) -> Answer:
        """The answer for `path`, for a client that has the version `etag`."""
        self.asked.append(path)
        answer = self.pages.get(path) or self.other(path)
        if answer.status != 200 or not answer.has_etag:
            return answer
        current = f'"{hashlib.sha256(answer.data).hexdigest()[:12]}"'
        if etag == current:
            return Answer("", status=304, headers={"ETag": current})
        return Answer(answer.data, answer.content_type, 200, {"ETag": current, **answer.headers})

    def forget_requests(self) -> None:
        """Count from zero."""
        self.asked.clear()
        self.sent.clear()


@contextlib.contextmanager
def served(site: Site) -> Iterator[Site]:
    """Serve `site` until the block ends; its `address` says where."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Without this, the rest of an answer waits for the client's acknowledgement of its head.
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # the client has read enough
                super().handle()

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            answer = site.answer(path, self.headers["If-None-Match"])
            site.sent[answer.status] += 1
            self.send_response(answer.status)
            headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.data))}
            for name, value in (headers | answer.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.data)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        site.address = f"http://127.0.0.1:{server.server_port}"
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
