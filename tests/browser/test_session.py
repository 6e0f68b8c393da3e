"""The session: an id for one tab, its question and nothing of the history sent, gone when it is closed."""

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
    """What was sent with each question so far."""
    return [json.loads(request.post_data or "") for request in widget.sent("POST", "/chat")]


def test_opening_makes_an_id_and_sends_nothing_of_it(widget: Widget) -> None:
    assert widget.kept() is None
    widget.open()
    assert UUID.fullmatch(widget.session_id)
    assert widget.sent("GET", "/session") == []


def test_the_question_and_the_id_are_sent_and_nothing_of_the_history(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.ask(MIDDLE)
    for body, question in zip(bodies(widget), (PRICING, MIDDLE), strict=True):
        assert {"question", "sessionId"} <= set(body) <= {"question", "sessionId", "turnId", "turns"}
        assert (body["question"], body["sessionId"]) == (question, widget.session_id)


def test_the_id_is_in_no_address(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_count(2)
    assert not [request.url for request in widget.requests if widget.session_id in request.url]


def test_without_random_uuid_the_id_comes_from_random_values(page: Page, agent: str) -> None:
    page.add_init_script(NO_RANDOM_UUID)
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    assert page.evaluate("crypto.randomUUID") is None
    assert UUID.fullmatch(widget.session_id)
    assert "Growth" in widget.ask(PRICING)


def test_storage_that_is_blocked_falls_back_to_memory(page: Page, agent: str, model: StandIn) -> None:
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


def test_storage_that_holds_something_else_is_not_taken(widget: Widget) -> None:
    widget.open()
    widget.page.evaluate("key => sessionStorage.setItem(key, '{broken')", f"voice-agent:{widget.api_url}")
    widget.page.reload()
    widget.open()
    assert "Growth" in widget.ask(PRICING)


def duplicate(page: Page) -> Widget:
    """A tab that begins with a copy of this one's sessionStorage, as a duplicated tab does."""
    with page.expect_popup() as info:
        page.evaluate("void window.open(location.href)")
    return Widget(info.value)


def test_a_duplicated_tab_does_not_share_the_conversation(widget: Widget, model: StandIn) -> None:
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


def test_a_duplicate_made_after_a_reload_does_not_share_it_either(widget: Widget) -> None:
    """Also while the panel of the original has not been opened again."""
    widget.open()
    widget.ask(PRICING)
    original = widget.session_id
    widget.page.reload()
    expect(widget.host.locator(".badge")).to_be_visible()
    twin = duplicate(widget.page)
    twin.open()
    expect(twin.messages).to_have_count(0)
    assert twin.session_id != original
    widget.open()
    expect(widget.messages).to_have_count(2)


def test_another_page_of_the_tab_goes_on(widget: Widget, agent: str) -> None:
    widget.open()
    said = [PRICING, widget.ask(PRICING)]
    widget.page.goto(f"{agent}/?another-page")
    widget.open()
    expect(widget.messages).to_have_text(said)


def test_a_page_that_comes_back_from_the_cache_shows_what_was_said_meanwhile(widget: Widget) -> None:
    """Playwright switches the back/forward cache off, so its events are dispatched here."""
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


def test_a_conversation_that_waits_is_marked_on_the_launcher(widget: Widget) -> None:
    badge = widget.host.locator(".badge")
    expect(badge).to_be_hidden()
    widget.open()
    widget.ask(PRICING)
    widget.page.reload()
    expect(badge).to_be_visible()
    widget.open()
    expect(badge).to_be_hidden()


def test_closing_during_an_answer_ends_the_session(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", stall_after=3)
    widget.open()
    widget.send(PRICING)
    expect(widget.answers).not_to_be_empty()
    closed = widget.session_id
    request = widget.expect_sent("DELETE", "/session", widget.button("Close and end the conversation").click)
    assert request.headers["x-session-token"] == closed
    widget.open()
    expect(widget.messages).to_have_count(0)
    assert widget.session_id != closed


def test_starting_over_ends_one_session_and_begins_another(widget: Widget, model: StandIn) -> None:
    widget.open()
    widget.ask(PRICING)
    closed = widget.session_id
    request = widget.expect_sent("DELETE", "/session", widget.button("Start over").click)
    assert request.headers["x-session-token"] == closed
    expect(widget.messages).to_have_count(0)
    expect(widget.input).to_be_focused()
    widget.ask(MIDDLE)
    assert widget.session_id != closed
    assert len(model.requests[-1].body["messages"]) == 2


def test_hiding_keeps_the_conversation(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.launcher.click()
    expect(widget.panel).to_be_hidden()
    widget.launcher.click()
    expect(widget.messages).to_have_count(2)
    assert widget.sent("DELETE", "/session") == []


def test_an_answer_that_could_not_be_saved_says_so(widget: Widget) -> None:
    """Only the widget's side: what the server answers when its store fails is the server's test."""
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


def test_without_locks_a_reload_goes_on(page: Page, agent: str) -> None:
    """Pages without TLS have no locks."""
    page.add_init_script(NO_LOCKS)
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    said = [PRICING, widget.ask(PRICING)]
    page.reload()
    widget.open()
    expect(widget.messages).to_have_text(said)
