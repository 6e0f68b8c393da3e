"""Signed tickets: where and how long they are valid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from session_id import generate_session_id
from tests.clocks import ManualClock
from tickets import ANSWER_LIFETIME, Tickets

ONE, OTHER = generate_session_id(), generate_session_id()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def tickets(clock: ManualClock) -> Tickets:
    return Tickets("sk-secret", clock)


def test_each_piece_has_a_ticket_for_the_answer_so_far(tickets: Tickets) -> None:
    answer = tickets.for_answer(ONE)
    first, second = answer.add("We have "), answer.add("three plans. \ud83d Très")
    assert tickets.is_for_answer(first, ONE, "We have ")
    assert tickets.is_for_answer(second, ONE, "We have three plans. \ud83d Très")
    assert not tickets.is_for_answer(first, ONE, "We have three plans. \ud83d Très")


def test_ticket_is_for_one_session_one_text_and_one_purpose(tickets: Tickets) -> None:
    ticket = tickets.for_answer(ONE).add("Yes.")
    assert not tickets.is_for_answer(ticket, OTHER, "Yes.")
    assert not tickets.is_for_answer(ticket, ONE, "No.")
    assert not tickets.is_for_visitor(tickets.for_answer(ONE).add(""), ONE)
    assert not tickets.is_for_answer(tickets.for_visitor(ONE, timedelta(minutes=1)), ONE, "")


def test_every_isolate_with_the_same_secret_accepts_it(tickets: Tickets, clock: ManualClock) -> None:
    ticket = tickets.for_answer(ONE).add("Yes.")
    assert Tickets("sk-secret", clock).is_for_answer(ticket, ONE, "Yes.")
    assert not Tickets("sk-other", clock).is_for_answer(ticket, ONE, "Yes.")


def test_ticket_expires(tickets: Tickets, clock: ManualClock) -> None:
    answer = tickets.for_answer(ONE).add("Yes.")
    visitor = tickets.for_visitor(ONE, timedelta(hours=1))
    clock.advance(ANSWER_LIFETIME.total_seconds() - 1)
    assert tickets.is_for_answer(answer, ONE, "Yes.")
    clock.advance(1)
    assert not tickets.is_for_answer(answer, ONE, "Yes.")
    assert tickets.is_for_visitor(visitor, ONE)
    clock.advance(3600)
    assert not tickets.is_for_visitor(visitor, ONE)


def test_expiry_cannot_be_changed(tickets: Tickets) -> None:
    expires, _, signature = tickets.for_visitor(ONE, timedelta(hours=1)).partition(".")
    assert not tickets.is_for_visitor(f"{int(expires) + 60}.{signature}", ONE)


@pytest.mark.parametrize(
    "ticket", ["", ".", "x", "1.", "9999999999.x", "9" * 99 + ".x", "٣.x", "99.\ud83d", "-1.x"]
)
def test_malformed_ticket_is_not_valid(tickets: Tickets, ticket: str) -> None:
    assert not tickets.is_for_answer(ticket, ONE, "Yes.")
    assert not tickets.is_for_visitor(ticket, ONE)


def test_ticket_contains_neither_secret_nor_id(tickets: Tickets) -> None:
    ticket = tickets.for_visitor(ONE, timedelta(hours=1))
    assert ONE not in ticket
    assert "sk-secret" not in ticket
