"""The session store in D1 compared with a simple model, over random calls in two sessions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from errors import ConversationOfAnother, SessionClosed, VoiceAgentError
from models import Exchange
from session_id import generate_session_id
from settings import Settings
from stores.d1_store import D1SessionStorage
from stores.session_store import Saved
from tests.clocks import START, ManualClock
from tests.d1 import fake_d1
from voice_session import VoiceSession

TTL, MAX_AGE, HISTORY, MIN_CLOSED = (
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(days=2),
    timedelta(hours=1),
)
KEPT = 2
SETTINGS = Settings.model_validate(
    {
        "session_ttl_seconds": TTL.total_seconds(),
        "session_max_age_seconds": MAX_AGE.total_seconds(),
        "history_days": HISTORY.days,
        "max_messages": 2 * KEPT,
    }
)
SESSIONS = st.sampled_from([0, 1])
OWNERS = st.sampled_from([None, "ada", "ben"])
TURN_IDS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3, unique=True)
STEPS = st.one_of(
    st.tuples(st.just("append"), SESSIONS, TURN_IDS, OWNERS, st.booleans()),
    st.tuples(st.just("append"), SESSIONS, TURN_IDS, OWNERS, st.booleans()),
    st.tuples(st.just("close"), SESSIONS, OWNERS),
    st.tuples(st.just("delete"), SESSIONS),
    st.tuples(st.just("advance"), st.sampled_from([1, 20, 31, 61, 121, 3000])),
)


@dataclass
class Conversation:
    """A conversation, or the mark of a closed one."""

    owner: str | None
    created_at: datetime
    expires_at: datetime
    turns: list[str] = field(default_factory=list)
    closed: bool = False


class Model:
    """The store in its simplest form: expired conversations stay, and are filtered out."""

    def __init__(self) -> None:
        self.now = START
        self.stored: dict[int, Conversation] = {}

    def live(self, session: int) -> Conversation | None:
        found = self.stored.get(session)
        return found if found and found.expires_at > self.now else None

    def append(self, session: int, turns: list[str], owner: str | None, read: VoiceSession) -> Saved:
        found = self.live(session)
        if found and found.closed:
            raise SessionClosed
        if found is None:
            found = self.stored[session] = Conversation(owner, self.now, self.now)
        if found.owner is None and read.owner is None:
            found.owner = owner
        if owner and found.owner not in (None, owner):
            raise ConversationOfAnother
        found.turns += [turn for turn in turns if turn not in found.turns]
        anonymous = min(self.now + TTL, found.created_at + MAX_AGE)
        found.expires_at = self.now + HISTORY if found.owner else anonymous
        number = found.turns.index(turns[-1]) + 1
        return Saved(number, found.expires_at, 2 * min(len(found.turns), KEPT))

    def close(self, session: int, owner: str | None) -> None:
        found = self.live(session)
        if found and found.closed:
            return
        if found and found.owner not in (None, owner):
            raise ConversationOfAnother
        until = self.now + max(TTL, MIN_CLOSED)
        self.stored[session] = Conversation(None, self.now, until, closed=True)

    def delete(self, session: int) -> None:
        if session in self.stored and not self.stored[session].closed:
            del self.stored[session]


class Store:
    """The store under test, the model, and what was read of each session first."""

    def __init__(self) -> None:
        self.clock, self.model = ManualClock(), Model()
        self.storage = D1SessionStorage(fake_d1(self.clock), SETTINGS, self.clock)
        self.ids = [generate_session_id() for _ in range(2)]
        self.first_read: dict[int, VoiceSession] = {}

    async def perform(self, step: Any) -> None:
        """Make a step in both, and compare how it ends."""
        match step:
            case ("advance", minutes):
                self.clock.advance(60 * minutes)
                self.model.now = self.clock.now()
            case ("delete", session):
                self.model.delete(session)
                await self.storage.delete_session(self.ids[session])
            case ("close", session, owner):
                expected = await outcome(self.model.close, session, owner)
                assert await outcome(self.storage.close_session, self.ids[session], owner) == expected
            case ("append", session, turns, owner, stale):
                await self.append(session, turns, owner, stale=stale)

    async def append(self, session: int, turns: list[str], owner: str | None, *, stale: bool) -> None:
        """Add turns as to the session that was read now or, if `stale`, long ago."""
        read: Any = await outcome(self.storage.open_session, self.ids[session])
        if not isinstance(read, VoiceSession) or stale:
            read = self.first_read.get(session, read)
        if not isinstance(read, VoiceSession):
            return
        self.first_read.setdefault(session, read)
        at = self.clock.now()
        exchanges = [Exchange(turn_id=turn, question=turn, answer=turn, timestamp=at) for turn in turns]
        expected = await outcome(self.model.append, session, turns, owner, read)
        assert await outcome(self.storage.append, read, exchanges, owner) == expected

    async def check(self) -> None:
        """Compare what both have of each session."""
        for session, session_id in enumerate(self.ids):
            expected = self.model.live(session)
            closed = bool(expected and expected.closed)
            assert await self.storage.is_closed(session_id) == closed
            found = await self.storage.get_session(session_id)
            assert (found is None) == (expected is None or closed)
            if found and expected:
                assert [message.content for message in found.messages[::2]] == expected.turns[-KEPT:]
                assert list(found.earlier) == expected.turns[:-KEPT]
                assert (found.turn, found.owner) == (len(expected.turns), expected.owner)
                assert (found.created_at, found.expires_at) == (expected.created_at, expected.expires_at)


async def outcome(call: Any, *args: Any) -> Any:
    """What `call` returns, or the type of the error that it raises."""
    try:
        result = call(*args)
        return await result if asyncio.iscoroutine(result) else result
    except VoiceAgentError as error:
        return type(error)


@given(st.lists(STEPS, max_size=30))
def test_store_does_what_the_model_does(steps: list[Any]) -> None:
    async def run() -> None:
        store = Store()
        for step in steps:
            await store.perform(step)
            await store.check()

    asyncio.run(run())
