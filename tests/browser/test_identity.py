"""Who the visitor is: signing in and out, in all tabs, and tokens that expire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.known import MIA, TOM, Device, devices, token_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.browser.backend import Backend
    from tests.browser.hosts import HostPages

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"


@pytest.fixture
def device(browser: Browser, known: Backend) -> Iterator[Device]:
    """A browser."""
    with devices(browser, known, 1) as [device]:
        yield device


def test_token_is_sent_as_a_header_and_kept_nowhere(device: Device, known: Backend) -> None:
    token = token_for(known, MIA)
    device.identify(token)
    device.open()
    device.ask(PRICING)
    [asked] = device.sent("POST", "/chat")
    assert asked.headers["authorization"] == f"Bearer {token}"
    configs = device.sent("GET", "/config")  # the widget's, and the demo page's
    assert not any("authorization" in config.headers for config in configs)
    assert not [request for request in device.requests if token in request.url]
    stored = device.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")
    assert token not in stored
    assert MIA not in stored


def test_attribute(device: Device, known: Backend) -> None:
    device.host.evaluate("(host, token) => host.setAttribute('identity-token', token)", token_for(known, MIA))
    device.open()
    device.ask(PRICING)
    assert device.sent("POST", "/chat")[0].headers["authorization"].startswith("Bearer ")
    device.host.evaluate("host => host.removeAttribute('identity-token')")
    expect(device.messages).to_have_count(0)


def test_attribute_in_the_page(page: Page, known: Backend, host_pages: HostPages) -> None:
    """Of another website, so the token is sent only if the agent allows that (CORS)."""
    script = f'<script type="module" src="{known.url}/voice-agent.js"></script>'
    url = host_pages.add(
        f'<html lang="en"><body>{script}<voice-agent identity-token="{token_for(known, MIA)}"></voice-agent>'
    )
    page.goto(url)
    page.locator("voice-agent").evaluate("host => host.sendMessage('Hello')")
    expect(page.locator("voice-agent .notice")).to_contain_text("stays in your history")


def test_signing_out_in_all_tabs(device: Device) -> None:
    device.sign_in()
    device.open()
    device.ask(PRICING)
    other = device.tab()
    other.host.evaluate("host => host.open()")
    other.host.evaluate("(host, token) => host.identify(token)", token_for(device.backend, MIA))
    other.ask(MIDDLE)
    device.show_history()
    device.identify(None)
    for tab in (device, other):
        expect(tab.messages).to_have_count(0)
        assert tab.kept() is None
    expect(device.sheet).to_have_count(0)
    assert "Your conversations" not in device.entries()
    assert device.sent("DELETE", "/session") == []


def test_tab_that_only_has_the_session_id(device: Device) -> None:
    device.sign_in()
    device.open()
    device.ask(PRICING)
    other = device.tab()
    device.page.reload()
    device.sign_in()
    expect(device.host.locator(".badge")).to_be_visible()
    other.host.evaluate("host => host.identify(null)")
    expect(device.host.locator(".badge")).to_be_hidden()
    assert device.kept() is None


def test_another_visitor_does_not_see_what_was_said(device: Device) -> None:
    device.sign_in(MIA)
    device.open()
    device.ask(PRICING)
    device.sign_in(TOM)
    expect(device.messages).to_have_count(0)
    device.show_history()
    expect(device.past).to_have_count(0)


def test_another_visitor_on_a_later_page(device: Device) -> None:
    device.sign_in(MIA)
    device.open()
    device.ask(PRICING)
    device.page.reload()
    device.sign_in(TOM)
    device.open()
    expect(device.messages).to_have_count(0)
    expect(device.notes).to_have_count(0)
    device.ask(MIDDLE)


def test_page_that_says_nothing(device: Device) -> None:
    """The conversation of a known visitor is not shown there."""
    device.sign_in(MIA)
    device.open()
    device.ask(PRICING)
    device.page.reload()
    device.open()
    expect(device.messages).to_have_count(0)
    expect(device.notes).to_have_count(0)


def test_reload(device: Device) -> None:
    device.sign_in()
    device.open()
    said = [PRICING, device.ask(PRICING)]
    device.page.reload()
    device.sign_in()
    device.open()
    expect(device.messages).to_have_text(said)


def test_signing_in_takes_the_conversation_along(device: Device) -> None:
    device.open()
    device.ask(PRICING)
    device.sign_in()
    device.ask(MIDDLE)
    device.show_history()
    expect(device.past).to_contain_text([PRICING])


def test_expired_token_is_replaced_once(device: Device, known: Backend) -> None:
    tokens = [token_for(known, MIA, seconds=-600), token_for(known, MIA)]
    device.host.evaluate(
        "(host, tokens) => { window.calls = 0; host.identify(() => tokens[calls++]); }", tokens
    )
    device.open()
    device.ask(PRICING)
    assert [request.headers["authorization"] for request in device.sent("POST", "/chat")] == [
        f"Bearer {token}" for token in tokens
    ]
    device.ask(MIDDLE)
    assert device.page.evaluate("calls") == 2
    [complaint] = device.complaints
    assert "401 (Unauthorized)" in complaint


def test_expired_token_without_another(device: Device) -> None:
    """The visitor is asked nothing: there was no conversation to lose, so this one is anonymous."""
    device.sign_in(seconds=-600)
    device.open()
    device.ask(PRICING)
    assert "identity" not in device.panel.inner_text()
    assert "Pass identify() a function" in device.next_complaint("identity token")
    assert "Your conversations" not in device.entries()


def test_token_that_expires_during_a_conversation(device: Device, known: Backend) -> None:
    """The question waits in the panel: without the visitor's identity, the conversation would be lost."""
    device.sign_in()
    device.open()
    device.ask(PRICING)
    known.clock.forward(7200)
    device.send(MIDDLE)
    expect(device.failure).to_contain_text("no longer signed in")
    device.sign_in()
    device.button("Try again").click()
    expect(device.answers).to_have_count(2)
    assert len(known.model.requests[-1].body["messages"]) == 4


