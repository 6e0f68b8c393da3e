"""A run of `learn`: visits the sources and plans what to write."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2

from local.learn.journal import Journal
from local.learn.memory import SourceMemory
from local.learn.plan import Plan
from local.learn.reading import kind_of
from local.learn.settle import settle
from local.learn.sources import read_files
from local.learn.state import Visited, read_state
from local.learn.web.addresses import Scope, site_of
from local.learn.web.crawl import Crawl
from local.learn.web.fetcher import Fetcher
from local.learn.web.guarded_transport import GuardedTransport, is_public, resolve
from local.learn.web.pace import Pace
from local.learn.web.sieve import ENDLESS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from clock import Clock
    from local.learn.page import Harvest
    from local.learn.sources import Source

_TIMEOUT_SECONDS = 15.0
# A server of one's own, which nobody else is waiting for, needs no rest.
_NO_DELAY = 0.0
# Pages that were not learned are asked for again next time; more than this are not worth remembering.
_MAX_OTHERS = 1000


@dataclass(frozen=True, slots=True)
class Options:
    """Which pages of a website, how many, and how fast (`delay` in seconds; None: as fast as is polite)."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: int = 1000
    delay: float | None = None

    @property
    def scope(self) -> str:
        """What decides which pages are visited, as text."""
        return json.dumps([self.include, self.exclude, self.max_pages])


class Run:
    """Reads sources one after the other; `plan` says what that means for the folder."""

    def __init__(
        self, folder: Path, journal: Path, options: Options, clock: Clock, watch: Callable[[int, int], None]
    ) -> None:
        """Plan for `folder`, keeping in the file `journal` what has been read but not written.

        `watch` is called with the numbers of pages visited and found, whenever they change.
        """
        self._options = options
        self._clock = clock
        self._watch = watch
        self._journal = Journal(journal)
        self.plan = Plan(folder, read_state(folder))
        self.resumed = self._journal.interrupted

    async def read(self, sources: Sequence[Source]) -> dict[str, Harvest]:
        """Read `sources`; returns what each of them has, by name, after duplicates are left out."""
        harvests = {source.name: await self._read(source) for source in sources}
        self._journal.finish()
        return harvests

    def write(self) -> None:
        """Carry out the plan. Raises `OSError`."""
        self.plan.carry_out()
        self._journal.delete()

    async def _read(self, source: Source) -> Harvest:
        state = self.plan.state
        before = state.sites.get(source.key, Visited())
        memory = self._memory(source, before)
        harvest = (
            read_files(source, self.plan.folder) if source.path else await self._visit(source, before, memory)
        )
        repeated = settle(harvest, before.repeated, memory.learned)
        if source.is_site and source.name not in harvest.failed:
            others = tuple(_others(harvest)[:_MAX_OTHERS])
            state.sites[source.key] = Visited(self._options.scope, others, tuple(repeated))
        for name in [*harvest.pages, *harvest.left_out]:
            state.unreadable.pop(name, None)
        state.unreadable |= {name: why for name, why in harvest.failed.items() if _is_file(name)}
        self.plan.add(source.key, harvest)
        return harvest

    def _memory(self, source: Source, before: Visited) -> SourceMemory:
        state = self.plan.state
        learned = state.of_source(source.key) if source.is_site else state.pages
        ask_again = source.is_site and before.scope != self._options.scope
        return SourceMemory(self.plan.folder, learned, self._journal, ask_again=ask_again)

    async def _visit(self, source: Source, before: Visited, memory: SourceMemory) -> Harvest:
        options = self._options
        public = await _is_public(source.name)
        pace = Pace(self._clock, options.delay if public or options.delay is not None else _NO_DELAY)
        transport = GuardedTransport(httpx2.AsyncHTTPTransport(), resolve, public_only=public)
        async with httpx2.AsyncClient(
            transport=transport, timeout=_TIMEOUT_SECONDS, follow_redirects=False
        ) as client:
            crawl = Crawl(
                Fetcher(client, pace, self._clock),
                pace,
                Scope(site_of(source.name), options.include, options.exclude)
                if source.is_site
                else Scope(site_of(source.name)),
                memory,
                max_pages=options.max_pages,
                watch=self._watch,
            )
            if not source.is_site:
                return await crawl.page(source.name)
            known = [*self.plan.state.of_source(source.key), *before.others]
            return await crawl.site(source.name, known)


async def _is_public(url: str) -> bool:
    """Whether the website of `url` is one of the internet, rather than of this machine or network."""
    parsed = httpx2.URL(url)
    try:
        return all(map(is_public, await resolve(parsed.host, parsed.port or 0)))
    except httpx2.ConnectError:
        return True


def _others(harvest: Harvest) -> list[str]:
    """The pages that were not learned, and may be next time."""
    reasons = {**harvest.left_out, **harvest.failed}
    return [name for name, reason in reasons.items() if reason != ENDLESS] + harvest.not_visited


def _is_file(name: str) -> bool:
    return kind_of(name.partition("?")[0]) not in {None, "html"} or "://" not in name
