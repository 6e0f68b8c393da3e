"""Every failure of the voice has its own message, and visitors can continue by text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from local.chromium import ALLOWED, FAKE_DEVICE, launched
from tests.browser.voice import Talker, hearing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from local.standin import StandIn

pytestmark = pytest.mark.browser
DENIED = "I may not use the microphone"
NO_DEVICE = "I found no microphone"
INSECURE = "only on secure pages"
UNSUPPORTED = "cannot record speech"
SILENT = "hear anything"
LOST = "did not reach me"
MUTE = "speak right now"


@pytest.fixture(autouse=True)
def brief(model: StandIn) -> None:
    """Keep answers short, because some are spoken."""
    model.behave(on="chat", reply="Yes.", times=None)


def goes_on(talker: Talker) -> None:
    """Check that the visitor can still type."""
    talker.widget.ask("What's your pricing?")
    assert talker.widget.host.evaluate("host => host.state") == "idle"


@pytest.mark.parametrize(
    ("arguments", "sentence"), [([FAKE_DEVICE, f"{ALLOWED}=deny"], DENIED), ([ALLOWED], NO_DEVICE)]
)
def test_microphone_unavailable(
    browser: Browser, agent: str, model: StandIn, arguments: list[str], sentence: str
) -> None:
    with launched(browser.browser_type, *arguments) as hearer:
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
        ("delete window.AudioWorkletNode", UNSUPPORTED),
    ],
)
def test_insecure_page_and_unsupported_browser(
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
def test_transcription_fails(
    asking: Browser, agent: str, model: StandIn, behaviour: dict[str, Any], sentence: str
) -> None:
    model.behave(on="transcriptions", **behaviour)
    talker = Talker(asking, agent)
    talker.hold()
    expect(talker.problem).to_contain_text(sentence)
    assert talker.states()[-1] == "error"
    goes_on(talker)


def test_connection_lost_during_transcription(asking: Browser, agent: str, model: StandIn) -> None:
    talker = Talker(asking, agent)
    talker.page.route("**/transcribe", lambda route: route.abort())
    talker.hold()
    expect(talker.problem).to_contain_text(LOST)
    assert not model.requests
    goes_on(talker)


def test_silent_recording_is_not_sent(browser: Browser, agent: str, model: StandIn) -> None:
    with hearing(browser, "silence.wav", again=True) as hearer:
        talker = Talker(hearer, agent)
        talker.hold(1000)
        expect(talker.problem).to_contain_text(SILENT)
        assert not model.requests


def test_failed_speech_leaves_the_text(asking: Browser, agent: str, model: StandIn) -> None:
    model.behave(on="speech", status=500)
    talker = Talker(asking, agent)
    talker.hold()
    expect(talker.problem).to_contain_text(MUTE)
    expect(talker.widget.answers).to_have_text("Yes.")
    goes_on(talker)
