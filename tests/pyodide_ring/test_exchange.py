"""Exchanges through `entry.py`, as JSON and as streams, and what KV holds of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.standin import StandIn
    from tests.pyodide_ring.visitor import Visitor

pytestmark = pytest.mark.pyodide
PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
TTL = 3600


def in_json(visitor: Visitor, question: str) -> dict[str, Any]:
    response = visitor.ask(question)
    assert response.status_code == 200, response.text
    return dict(response.json())


def in_pieces(visitor: Visitor, question: str) -> dict[str, Any]:
    *deltas, (last, turn) = visitor.ask_for_stream(question)
    assert last == "done"
    assert {name for name, _ in deltas} == {"delta"}
    assert "".join(data["text"] for _, data in deltas) == turn["response"]
    return turn


both_ways = pytest.mark.parametrize("ask", [in_json, in_pieces])
Ask: TypeAlias = "Callable[[Visitor, str], dict[str, Any]]"


@both_ways
def test_second_turn_gets_the_first_as_history(visitor: Visitor, openai: StandIn, ask: Ask) -> None:
    openai.reply_with("Three tiers: Seed, Growth and Forest.", "The middle one is Growth.")
    first = ask(visitor, PRICING)
    second = ask(visitor, MIDDLE)

    assert (first["response"], first["turn"], first["saved"]) == (
        "Three tiers: Seed, Growth and Forest.",
        1,
        True,
    )
    assert (second["response"], second["turn"], second["saved"]) == ("The middle one is Growth.", 2, True)
    system, *rest = openai.requests[1].body["messages"]
    assert system["role"] == "system"
    assert [(message["role"], message["content"]) for message in rest] == [
        ("user", PRICING),
        ("assistant", "Three tiers: Seed, Growth and Forest."),
        ("user", MIDDLE),
    ]


@both_ways
def test_exchange_is_two_gets_and_one_put(visitor: Visitor, openai: StandIn, ask: Ask) -> None:
    ask(visitor, PRICING)
    assert visitor.worker.control.counts() == {"get": 2, "put": 1}
    ask(visitor, MIDDLE)
    assert visitor.worker.control.counts() == {"get": 4, "put": 2}
    assert len(openai.requests) == 2


@both_ways
def test_session_expires_after_an_hour(visitor: Visitor, openai: StandIn, ask: Ask) -> None:
    openai.reply_with("Three tiers.")
    ask(visitor, PRICING)
    assert TTL - 60 < visitor.seconds_until_expiration() <= TTL + 1
    assert [message["content"] for message in visitor.stored()["messages"]] == [PRICING, "Three tiers."]


def test_pieces_arrive_before_the_answer_is_complete(visitor: Visitor, openai: StandIn) -> None:
    openai.behave(reply="one two three four", piece_delay=0.2, stall_after=2)
    with visitor.streaming(PRICING) as events:
        assert next(events)[0] == "delta"
        assert next(events)[0] == "delta"
        assert openai.requests[0].outcome == "running"


def test_answer_is_stored_after_the_visitor_left(visitor: Visitor, openai: StandIn) -> None:
    answer = " ".join(f"word{number}" for number in range(40))
    openai.behave(reply=answer, piece_delay=0.05)
    with visitor.streaming(PRICING) as events:
        assert next(events)[0] == "delta"
    visitor.worker.control.await_abandoned(visitor.request)
    assert openai.requests[0].outcome == "running"
    visitor.worker.control.await_count("put", 1)
    assert [message["content"] for message in visitor.stored()["messages"]] == [PRICING, answer]
    assert in_json(visitor, MIDDLE)["turn"] == 2


def test_unreadable_value_starts_a_new_conversation(visitor: Visitor, openai: StandIn) -> None:
    visitor.worker.control.put(visitor.key, "{broken")
    assert in_json(visitor, PRICING)["turn"] == 1
    assert [message["role"] for message in openai.requests[0].body["messages"]] == ["system", "user"]
    assert visitor.stored()["turn"] == 1


def test_rejected_save_is_reported_and_retried(visitor: Visitor, openai: StandIn) -> None:
    openai.reply_with("Three tiers.")
    visitor.worker.control.fail_next("put", "KV PUT failed: 429 Too Many Requests")
    turn = in_json(visitor, PRICING)
    assert (turn["response"], turn["saved"], turn["expiresAt"]) == ("Three tiers.", False, None)
    visitor.worker.control.await_count("put", 1)
    assert visitor.worker.control.background_failures() == []
    assert [message["content"] for message in visitor.stored()["messages"]] == [PRICING, "Three tiers."]


def test_failed_read_is_503_without_a_model_call(visitor: Visitor, openai: StandIn) -> None:
    visitor.worker.control.fail_next("get", "KV GET failed: 500 Internal Server Error")
    response = visitor.ask(PRICING)
    assert (response.status_code, response.json()["code"]) == (503, "storage_unavailable")
    assert not openai.requests


def test_failed_answer_leaves_the_conversation_unchanged(visitor: Visitor, openai: StandIn) -> None:
    in_json(visitor, PRICING)
    before = visitor.stored()
    openai.behave(status=400)
    response = visitor.ask(MIDDLE)
    assert (response.status_code, response.json()["code"]) == (502, "responder_rejected")
    assert visitor.stored() == before
    assert visitor.worker.control.counts() == {"get": 4, "put": 1}


def test_closed_conversation_is_deleted(visitor: Visitor, openai: StandIn) -> None:
    in_json(visitor, PRICING)
    headers = {"X-Session-ID": visitor.session_id}
    assert visitor.client.delete("/session", headers=headers).status_code == 204
    assert visitor.stored() == {}
    assert visitor.client.get("/session", headers=headers).status_code == 404
    refused = visitor.ask(MIDDLE)
    assert (refused.status_code, refused.json()["code"]) == (410, "session_closed")
    assert len(openai.requests) == 1


def test_health_accepts_head(visitor: Visitor) -> None:
    asked = visitor.client.head("/health")
    assert (asked.status_code, asked.content) == (200, b"")


def test_key_and_session_id_are_not_logged(visitor: Visitor, openai: StandIn) -> None:
    in_json(visitor, PRICING)
    assert openai.requests[0].headers["authorization"] == "Bearer ***"
    log = "\n".join(visitor.worker.log())
    assert "sk-ring-2" not in log
    assert visitor.session_id not in log
    assert "0 previous messages" in log


def test_offline_demo_answers_with_context(offline_visitor: Visitor) -> None:
    visitor = offline_visitor
    assert visitor.client.get("/config").json()["demo"] is True
    assert in_pieces(visitor, PRICING)["turn"] == 1
    second = in_json(visitor, MIDDLE)
    assert (second["turn"], second["saved"]) == (2, True)
    assert "Growth" in second["response"]
    assert visitor.worker.control.counts() == {"get": 4, "put": 2}


def test_model_is_told_the_time_at_the_website(visitor: Visitor, openai: StandIn) -> None:
    before = datetime.now(UTC).replace(second=0, microsecond=0)
    in_json(visitor, PRICING)
    system = openai.requests[0].body["messages"][0]["content"]
    told = re.search(r"It is \w+, (\d+ \w+ \d+, \d\d:\d\d) where we are", system)
    assert told
    in_utc = datetime.strptime(told[1], "%d %B %Y, %H:%M").replace(tzinfo=UTC) - timedelta(
        hours=5, minutes=30
    )
    assert before <= in_utc <= datetime.now(UTC)
