"""The browser's voice takes over if the agent's fails."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.own_voice import SPEAKS, said
from tests.browser.voice import Talker

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

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


# Says when each sound begins and ends, whoever makes it.
FOLLOWED = """
window.followed = [];
const follow = (who, what) => followed.push({ who, what, at: performance.now() });
const { start } = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (when) {
  const { currentTime } = this.context;
  follow('server', { begins: (when - currentTime) * 1000, lasts: this.buffer.duration * 1000 });
  start.call(this, when);
};
const { speak } = speechSynthesis;
speechSynthesis.speak = function (utterance) {
  const { onstart, onend } = utterance;
  utterance.onstart = (event) => (follow('browser', 'begins'), onstart?.(event));
  utterance.onend = (event) => (follow('browser', 'ends'), onend?.(event));
  speak.call(this, utterance);
};
"""


def test_each_voice_takes_over_from_the_other_in_the_middle_of_an_answer(
    visitor: Browser, agent: str, model: StandIn
) -> None:
    """Nothing is said twice, nothing is left out, and nobody speaks over the other."""
    model.reply_with("One is heard. Two is not! Three is heard.")
    script = f"{SPEAKS}{FOLLOWED}window.unsayable = 'Three';"
    talker = Talker(visitor, agent, script, read_aloud="")

    def route(route: Route) -> None:
        if "Two" in json.loads(route.request.post_data or "{}")["text"]:
            route.abort()
        else:
            route.continue_()

    talker.page.route("**/speech", route)
    talker.widget.send("One?")
    talker.page.wait_for_function("() => followed.at(-1)?.who === 'server' && said.length === 1")
    talker.widget.idle()
    assert said(talker) == ["Two is not!"]
    followed = talker.page.evaluate("() => followed")
    middle = next(place for place, each in enumerate(followed) if each["who"] == "browser")
    before, (begins, ends), after = followed[:middle], followed[middle : middle + 2], followed[middle + 2 :]
    assert {each["who"] for each in [*before, *after]} == {"server"}
    for sounds, text in ((before, "One is heard."), (after, "Three is heard.")):
        lasts = sum(each["what"]["lasts"] for each in sounds)
        assert lasts == pytest.approx((len(text) + 1) / 15 * 1000, rel=0.02)
    silence = begins["at"] - max(_end(each) for each in before)
    back = after[0]["at"] + after[0]["what"]["begins"] - ends["at"]
    print(f"gaps: {silence:.0f} ms from the server to the browser, {back:.0f} ms back")  # noqa: T201 - measured
    assert -50 < silence < 5000
    assert -50 < back < 5000
    expect(talker.problem).to_be_empty()


def _end(sound: dict[str, Any]) -> float:
    return float(sound["at"] + sound["what"]["begins"] + sound["what"]["lasts"])


def test_voice_that_is_sent_as_a_file_is_decoded(visitor: Browser, agent: str, model: StandIn) -> None:
    """As MeloTTS sends it; the stand-in's mp3 is a WAV file."""
    model.reply_with("We have three plans.")
    talker = Talker(visitor, agent, f"{SPEAKS}{FOLLOWED}", read_aloud="")

    def as_file(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        assert body["language"] == "en"
        route.continue_(post_data=json.dumps({**body, "format": "mp3"}))

    talker.page.route("**/speech", as_file)
    talker.widget.send("What do you sell?")
    talker.page.wait_for_function("() => followed.length")
    talker.widget.idle()
    lasts = sum(each["what"]["lasts"] for each in talker.page.evaluate("() => followed"))
    assert lasts == pytest.approx(21 / 15 * 1000, rel=0.05)
    assert said(talker) == []


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
