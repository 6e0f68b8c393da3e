"""What the session store does over any Workers KV: the fake, and Cloudflare's own in the Pyodide ring.

`CHECKS` maps names to async functions that take a binding, empty or not: each check makes session ids of
its own.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from errors import SessionClosed
from models import Exchange, Usage, VoiceSession
from session_id import generate_session_id, generate_turn_id
from session_storage import KVSessionStorage
from settings import Settings
from tests.clocks import ManualClock
from tests.contracts.checks import Binding, Check, register

CHECKS: dict[str, Check] = {}
TTL = 3600


class Store(KVSessionStorage):
    """A store on `kv` with the limits of the seed, a clock of its own, and a session id to use."""

    def __init__(self, kv: Binding, **settings: Any) -> None:
        self.kv = kv
        self.clock = ManualClock()
        self.id = generate_session_id()
        super().__init__(kv, Settings(session_ttl_seconds=TTL, max_messages=10, **settings), self.clock)

    async def exchange(self, number: int) -> None:
        """Read, then store exchange `number`, as the conversation does."""
        await self.say(await self.open_session(self.id), f"question {number}", f"answer {number}")

    async def say(self, session: VoiceSession, question: str, answer: str) -> VoiceSession:
        """Store a question and its answer as the next exchange of `session`, in one write."""
        exchange = Exchange(
            turn_id=generate_turn_id(), question=question, answer=answer, timestamp=self.clock.now()
        )
        return await self.save_session(session.with_exchange(exchange))

    async def contents(self) -> list[str]:
        """What was said, in order."""
        return [message.content for message in await self.get_conversation_history(self.id)]

    async def raw(self) -> Any:
        """The stored value."""
        return json.loads(await self.kv.get(f"session:{self.id}"))


@register(CHECKS)
async def check_no_session_at_first(kv: Binding) -> None:
    """Nothing is there, and reading does not make it."""
    store = Store(kv)
    assert await store.get_session(store.id) is None
    assert await store.get_conversation_history(store.id) == []
    assert await kv.get(f"session:{store.id}") is None


@register(CHECKS)
async def check_open_session_stores_nothing(kv: Binding) -> None:
    """A new session exists once something is said in it."""
    store = Store(kv)
    session = await store.open_session(store.id)
    assert (session.session_id, session.turn, session.messages) == (store.id, 0, ())
    assert await store.get_session(store.id) is None


@register(CHECKS)
async def check_create_session(kv: Binding) -> None:
    """A created session is stored, empty, and replaces what was there."""
    store = Store(kv)
    await store.exchange(1)
    created = await store.create_session(store.id)
    assert await store.get_session(store.id) == created
    assert (created.turn, created.messages) == (0, ())


@register(CHECKS)
async def check_exchange_round_trip(kv: Binding) -> None:
    """A question and its answer come back as they were, whatever their characters."""
    store = Store(kv)
    texts = ('What\'s "your" pricing?\n\\ </script>', "Ab 9 € im Monat 🙂 \u200d")
    stored = await store.say(await store.open_session(store.id), *texts)
    read = await store.get_session(store.id)
    assert read == stored
    assert [(m.role, m.content) for m in stored.messages] == [("user", texts[0]), ("assistant", texts[1])]
    assert {m.timestamp for m in stored.messages} == {store.clock.now()}
    assert stored.turn == 1


@register(CHECKS)
async def check_messages_keep_their_order(kv: Binding) -> None:
    """Order is by position: all these messages have the same time."""
    store = Store(kv)
    for number in range(1, 5):
        await store.exchange(number)
    assert await store.contents() == [f"{kind} {n}" for n in range(1, 5) for kind in ("question", "answer")]


@register(CHECKS)
async def check_add_message(kv: Binding) -> None:
    """The seed's way: one message at a time, in a session made for it."""
    store = Store(kv)
    await store.add_message(store.id, "user", "Hello")
    session = await store.add_message(store.id, "assistant", "Good day")
    assert session.turn == 1
    assert await store.contents() == ["Hello", "Good day"]


