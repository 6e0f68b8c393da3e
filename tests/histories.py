"""Stored conversations of known and anonymous visitors, and everything that a database contains."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from session_id import fingerprint
from stores.d1_turns import milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from stores.fake_d1 import FakeD1

OWNER, OTHER = "a1" * 32, "b2" * 32
TABLES = ("conversations", "turns", "sessions", "pairings", "amendments")


async def store(
    d1: FakeD1,
    at: datetime,
    *texts: str,
    owner: str | None = OWNER,
    session_id: str = "one",
    days: float = 30,
    kept: int = 200,
) -> str:
    """Store a conversation that was last used `at`; returns its handle.

    `texts` are its questions; the answers are "On " and the question. Of all but the last `kept`, only the
    ids are stored. It expires after `days`.
    """
    handle, now = fingerprint(session_id), milliseconds(at)
    await (
        d1.prepare(
            "INSERT INTO conversations (id, owner, title, created_at, updated_at, expires_at, turn, tokens) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 10)"
        )
        .bind(handle, owner, texts[0] if owner else "", now, now, now + days * 86_400_000, len(texts))
        .run()
    )
    for number, text in enumerate(texts, 1):
        blank = number <= len(texts) - kept
        record = json.dumps({} if blank else {"turn_id": f"turn-{number}", "model": "gpt"})
        pair = ("", "") if blank else (text, f"On {text}")
        await (
            d1.prepare(
                "INSERT INTO turns (conversation, number, turn_id, question, answer, asked_at, record) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)"
            )
            .bind(handle, number, f"turn-{number}", *pair, now, record)
            .run()
        )
    return handle


async def dump(d1: FakeD1) -> dict[str, list[dict[str, object]]]:
    """All rows of all tables."""
    return {
        table: (await d1.prepare(f"SELECT * FROM {table}").all())["results"]  # noqa: S608 - a constant
        for table in TABLES
    }
