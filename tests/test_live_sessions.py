"""What an isolate knows about the sessions it is working on that the store may not show yet."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from errors import TurnConflict
from local.background import BackgroundTasks
from models import Exchange
from sessions.limits import SessionLimits
from sessions.live import LiveSession, LiveSessions
from settings import Settings
from tests.clocks import START, ManualClock
from voice_session import VoiceSession

HOUR = timedelta(hours=1)
LIMITS = SessionLimits.of(Settings())


def session(*exchanges: Exchange) -> VoiceSession:
    found = VoiceSession(session_id="id", created_at=START, expires_at=START + HOUR)
    for exchange in exchanges:
        found = found.with_exchange(exchange)
    return found


def exchange(number: int) -> Exchange:
    return Exchange(
        turn_id=str(number), question=f"question {number}", answer=f"answer {number}", timestamp=START
    )


ONE, TWO, THREE, FOUR = map(exchange, range(1, 5))


def test_store_with_fewer_turns_is_older() -> None:
    live = LiveSession("id", LIMITS)
    assert live.read(session(ONE, TWO), START) == session(ONE, TWO)
    assert live.read(session(ONE), START) == session(ONE, TWO)
    assert live.read(session(), START) == session(ONE, TWO)


def test_store_with_more_turns_is_newer() -> None:
    live = LiveSession("id", LIMITS)
    live.read(session(), START)
    assert live.read(session(ONE), START) == session(ONE)


def test_known_state_is_dropped_once_it_has_expired() -> None:
    live = LiveSession("id", LIMITS)
    live.read(session(ONE, TWO), START)
    assert live.read(session(), START + HOUR) == session()


def test_unsaved_exchange_is_added_last_and_once() -> None:
    live = LiveSession("id", LIMITS)
    live.read(session(), START)
    live.unsaved = (ONE,)
    assert live.newest() == session(ONE)
    assert live.read(session(TWO), START) == session(TWO, ONE)
    assert live.read(session(TWO, ONE), START) == session(TWO, ONE)


def test_states_that_parted_are_merged_by_turn() -> None:
    live = LiveSession("id", LIMITS)
    live.read(session(ONE, TWO), START)
    assert live.read(session(ONE, THREE), START) == session(ONE, TWO, THREE)
    assert live.read(session(ONE, THREE, TWO), START) == session(ONE, TWO, THREE)
    assert live.read(session(ONE, TWO, THREE, FOUR), START) == session(ONE, TWO, THREE, FOUR)


def test_turn_ids_that_are_numbered_are_told_apart() -> None:
    """They begin alike; the newer state has dropped the first turn, whose id it still knows."""
    numbered = [replace(exchange(n), turn_id=f"00000000-0000-4000-8000-{n:012d}") for n in range(1, 8)]
    live = LiveSession("id", LIMITS)
    live.read(session(*numbered[:5]), START)
    live.unsaved = (numbered[6],)
    newest = live.read(session(*numbered[:6]).trimmed(LIMITS.max_messages), START)
    assert [message.content for message in newest.messages[-4::2]] == ["question 6", "question 7"]


def test_old_state_adds_nothing_to_a_trimmed_one() -> None:
    live = LiveSession("id", LIMITS)
    newest = session(*map(exchange, range(1, 12))).trimmed(LIMITS.max_messages)
    live.read(newest, START)
    for length in range(11):
        assert live.read(session(*map(exchange, range(1, length + 1))), START) == newest


@pytest.mark.parametrize("later", [0, 1, 5, 8])
def test_exchange_stored_by_another_isolate_is_not_added_again(later: int) -> None:
    live = LiveSession("id", LIMITS)
    live.read(session(ONE), START)
    live.unsaved = (TWO,)
    stored = session(ONE, TWO, *map(exchange, range(3, 3 + later))).trimmed(LIMITS.max_messages)
    assert live.read(stored, START) == stored


def test_turn_that_is_not_kept_any_more_can_be_asked_again() -> None:
    live = LiveSession("id", LIMITS)
    stored = session(*map(exchange, range(1, 12))).trimmed(LIMITS.max_messages)
    live.read(stored, START)
    live.unsaved = (ONE,)
    assert live.read(stored, START) == stored.with_exchange(ONE).trimmed(LIMITS.max_messages)


def test_write_is_claimed_once_and_later_exchanges_stay_unsaved() -> None:
    live = LiveSession("id", LIMITS)
    live.read(session(), START)
    live.unsaved = (ONE,)
    with live.write(START) as written:
        assert written == session(ONE)
        live.unsaved = (ONE, TWO)
        with live.write(START) as claimed_again:
            assert claimed_again is None
        live.written(written, (ONE,))
    assert [exchange.turn_id for exchange in live.unsaved] == [TWO.turn_id]
    with live.write(START) as written:
        assert written == session(ONE, TWO)


def test_write_claim_is_released_after_an_error() -> None:
    live = LiveSession("id", LIMITS)
    live.read(session(), START)
    with pytest.raises(ZeroDivisionError), live.write(START):
        raise ZeroDivisionError
    with live.write(START) as claimed:
        assert claimed


def test_abandoned_write_claim_expires() -> None:
    live = LiveSession("id", LIMITS)
    live.read(session(), START)
    abandoned = live.write(START)
    assert abandoned.__enter__()
    with live.write(START + LIMITS.write_lease / 2) as claimed:
        assert not claimed
    with live.write(START + LIMITS.write_lease) as claimed:
        assert claimed


def test_turn_is_claimed_once_until_its_lease_expires() -> None:
    live = LiveSession("id", LIMITS)
    abandoned = live.turn("turn", START)
    abandoned.__enter__()
    with pytest.raises(TurnConflict), live.turn("turn", START + LIMITS.turn_lease / 2):
        pass
    with live.turn("another", START), live.turn("turn", START + LIMITS.turn_lease):
        pass


def test_session_is_held_until_its_last_holder_releases_it() -> None:
    held = LiveSessions(ManualClock(), BackgroundTasks(), LIMITS)
    with held.hold("id", START) as live:
        with held.hold("id", START) as same:
            assert same is live
        assert held.peek("id") is live
    assert held.peek("id") is None
    assert len(held) == 0


async def test_background_work_holds_its_session_until_it_is_done() -> None:
    background = BackgroundTasks()
    held = LiveSessions(ManualClock(), background, LIMITS)
    with held.hold("id", START) as live:
        held.in_background(live, asyncio.sleep(0))
    assert held.peek("id") is live
    await background.drain()
    assert len(held) == 0


def test_abandoned_hold_expires() -> None:
    clock = ManualClock()
    held = LiveSessions(clock, BackgroundTasks(), LIMITS)
    lost = held.hold("lost", clock.now())
    lost_session = lost.__enter__()
    clock.advance(LIMITS.session_lease.total_seconds() / 2)
    with held.hold("kept", clock.now()) as kept:
        clock.advance(LIMITS.session_lease.total_seconds() / 2)
        with held.hold("new", clock.now()):
            assert (held.peek("lost"), held.peek("kept")) == (None, kept)
        with held.hold("lost", clock.now(), lost_session) as again:
            assert again is lost_session  # work that is still running keeps its state
