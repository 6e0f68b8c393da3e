"""The widget as the local server serves it: its sources, without a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.voice import Talker, spoken
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"


def test_question_by_text(page: Page, sources: Backend) -> None:
    sources.model.reset()
    sources.model.reply_with("Three tiers.")
    widget = Widget(page)
    page.goto(sources.url)
    widget.open()
    assert widget.ask(PRICING) == "Three tiers."
    assert any(request.url.endswith("/voice-agent/panel/panel.js") for request in widget.requests)
    assert widget.complaints == []


def test_spoken_turn(asking: Browser, sources: Backend) -> None:
    sources.model.reset()
    sources.model.reply_with(PRICING, on="transcriptions")
    sources.model.reply_with("Three tiers.")
    talker = Talker(asking, sources.url)
    talker.hold()
    talker.answered(1)
    talker.reaches("idle")
    expect(talker.widget.questions).to_have_text(PRICING)
    assert spoken(sources.model) == ["Three tiers."]
    assert talker.widget.complaints == []
