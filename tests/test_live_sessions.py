"""What an isolate knows of the sessions it works on, beside what the store shows."""

from __future__ import annotations

from datetime import timedelta

from models import AnswerRecord, Exchange, VoiceSession
from sessions.live import SESSION_LEASE, WRITE_LEASE, LiveSession, LiveSessions
from tests.clocks import START, ManualClock

HOUR = timedelta(hours=1)


def session(*exchanges: Exchange) -> VoiceSession:
    found = VoiceSession(session_id="id", created_at=START, expires_at=START + HOUR)
    for exchange in exchanges:
        found = found.with_exchange(exchange)
    return found


def exchange(number: int) -> Exchange:
    record = AnswerRecord(turn_id=str(number))
    return Exchange.at(START, f"question {number}", f"answer {number}", record=record)


ONE, TWO = exchange(1), exchange(2)


def test_a_store_that_shows_less_is_behind() -> None:
    live = LiveSession("id")
    assert live.read(session(ONE, TWO), START) == session(ONE, TWO)
    assert live.read(session(ONE), START) == session(ONE, TWO)
    assert live.read(session(), START) == session(ONE, TWO)


def test_a_store_that_shows_more_is_ahead() -> None:
    live = LiveSession("id")
    live.read(session(), START)
    assert live.read(session(ONE), START) == session(ONE)


def test_what_is_over_is_not_known_any_more() -> None:
    live = LiveSession("id")
    live.read(session(ONE, TWO), START)
    assert live.read(session(), START + HOUR) == session()


def test_what_is_unsaved_comes_last_and_once() -> None:
    live = LiveSession("id")
    live.read(session(), START)
    assert live.add(ONE) == 1
    assert live.read(session(TWO), START) == session(TWO, ONE)
    assert live.read(session(TWO, ONE), START) == session(TWO, ONE)


def test_one_write_at_a_time_and_what_comes_meanwhile_is_left() -> None:
    live = LiveSession("id")
    live.read(session(), START)
    live.add(ONE)
    assert live.begin_write(START)
    state, held = live.to_write()
    live.add(TWO)
    assert not live.begin_write(START)
    live.written(state, held)
    live.end_write()
    assert live.unsaved == (TWO,)
    assert live.begin_write(START)
    assert live.to_write() == (session(ONE, TWO), (TWO,))


def test_a_write_that_the_platform_ended_blocks_nobody_for_long() -> None:
    live = LiveSession("id")
    assert live.begin_write(START)
    assert not live.begin_write(START + WRITE_LEASE / 2)
    assert live.begin_write(START + WRITE_LEASE)


def test_a_session_is_held_until_the_last_one_lets_go() -> None:
    held = LiveSessions(ManualClock())
    live = held.hold("id")
    assert held.hold("id") is live
    held.release(live)
    assert held.peek("id") is live
    held.release(live)
    assert held.peek("id") is None
    held.release(live)
    assert len(held) == 0


def test_what_nobody_lets_go_of_is_forgotten_in_time() -> None:
    clock = ManualClock()
    held = LiveSessions(clock)
    lost = held.hold("lost")
    clock.advance(SESSION_LEASE.total_seconds() / 2)
    kept = held.hold("kept")
    clock.advance(SESSION_LEASE.total_seconds() / 2)
    held.hold("new")
    assert (held.peek("lost"), held.peek("kept")) == (None, kept)
    assert held.hold("lost", lost) is lost  # who still works on it goes on with it
