"""The offline responder as a responder: whole answers and streams."""

from __future__ import annotations

import pytest

from evidence import Evidence, Source
from knowledge.passages import split
from prompt import Prompt
from responders.offline.responder import OfflineResponder
from responders.responder import Reply

TEXT = "We have three tiers."
EVIDENCE = Evidence("answered", (Source("Pricing"),))
REPLY = Reply(text=TEXT, model="offline-demo", usage=None, finish_reason="stop", evidence=EVIDENCE)
PROMPT = Prompt(system="", history=[], question="What's your pricing?", safety_identifier="x")


@pytest.fixture
def responder() -> OfflineResponder:
    return OfflineResponder(split({"pricing.md": f"# Pricing\n\n{TEXT}"}))


async def test_answer_is_the_reply(responder: OfflineResponder) -> None:
    assert await responder.answer(PROMPT) == REPLY


async def test_stream_is_word_by_word(responder: OfflineResponder) -> None:
    words: list[str] = []
    assert await responder.stream(PROMPT, words.append) == REPLY
    assert words == ["We", " have", " three", " tiers."]
