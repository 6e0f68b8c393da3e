"""Exports that a person keeps: they read well, and what was said stays text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sessions import VoiceSession
from transcript import as_markdown, as_text

AT = datetime(2026, 11, 23, 18, 45, tzinfo=UTC)


def session(*texts: str, turn: int | None = None) -> VoiceSession:
    made = VoiceSession(session_id="x", created_at=AT, expires_at=AT + timedelta(hours=1))
    for number, text in enumerate(texts):
        made = made.with_message("assistant" if number % 2 else "user", text, AT + timedelta(minutes=number))
    return made.model_copy(update={"turn": turn or made.turn})


def test_markdown() -> None:
    assert as_markdown(session("What's your pricing?", "We have three tiers."), "Ada") == (
        "# Conversation with Ada\n\n"
        "*23 November 2026, 18:45 UTC, 1 question*\n\n"
        "**You, 18:45**\n\nWhat's your pricing?\n\n"
        "**Ada, 18:46**\n\nWe have three tiers.\n"
    )


def test_text_is_wrapped() -> None:
    text = as_text(session("Hello?", "word " * 40), "Ada")
    assert text.startswith(
        "Conversation with Ada\n=====================\n\n23 November 2026, 18:45 UTC, 1 question\n"
    )
    assert max(len(line) for line in text.splitlines()) <= 80
    assert text.count("word") == 40


def test_says_that_older_messages_are_gone() -> None:
    exported = as_text(session("q", "a", "q", "a", turn=15), "Ada")
    assert "15 questions, the last 2 of them here" in exported


def test_what_was_said_never_becomes_markup() -> None:
    said = "## big\n- item\n1. one\n---\n> quote\n**bold** [x](javascript:1) <script>alert(1)</script> `code`"
    exported = as_markdown(session("?", said), "Ada")
    for escaped in (
        "\\## big",
        "\\- item",
        "1\\. one",
        "\\---",
        "\\> quote",
        "\\*\\*bold",
        "\\[x\\]",
        "\\<script\\>",
    ):
        assert escaped in exported
