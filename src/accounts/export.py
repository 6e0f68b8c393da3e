"""The export for a known visitor: everything that is stored about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from accounts import history_sql as sql
from accounts.records import record_of
from stores.d1_turns import from_milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from stores.d1_client import D1Client

# Turns read at once. The Free plan allows 50 queries in a request.
TURNS_AT_ONCE = 500


async def everything_about(owner: str, client: D1Client, now: datetime) -> bytes:
    """A JSON object with every row about the visitor whose key is `owner`, at the time `now`.

    Expired conversations that are not deleted yet are included. Raises what `D1Client` raises.
    """
    heads = await client.query(sql.EVERYTHING, owner=owner)
    exchanges: dict[str, list[dict[str, Any]]] = {head["id"]: [] for head in heads}
    last = {"id": "", "number": 0}
    while turns := await client.query(sql.ALL_TURNS, owner=owner, limit=TURNS_AT_ONCE, **last):
        for turn in turns:
            exchanges.setdefault(turn["conversation"], []).append(_exchange(turn))
        last = {"id": turns[-1]["conversation"], "number": turns[-1]["number"]}
        if len(turns) < TURNS_AT_ONCE:
            break
    conversations = [_conversation(head, exchanges[head["id"]]) for head in heads]
    return to_json({"exportedAt": now, "visitor": owner, "conversations": conversations}, indent=2)


def _conversation(head: dict[str, Any], exchanges: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": head["id"],
        "title": head["title"],
        "createdAt": from_milliseconds(head["created_at"]),
        "updatedAt": from_milliseconds(head["updated_at"]),
        "expiresAt": from_milliseconds(head["expires_at"]),
        "turns": head["turns"],
        "tokens": head["tokens"],
        "sessions": from_json(head["sessions"]),
        "unanswered": from_json(head["unanswered"] or "null"),
        "exchanges": exchanges,
    }


def _exchange(turn: dict[str, Any]) -> dict[str, Any]:
    """A turn; of one that is no longer kept, only what still stands in its row."""
    record = record_of(turn["record"])
    usage = record and record.usage
    return {
        "number": turn["number"],
        "turnId": turn["turn_id"],
        "askedAt": from_milliseconds(turn["asked_at"]),
        "question": turn["question"],
        "answer": turn["answer"],
        "model": record.model if record else "",
        "usage": {"inputTokens": usage.input_tokens, "outputTokens": usage.output_tokens} if usage else None,
        "finishReason": record.finish_reason if record else None,
    }
