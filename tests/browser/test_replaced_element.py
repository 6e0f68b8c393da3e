"""A page that removes, replaces or re-creates the element: the conversation continues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.clock import stop_time
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from local.standin import StandIn

pytestmark = pytest.mark.browser

FIRST = "What's your pricing?"
SECOND = "What about the middle tier?"
FIND = """const old = document.querySelector('voice-agent');
const make = () => document.createElement('voice-agent');"""
# How frameworks exchange elements.
EXCHANGES = {
    "replaced": "old.replaceWith(make())",
    "removed first": "const parent = old.parentNode; old.remove(); parent.append(make())",
    "inserted first": "old.after(make()); old.remove()",
    "inserted long before": "old.after(make()); setTimeout(() => old.remove(), 700)",
    "re-inserted": "const parent = old.parentNode; old.remove(); parent.append(old)",
    "cloned": "old.replaceWith(old.cloneNode(true))",
    "body": "const body = document.createElement('body'); body.append(make()); "
    "document.body.replaceWith(body)",
}


@pytest.fixture
def counting_down(page: Page, agent: str, model: StandIn) -> Widget:
    """A widget with an answer that closes by itself; the page's clock can be stopped and moved."""
    page.clock.install()
    widget = Widget(page)
    page.goto(agent)
    widget.host.evaluate("host => host.setAttribute('auto-close', '30')")
    widget.open()
    model.reply_with("Yes.")
    widget.ask(FIRST)
    return widget


@pytest.mark.parametrize("exchange", EXCHANGES.values(), ids=EXCHANGES.keys())
def test_conversation_continues_in_the_next_element(widget: Widget, model: StandIn, exchange: str) -> None:
    widget.open()
    said = [FIRST, widget.ask(FIRST)]
    kept = widget.session_id
    widget.page.evaluate(f"{{ {FIND} {exchange} }}")
    expect(widget.host).to_have_count(1)
    widget.open()
    expect(widget.messages).to_have_text(said)
    widget.ask(SECOND)
    assert widget.session_id == kept
    assert len(model.requests[-1].body["messages"]) == 4
    assert widget.sent("DELETE", "/session") == []


def test_removed_element_does_not_end_the_session(page: Page, counting_down: Widget) -> None:
    stop_time(page)
    page.evaluate("window.removed = document.querySelector('voice-agent'); removed.remove()")
    page.clock.run_for(300_000)
    assert counting_down.sent("DELETE", "/session") == []
    assert counting_down.kept() is not None


def test_reinserted_element_counts_down_again(page: Page, counting_down: Widget) -> None:
    page.evaluate("document.querySelector('main').append(document.querySelector('voice-agent'))")
    stop_time(page)
    page.clock.run_for(300_000)
    expect(counting_down.host.locator(".badge")).to_be_hidden()
    assert counting_down.kept() is None
