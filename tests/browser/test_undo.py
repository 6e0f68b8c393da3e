"""Closing can be undone for ten seconds; what other pages and tabs see meanwhile is a closed conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.clock import stop_time
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from local.standin import StandIn

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
CLOSE = "Close and end the conversation"
UNDO_SECONDS = 10
AWAY = """Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
document.dispatchEvent(new Event('visibilitychange'));"""


@pytest.fixture
def asked(page: Page, agent: str, model: StandIn) -> Widget:
    """A widget with an answer, on a page whose clock the test controls."""
    model.reply_with("Yes.", "No.", "Maybe.")
    page.clock.install()
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    widget.ask(PRICING)
    return widget


@pytest.fixture
def closed(asked: Widget) -> Widget:
    """A widget whose conversation was closed just now, with a clock that stands still."""
    close(asked)
    return asked


def close(widget: Widget) -> None:
    """Press Escape while the page's clock stands still."""
    stop_time(widget.page)
    widget.input.press("Escape")
    expect(undo(widget)).to_be_visible()


def undo(widget: Widget) -> Locator:
    """The button that brings the conversation back."""
    return widget.host.get_by_role("button", name="Undo")


def deleted(widget: Widget) -> int:
    """How many requests to end a session were sent."""
    return len(widget.sent("DELETE", "/session"))


def is_stored(page: Page, api: str, session_id: str) -> bool:
    """Whether the server still has a conversation."""
    return page.request.get(f"{api}/session", headers={"X-Session-Token": session_id}).ok


def pass_seconds(widget: Widget, seconds: float) -> None:
    widget.page.clock.run_for(int(seconds * 1000))


@pytest.mark.parametrize("way", ["Escape", CLOSE])
def test_closing_hides_at_once_and_ends_after_ten_seconds(asked: Widget, way: str) -> None:
    closed_id = asked.session_id
    heard = asked.listen("close")
    stop_time(asked.page)
    if way == "Escape":
        asked.input.press("Escape")
    else:
        asked.button(CLOSE).click()
    expect(asked.panel).to_be_hidden()
    expect(undo(asked)).to_be_visible()
    assert asked.kept() is None
    assert [event["type"] for event in heard()] == ["voice-agent:close"]
    pass_seconds(asked, UNDO_SECONDS - 2)
    assert deleted(asked) == 0
    request = asked.expect_sent("DELETE", "/session", lambda: pass_seconds(asked, 2))
    assert request.headers["x-session-token"] == closed_id
    expect(undo(asked)).to_have_count(0)
    asked.open()
    expect(asked.messages).to_have_count(0)


def test_undo_brings_the_conversation_back(asked: Widget, model: StandIn) -> None:
    kept = asked.kept()
    close(asked)
    undo(asked).click()
    expect(asked.panel).to_be_visible()
    expect(asked.messages).to_have_text([PRICING, "Yes."])
    expect(asked.input).to_be_focused()
    expect(undo(asked)).to_have_count(0)
    assert asked.kept() == kept
    pass_seconds(asked, 2 * UNDO_SECONDS)
    assert deleted(asked) == 0
    asked.page.clock.resume()
    assert asked.ask(MIDDLE) == "No."
    assert len(model.requests[-1].body["messages"]) == 4
    asked.page.reload()
    asked.open()
    expect(asked.messages).to_have_count(4)


def test_undo_is_announced_and_reached_by_keyboard(closed: Widget) -> None:
    expect(closed.live).to_contain_text("You closed this conversation. Undo")
    expect(closed.launcher).to_be_focused()
    closed.page.keyboard.press("Tab")
    expect(undo(closed)).to_be_focused()
    pass_seconds(closed, 3 * UNDO_SECONDS)
    assert deleted(closed) == 0  # the time stops while the visitor is at the button
    closed.page.keyboard.press("Shift+Tab")
    pass_seconds(closed, UNDO_SECONDS - 1)
    assert deleted(closed) == 0
    closed.expect_sent("DELETE", "/session", lambda: pass_seconds(closed, 1))


@pytest.mark.parametrize("placement", ["bottom-end", "bottom-start"])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1100])
def test_offer_is_within_the_screen(asked: Widget, placement: str, language: str, width: int) -> None:
    asked.page.set_viewport_size({"width": width, "height": 600})
    asked.host.evaluate(
        """(host, [placement, language]) => {
            host.setAttribute('placement', placement);
            host.setAttribute('language', language);
        }""",
        [placement, language],
    )
    asked.panel.press("Escape")
    notice = asked.host.locator(".undo")
    expect(notice).to_be_in_viewport(ratio=1)
    asked.launcher.click()
    expect(asked.panel.locator(".undo")).to_be_in_viewport(ratio=1)


