"""Everything that can go wrong with a voice has its own sentence, and the visitor can go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from local.chromium import ALLOWED, FAKE_DEVICE
from tests.browser.voice import Talker, chromium, hearing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.standin import StandIn
    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser
DENIED = "I may not use the microphone"
NO_DEVICE = "I found no microphone"
INSECURE = "only on secure pages"
UNSUPPORTED = "cannot record speech"
SILENT = "hear anything"
LOST = "did not reach me"
MUTE = "speak right now"
# Hears what the test says: `hear(level, seconds)`.
MICROPHONE = """
export class Microphone {
  static async open(onLevel) {
    window.hear = onLevel;
    return new Microphone();
  }
  record() {}
  close() {}
}
"""


@pytest.fixture(autouse=True)
def brief(model: StandIn) -> None:
    """Let answers be short: some are spoken."""
    model.behave(on="chat", reply="Yes.", times=None)


def goes_on(talker: Talker) -> None:
    """Show that the visitor can still type."""
    talker.widget.ask("What's your pricing?")
    assert talker.widget.host.evaluate("host => host.state") == "idle"


@pytest.mark.parametrize(
    ("arguments", "sentence"), [([FAKE_DEVICE, f"{ALLOWED}=deny"], DENIED), ([ALLOWED], NO_DEVICE)]
)
def test_no_microphone(
    browser: Browser, agent: str, model: StandIn, arguments: list[str], sentence: str
) -> None:
    with chromium(browser, *arguments) as hearer:
        talker = Talker(hearer, agent)
        talker.talk.click()
        expect(talker.problem).to_contain_text(sentence)
        expect(talker.talk).to_have_attribute("aria-pressed", "false")
        assert not model.requests
        goes_on(talker)


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("Object.defineProperty(window, 'isSecureContext', {value: false})", INSECURE),
        ("delete window.MediaRecorder", UNSUPPORTED),
    ],
)
def test_a_page_or_browser_that_cannot(
    asking: Browser,
    agent: str,
    model: StandIn,  # noqa: ARG001 - put in order
    before: str,
    sentence: str,
) -> None:
    talker = Talker(asking, agent, before)
    talker.talk.click()
    expect(talker.problem).to_contain_text(sentence)
    goes_on(talker)


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ({"reply": ""}, SILENT),
        ({"status": 500}, "Something went wrong on our side"),
        ({"status": 429, "retry_after": "7"}, "Many people are asking"),
    ],
)
def test_a_transcription_that_fails(
    asking: Browser, agent: str, model: StandIn, behaviour: dict[str, Any], sentence: str
) -> None:
    model.behave(on="transcriptions", **behaviour)
    talker = Talker(asking, agent)
    talker.hold()
    expect(talker.problem).to_contain_text(sentence)
    assert talker.states()[-1] == "error"
    goes_on(talker)


def test_a_connection_that_is_lost(asking: Browser, agent: str, model: StandIn) -> None:
    talker = Talker(asking, agent)
    talker.page.route("**/transcribe", lambda route: route.abort())
    talker.hold()
    expect(talker.problem).to_contain_text(LOST)
    assert not model.requests
    goes_on(talker)


def test_silence_and_clips_that_are_too_short_are_not_sent(
    browser: Browser, agent: str, model: StandIn
) -> None:
    with hearing(browser, "silence.wav", again=True) as hearer:
        talker = Talker(hearer, agent)
        talker.hold(1000)
        expect(talker.problem).to_contain_text(SILENT)
        assert not model.requests


def test_each_attempt_waits_as_long_for_the_first_word(visitor: Browser, sources: Backend) -> None:
    """On the sources: what is built has no file for the microphone alone that a test could replace."""
    talker = Talker(visitor, sources.url, hands_free="")
    talker.page.route(
        "**/microphone.js", lambda route: route.fulfill(content_type="text/javascript", body=MICROPHONE)
    )
    for attempt in range(1, 3):
        talker.talk.click()
        talker.page.wait_for_function("() => window.hear")
        for _ in range(10):
            talker.page.evaluate("() => hear(0, 6)")
        assert talker.states()[-1] == "listening"
        talker.page.evaluate("() => hear(0, 6)")
        talker.reaches("error", attempt)
        expect(talker.problem).to_contain_text(SILENT)


def test_speech_that_fails_leaves_the_answer_to_be_read(asking: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="speech", status=500)
    talker = Talker(asking, agent)
    talker.hold()
    expect(talker.problem).to_contain_text(MUTE)
    expect(talker.widget.answers).to_have_text("Yes.")
    goes_on(talker)