@register(CHECKS)
async def check_trims_to_ten_messages(kv: Binding) -> None:
    """After 15 exchanges the last 10 messages are there, and all 15 turns are counted."""
    store = Store(kv)
    for number in range(1, 16):
        await store.exchange(number)
    assert await store.contents() == [f"{kind} {n}" for n in range(11, 16) for kind in ("question", "answer")]
    session = await store.get_session(store.id)
    assert session is not None
    assert session.turn == 15


@register(CHECKS)
async def check_trims_whole_exchanges(kv: Binding) -> None:
    """An eleventh message drops a question together with its answer."""
    store = Store(kv)
    for number in range(1, 6):
        await store.exchange(number)
    session = await store.add_message(store.id, "user", "one more")
    assert session.messages[0].content == "question 2"
    assert len(session.messages) == 9


@register(CHECKS)
async def check_saves_what_it_is_given(kv: Binding) -> None:
    """A saved session comes back with its messages and a new expiry."""
    store = Store(kv)
    session = (await store.open_session(store.id)).with_message("user", "Hi", store.clock.now())
    store.clock.advance(100)
    saved = await store.save_session(session)
    assert saved.messages == session.messages
    assert saved.expires_at == session.expires_at + timedelta(seconds=100)
    assert await store.get_session(store.id) == saved


@register(CHECKS)
async def check_expiry_slides_with_each_exchange(kv: Binding) -> None:
    """It is an hour of inactivity: an exchange after 59 minutes gives another hour."""
    store = Store(kv)
    await store.exchange(1)
    store.clock.advance(TTL - 60)
    await store.exchange(2)
    store.clock.advance(TTL - 60)
    assert await store.contents() == ["question 1", "answer 1", "question 2", "answer 2"]


@register(CHECKS)
async def check_forgets_after_the_ttl(kv: Binding) -> None:
    """An hour later there is no session, even while KV still shows its value."""
    store = Store(kv)
    await store.exchange(1)
    store.clock.advance(TTL)
    assert await store.get_session(store.id) is None
    assert (await store.open_session(store.id)).turn == 0


@register(CHECKS)
async def check_kv_expires_the_key(kv: Binding) -> None:
    """Every write carries the TTL, so that KV forgets by itself; the key is the only one."""
    store = Store(kv)
    await store.exchange(1)
    await store.exchange(2)
    listed = (await kv.list(prefix=f"session:{store.id}"))["keys"]
    assert [key["name"] for key in listed] == [f"session:{store.id}"]
    assert listed[0]["expiration"] > 0


@register(CHECKS)
async def check_delete(kv: Binding) -> None:
    """A deleted session is gone, and deleting it again is a no-op."""
    store = Store(kv)
    await store.exchange(1)
    await store.delete_session(store.id)
    await store.delete_session(store.id)
    assert await store.get_session(store.id) is None
    assert await kv.get(f"session:{store.id}") is None


@register(CHECKS)
async def check_sessions_do_not_mix(kv: Binding) -> None:
    """What is said in one session is in no other."""
    one, other = Store(kv), Store(kv)
    await one.exchange(1)
    await other.exchange(2)
    assert await one.contents() == ["question 1", "answer 1"]
    assert await other.contents() == ["question 2", "answer 2"]


@register(CHECKS)
async def check_stored_value(kv: Binding) -> None:
    """The value says its version and holds no id: that is the key."""
    store = Store(kv)
    await store.exchange(1)
    value = await store.raw()
    assert value["version"] == 1
    assert value["turn"] == 1
    assert set(value) == {"version", "created_at", "expires_at", "turn", "tokens", "messages"}


@register(CHECKS)
async def check_sets_aside_what_it_cannot_read(kv: Binding) -> None:
    """A corrupt value, or one of another version, gives a fresh conversation, which then replaces it."""
    readable = Store(kv)
    await readable.exchange(1)
    newer = json.dumps({**(await readable.raw()), "version": 2})
    closed = '{"version": 2, "closed_at": "2026-11-23T12:00:00Z"}'
    for text in ("", "{", "[]", "null", '{"version": 1}', newer, closed, '"\\ud800"'):
        store = Store(kv)
        await kv.put(f"session:{store.id}", text, expirationTtl=TTL)
        assert await store.get_session(store.id) is None, text
        await store.exchange(1)
        assert await store.contents() == ["question 1", "answer 1"], text


