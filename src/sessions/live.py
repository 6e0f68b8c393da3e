"""What this isolate knows about the sessions it is working on that the store may not show yet.

This is plain state, read and changed without awaiting: in a Worker, one request must not wait for another.
A session is held while a turn of it is being answered or anything of it has still to be written.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from amendments import REPLACED, amended, joined
from errors import ConversationOfAnother, TurnConflict, TurnReplaced
from session_id import short_fingerprint
from sessions.merging import united, without_forgotten

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

    from amendments import Amendments
    from clock import Clock
    from models import Exchange
    from sessions.limits import SessionLimits
    from voice_session import VoiceSession

    Stop = Callable[[TurnReplaced], None]

NEVER = datetime.min.replace(tzinfo=UTC)


class Background(Protocol):
    """Starts work that continues after the response, even if the visitor leaves; its errors are logged."""

    def __call__(self, work: Coroutine[None, None, None], /) -> None:
        """Start `work` and return at once."""
        ...


@dataclass(eq=False, slots=True)
class LiveSession:
    """The newest known state of one session, its turns in progress, and its unsaved exchanges.

    `closed` means that the visitor has closed it, `forgotten` that the store holds nothing of it any more. It
    shows as many messages as the store keeps. `owner` is the known visitor to whom it belongs, or will with
    the next exchange. `amends` is what questions have changed about earlier turns, answered or not.
    """

    session_id: str
    limits: SessionLimits
    owner: str | None = None
    closed: bool = False
    forgotten: bool = False
    unsaved: tuple[Exchange, ...] = ()
    amends: Amendments = field(default_factory=dict)
    holders: int = 0
    held_at: datetime = NEVER
    _stored: VoiceSession | None = None
    _turns: dict[str, datetime] = field(default_factory=dict)
    _stops: dict[str, Stop | None] = field(default_factory=dict)
    _writing_since: datetime | None = None

    @property
    def name(self) -> str:
        """The session's name in logs, which must not contain its id."""
        return short_fingerprint(self.session_id)

    def is_replaced(self, turn_id: str) -> bool:
        """Whether a later question has replaced the turn, as far as this isolate has been told."""
        return self.amends.get(turn_id) == REPLACED

    def is_answering(self, turn_id: str, now: datetime) -> bool:
        """Whether the turn is being answered."""
        claimed_at = self._turns.get(turn_id)
        return claimed_at is not None and now - claimed_at < self.limits.turn_lease

    def claim(self, stored: str | None, owner: str | None) -> None:
        """Note that the known visitor `owner` asks in this session, which the store says is `stored`'s.

        Raises `ConversationOfAnother` if it belongs to another one.
        """
        check_owner(owner, stored, self.owner)
        self.owner = owner

    def amend(self, amendments: Amendments) -> VoiceSession:
        """Take in what a question changes about earlier turns, and return the newest state.

        Turns in progress that it replaces are stopped.
        """
        self.amends = joined(self.amends, amendments)
        for turn_id, heard in amendments.items():
            if heard == REPLACED and (stop := self._stops.get(turn_id)):
                stop(TurnReplaced())
        return self.newest()

    def may_end_elsewhere(self, amendments: Amendments) -> bool:
        """Whether another isolate may still save one of these turns: one that is not known here."""
        shown = self.newest()
        return any(turn_id not in self._turns and not shown.has(turn_id) for turn_id in amendments)

    @contextmanager
    def turn(self, turn_id: str, now: datetime, stop: Stop | None = None) -> Iterator[None]:
        """Claim the turn; raises `TurnConflict` while it is already being answered.

        `stop` is called if a question replaces the turn meanwhile.
        """
        if turn_id in self._turns and self.is_answering(turn_id, now):
            raise TurnConflict(retry_after=1)
        self._turns[turn_id], self._stops[turn_id] = now, stop
        try:
            yield
        finally:
            if self._turns.get(turn_id) == now:  # not claimed again since
                del self._turns[turn_id], self._stops[turn_id]

    @contextmanager
    def write(self, now: datetime) -> Iterator[VoiceSession | None]:
        """Claim the next write; yields the session to write.

        Yields None while another write is under way: whoever makes that one writes the rest later.
        """
        if self._writing_since is not None and now - self._writing_since < self.limits.write_lease:
            yield None
            return
        self._writing_since = now
        try:
            yield self.newest()
        finally:
            if self._writing_since == now:  # not claimed again since
                self._writing_since = None

    def read(self, session: VoiceSession, now: datetime) -> VoiceSession:
        """Take in what the store shows and return the newest state.

        The store may show an old state, or one in which another isolate's exchanges have replaced ours: both
        states are merged by the ids of their turns. An unsaved exchange that has been stored meanwhile, and
        is no longer kept, is not added again. An expired state is ignored.
        """
        known = self._stored
        if session.messages and session.messages[-1].role == "user":
            session = session.whole_exchanges()
        if known is not None and known.expires_at > now:
            self.unsaved = without_forgotten(self.unsaved, known, session)
            session = united(known, session)
        self._stored = session
        return self.newest()

    def show(self, session: VoiceSession) -> VoiceSession:
        """Take in what a consistent store shows, and return the newest state."""
        if self.unsaved:  # a write whose reply was lost may have been made
            self.unsaved = tuple(one for one in self.unsaved if not session.has(one.turn_id))
        self._stored = session
        return self.newest()

    def newest(self) -> VoiceSession:
        """The stored state with what is unsaved, trimmed as it will be when it is stored."""
        if self._stored is None:
            raise RuntimeError("The session has not been read")
        session = self._stored.merged(self.unsaved)
        if self.amends:
            session = amended(session, self.amends)
        return session.trimmed(self.limits.max_messages)

    def written(self, stored: VoiceSession, exchanges: Sequence[Exchange]) -> None:
        """Take in that the store now holds `stored`, with `exchanges` in it."""
        self._stored = stored
        self.unsaved = tuple(exchange for exchange in self.unsaved if exchange not in exchanges)

    def find_unsaved(self, turn_id: str) -> Exchange | None:
        """The exchange of this turn, numbered, if it has still to be written."""
        if self._stored and any(exchange.turn_id == turn_id for exchange in self.unsaved):
            return self._stored.merged(self.unsaved).find(turn_id)
        return None

    def close(self) -> None:
        """Forget what was said: nothing more is to be written."""
        self.closed = True
        self.unsaved = ()
        self._stored = None


