"""The conversation: streaming, stopping, retrying, copying, downloading, links; never HTML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from local.standin import StandIn
    from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(1)</script><b>bold</b> &amp; [x](javascript:alert(1))"
# The label is left of a link that leads to no website.
SHOWN = HOSTILE.replace("[x](javascript:alert(1))", "x")


def test_answer_appears_while_it_arrives(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", reply="First part, and here it stays for now.", stall_after=3)
    widget.open()
    widget.send(PRICING)
    expect(widget.answers).to_contain_text("First part")
    expect(widget.button("Stop")).to_be_visible()
    expect(widget.button("Send")).to_be_hidden()
    assert widget.host.evaluate("host => host.state") == "answering"


def test_thinking_is_shown_before_the_first_piece(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", stall_after=0)
    widget.open()
    widget.send(PRICING)
    expect(widget.panel.get_by_text("Thinking…")).to_be_visible()
    assert widget.host.evaluate("host => host.state") == "thinking"


def test_suggested_question(widget: Widget) -> None:
    widget.open()
    suggestion = widget.button("How do I get started?")
    suggestion.click()
    expect(widget.questions).to_have_text("How do I get started?")
    expect(suggestion).to_be_hidden()
    expect(widget.input).to_be_focused()
    widget.idle()
    widget.choose("Start over")
    expect(suggestion).to_be_visible()


def test_stopping_keeps_the_partial_answer(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", reply="First part, and here it stays for now.", stall_after=3)
    widget.open()
    widget.send(PRICING)
    expect(widget.answers).to_contain_text("First part")
    widget.button("Stop").click()
    expect(widget.notes).to_have_text("You stopped this answer.")
    expect(widget.answers).to_contain_text("First part")
    widget.ask(MIDDLE)
    expect(widget.answers).to_have_count(2)


def test_stopping_before_the_first_piece(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", stall_after=0)
    widget.open()
    widget.send(PRICING)
    expect(widget.panel.get_by_text("Thinking…")).to_be_visible()
    widget.button("Stop").click()
    expect(widget.notes).to_have_text("You stopped this answer.")
    expect(widget.answers).to_have_count(0)
    expect(widget.button("Send")).to_be_focused()


def test_retry_replaces_the_failed_turn(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", status=500)
    widget.open()
    widget.send(PRICING)
    expect(widget.failure).to_be_visible()
    widget.button("Try again").click()
    expect(widget.answers).to_contain_text("Growth")
    expect(widget.questions).to_have_count(1)
    expect(widget.failure).to_have_count(0)
    assert [m["role"] for m in model.requests[-1].body["messages"]] == ["system", "user"]


def test_retry_sends_the_same_turn_id(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", status=500)
    widget.open()
    widget.send(PRICING)
    widget.button("Try again").click()
    expect(widget.answers).to_contain_text("Growth")
    widget.idle()
    widget.ask(MIDDLE)
    first, again, other = (json.loads(r.post_data or "")["turnId"] for r in widget.sent("POST", "/chat"))
    assert first == again != other


def test_retry_pressed_twice_asks_once(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", status=500)
    widget.open()
    widget.send(PRICING)
    widget.button("Try again").evaluate("button => { button.click(); button.click(); }")
    expect(widget.answers).to_contain_text("Growth")
    widget.idle()
    assert len(model.requests) == len(widget.sent("POST", "/chat")) == 2


def test_retry_finds_an_answer_that_was_stored_but_never_arrived(widget: Widget, model: StandIn) -> None:
    """The connection is cut after the server has stored the answer."""

    def answer_and_cut(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    widget.page.route("**/chat", answer_and_cut, times=1)
    widget.open()
    widget.send(PRICING)
    expect(widget.failure).to_be_visible()
    assert len(model.requests) == 1
    widget.button("Try again").click()
    expect(widget.answers).to_contain_text("Growth")
    assert len(model.requests) == 1
    widget.idle()
    widget.ask(MIDDLE)
    expect(widget.notes).to_have_count(0)


def test_question_during_an_answer_waits(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", first_delay=0.3)
    widget.page.evaluate(
        "questions => { const host = document.querySelector('voice-agent');"
        " window.asked = Promise.all(questions.map((question) => host.sendMessage(question))); }",
        [PRICING, MIDDLE],
    )
    widget.page.evaluate("asked")
    expect(widget.questions).to_have_text([PRICING, MIDDLE])
    expect(widget.answers).to_have_count(2)
    assert len(model.requests[-1].body["messages"]) == 4


def test_copying_an_answer(widget: Widget) -> None:
    widget.open()
    answer = widget.ask(PRICING)
    widget.button("Copy").click()
    expect(widget.live).to_contain_text("Copied.")
    assert widget.page.evaluate("navigator.clipboard.readText()") == answer


def test_downloading_the_conversation(widget: Widget) -> None:
    widget.open()
    expect(widget.menu).to_be_visible()
    expect(widget.entry("Download the conversation")).to_have_count(0)
    widget.page.keyboard.press("Escape")
    answer = widget.ask(PRICING)
    with widget.page.expect_download() as info:
        widget.choose("Download the conversation")
    assert info.value.suggested_filename.startswith("conversation-")
    text = Path(info.value.path()).read_text("utf-8")
    assert text.index("You (") < text.index(PRICING) < text.index("Voice agent (") < text.index(answer)


@pytest.mark.parametrize(
    ("said", "links"),
    [
        ("See https://example.com/plans.", {"https://example.com/plans": "https://example.com/plans"}),
        ("Read [our plans](https://example.com/a?b=1) now", {"our plans": "https://example.com/a?b=1"}),
        ("(https://example.com/a), then", {"https://example.com/a": "https://example.com/a"}),
        ("[https://bank.example](https://evil.example/)", {"https://evil.example/": "https://evil.example/"}),
        ("[x](javascript:alert(1)) and javascript:alert(1)", {}),
        ("http:// and https://", {}),
    ],
)
def test_links_in_answers(widget: Widget, model: StandIn, said: str, links: dict[str, str]) -> None:
    model.reply_with(said)
    widget.open()
    widget.ask(PRICING)
    shown = widget.answers.get_by_role("link").evaluate_all("all => all.map(a => [a.textContent, a.href])")
    assert dict(shown) == links
    for link in widget.answers.get_by_role("link").all():
        expect(link).to_have_attribute("rel", "noopener")
        expect(link).to_have_attribute("target", "_blank")


def test_link_to_the_same_site_stays_in_the_tab(widget: Widget, model: StandIn, agent: str) -> None:
    model.reply_with(f"Look at {agent}/index.html please.")
    widget.open()
    widget.ask(PRICING)
    link = widget.answers.get_by_role("link")
    expect(link).to_have_attribute("href", f"{agent}/index.html")
    expect(link).not_to_have_attribute("target", "_blank")


def test_messages_are_never_html(widget: Widget, model: StandIn) -> None:
    model.reply_with(HOSTILE)
    widget.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    widget.open()
    assert widget.ask(HOSTILE) == SHOWN
    widget.page.reload()
    widget.open()
    expect(widget.messages).to_have_text([HOSTILE, SHOWN])
    assert widget.messages.locator(":not(p)").count() == 0
    assert widget.complaints == []


def test_long_word_does_not_widen_the_panel(widget: Widget, model: StandIn) -> None:
    model.reply_with("x" * 500)
    widget.open()
    widget.ask("y" * 500)
    sizes = widget.panel.locator(".log").evaluate("log => [log.scrollWidth, log.clientWidth]")
    assert sizes[0] == sizes[1]


def test_log_follows_the_answer_unless_the_visitor_scrolled_up(widget: Widget, model: StandIn) -> None:
    log = widget.panel.locator(".log")
    below = "log => log.scrollHeight - log.scrollTop - log.clientHeight"
    model.reply_with("Long. " * 200)
    widget.open()
    widget.ask(PRICING)
    assert log.evaluate(below) <= 1
    model.behave(on="chat", reply="Another long answer. " * 100, stall_after=40)
    widget.send(MIDDLE)
    expect(widget.answers.last).to_contain_text("Another")
    log.evaluate("log => { log.scrollTop = 0; }")
    widget.button("Stop").click()
    expect(widget.answers).to_have_count(2)
    assert log.evaluate(below) > 100


def test_question_too_long_is_not_sent(widget: Widget) -> None:
    widget.open()
    widget.send("x" * 2001)
    expect(widget.panel.get_by_role("alert")).to_have_text("Please shorten your question to 2000 characters.")
    expect(widget.input).to_have_attribute("aria-invalid", "true")
    assert widget.sent("POST", "/chat") == []
    widget.send("x" * 2000)
    expect(widget.questions).to_have_count(1)


def test_empty_question_is_not_sent(widget: Widget) -> None:
    widget.open()
    widget.send("  \n ")
    expect(widget.questions).to_have_count(0)
    assert widget.sent("POST", "/chat") == []
