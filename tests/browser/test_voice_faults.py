"""Faults of a microphone that listens: listening goes on, or ends in a state that visitors understand.

`tests/listening/faults.test.mjs` has all of these faults, on a fake clock and without a browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.voice import MICROPHONE, Talker

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from local.standin import StandIn

pytestmark = pytest.mark.browser

# Records the contexts that sound goes through.
CONTEXTS = """
window.contexts = [];
window.AudioContext = class extends AudioContext {
  constructor(options) {
    super(options);
    contexts.push(this);
  }
};
"""
HANGS = "navigator.mediaDevices.getUserMedia = () => new Promise(() => {});"
LISTENS = "() => contexts.at(-1).state === 'running' && microphones.at(-1).readyState === 'live'"


def control_time(page: Page) -> None:
    """Let the test move the page's clock forward."""
    page.clock.install()


@pytest.fixture
def talker(asking: Browser, agent: str, model: StandIn) -> Talker:
    """A visitor whose hands-free microphone has just been opened."""
    model.reply_with("Yes.", "No.")
    talker = Talker(asking, agent, CONTEXTS + MICROPHONE, prepare=control_time, hands_free="", silence="30")
    talker.talk.click()
    talker.page.wait_for_function("() => contexts.length && microphones.length")
    talker.page.wait_for_function(LISTENS)
    return talker


def test_suspended_sound_and_a_lost_microphone(talker: Talker) -> None:
    talker.page.evaluate("() => contexts.at(-1).suspend()")
    talker.page.wait_for_function(LISTENS)
    talker.page.evaluate("() => { microphones[0].stop(); microphones[0].dispatchEvent(new Event('ended')); }")
    talker.page.wait_for_function("() => microphones.length === 2")
    talker.page.wait_for_function(LISTENS)
    assert talker.states() == ["listening"]


def test_muted_microphone(talker: Talker) -> None:
    talker.page.evaluate("() => microphones[0].dispatchEvent(new Event('mute'))")
    talker.page.clock.fast_forward(3500)
    talker.page.wait_for_function("() => microphones.every(({ readyState }) => readyState === 'ended')")
    assert talker.states()[-1] != "listening"


def test_sleep(talker: Talker) -> None:
    talker.page.evaluate("() => contexts.at(-1).suspend()")
    talker.page.clock.fast_forward(3_600_000)
    talker.page.wait_for_function("() => microphones.every(({ readyState }) => readyState === 'ended')")
    assert talker.states()[-1] != "listening"


def test_browser_that_never_opens_the_microphone(asking: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("Yes.")
    talker = Talker(asking, agent, HANGS, prepare=control_time)
    talker.talk.click()
    talker.reaches("listening")
    talker.page.clock.fast_forward(9000)
    expect(talker.problem).to_contain_text("I found no microphone")
    assert talker.states() == ["listening", "error"]
    talker.widget.ask("What's your pricing?")