def test_another_function_may_be_for_somebody_else(device: Device, known: Backend) -> None:
    mia, tom = token_for(known, MIA), token_for(known, TOM)
    device.host.evaluate("(host, token) => host.identify(async () => token)", mia)
    device.open()
    device.ask(PRICING)
    device.host.evaluate("(host, token) => host.identify(async () => token)", tom)
    expect(device.messages).to_have_count(0)
    device.ask(MIDDLE)
    assert device.sent("POST", "/chat")[-1].headers["authorization"] == f"Bearer {tom}"


def test_notice_before_a_conversation_is_the_visitors(device: Device) -> None:
    """What was said before signing in is deleted on closing, until the next question."""
    device.open()
    device.ask(PRICING)
    device.sign_in()
    expect(device.panel.locator(".notice")).to_contain_text("deleted when you close it")
    device.ask(MIDDLE)
    expect(device.panel.locator(".notice")).to_contain_text("stays in your history")


def test_signing_out_while_the_settings_cannot_be_loaded(device: Device) -> None:
    device.sign_in()
    device.open()
    device.ask(PRICING)
    device.page.reload()
    device.page.route("**/config", lambda route: route.fulfill(status=503, json={"error": "?", "code": "?"}))
    device.sign_in()
    device.launcher.click()
    expect(device.messages).to_have_count(2)
    device.identify(None)
    expect(device.messages).to_have_count(0)


def test_stopping_while_a_token_is_obtained(device: Device, known: Backend) -> None:
    never = "() => new Promise(() => {})"
    once = f"(host, token) => {{ let asked = 0; host.identify(() => (asked++ ? ({never})() : token)); }}"
    device.host.evaluate(once, token_for(known, MIA))
    device.open()
    device.ask(PRICING)
    expired = {"error": "Expired", "code": "identity_expired"}
    device.page.route("**/chat", lambda route: route.fulfill(status=401, json=expired))
    with device.page.expect_response("**/chat"):
        device.send(MIDDLE)
    device.panel.locator(".stop").click()
    expect(device.panel.locator(".stop")).to_be_hidden()


def test_browser_without_channels_between_tabs(device: Device) -> None:
    device.page.add_init_script(
        "window.BroadcastChannel = class { constructor() { throw new DOMException('', 'SecurityError'); } };"
    )
    device.page.reload()
    device.sign_in()
    device.open()
    device.ask(PRICING)


def test_agent_without_accounts(browser: Browser, backend: Backend) -> None:
    with devices(browser, backend, 1) as [device]:
        device.sign_in()
        device.open()
        device.ask(PRICING)
        device.ask(MIDDLE)
        assert "knows no accounts" in device.next_complaint("identity token")
        assert len(device.complaints) == 1
        assert "authorization" not in device.sent("POST", "/chat")[0].headers
