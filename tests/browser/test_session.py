"""The session: one id per tab, restored after a reload, forgotten when closed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget import UUID, Widget

if TYPE_CHECKING:
    from local.standin import StandIn

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
NO_RANDOM_UUID = "delete Crypto.prototype.randomUUID"
NO_STORAGE = """Object.defineProperty(window, 'sessionStorage', {
    get() { throw new DOMException('Access is denied for this document.', 'SecurityError') },
})"""
NO_LOCKS = "delete Navigator.prototype.locks"


def bodies(widget: Widget) -> list[dict[str, Any]]:
    """The bodies of the questions sent so far."""
    return [json.loads(request.post_data or "") for request in widget.sent("POST", "/chat")]


def test_first_question_makes_an_id(widget: Widget) -> None:
    widget.open()
    assert widget.kept() is None
    assert widget.sent("GET", "/session") == []
    widget.ask(PRICING)
    assert UUID.fullmatch(widget.session_id)


def test_only_question_and_ids_are_sent(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.ask(MIDDLE)
    optional = {"turnId", "turns", "lastTurnId", "speech"}
    for body, question in zip(bodies(widget), (PRICING, MIDDLE), strict=True):
        assert {"question", "sessionId"} <= set(body) <= {"question", "sessionId", *optional}
        assert (body["question"], body["sessionId"]) == (question, widget.session_id)


def test_session_id_is_never_in_a_url(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_count(2)
    assert not [request.url for request in widget.requests if widget.session_id in request.url]


def test_id_without_random_uuid(page: Page, agent: str) -> None:
    page.add_init_script(NO_RANDOM_UUID)
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    assert page.evaluate("crypto.randomUUID") is None
    assert "Growth" in widget.ask(PRICING)
    assert UUID.fullmatch(widget.session_id)


def test_blocked_storage_falls_back_to_memory(page: Page, agent: str, model: StandIn) -> None:
    page.add_init_script(NO_STORAGE)
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    widget.ask(PRICING)
    widget.ask(MIDDLE)
    assert len(model.requests[-1].body["messages"]) == 4
    assert widget.complaints == []
    page.reload()
    widget.open()
    expect(widget.messages).to_have_count(0)


def test_invalid_stored_session_is_ignored(widget: Widget) -> None:
    widget.open()
    widget.page.evaluate("key => sessionStorage.setItem(key, '{broken')", f"voice-agent:{widget.api_url}")
    widget.page.reload()
    widget.open()
    assert "Growth" in widget.ask(PRICING)


def duplicate(page: Page) -> Widget:
    """Open a tab with a copy of this one's sessionStorage, as duplicating a tab does."""
    with page.expect_popup() as info:
        page.evaluate("void window.open(location.href)")
    return Widget(info.value)


def test_duplicated_tab_gets_its_own_session(widget: Widget, model: StandIn) -> None:
    widget.open()
    widget.ask(PRICING)
    original = widget.session_id
    twin = duplicate(widget.page)
    twin.open()
    expect(twin.messages).to_have_count(0)
    twin.ask(MIDDLE)
    assert twin.session_id != original
    assert [m["role"] for m in model.requests[-1].body["messages"]] == ["system", "user"]
    widget.ask(MIDDLE)
    assert widget.session_id == original
    assert len(model.requests[-1].body["messages"]) == 4


def test_tab_duplicated_after_a_reload_gets_its_own_session(widget: Widget) -> None:
    """Even before the panel of the original has been opened again."""
    widget.open()
    widget.ask(PRICING)
    original = widget.session_id
    widget.page.reload()
    expect(widget.host.locator(".badge")).to_be_visible()
    twin = duplicate(widget.page)
    twin.open()
    expect(twin.messages).to_have_count(0)
    assert twin.kept() is None
    widget.open()
    expect(widget.messages).to_have_count(2)
    assert widget.session_id == original


def test_another_page_in_the_tab_continues(widget: Widget, agent: str) -> None:
    widget.open()
    said = [PRICING, widget.ask(PRICING)]
    widget.page.goto(f"{agent}/?another-page")
    widget.open()
    expect(widget.messages).to_have_text(said)


def test_page_restored_from_the_back_forward_cache(widget: Widget) -> None:
    """Playwright disables the back/forward cache, so the test dispatches its events."""
    widget.open()
    widget.ask(PRICING)
    kept = widget.session_id
    widget.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    meanwhile = {"question": MIDDLE, "sessionId": kept}
    assert widget.page.request.post(f"{widget.api_url}/chat", data=meanwhile).ok
    widget.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(widget.questions).to_have_text([PRICING, MIDDLE])
    assert widget.session_id == kept
    twin = duplicate(widget.page)
    twin.open()
    expect(twin.messages).to_have_count(0)


def test_waiting_conversation_is_marked_on_the_launcher(widget: Widget) -> None:
    badge = widget.host.locator(".badge")
    expect(badge).to_be_hidden()
    widget.open()
    widget.ask(PRICING)
    widget.page.reload()
    expect(badge).to_be_visible()
    widget.open()
    expect(badge).to_be_hidden()


def test_closing_during_an_answer(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", stall_after=3)
    widget.open()
    widget.send(PRICING)
    expect(widget.answers).not_to_be_empty()
    closed = widget.session_id
    widget.button("Close and end the conversation").click()
    widget.open()
    expect(widget.messages).to_have_count(0)
    model.reset()
    widget.ask(MIDDLE)
    assert widget.session_id != closed


def test_starting_over(widget: Widget, model: StandIn) -> None:
    widget.open()
    widget.ask(PRICING)
    closed = widget.session_id
    request = widget.expect_sent("DELETE", "/session", lambda: widget.choose("Start over"))
    assert request.headers["x-session-token"] == closed
    expect(widget.messages).to_have_count(0)
    expect(widget.input).to_be_focused()
    widget.ask(MIDDLE)
    assert widget.session_id != closed
    assert len(model.requests[-1].body["messages"]) == 2


def test_hiding_keeps_the_conversation(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.hide()
    expect(widget.panel).to_be_hidden()
    widget.launcher.click()
    expect(widget.messages).to_have_count(2)
    assert widget.sent("DELETE", "/session") == []


def test_unsaved_answer_is_noted(widget: Widget) -> None:
    """The widget's side only; the server's response to a failing store has its own tests."""
    done = {"response": "Three tiers.", "turn": 1, "saved": False}
    widget.page.route(
        "**/chat",
        lambda route: route.fulfill(
            content_type="text/event-stream", body=f"event: done\ndata: {json.dumps(done)}\n\n"
        ),
    )
    widget.open()
    widget.ask(PRICING)
    expect(widget.notes).to_have_text("This answer could not be saved, so I may not remember it.")


def test_reload_without_web_locks(page: Page, agent: str) -> None:
    """Pages without TLS have no locks."""
    page.add_init_script(NO_LOCKS)
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    said = [PRICING, widget.ask(PRICING)]
    page.reload()
    widget.open()
    expect(widget.messages).to_have_text(said)
