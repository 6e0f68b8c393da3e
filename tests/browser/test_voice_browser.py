"""Without a key: the browser's own recognition and synthesis where there are any, text where there are none.

Both are played by objects with the events of the real ones, since headless Chromium has neither voices nor a
service that recognizes.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.voice import Talker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.openai_standin import StandIn

pytestmark = pytest.mark.browser

NEITHER = """
delete window.SpeechRecognition;
delete window.webkitSpeechRecognition;
delete window.speechSynthesis;
"""
HEARS = """
window.webkitSpeechRecognition = class {
  start() {
    window.recognition = this;
    setTimeout(() => this.say(["What's your"]), 50);
  }
  say(parts) {
    this.onresult?.({ results: parts.map(transcript => [{ transcript }]) });
  }
  stop() {
    setTimeout(() => {
      this.say(["What's your", ' pricing?']);
      this.onend?.();
    }, 20);
  }
  abort() {
    setTimeout(() => {
      this.onerror?.({ error: 'aborted' });
      this.onend?.();
    }, 0);
  }
  fail(error) {
    this.onerror?.({ error });
    this.onend?.();
  }
};
"""
SPEAKS = """
window.said = [];
window.allowed = true;
const queue = [];
const next = () => {
  const utterance = queue[0];
  if (!utterance) return;
  utterance.onstart?.({});
  said.push(utterance.text);
  utterance.timer = setTimeout(() => {
    queue.shift();
    utterance.onend?.({});
    next();
  }, 200);
};
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => [{}],
  speak(utterance) {
    if (!allowed) return setTimeout(() => utterance.onerror?.({ error: 'not-allowed' }), 0);
    queue.push(utterance);
    if (queue.length === 1) setTimeout(next, 0);
  },
  cancel() {
    queue.splice(0).forEach((utterance, place) => {
      clearTimeout(utterance.timer);
      setTimeout(() => utterance.onerror?.({ error: place ? 'canceled' : 'interrupted' }), 0);
    });
  },
} });
"""
# Voices that are not there when they are first asked for.
LATE_VOICES = """
let voices = [];
let later = true;
speechSynthesis.getVoices = () => voices;
speechSynthesis.addEventListener = (type, listener) => later && setTimeout(() => {
  voices = [{}];
  listener();
}, 100);
"""
# The first answer breaks off, and the visitor is offline for a moment.
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
ANSWER = "three tiers"


def said(talker: Talker) -> list[str]:
    found: list[str] = talker.page.evaluate("() => said")
    return found


def test_a_question_is_heard_and_answered_aloud(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS + SPEAKS)
    talker.hold(500)
    talker.answered(1)
    talker.reaches("speaking")
    talker.reaches("idle")
    expect(talker.widget.questions).to_have_text("What's your pricing?")
    expect(talker.widget.input).to_have_value("")
    answer = talker.widget.answers.inner_text()
    assert ANSWER in answer
    assert "".join(said(talker)).replace(" ", "") == answer.replace(" ", "")
    assert [state for state in talker.states() if state != "answering"] == [
        "listening",
        "transcribing",
        "thinking",
        "speaking",
        "idle",
    ]
    [metrics] = [event for event in talker.events() if event["type"] == "voice-agent:metrics"]
    assert 0 <= metrics["transcript"] <= metrics["firstText"] <= metrics["firstAudio"]
    assert talker.widget.sent("POST", "/transcribe") == talker.widget.sent("POST", "/speech") == []


def test_what_is_heard_is_shown_at_once_and_can_be_thrown_away(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS)
    talker.talk.click()
    expect(talker.widget.input).to_have_value("What's your")
    talker.page.keyboard.press("Escape")
    talker.reaches("idle")
    expect(talker.widget.input).to_have_value("")
    assert talker.widget.sent("POST", "/chat") == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("not-allowed", "I may not use the microphone"),
        ("audio-capture", "I found no microphone"),
        ("no-speech", "hear anything"),
        ("network", "did not reach me"),
    ],
)
def test_each_failure_has_its_sentence(visitor: Browser, demo: str, code: str, sentence: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS)
    talker.talk.click()
    talker.reaches("listening")
    talker.page.evaluate("code => recognition.fail(code)", code)
    expect(talker.problem).to_contain_text(sentence)
    assert talker.states() == ["listening", "error"]
    talker.widget.ask("What's your pricing?")


def test_stopping_and_saying_it_again(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + SPEAKS, read_aloud="")
    expect(talker.talk).to_have_count(0)
    talker.widget.send("What's your pricing?")
    talker.reaches("speaking")
    talker.widget.button("Stop").click()
    talker.reaches("idle")
    before = len(said(talker))
    talker.widget.button("Say that again").click()
    talker.reaches("speaking", 2)
    talker.reaches("idle", 2)
    assert len(said(talker)) > before
    assert talker.states()[-2:] == ["speaking", "idle"]


def test_speech_that_the_browser_blocks_begins_with_a_tap(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + SPEAKS + "allowed = false;", read_aloud="")
    talker.widget.send("What's your pricing?")
    expect(talker.problem).to_have_text("Tap anywhere to hear the answer.")
    assert said(talker) == []
    talker.page.evaluate("() => { allowed = true; }")
    talker.page.mouse.click(5, 5)
    talker.reaches("idle")
    assert ANSWER in " ".join(said(talker))


def test_where_there_is_neither_there_is_text(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER)
    for name in ("Talk", "Read answers aloud", "Say that again"):
        expect(talker.widget.button(name)).to_have_count(0)
    assert ANSWER in talker.widget.ask("What's your pricing?")


def test_what_the_server_cannot_say_the_browser_says_from_then_on(
    visitor: Browser, agent: str, model: StandIn
) -> None:
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


def test_an_answer_that_is_stopped_is_not_gone_on_with_by_the_browser(
    visitor: Browser, agent: str, model: StandIn
) -> None:
    model.behave(on="speech", status=404, headers_delay=0.5, times=None)
    model.reply_with("One. Two.")
    talker = Talker(visitor, agent, SPEAKS, read_aloud="")
    talker.widget.send("One?")
    talker.answered(1)
    talker.widget.button("Stop").click()
    talker.page.wait_for_timeout(800)
    assert said(talker) == []
    expect(talker.problem).to_be_empty()


def test_hands_free_what_the_browser_says_is_over_before_it_listens_again(
    asking: Browser, agent: str, model: StandIn
) -> None:
    model.behave(on="speech", status=404, headers_delay=0.5, times=None)
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
def test_voices_that_the_browser_has_not_loaded_yet_are_waited_for(
    visitor: Browser, agent: str, model: StandIn, *, come: bool
) -> None:
    model.behave(on="speech", status=404, times=None)
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


def test_an_answer_that_waits_for_a_tap_is_not_spoken_into_the_microphone(
    visitor: Browser, demo: str
) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS + SPEAKS + "allowed = false;", read_aloud="")
    talker.widget.send("What's your pricing?")
    talker.answered(1)
    expect(talker.problem).to_have_text("Tap anywhere to hear the answer.")
    talker.page.keyboard.press("Escape")
    talker.reaches("idle")
    talker.page.evaluate("() => { allowed = true; }")
    talker.hold(500)
    talker.answered(2)
    talker.reaches("speaking")
    talker.widget.idle()
    first, second = talker.widget.answers.all_inner_texts()
    assert "".join(said(talker)).replace(" ", "") == second.replace(" ", "")
    assert first


def test_speech_that_the_browser_blocks_begins_with_a_key(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + SPEAKS + "allowed = false;", read_aloud="")
    talker.widget.send("What's your pricing?")
    talker.answered(1)
    expect(talker.problem).to_have_text("Tap anywhere to hear the answer.")
    talker.page.evaluate("() => { allowed = true; }")
    talker.page.keyboard.press("Shift")
    talker.widget.idle()
    answer = talker.widget.answers.inner_text()
    assert "".join(said(talker)).replace(" ", "") == answer.replace(" ", "")


def test_a_draft_outlives_what_is_heard(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS)
    talker.widget.input.fill("A draft")
    talker.talk.click()
    expect(talker.widget.input).to_have_value("What's your")
    talker.page.keyboard.press("Escape")
    expect(talker.widget.input).to_have_value("A draft")
    talker.hold(500)
    talker.answered(1)
    expect(talker.widget.questions).to_have_text("What's your pricing?")
    expect(talker.widget.input).to_have_value("A draft")


def test_what_is_typed_meanwhile_stays(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS)
    talker.talk.click()
    expect(talker.widget.input).to_have_value("What's your")
    talker.widget.input.press("End")
    talker.widget.input.press_sequentially(" plan?")
    talker.reaches("idle")
    expect(talker.widget.input).to_have_value("What's your plan?")


def test_a_draft_is_gone_on_with_by_what_is_heard(visitor: Browser, demo: str) -> None:
    talker = Talker(visitor, demo, NEITHER + HEARS, review="")
    talker.widget.input.fill("Hello!")
    talker.hold(500)
    expect(talker.widget.input).to_have_value("Hello! What's your pricing?")


@pytest.mark.parametrize("end", ["clear", "close"])
def test_a_conversation_that_was_ended_cannot_be_said_again(visitor: Browser, demo: str, end: str) -> None:
    talker = Talker(visitor, demo, NEITHER + SPEAKS, read_aloud="")
    talker.widget.send("What's your pricing?")
    talker.reaches("speaking")
    talker.widget.idle()
    again = talker.widget.button("Say that again")
    expect(again).to_be_visible()
    talker.widget.host.evaluate("(host, end) => host[end]()", end)
    talker.widget.host.evaluate("host => host.open()")
    expect(talker.widget.answers).to_have_count(0)
    expect(again).to_be_hidden()


def test_an_answer_that_is_fetched_again_is_spoken_from_its_beginning(
    visitor: Browser, agent: str, model: StandIn
) -> None:
    model.reply_with("One. Two. Three.")
    talker = Talker(visitor, agent, SPEAKS + BREAKS_OFF, read_aloud="")
    talker.page.route("**/speech", lambda route: route.abort())
    talker.widget.send("Count!")
    talker.page.wait_for_function("() => said.at(-1) === 'Three.'")
    talker.widget.idle()
    before = len(said(talker))
    talker.widget.button("Say that again").click()
    talker.page.wait_for_function("before => said.length > before && said.at(-1) === 'Three.'", arg=before)
    assert [text.strip() for text in said(talker)[before:]] == ["One.", "Two.", "Three."]
    assert talker.states().count("thinking") == 2
