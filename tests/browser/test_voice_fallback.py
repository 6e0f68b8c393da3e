"""The browser's voice takes over if the agent's fails."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.own_voice import SPEAKS, said
from tests.browser.voice import Talker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.standin import StandIn

pytestmark = pytest.mark.browser

# Voices that load after the first request for them.
LATE_VOICES = """
let voices = [];
let later = true;
speechSynthesis.getVoices = () => voices;
speechSynthesis.addEventListener = (type, listener) => later && setTimeout(() => {
  voices = [{}];
  listener();
}, 100);
"""
# The first answer breaks off because the visitor is offline for a moment.
BREAKS_OFF = """
const { fetch } = window;
window.fetch = async (...request) => {
  if (!request[0].endsWith('/chat')) return fetch(...request);
  window.fetch = fetch;
  const piece = 'event: delta\\ndata: {"text": "One. Two"}\\n\\n';
  const pull = (stream) => setTimeout(() => {
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
    setTimeout(() => {
      delete navigator.onLine;
      dispatchEvent(new Event('online'));
    }, 100);
    stream.error(new TypeError('network error'));
  }, 300);
  const start = (stream) => stream.enqueue(new TextEncoder().encode(piece));
  const headers = { 'Content-Type': 'text/event-stream' };
  return new Response(new ReadableStream({ start, pull }), { headers });
};
"""


def test_browser_takes_over_when_the_server_fails(visitor: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("One is heard. Two is not! Three neither.", "Four.")
    talker = Talker(visitor, agent, SPEAKS, read_aloud="")
    sounds = count()
    talker.page.route("**/speech", lambda route: route.abort() if next(sounds) else route.continue_())
    talker.widget.send("One?")
    talker.page.wait_for_function("() => said.length === 2")
    talker.widget.idle()
    assert [text.strip() for text in said(talker)] == ["Two is not!", "Three neither."]
    asked = next(sounds)
    talker.widget.send("Two?")
    talker.page.wait_for_function("() => said.at(-1) === 'Four.'")
    assert next(sounds) == asked + 1
    expect(talker.problem).to_be_empty()


def test_browser_does_not_take_over_a_stopped_answer(visitor: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="speech", status=500, headers_delay=0.5, times=None)
    model.reply_with("One. Two.")
    talker = Talker(visitor, agent, SPEAKS, read_aloud="")
    talker.widget.send("One?")
    talker.answered(1)
    talker.widget.button("Stop").click()
    talker.page.wait_for_timeout(800)
    assert said(talker) == []
    expect(talker.problem).to_be_empty()


def test_hands_free_listens_after_the_browser_has_spoken(asking: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="speech", status=500, headers_delay=0.5, times=None)
    model.reply_with("One. Two.")
    talker = Talker(asking, agent, SPEAKS, hands_free="")
    talker.talk.click()
    talker.answered(1)
    talker.reaches("listening", 2)
    assert said(talker) != []
    states = talker.states()
    assert "listening" not in states[states.index("thinking") : states.index("speaking")]
    [metrics] = [event for event in talker.events() if event["type"] == "voice-agent:metrics"]
    assert metrics["firstAudio"] > 0


@pytest.mark.parametrize("come", [True, False])
def test_waiting_for_browser_voices_to_load(
    visitor: Browser, agent: str, model: StandIn, *, come: bool
) -> None:
    model.behave(on="speech", status=500, times=None)
    model.reply_with("One.")
    talker = Talker(visitor, agent, SPEAKS + LATE_VOICES + f"later = {str(come).lower()};", read_aloud="")
    talker.widget.send("One?")
    if come:
        talker.page.wait_for_function("() => said.at(-1) === 'One.'")
        expect(talker.problem).to_be_empty()
    else:
        expect(talker.problem).to_contain_text("speak right now")
        talker.widget.idle()
        assert said(talker) == []


def test_refetched_answer_is_spoken_from_the_beginning(visitor: Browser, agent: str, model: StandIn) -> None:
    model.reply_with("One. Two. Three.")
    talker = Talker(visitor, agent, SPEAKS + BREAKS_OFF, read_aloud="")
    talker.page.route("**/speech", lambda route: route.abort())
    talker.widget.send("Count!")
    talker.page.wait_for_function("() => said.at(-1) === 'Three.'")
    talker.widget.idle()
    before = len(said(talker))
    talker.widget.choose("Say that again")
    talker.page.wait_for_function("before => said.length > before && said.at(-1) === 'Three.'", arg=before)
    assert [text.strip() for text in said(talker)[before:]] == ["One.", "Two.", "Three."]
    assert talker.states().count("thinking") == 2
