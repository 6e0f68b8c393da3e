"""In which order providers are asked: the preferred one first, and those that have failed after the others.

What has failed is remembered in this isolate, and for a time only.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from errors import AnswerFiltered, ProviderRefused, ResponderError, SpeechUnavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from clock import Clock


class Named(Protocol):
    """A provider, as far as its order is concerned."""

    @property
    def name(self) -> str: ...


P = TypeVar("P", bound=Named)
T = TypeVar("T")

# For how long a provider that has failed comes after the others; longer if it asks for that itself.
AFTER_A_FAILURE = timedelta(seconds=30)
# For how long one is not asked at all that will not serve this deployment before its owner acts: a wrong key,
# no credit, a service that has been discontinued. A visitor waits for each attempt.
AFTER_A_REFUSAL = timedelta(minutes=15)
# These say something about one recording or one text, which the next one need not share.
ABOUT_THE_REQUEST = frozenset({"responder_rejected", "responder_empty"})
LONG_AGO = datetime.min.replace(tzinfo=UTC)

logger = logging.getLogger("voice_agent.speech")


class Order(Generic[P]):
    """Providers in order of preference."""

    def __init__(self, clock: Clock, providers: Sequence[P] = ()) -> None:
        self._clock = clock
        self._providers = tuple(providers)
        self._failed_until: dict[str, datetime] = {}
        self._refused_until: dict[str, datetime] = {}

    @property
    def all(self) -> tuple[P, ...]:
        """All providers, the preferred one first, whether they have failed or not."""
        return self._providers

    def add(self, provider: P) -> None:
        """Put `provider` behind those that are there."""
        self._providers += (provider,)

    def now(self) -> list[P]:
        """The providers to ask now, in this order. Those that have refused are left out."""
        now = self._clock.now()
        asked = [one for one in self._providers if self._refused_until.get(one.name, LONG_AGO) <= now]
        # Sorting is stable: those that have not failed keep their order.
        return sorted(asked, key=lambda one: max(self._failed_until.get(one.name, now), now))

    def refused(self, provider: P, lasting: timedelta = AFTER_A_REFUSAL) -> None:
        """Leave `provider` out for a time."""
        self._refused_until[provider.name] = self._clock.now() + lasting

    async def first(self, ask: Callable[[P], Awaitable[T]], among: Sequence[P]) -> T:
        """What `ask` returns for the first of the providers `among` that does not fail.

        Raises the last one's error, or `SpeechUnavailable` if there is none.
        """
        last: ResponderError | SpeechUnavailable = SpeechUnavailable()
        for provider in among:
            try:
                answer = await ask(provider)
            except ResponderError as error:
                last = error
                self._note(provider, error)
                logger.warning("Speech: %s failed (%s)", provider.name, error.code)
            else:
                self._failed_until.pop(provider.name, None)
                return answer
        raise last

    def _note(self, provider: P, error: ResponderError) -> None:
        if isinstance(error, ProviderRefused):
            self.refused(provider)
        elif error.code not in ABOUT_THE_REQUEST and not isinstance(error, AnswerFiltered):
            asked_to_wait = timedelta(seconds=error.retry_after or 0)
            self._failed_until[provider.name] = self._clock.now() + max(AFTER_A_FAILURE, asked_to_wait)
