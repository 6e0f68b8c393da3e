"""Speech weighs nothing until it is used, but for its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.voice import Talker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.openai_standin import StandIn

pytestmark = pytest.mark.browser
SERVER = {"voice.js", "speaking.js", "listening.js", "detector.js", "microphone.js", "player.js"}


def loaded(talker: Talker) -> set[str]:
    """The modules of voice/ so far."""
    paths = [request.url.partition("/voice/")[2] for request in talker.widget.requests]
    return {path for path in paths if path}


def test_only_the_buttons_are_loaded_before_the_first_use(
    visitor: Browser, agent: str, model: StandIn
) -> None:
    model.reply_with("Yes.")
    talker = Talker(visitor, agent)
    talker.widget.ask("Hello?")
    assert loaded(talker) == {"buttons.js"}
    talker.widget.button("Read answers aloud").click()
    expect(talker.widget.button("Read answers aloud")).to_have_attribute("aria-pressed", "true")
    assert loaded(talker) == {"buttons.js", "texts/en.js", *SERVER}


def test_what_cannot_be_loaded_is_said(visitor: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("Yes.")
    talker = Talker(visitor, agent)
    talker.page.route("**/voice/voice.js", lambda route: route.abort())
    talker.talk.click()
    expect(talker.problem).to_contain_text("Check your connection")
    talker.widget.ask("Hello?")


def test_another_language_is_loaded_when_it_is_wanted(visitor: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("Ja.")
    talker = Talker(visitor, agent, "delete window.MediaRecorder")
    talker.talk.click()
    expect(talker.problem).to_contain_text("cannot record speech")
    with talker.page.expect_response("**/voice/texts/de.js"):
        talker.widget.host.evaluate("host => host.setAttribute('language', 'de')")
    talker.widget.button("Sprechen").click()
    expect(talker.problem).to_contain_text("keine Sprache aufnehmen")
