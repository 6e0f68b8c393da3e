"""A question whose page was left before its answer: the next page of the tab shows the answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_failures import MIDDLE, PRICING, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.standin import StandIn
    from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

ANSWER = "There are three tiers."

LEAVING: dict[str, Callable[[Widget, str], object]] = {
    "a reload": lambda widget, _agent: widget.page.reload(),
    "the next page": lambda widget, agent: widget.page.goto(f"{agent}/?next"),
}


def unanswered(widget: Widget) -> Any:
    """The question that the tab keeps; None if there is none."""
    return (widget.kept() or {}).get("unanswered")


def chats(model: StandIn) -> int:
    """How often the model was asked."""
    return len([request for request in model.requests if request.path.endswith("/chat/completions")])


@pytest.mark.parametrize("leave", LEAVING.values(), ids=LEAVING)
@pytest.mark.parametrize(
    "slow", [{"headers_delay": 2}, {"piece_delay": 0.5}], ids=["nothing came", "some came"]
)
def test_answer_appears_on_the_next_page(
    widget: Widget, agent: str, model: StandIn, slow: dict[str, float], leave: Callable[[Widget, str], object]
) -> None:
    model.behave(on="chat", reply=ANSWER, **slow)
    widget.open()
    widget.send(PRICING)
    while not chats(model):
        widget.page.wait_for_timeout(20)
    if "piece_delay" in slow:
        expect(widget.answers).not_to_be_empty()
    leave(widget, agent)
    widget.open()
    expect(widget.messages).to_have_text([PRICING, ANSWER])
    assert chats(model) == 1
    assert unanswered(widget) is None
    widget.idle()
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_text([PRICING, ANSWER])


def test_answer_of_a_later_question_appears_too(widget: Widget, model: StandIn) -> None:
    widget.open()
    first = widget.ask(PRICING)
    model.behave(on="chat", reply=ANSWER, headers_delay=1)
    widget.send(MIDDLE)
    while chats(model) < 2:
        widget.page.wait_for_timeout(20)
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_text([PRICING, first, MIDDLE, ANSWER])
    assert chats(model) == 2


def test_question_that_did_not_reach_the_server_is_asked_again(widget: Widget, model: StandIn) -> None:
    widget.page.route("**/chat", lambda _route: None)  # never let go
    widget.open()
    model.reply_with(ANSWER)
    widget.send(PRICING)
    expect(widget.panel.get_by_text("Thinking…")).to_be_visible()
    widget.page.unroute("**/chat")
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_text([PRICING, ANSWER])
    assert chats(model) == 1


def test_answer_that_was_stored_meanwhile_is_not_asked_for(widget: Widget, model: StandIn) -> None:
    model.reply_with(ANSWER)
    widget.page.route("**/chat", lambda route: (route.fetch(), None)[1])  # the response never arrives
    widget.open()
    widget.send(PRICING)
    while not chats(model):
        widget.page.wait_for_timeout(20)
    widget.page.unroute("**/chat")
    widget.page.reload()
    before = len(widget.sent("POST", "/chat"))
    widget.open()
    expect(widget.messages).to_have_text([PRICING, ANSWER])
    widget.idle()
    assert len(widget.sent("POST", "/chat")) == before
    assert unanswered(widget) is None
    widget.ask(MIDDLE)
    body = json.loads(widget.sent("POST", "/chat")[-1].post_data or "")
    assert body["lastTurnId"] == json.loads(widget.sent("POST", "/chat")[0].post_data or "")["turnId"]


def test_waiting_question_is_marked_on_the_launcher(widget: Widget) -> None:
    widget.page.route("**/chat", lambda _route: None)
    widget.open()
    widget.send(PRICING)
    expect(widget.panel.get_by_text("Thinking…")).to_be_visible()
    widget.page.reload()
    expect(widget.host.locator(".badge")).to_be_visible()


def test_question_is_kept_only_while_it_waits(widget: Widget) -> None:
    widget.open()
    turn = widget.expect_sent("POST", "/chat", lambda: widget.send(PRICING))
    assert json.loads(turn.post_data or "")["question"] == PRICING
    widget.idle()
    assert unanswered(widget) is None
    assert PRICING not in str(widget.page.evaluate("JSON.stringify(sessionStorage)"))


ENDINGS: dict[str, Callable[[Widget], object]] = {
    "stopped": lambda widget: widget.button("Stop").click(),
    "closed": lambda widget: widget.button("Close and end the conversation").click(),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_question_that_the_visitor_gave_up_is_not_asked_again(
    widget: Widget, model: StandIn, end: Callable[[Widget], object]
) -> None:
    widget.page.route("**/chat", lambda _route: None)
    widget.open()
    widget.send(PRICING)
    expect(widget.panel.get_by_text("Thinking…")).to_be_visible()
    with widget.page.expect_event("requestfailed"):
        end(widget)
    widget.page.wait_for_function("() => !JSON.stringify(sessionStorage).includes('unanswered')")
    widget.page.unroute("**/chat")
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_count(0)
    assert chats(model) == 0


def test_question_that_was_refused_is_not_asked_again(widget: Widget, model: StandIn) -> None:
    widget.page.route("**/chat", refuse(400, "responder_filtered"), times=1)
    widget.open()
    widget.send(PRICING)
    expect(widget.failure).to_be_visible()
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_count(0)
    assert chats(model) == 0


def test_page_restored_from_the_back_forward_cache_asks_once(widget: Widget, model: StandIn) -> None:
    """Playwright disables that cache, so the test dispatches its events."""
    model.behave(on="chat", reply=ANSWER, headers_delay=1)
    widget.open()
    widget.send(PRICING)
    while not chats(model):
        widget.page.wait_for_timeout(20)
    widget.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    widget.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(widget.messages).to_have_text([PRICING, ANSWER])
    widget.idle()
    assert chats(model) == 1


def test_turn_ids_of_the_last_answers_are_sent(widget: Widget) -> None:
    widget.open()
    for question in (PRICING, MIDDLE):
        widget.ask(question)
    widget.page.reload()
    widget.open()
    widget.ask(PRICING)
    first, second, third = (json.loads(r.post_data or "") for r in widget.sent("POST", "/chat"))
    assert "lastTurnId" not in first
    assert (second["lastTurnId"], second["turns"]) == (first["turnId"], 1)
    assert (third["lastTurnId"], third["turns"]) == (second["turnId"], 2)


def test_new_session_has_no_last_turn(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.choose("Start over")
    expect(widget.messages).to_have_count(0)
    widget.ask(PRICING)
    assert "lastTurnId" not in json.loads(widget.sent("POST", "/chat")[-1].post_data or "")
