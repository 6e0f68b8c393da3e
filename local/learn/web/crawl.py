"""A visit to a website, or to a single page of it."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

from local.learn.page import Harvest, Page
from local.learn.reading import Document, Unreadable, WebPage, kind_of, read_document
from local.learn.web.addresses import normal, shape_of
from local.learn.web.fetcher import NotFetched
from local.learn.web.frontier import Frontier, Lead
from local.learn.web.pace import MAX_REQUESTS_AT_A_TIME
from local.learn.web.robots import read_robots
from local.learn.web.sieve import ENDLESS, MISSING, NO_SUCH_PAGE, Sieve
from local.learn.web.sitemap import read_sitemaps

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from local.learn.web.addresses import Scope
    from local.learn.web.fetcher import Fetched, Fetcher
    from local.learn.web.pace import Pace
    from local.learn.web.robots import Robots

    # Which links of a page that was found as a lead are visited.
    Follow = Callable[[Page, Lead], Iterable[str]]

# After this many failures in a row, a website that does not answer is left alone.
MAX_FAILURES = 10


class Memory(Protocol):
    """What is known from earlier runs."""

    def recent(self, name: str) -> Page | None:
        """The page as an interrupted run has read it."""

    def page(self, name: str) -> Page | None:
        """The page as it was read before, if that is at hand."""

    def validators(self, name: str) -> Mapping[str, str]:
        """The headers with which to ask whether a page is still the same."""

    def add(self, page: Page) -> None:
        """Note a page that has just been read."""


class Crawl:
    """Visits pages and collects what they say."""

    def __init__(
        self,
        fetcher: Fetcher,
        pace: Pace,
        scope: Scope,
        memory: Memory,
        *,
        max_pages: int,
        watch: Callable[[int, int], None],
    ) -> None:
        """`watch` is called with the numbers of pages visited and found, whenever they change."""
        self._fetcher = fetcher
        self._pace = pace
        self._scope = scope
        self._memory = memory
        self._max_pages = max_pages
        self._frontier = Frontier(scope, max_pages)
        self._watch = watch
        self._slots = asyncio.Semaphore(MAX_REQUESTS_AT_A_TIME)
        self._visited = 0
        self._failures = 0
        self._sieve = Sieve(memory.page)
        self._start = ""
        self.harvest = Harvest()

    async def page(self, url: str) -> Harvest:
        """Visit the page at `url` only."""
        self._start = url
        robots = await self._robots(url)
        self._frontier.add_start(url)
        await self._visit_all(robots, _no_links)
        return self.harvest

    async def site(self, start: str, remembered: Collection[str]) -> Harvest:
        """Visit the website that begins at `start`: the pages in its sitemap, or those that links lead to.

        The pages that the start page links to, and documents, are visited even if no sitemap lists them; the
        pages in `remembered`, even if nothing leads to them any more.
        """
        self._start = start
        robots = await self._robots(start)
        listed = await read_sitemaps(self._fetcher, start, robots.sitemaps, self._max_pages)
        self._sieve.missing = await self._read_missing_page(start)
        self._frontier.add_start(start)
        self._frontier.add(listed)
        follow = _links_beside_sitemap if listed else _all_links
        await self._visit_all(robots, follow)
        if start not in self.harvest.failed:
            self._frontier.add(remembered)
            await self._visit_all(robots, follow)
        self.harvest.not_visited = self._frontier.waiting
        self.harvest.complete = not self.harvest.not_visited and start not in self.harvest.failed
        return self.harvest

    async def _robots(self, start: str) -> Robots:
        robots = await read_robots(self._fetcher, start)
        if robots.delay:
            self._pace.slow_down(robots.delay)
        return robots

    async def _read_missing_page(self, start: str) -> Document | None:
        """What the website shows for a page that does not exist, if it pretends that it does."""
        try:
            answer = await self._fetcher.get(urljoin(start, NO_SUCH_PAGE))
            return read_document(answer.data, "html", answer.url, answer.charset)
        except (NotFetched, Unreadable):
            return None

    async def _visit_all(self, robots: Robots, follow: Follow) -> None:
        while leads := self._frontier.take():
            async with asyncio.TaskGroup() as group:
                for lead in leads:
                    group.create_task(self._visit(lead, robots, follow))

    async def _visit(self, lead: Lead, robots: Robots, follow: Follow) -> None:
        async with self._slots:
            page = await self._page_at(lead, robots)
            if page is not None:
                self._keep(page, lead)
                self._frontier.add([*self._links(page, lead, follow), page.canonical], lead)
            self._visited += 1
            self._watch(self._visited, self._frontier.known)

    def _links(self, page: Page, lead: Lead, follow: Follow) -> Iterable[str]:
        """Where to go from `page`: from one of an endless series only on to the next, which may say more."""
        links = map(normal, follow(page, lead))
        if self.harvest.left_out.get(page.name) != ENDLESS:
            return links
        return [link for link in links if shape_of(link) == shape_of(lead.url)]

    async def _page_at(self, lead: Lead, robots: Robots) -> Page | None:
        if self._frontier.gives_up(lead):
            return None
        if robots.problem or self._failures >= MAX_FAILURES:
            self.harvest.failed[lead.url] = robots.problem or "the website has stopped answering"
        elif not robots.allows(lead.url):
            self.harvest.left_out[lead.url] = "robots.txt does not allow it"
        else:
            return self._memory.recent(lead.url) or await self._fetch(lead, robots)
        return None

    async def _fetch(self, lead: Lead, robots: Robots) -> Page | None:
        """The page at `lead`, if it is there, can be read, and has changed; otherwise notes why not."""
        try:
            answer = await self._fetcher.get(lead.url, self._memory.validators(lead.url), robots.allows)
        except NotFetched as error:
            self._note_failure(lead.url, error)
            return None
        self._failures = 0
        if answer.url != lead.url and not self._frontier.first_sight(answer.url):
            self.harvest.gone.add(lead.url)
            return None
        if answer.unchanged:
            return self._still_as_it_was(lead.url)
        return await self._read(answer)

    def _note_failure(self, url: str, error: NotFetched) -> None:
        if error.gone:
            self.harvest.gone.add(url)
            self.harvest.left_out[url] = str(error)
        else:
            self.harvest.failed[url] = str(error)
        self._failures = self._failures + 1 if error.status is None else 0

    def _still_as_it_was(self, url: str) -> Page | None:
        page = self._memory.page(url)
        if page is None:
            self.harvest.unchanged.add(url)
        return page

    async def _read(self, answer: Fetched) -> Page | None:
        kind = kind_of(urlsplit(answer.url).path, answer.content_type)
        if kind is None:
            self.harvest.left_out[answer.url] = (
                f"not a kind that is read ({answer.content_type[:60] or 'unknown'})"
            )
            return None
        try:
            document = await asyncio.to_thread(read_document, answer.data, kind, answer.url, answer.charset)
        except Unreadable as error:
            (self.harvest.left_out if kind == "html" else self.harvest.failed)[answer.url] = str(error)
            return None
        return _page_from(document, answer)

    def _keep(self, page: Page, lead: Lead) -> None:
        """Take `page` into the harvest, unless it only looks like one."""
        self._memory.add(page)
        if lead.url == self._start:
            self.harvest.start = page.name
        if self._sieve.repeats(page):
            self._frontier.note_repetition(page.name)
        objection = self._sieve.objection(page, lead)
        if objection == MISSING:
            self.harvest.gone.add(page.name)
        if objection or not self._scope.wants(page.name):
            self.harvest.left_out[page.name] = objection or "not included"
        else:
            self.harvest.pages[page.name] = page


def _page_from(document: Document, answer: Fetched) -> Page:
    page = Page(answer.url, document.title, document.text, document.date or answer.date, answer.validators)
    if not isinstance(document, WebPage):
        return page
    return dataclasses.replace(
        page,
        links=document.links,
        canonical=normal(document.canonical),
        around=document.around,
        bounded=document.bounded,
    )


def _no_links(_page: Page, _lead: Lead) -> Iterable[str]:
    return ()


def _all_links(page: Page, _lead: Lead) -> Iterable[str]:
    return page.links


def _links_beside_sitemap(page: Page, lead: Lead) -> Iterable[str]:
    """The links to documents, and all those of the start page."""
    is_start = lead.depth == 0 and not urlsplit(lead.url).path.strip("/")
    return page.links if is_start else [link for link in page.links if _is_document(link)]


def _is_document(link: str) -> bool:
    return kind_of(urlsplit(link).path) not in {None, "html"}