def check_owner(visitor: str | None, *owners: str | None) -> None:
    """Raise `ConversationOfAnother` if one of `owners` is somebody else; None is an anonymous visitor."""
    if any(owner not in (None, visitor) for owner in owners):
        raise ConversationOfAnother


class LiveSessions:
    """The sessions held in this isolate. All holders of a session share one `LiveSession`."""

    def __init__(self, clock: Clock, background: Background, limits: SessionLimits) -> None:
        self._clock = clock
        self._limits = limits
        self._background = background
        # The one that was held first comes first.
        self._held: dict[str, LiveSession] = {}
        # The session with this id, if it is held.
        self.peek = self._held.get

    def __len__(self) -> int:
        return len(self._held)

    @contextmanager
    def hold(self, session_id: str, now: datetime, known: LiveSession | None = None) -> Iterator[LiveSession]:
        """Hold the session: the one held already, else `known`, else a new one."""
        live = self._held.pop(session_id, None) or known or LiveSession(session_id, self._limits)
        live.held_at = now
        self._held[session_id] = live
        live.holders += 1
        while now - next(iter(self._held.values())).held_at >= self._limits.session_lease:
            del self._held[next(iter(self._held))]
        try:
            yield live
        finally:
            live.holders -= 1
            if not live.holders and self.peek(session_id) is live:
                del self._held[session_id]

    def close_all_of(self, owner: str) -> None:
        """Close the sessions of this known visitor, so that nothing more is saved in them."""
        for live in self._held.values():
            if live.owner == owner:
                live.close()

    def in_background(self, live: LiveSession, work: Coroutine[None, None, None]) -> None:
        """Run `work` in the background, holding the session until it is done."""
        held = ExitStack()
        held.enter_context(self.hold(live.session_id, self._clock.now(), live))
        self._background(_release_after(work, held))


async def _release_after(work: Coroutine[None, None, None], held: ExitStack) -> None:
    with held:
        await work
