"""Agents that ask for consent, and the notice about what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.known import Device, devices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.backend import Backend
    from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
STORED = "JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])"
NOTHING = '[{},{},""]'
# Whether a press of the microphone button, even while it is hidden, opens the microphone.
MICROPHONE_ASKED_FOR = """() => new Promise((resolve) => {
  navigator.mediaDevices.getUserMedia = async () => resolve(true);
  const talk = document.querySelector('voice-agent').shadowRoot.querySelector('.talk');
  talk.dispatchEvent(new PointerEvent('pointerdown', { button: 0, isPrimary: true }));
  talk.click();
  setTimeout(() => resolve(false), 300);
})"""


@pytest.fixture
def device(browser: Browser, asking_consent: Backend) -> Iterator[Device]:
    """A browser, on the page of an agent that asks for consent."""
    with devices(browser, asking_consent, 1) as [device]:
        yield device


def test_nothing_is_sent_or_stored_before(device: Device) -> None:
    device.launcher.click()
    card = device.panel.get_by_role("group", name="Before we begin")
    expect(card).to_be_focused()
    expect(card).to_have_accessible_description(
        "What you type or say will be processed so that I can answer. The conversation is deleted when "
        "you close it, or 1 hour after your last question. What you say is sent to 127.0.0.1. Privacy policy"
    )
    expect(device.input).to_be_hidden()
    expect(device.panel.locator(".talk")).to_be_hidden()
    assert device.page.evaluate(MICROPHONE_ASKED_FOR) is False
    expect(device.panel.locator(".suggestions")).to_be_hidden()
    sent = [request for request in device.requests if "/api/" in request.url]
    assert {(request.method, request.url.rpartition("/")[2]) for request in sent} == {("GET", "config")}
    assert device.page.evaluate(STORED) == NOTHING
    device.button("I agree").click()
    expect(device.input).to_be_focused()
    device.ask(PRICING)


def test_page_that_asks(device: Device) -> None:
    """A question of the page waits for the visitor."""
    device.page.evaluate("q => void document.querySelector('voice-agent').sendMessage(q)", PRICING)
    expect(device.button("I agree")).to_be_visible()
    assert device.sent("POST", "/chat") == []
    device.button("I agree").click()
    expect(device.answers).to_have_count(1)


def test_question_of_an_earlier_page_waits(device: Device) -> None:
    device.page.evaluate(
        """key => sessionStorage.setItem(key, JSON.stringify({ id: crypto.randomUUID(), turns: 0,
            unanswered: { question: 'And then?', id: crypto.randomUUID() } }))""",
        f"voice-agent:{device.api_url}",
    )
    device.page.reload()
    device.launcher.click()
    expect(device.button("I agree")).to_be_visible()
    assert device.sent("POST", "/chat") == []
    device.button("I agree").click()
    expect(device.answers).to_have_count(1)


def test_declining(device: Device) -> None:
    device.launcher.click()
    device.button("No, thanks").click()
    expect(device.launcher).to_be_focused()
    expect(device.host.locator(".panel")).to_have_attribute("inert", "")
    assert device.page.evaluate(STORED) == NOTHING
    device.launcher.click()
    expect(device.panel.get_by_role("group", name="Before we begin")).to_be_focused()


def test_consent_is_remembered(device: Device) -> None:
    device.launcher.click()
    device.button("I agree").click()
    other = device.tab()
    other.open()
    expect(other.input).to_be_visible()
    other.ask(PRICING)


def test_consent_of_other_terms_does_not_count(device: Device) -> None:
    key = f"voice-agent-consent:{device.api_url}"
    device.page.evaluate("([key, terms]) => localStorage.setItem(key, terms)", [key, '["minutes 5"]'])
    device.launcher.click()
    expect(device.button("I agree")).to_be_visible()


def test_known_visitor_is_asked_about_the_history(device: Device) -> None:
    device.launcher.click()
    device.button("I agree").click()
    device.sign_in()
    expect(device.panel.locator(".consent")).to_contain_text("stays in your history for 30 days")
    expect(device.input).to_be_hidden()


def test_withdrawing(device: Device) -> None:
    device.launcher.click()
    device.button("I agree").click()
    device.ask(PRICING)
    other = device.tab()
    other.open()
    expect(other.input).to_be_visible()
    session = device.session_id
    ended = device.expect_sent("DELETE", "/session", lambda: device.choose("Withdraw consent"))
    assert ended.headers["x-session-token"] == session
    expect(device.messages).to_have_count(0)
    for tab in (device, other):
        expect(tab.button("I agree")).to_be_visible()
        expect(tab.input).to_be_hidden()
    expect(device.live).to_have_text("You have withdrawn your consent.")
    device.page.wait_for_function(f"() => {STORED} === {NOTHING!r}")
    assert "Withdraw consent" not in device.entries()


def test_link_to_the_privacy_policy(browser: Browser, known: Backend) -> None:
    with devices(browser, known, 1) as [device]:
        device.open()
        link = device.panel.get_by_role("link", name="Privacy policy")
        expect(link).to_have_attribute("href", "https://thistledesk.example/privacy")
        device.host.evaluate("host => host.setAttribute('language', 'de')")
        link = device.panel.get_by_role("link", name="Datenschutzerklärung")
        expect(link).to_have_count(1)


def test_notice_follows_the_settings(widget: Widget) -> None:
    widget.open()
    expect(widget.panel.locator(".notice")).to_have_text(
        "Answers can be wrong. This conversation is deleted when you close it, "
        "or 1 hour after your last question."
    )
    widget.host.evaluate("host => host.setAttribute('language', 'ar')")
    expect(widget.panel.locator(".notice")).to_contain_text("بعد ساعة")


def test_settings_that_could_not_be_loaded(device: Device) -> None:
    """Nobody knows whether the visitor has to agree, so the question is not sent."""
    device.page.route("**/config", lambda route: route.abort())
    device.launcher.click()
    device.send(PRICING)
    expect(device.failure).to_be_visible()
    expect(device.input).to_have_value(PRICING)
    assert device.sent("POST", "/chat") == []
    assert device.page.evaluate(STORED) == NOTHING
    device.page.unroute("**/config")
    device.button("Try again").click()
    expect(device.button("I agree")).to_be_visible()
