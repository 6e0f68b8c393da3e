"""What this isolate knows of the sessions that it is working on, and the store may not know yet.

Plain state, looked at and changed without waiting: a Worker may not let one request wait for another.
A session is held for as long as a turn of it is under way or something of it has to be written.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from errors import TurnConflict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from clock import Clock
    from models import ConversationMessage, Exchange, VoiceSession

# A request that the platform ended tells nobody. What it held is taken for free after these times: the first
# is longer than an answer takes, the second longer than a read and a write with the default time-out,
# the third longer than any turn.
TURN_LEASE = timedelta(minutes=2)
WRITE_LEASE = timedelta(seconds=12)
SESSION_LEASE = timedelta(minutes=15)


class LiveSession:
    """One session at work: its newest state, the turns under way, and what is not written yet.

    `closed` says that its visitor closed it, `forgotten` that nothing of it is stored any more.
    """

    def __init__(self, session_id: str) -> None:
        """Know nothing yet."""
        self.session_id = session_id
        self.closed = self.forgotten = False
        self.unsaved: tuple[Exchange, ...] = ()
        self._stored: VoiceSession | None = None
        self._turns: dict[str, datetime] = {}
        self._writing_since: datetime | None = None

    def begin_turn(self, turn_id: str, now: datetime) -> None:
        """Note that this turn is under way; raises `TurnConflict` where it already is."""
        if turn_id in self._turns and now - self._turns[turn_id] < TURN_LEASE:
            raise TurnConflict(retry_after=1)
        self._turns[turn_id] = now

    def end_turn(self, turn_id: str) -> None:
        """Note that the turn has ended, well or not."""
        self._turns.pop(turn_id, None)

    def read(self, session: VoiceSession, now: datetime) -> VoiceSession:
        """Note that the store shows `session`; give the newest state.

        The store may show an old state, so what has more turns is newer, unless it is over.
        """
        known = self._stored
        if known is None or known.turn < session.turn or known.expires_at <= now:
            self._stored = session
        return self.newest(self._stored or session)

    def newest(self, session: VoiceSession) -> VoiceSession:
        """`session` with the exchanges that are not written yet, in the order in which they ended."""
        for exchange in self.unsaved:
            if not session.holds(exchange):
                session = session.with_exchange(exchange)
        return session

    def is_unsaved(self, answer: ConversationMessage) -> bool:
        """Whether this answer is still to be written."""
        return any(exchange.answer == answer for exchange in self.unsaved)

    def add(self, exchange: Exchange) -> int:
        """Note an exchange that is to be written; give its number in the conversation."""
        self.unsaved = (*self.unsaved, exchange)
        return self._newest().turn

    def begin_write(self, now: datetime) -> bool:
        """Claim the next write; False where another one is under way, which will be followed by more."""
        if self._writing_since is not None and now - self._writing_since < WRITE_LEASE:
            return False
        self._writing_since = now
        return True

    def to_write(self) -> tuple[VoiceSession, Sequence[Exchange]]:
        """The state to write, and the unsaved exchanges that it holds."""
        return self._newest(), self.unsaved

    def written(self, stored: VoiceSession, exchanges: Sequence[Exchange]) -> None:
        """Note that the store now holds `stored`, with `exchanges`."""
        self._stored = stored
        self.unsaved = tuple(exchange for exchange in self.unsaved if exchange not in exchanges)

    def end_write(self) -> None:
        """Let others write."""
        self._writing_since = None

    def close(self) -> None:
        """Forget what was said; nothing is to be written any more."""
        self.closed = True
        self.unsaved = ()
        self._stored = None

    def _newest(self) -> VoiceSession:
        if self._stored is None:
            raise RuntimeError("The session was not read")
        return self.newest(self._stored)


class LiveSessions:
    """The sessions that are held now. Whoever holds one sees what all others of it do."""

    def __init__(self, clock: Clock) -> None:
        """Hold none."""
        self._clock = clock
        # By the time of the last `hold`, the oldest first.
        self._held: dict[str, tuple[LiveSession, int, datetime]] = {}

    def __len__(self) -> int:
        """How many sessions are held."""
        return len(self._held)

    def peek(self, session_id: str) -> LiveSession | None:
        """The session, if it is held."""
        return self._held.get(session_id, (None,))[0]

    def hold(self, session_id: str, known: LiveSession | None = None) -> LiveSession:
        """Hold the session until `release`: as it is held already, else `known`, else a new one."""
        now = self._clock.now()
        self._drop_abandoned(now)
        live, holders, _ = self._held.pop(session_id, (known or LiveSession(session_id), 0, now))
        self._held[session_id] = live, holders + 1, now
        return live

    def release(self, live: LiveSession) -> None:
        """Let go of the session; after the last one it is forgotten here."""
        found, holders, since = self._held.get(live.session_id, (None, 0, None))
        if found is not live or since is None:
            return
        if holders > 1:
            self._held[live.session_id] = live, holders - 1, since
        else:
            del self._held[live.session_id]

    def _drop_abandoned(self, now: datetime) -> None:
        while self._held:
            session_id, (_, _, since) = next(iter(self._held.items()))
            if now - since < SESSION_LEASE:
                return
            del self._held[session_id]