ENDS: dict[str, Callable[[Widget], object]] = {
    "hiding the page": lambda widget: widget.page.evaluate(AWAY),
    "a reload": lambda widget: widget.page.reload(),
    "a second close": lambda widget: widget.host.evaluate("host => host.close()"),
    "starting over": lambda widget: widget.host.evaluate("host => host.clear()"),
    "a question": lambda widget: widget.host.evaluate("host => { host.sendMessage('And now?'); }"),
    "removing the element": lambda widget: widget.host.evaluate("host => host.remove()"),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_what_ends_the_conversation_at_once(closed: Widget, end: Callable[[Widget], object]) -> None:
    assert deleted(closed) == 0
    closed.expect_sent("DELETE", "/session", lambda: end(closed))


def test_reloaded_page_has_no_conversation(asked: Widget) -> None:
    closed_id = asked.session_id
    close(asked)
    asked.page.reload()
    asked.page.wait_for_load_state("networkidle")
    expect(asked.host.locator(".badge")).to_be_hidden()
    assert asked.kept() is None
    assert not is_stored(asked.page, asked.api_url, closed_id)
    asked.open()
    expect(asked.messages).to_have_count(0)
    expect(undo(asked)).to_have_count(0)
    assert asked.kept() is None


def test_duplicated_tab_neither_has_nor_ends_the_conversation(asked: Widget) -> None:
    kept = asked.kept()
    close(asked)
    with asked.page.expect_popup() as info:
        asked.page.evaluate("void window.open(location.href)")
    twin = Widget(info.value)
    twin.page.clock.resume()
    twin.open()
    expect(twin.messages).to_have_count(0)
    expect(undo(twin)).to_have_count(0)
    assert deleted(twin) == 0
    undo(asked).click()
    expect(asked.messages).to_have_count(2)
    assert asked.kept() == kept
    asked.page.clock.resume()
    assert asked.ask(MIDDLE) == "No."


def test_opening_shows_a_new_conversation_with_the_offer_in_the_panel(closed: Widget) -> None:
    closed.launcher.click()
    expect(closed.panel).to_be_visible()
    expect(closed.messages).to_have_count(0)
    expect(closed.button("How do I get started?")).to_be_visible()
    inside = closed.panel.get_by_role("button", name="Undo")
    expect(inside).to_be_visible()
    assert closed.kept() is None
    inside.click()
    expect(closed.messages).to_have_text([PRICING, "Yes."])
    expect(closed.button("How do I get started?")).to_be_hidden()
    assert closed.kept() is not None
    assert deleted(closed) == 0


def test_question_in_the_new_conversation_is_alone(closed: Widget, model: StandIn) -> None:
    closed.launcher.click()
    expect(closed.panel).to_be_visible()
    closed.page.clock.resume()
    assert closed.ask(MIDDLE) == "No."
    expect(closed.messages).to_have_count(2)
    expect(undo(closed)).to_have_count(0)
    assert len(model.requests[-1].body["messages"]) == 2
    assert deleted(closed) == 1


def test_question_in_another_element_is_kept(asked: Widget) -> None:
    """Elements for the same agent share the session of the page."""
    close(asked)
    asked.page.clock.resume()
    asked.page.evaluate("document.body.append(document.createElement('voice-agent'))")
    other = asked.page.locator("voice-agent").last
    assert undo(asked).first.is_visible()
    other.evaluate("host => host.sendMessage('And now?')")
    expect(other.locator(".message.assistant .bubble")).to_have_text("No.")
    expect(asked.page.get_by_role("button", name="Undo")).to_have_count(0)
    fresh = asked.session_id
    assert deleted(asked) == 1
    other.evaluate("host => host.sendMessage('And then?')")
    expect(other.locator(".message.assistant .bubble").last).to_have_text("Maybe.")
    assert asked.session_id == fresh


def test_closing_during_an_answer_stops_it(asked: Widget, model: StandIn) -> None:
    model.reset()
    model.behave(on="chat", reply="First part, and here it stays for now.", stall_after=3)
    asked.send(MIDDLE)
    expect(asked.answers).to_have_count(2)
    asked.button(CLOSE).click()
    undo(asked).click()
    expect(asked.messages).to_have_count(4)
    expect(asked.notes).to_have_text("You stopped this answer.")
    asked.idle()


def test_without_a_conversation_there_is_nothing_to_undo(widget: Widget) -> None:
    widget.open()
    widget.input.press("Escape")
    expect(widget.launcher).to_be_focused()
    expect(undo(widget)).to_have_count(0)
    assert deleted(widget) == 0


def test_countdown_and_method_end_at_once(asked: Widget) -> None:
    asked.expect_sent("DELETE", "/session", lambda: asked.host.evaluate("host => host.close()"))
    expect(undo(asked)).to_have_count(0)


def test_offer_that_cannot_be_loaded_ends_the_conversation(asked: Widget) -> None:
    asked.page.route("**/panel-undo-*.js", lambda route: route.abort())
    asked.expect_sent("DELETE", "/session", lambda: asked.input.press("Escape"))
    asked.open()
    expect(asked.messages).to_have_count(0)


@pytest.mark.parametrize("offer", ["shown", "not loaded yet"])
def test_leaving_the_page_ends_the_conversation(asked: Widget, offer: str) -> None:
    """Chromium does not report requests that outlive their page, so the server is asked."""
    closed_id, api = asked.session_id, asked.api_url
    if offer == "shown":
        close(asked)
    else:
        asked.page.route("**/panel-undo-*.js", lambda _: None)
        asked.input.press("Escape")
    assert is_stored(asked.page, api, closed_id)
    asked.page.goto("about:blank")
    for _ in range(100):
        if not is_stored(asked.page, api, closed_id):
            return
        asked.page.wait_for_timeout(50)
    raise AssertionError(offer)
