"""The six scenarios from the original specification of session memory, in a real browser."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.widget import Widget

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from local.standin import StandIn
    from tests.browser.clock import ShiftedClock

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
AN_HOUR = 3601
UNDO_MS = 10_000


def roles(model: StandIn) -> list[str]:
    """The roles of the messages in the last prompt."""
    return [message["role"] for message in model.requests[-1].body["messages"]]


def test_1_second_question_refers_to_the_first(widget: Widget, model: StandIn) -> None:
    widget.open()
    widget.ask(PRICING)
    assert "Growth" in widget.ask(MIDDLE)
    assert roles(model) == ["system", "user", "assistant", "user"]


def test_1_in_the_offline_demo(page: Page, demo: str) -> None:
    widget = Widget(page)
    page.goto(demo)
    widget.open()
    assert "Starter" in widget.ask(PRICING)
    assert widget.ask(MIDDLE).startswith("The Growth tier")
    assert widget.complaints == []


def test_2_refresh_keeps_the_conversation(widget: Widget, model: StandIn) -> None:
    widget.open()
    said = [PRICING, widget.ask(PRICING), MIDDLE, widget.ask(MIDDLE)]
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_text(said)
    widget.ask("Is there a trial?")
    assert roles(model) == ["system", "user", "assistant", "user", "assistant", "user"]
    assert model.requests[-1].body["messages"][1]["content"] == PRICING


def test_3_closed_tab_forgets(widget: Widget, context: BrowserContext, agent: str, model: StandIn) -> None:
    widget.open()
    widget.ask(PRICING)
    closed = widget.session_id
    widget.page.close()
    other = Widget(context.new_page())
    other.page.goto(agent)
    other.open()
    expect(other.messages).to_have_count(0)
    other.ask(MIDDLE)
    assert roles(model) == ["system", "user"]
    assert other.session_id != closed


def test_4_conversation_expires_after_an_hour(widget: Widget, model: StandIn, clock: ShiftedClock) -> None:
    widget.open()
    widget.ask(PRICING)
    clock.forward(AN_HOUR)
    widget.ask(MIDDLE)
    assert roles(model) == ["system", "user"]
    expect(widget.notes).to_have_text("Your earlier conversation has expired, so this is a new one.")
    widget.ask("And the trial?")
    expect(widget.notes).to_have_count(1)


def test_4_conversation_expires_before_a_reload(widget: Widget, clock: ShiftedClock) -> None:
    widget.open()
    widget.ask(PRICING)
    expired = widget.session_id
    clock.forward(AN_HOUR)
    widget.page.reload()
    widget.open()
    expect(widget.notes).to_have_text("Your earlier conversation has expired, so this is a new one.")
    expect(widget.messages).to_have_count(0)
    assert widget.session_id != expired


def test_5_closing_ends_the_session_here_and_on_the_server(widget: Widget, model: StandIn) -> None:
    widget.open()
    widget.ask(PRICING)
    closed = widget.session_id
    with widget.page.expect_request(lambda sent: sent.method == "DELETE", timeout=UNDO_MS + 10_000) as info:
        widget.button("Close and end the conversation").click()
        expect(widget.panel).to_be_hidden()
        assert widget.kept() is None
    request = info.value
    assert request.headers["x-session-token"] == closed
    widget.open()
    expect(widget.messages).to_have_count(0)
    widget.ask(MIDDLE)
    assert roles(model) == ["system", "user"]
    answer = widget.page.request.get(request.url, headers={"X-Session-Token": closed})
    assert answer.status == 404


def test_6_history_is_trimmed_to_10_messages(
    widget: Widget, model: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    widget.open()
    for number in range(1, 16):
        model.reply_with(f"Answer {number}.")
        assert widget.ask(f"Question {number}?") == f"Answer {number}."
    assert any("trimmed to last 10 messages" in line for line in caplog.messages)
    assert len(roles(model)) == 1 + 10 + 1
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_count(10)
    expect(widget.messages.first).to_have_text("Question 11?")
