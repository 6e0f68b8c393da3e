"""Which pages of a website are still to be visited, and which are not worth it."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.learn.web.addresses import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.learn.web.addresses import Scope

# Links from the start page to a page; more than in any website that a person can use.
MAX_DEPTH = 25
# Pages of one template in a row, each found only through the one before: pages 2 to 20 of a list, or the
# months of an endless calendar.
MAX_CHAIN = 20
_MAX_REPEATED_PARTS = 3
# After this many pages of one template that only repeat others, such as a list in another order, no more of
# that template are visited.
MAX_REPETITIONS = 30


@dataclass(frozen=True, slots=True)
class Lead:
    """An address to visit: how many links away it is, and how many pages of its own template led to it.

    `parent` is the page on which it was found.
    """

    url: str
    depth: int = 0
    chain: int = 0
    parent: str = ""


class Frontier:
    """The leads that are waiting; each address is taken once, in the order in which they were found."""

    def __init__(self, scope: Scope, max_pages: int) -> None:
        self._scope = scope
        self._left = max_pages
        self._seen: set[str] = set()
        self._waiting: deque[Lead] = deque()
        self._repetitions: Counter[str] = Counter()

    @property
    def waiting(self) -> list[str]:
        """The addresses that are still to be visited."""
        return [lead.url for lead in self._waiting]

    @property
    def known(self) -> int:
        """How many pages have been found so far."""
        return len(self._seen)

    def first_sight(self, url: str) -> bool:
        """Whether `url` has not been seen yet; from now on it has."""
        is_new = url not in self._seen
        self._seen.add(url)
        return is_new

    def add_start(self, url: str) -> None:
        """Add the start page, which is visited even if only other pages are wanted."""
        if self.first_sight(url):
            self._waiting.append(Lead(url))

    def add(self, urls: Iterable[str], parent: Lead | None = None) -> None:
        """Add those of `urls` that are wanted and new: found on the page `parent`, or listed."""
        for url in urls:
            lead = _lead_from(parent, url) if parent else Lead(url)
            if not self._scope.has(url) or not self._scope.wants(url) or self.gives_up(lead):
                continue
            if lead.depth <= MAX_DEPTH and lead.chain <= MAX_CHAIN and self.first_sight(url):
                self._waiting.append(lead)

    def note_repetition(self, url: str) -> None:
        """Note that the page at `url` says only what another one has said."""
        self._repetitions[shape_of(url)] += 1

    def gives_up(self, lead: Lead) -> bool:
        """Whether `lead` is not worth visiting after all, unless it is added again as a known page."""
        if not lead.parent or not self._is_futile(lead.url):
            return False
        self._seen.discard(lead.url)
        return True

    def _is_futile(self, url: str) -> bool:
        return _loops(url) or self._repetitions[shape_of(url)] >= MAX_REPETITIONS

    def take(self) -> list[Lead]:
        """Everything that is waiting, as far as the maximum number of pages allows."""
        self._waiting = deque(lead for lead in self._waiting if not self.gives_up(lead))
        taken = [self._waiting.popleft() for _ in range(min(self._left, len(self._waiting)))]
        self._left -= len(taken)
        return taken


def _lead_from(parent: Lead, url: str) -> Lead:
    chain = parent.chain + 1 if shape_of(url) == shape_of(parent.url) else 0
    return Lead(url, parent.depth + 1, chain, parent.url)


def _loops(url: str) -> bool:
    """Whether a part of the path comes again and again, as a wrong relative link makes it."""
    parts = [part for part in url.split("?", maxsplit=1)[0].split("/")[3:] if part]
    return any(parts.count(part) >= _MAX_REPEATED_PARTS for part in parts)