@register(CHECKS)
async def check_close(kv: Binding) -> None:
    """Of a closed session nothing is left but that it was closed; it can be closed again."""
    store = Store(kv)
    await store.exchange(1)
    await store.close_session(store.id)
    assert set(await store.raw()) == {"version", "closed_at"}
    assert await store.get_session(store.id) is None
    assert await store.get_conversation_history(store.id) == []
    assert await store.is_closed(store.id)
    await store.close_session(store.id)
    assert await store.is_closed(store.id)
    listed = (await kv.list(prefix=f"session:{store.id}"))["keys"]
    assert [key["name"] for key in listed if key["expiration"]] == [f"session:{store.id}"]


@register(CHECKS)
async def check_closed_is_not_opened(kv: Binding) -> None:
    """Nothing more is said in a closed session; one that never was is not closed."""
    store = Store(kv)
    assert not await store.is_closed(store.id)
    await store.close_session(store.id)
    for attempt in (store.open_session(store.id), store.add_message(store.id, "user", "Hello?")):
        try:
            await attempt
        except SessionClosed:
            continue
        raise AssertionError("it was opened")


@register(CHECKS)
async def check_greatest_age(kv: Binding) -> None:
    """However lively, a conversation ends at the greatest age, in KV too."""
    store = Store(kv, session_max_age_seconds=2 * TTL)
    for number in range(1, 5):
        await store.exchange(number)
        store.clock.advance(TTL / 2)
    assert await store.get_session(store.id) is None
    assert (await store.open_session(store.id)).turn == 0


@register(CHECKS)
async def check_expires_no_later_than_the_greatest_age(kv: Binding) -> None:
    """The last exchanges get less than a TTL; KV takes no less than a minute."""
    store = Store(kv, session_max_age_seconds=TTL + 10)
    await store.exchange(1)
    first = await store.get_session(store.id)
    store.clock.advance(TTL - 1)
    await store.exchange(2)
    second = await store.get_session(store.id)
    assert first is not None
    assert second is not None
    assert second.expires_at - first.created_at == timedelta(seconds=TTL + 10)
    store.clock.advance(11)
    assert await store.get_session(store.id) is None


@register(CHECKS)
async def check_an_answer_past_the_greatest_age_begins_anew(kv: Binding) -> None:
    """A turn that ends when the conversation is over is the first of the next one."""
    store = Store(kv, session_max_age_seconds=TTL)
    await store.exchange(1)
    session = await store.open_session(store.id)
    store.clock.advance(TTL)
    stored = await store.say(session, "question 2", "answer 2")
    assert (stored.turn, stored.created_at) == (1, store.clock.now())
    assert await store.contents() == ["question 2", "answer 2"]


@register(CHECKS)
async def check_records_of_answers(kv: Binding) -> None:
    """What is kept of an answer comes back with it, and finds it."""
    store = Store(kv)
    turn_id = generate_session_id()
    session = await store.open_session(store.id)
    exchange = Exchange(
        turn_id=turn_id,
        question="one",
        answer="two",
        timestamp=store.clock.now(),
        model="a model",
        usage=Usage(7, 2),
        tokens=9,
    )
    await store.save_session(session.with_exchange(exchange))
    await store.exchange(2)
    read = await store.get_session(store.id)
    assert read is not None
    found = read.find(turn_id)
    assert found is not None
    assert found == replace(exchange, number=1, tokens=0)
    assert read.find(generate_session_id()) is None
    assert read.tokens == 9


@register(CHECKS)
async def check_reads_what_the_first_version_stored(kv: Binding) -> None:
    """Values without the later fields are conversations like any other."""
    store = Store(kv)
    now = store.clock.now()
    messages = [
        {"role": role, "content": role, "timestamp": now.isoformat()} for role in ("user", "assistant")
    ]
    expires_at = (now + timedelta(seconds=TTL)).isoformat()
    value = {"version": 1, "created_at": now.isoformat(), "expires_at": expires_at, "turn": 1}
    await kv.put(f"session:{store.id}", json.dumps({**value, "messages": messages}), expirationTtl=TTL)
    await store.exchange(2)
    assert await store.contents() == ["user", "assistant", "question 2", "answer 2"]
