"""A long hands-free conversation in Chromium, from a seeded script: see `long_conversation.js`.

`VOICE_TURNS=50 uv run pytest tests/browser/test_voice_long.py` makes it longer.
`tests/listening/simulation.mjs` has thousands of turns on a fake clock.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.voice import Talker
from tests.detector.sounds import RECORDINGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.standin import StandIn

pytestmark = pytest.mark.browser

TURNS = int(os.environ.get("VOICE_TURNS", "3"))  # a pause, late words and an interruption
SEED = 1
SCRIPT = (Path(__file__).parent / "long_conversation.js").read_text("utf-8")
VOICES = ("question", "woman", "american")
ANSWER = "We have three plans for teams of all sizes."


def effective(asked: list[dict[str, Any]]) -> list[str]:
    """The questions that no later one has replaced."""
    replaced = {turn for each in asked for turn in each.get("replaces", [])}
    return [each["question"] for each in asked if each["turnId"] not in replaced]


def test_long_conversation(visitor: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="chat", reply=ANSWER, times=None)
    talker = Talker(visitor, agent, SCRIPT, hands_free="")
    talker.talk.click()
    talker.reaches("listening")
    clips = [base64.b64encode((RECORDINGS / f"{name}.wav").read_bytes()).decode() for name in VOICES]
    found = talker.page.evaluate("(all) => converse(...all)", [TURNS, SEED, clips])
    assert found["stuck"] is None, found
    assert effective(found["asked"]) == [" ".join(group) for group in found["groups"]]
    assert len([each for each in found["asked"] if each.get("interrupted")]) == found["interruptions"]
    assert min(found["whole"], default=1e9) > median(found["speaking"]) / 2
    assert [event for event in talker.events() if event["type"] == "voice-agent:error"] == []
