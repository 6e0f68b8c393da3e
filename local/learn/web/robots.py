"""What a website's robots.txt allows (RFC 9309)."""

from __future__ import annotations

from urllib.parse import urljoin

from protego import Protego

from local.learn.reading.text import decode
from local.learn.web.fetcher import AGENT, Fetcher, NotFetched

# RFC 9309, section 2.5: a parser has to read at least this much.
_MAX_BYTES = 500_000
_ALL_ALLOWED = ""
_NONE_ALLOWED = "User-agent: *\nDisallow: /"


class Robots:
    """The rules for us, and the sitemaps that they name. `problem` is why they cannot be read, or ''."""

    def __init__(self, text: str, problem: str = "") -> None:
        self._rules = Protego.parse(text)
        self.problem = problem

    def allows(self, url: str) -> bool:
        """Whether the page at `url` may be fetched."""
        return bool(self._rules.can_fetch(url, AGENT))

    @property
    def delay(self) -> float | None:
        """The pause between requests, in seconds, that the website asks for."""
        return self._rules.crawl_delay(AGENT)

    @property
    def sitemaps(self) -> list[str]:
        """The addresses of its sitemaps."""
        return list(self._rules.sitemaps)


async def read_robots(fetcher: Fetcher, start: str) -> Robots:
    """Read the robots.txt of the website of `start`.

    If there is none (RFC 9309: any answer but a success or an error of the server's), all is allowed; if the
    server cannot say, nothing is.
    """
    try:
        answer = await fetcher.get(urljoin(start, "/robots.txt"))
    except NotFetched as error:
        if error.status is not None and error.status < 500:
            return Robots(_ALL_ALLOWED)
        return Robots(_NONE_ALLOWED, f"robots.txt cannot be read: {error}")
    if "html" in answer.content_type:
        return Robots(_ALL_ALLOWED)
    return Robots(decode(answer.data[:_MAX_BYTES]))
