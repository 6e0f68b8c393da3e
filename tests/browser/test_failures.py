"""Failures: what visitors read, and what is retried when."""

# ruff: noqa: RUF001 - the widget's texts have typographic apostrophes

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.clock import stop_time
from tests.browser.conftest import PATIENCE_MS
from tests.browser.widget import Widget
from tests.widget.test_error_codes import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext, Page, Route

    from local.standin import StandIn
    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"


@pytest.fixture
def timed(page: Page, agent: str, model: StandIn) -> Widget:
    """The widget on a page whose clock the test controls."""
    assert model.requests == ()
    page.clock.install()
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    stop_time(page)
    return widget


def refuse(status: int, code: str = "", **headers: str) -> Callable[[Route], None]:
    """A handler that responds in the server's place, for errors that the server does not return on demand."""
    body: Any = {"error": "A sentence in English.", "code": code} if code else "<h1>It works!</h1>"
    more = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(route: Route) -> None:
        if code:
            route.fulfill(status=status, json=body, headers={**more, "Access-Control-Expose-Headers": "*"})
        else:
            route.fulfill(status=status, body=body, content_type="text/html", headers=more)

    return answer


def test_offline_question_is_sent_once_back_online(
    widget: Widget, context: BrowserContext, model: StandIn
) -> None:
    widget.open()
    errors = widget.listen("error")
    context.set_offline(offline=True)
    widget.send(PRICING)
    line = "You are offline. I’ll send your question as soon as you are back."
    expect(widget.failure).to_contain_text(line)
    expect(widget.panel.get_by_role("alert").filter(has_text=line)).to_have_count(1)
    assert errors() == []
    context.set_offline(offline=False)
    expect(widget.answers).to_contain_text("Growth")
    expect(widget.failure).to_have_count(0)
    assert len(model.requests) == 1


def test_stopping_an_offline_question(widget: Widget, context: BrowserContext, model: StandIn) -> None:
    widget.open()
    context.set_offline(offline=True)
    widget.send(PRICING)
    expect(widget.failure).to_be_visible()
    widget.button("Stop").click()
    expect(widget.notes).to_have_text("You stopped this answer.")
    context.set_offline(offline=False)
    widget.ask(MIDDLE)
    assert len(model.requests) == 1


def test_connection_lost_during_an_answer(widget: Widget, context: BrowserContext, model: StandIn) -> None:
    """The answer was stored all the same, so it is fetched rather than generated again."""

    def answer_and_go_offline(route: Route) -> None:
        route.fetch()
        context.set_offline(offline=True)
        route.abort("internetdisconnected")

    widget.page.route("**/chat", answer_and_go_offline, times=1)
    widget.open()
    widget.send(PRICING)
    expect(widget.failure).to_contain_text("offline")
    context.set_offline(offline=False)
    expect(widget.answers).to_contain_text("Scale")
    assert len(model.requests) == 1


def test_rate_limited_question_waits_for_retry_after(timed: Widget, model: StandIn) -> None:
    timed.page.route("**/chat", refuse(429, "rate_limited", Retry_After="8"), times=1)
    errors = timed.listen("error")
    timed.send(PRICING)
    expect(timed.failure).to_contain_text("That was a lot of questions at once. I’ll try again in 8 seconds.")
    timed.page.clock.run_for(3000)
    expect(timed.failure.locator("[aria-hidden]")).to_contain_text("5 seconds")
    expect(timed.failure.get_by_role("alert")).to_contain_text("8 seconds")
    assert len(timed.sent("POST", "/chat")) == 1
    timed.page.clock.run_for(5000)
    expect(timed.answers).to_contain_text("Growth")
    assert len(model.requests) == 1
    (error,) = errors()
    assert (error["code"], error["status"]) == ("rate_limited", 429)
    assert (error["retryAfter"], error["retrying"]) == (8, True)


def test_retry_after_as_a_date(timed: Widget) -> None:
    now = timed.page.evaluate("new Date(Date.now() + 30_000).toUTCString()")
    timed.page.route("**/chat", refuse(503, "responder_busy", Retry_After=now), times=1)
    timed.send(PRICING)
    expect(timed.failure.locator("[aria-hidden]")).to_contain_text("Many people are asking right now.")
    expect(timed.failure.locator("[aria-hidden]")).to_contain_text(re.compile(r"(29|30) seconds"))


def test_long_wait_is_shown_in_minutes(timed: Widget) -> None:
    timed.page.route("**/chat", refuse(429, "rate_limited", Retry_After="600"), times=1)
    timed.send(PRICING)
    expect(timed.failure).to_contain_text("10 minutes")


def test_retry_after_from_the_model_provider(timed: Widget, model: StandIn) -> None:
    """From the provider, through our server, to the visitor."""
    model.behave(on="chat", status=429, retry_after="12")
    timed.send(PRICING)
    expect(timed.failure).to_contain_text("Many people are asking right now. I’ll try again in 12 seconds.")
    timed.page.clock.run_for(12_000)
    expect(timed.answers).to_contain_text("Growth")
    assert len(model.requests) == 2


def test_backoff_without_retry_after(timed: Widget) -> None:
    timed.page.route("**/chat", refuse(503, "responder_busy"))
    errors = timed.listen("error")
    timed.send(PRICING)
    for attempt in range(1, 4):
        expect(timed.failure).to_contain_text("I’ll try again in")
        timed.page.clock.run_for(2**attempt * 1500)
    expect(timed.button("Try again")).to_be_visible()
    assert len(timed.sent("POST", "/chat")) == 4
    assert [error["retrying"] for error in errors()] == [True, True, True, False]


def test_manual_retry_waits_for_retry_after(timed: Widget) -> None:
    timed.page.route("**/chat", refuse(500, "responder_failed", Retry_After="20"), times=1)
    timed.send(PRICING)
    timed.button("Try again").click()
    expect(timed.failure).to_contain_text("20 seconds")
    assert len(timed.sent("POST", "/chat")) == 1
    timed.page.clock.run_for(20_000)
    expect(timed.answers).to_contain_text("Growth")


def test_timeout(timed: Widget, model: StandIn) -> None:
    model.behave(on="chat", stall_after=0)
    timed.send(PRICING)
    expect(timed.panel.get_by_text("Thinking…")).to_be_visible()
    timed.page.clock.run_for(61_000)
    expect(timed.failure).to_contain_text("This is taking too long. Please try again.")
    timed.page.clock.resume()
    timed.button("Try again").click()
    expect(timed.failure).to_contain_text(
        "I’m still working on your question."
    )  # the server has not given up
    expect(timed.answers).to_contain_text("Growth", timeout=PATIENCE_MS)
    expect(timed.questions).to_have_count(1)


@pytest.mark.parametrize(
    "broken", [{"status": 500}, {"error_after": 3}, {"malformed_after": 2}, {"cut_after": 3}]
)
def test_server_error(widget: Widget, model: StandIn, broken: dict[str, int]) -> None:
    model.behave(on="chat", **broken)
    widget.open()
    widget.send(PRICING)
    alert = widget.failure.get_by_role("alert")
    expect(alert).to_have_text("Something went wrong on our side. Please try again.")
    assert widget.host.evaluate("host => host.state") == "error"
    widget.button("Try again").click()
    expect(widget.answers).to_contain_text("Growth")
    expect(widget.answers).to_have_count(1)


def test_connection_cut_before_the_response(widget: Widget) -> None:
    widget.page.route("**/chat", lambda route: route.abort("connectionreset"), times=1)
    widget.open()
    widget.send(PRICING)
    expect(widget.failure).to_contain_text("I can’t be reached right now.")
    widget.button("Try again").click()
    expect(widget.answers).to_contain_text("Growth")


def test_stream_cut_off(widget: Widget) -> None:
    body = 'event: delta\ndata: {"text": "Half an"}\n\n: a comment\n\nevent: del'
    widget.page.route(
        "**/chat", lambda route: route.fulfill(content_type="text/event-stream", body=body), times=1
    )
    widget.open()
    widget.send(PRICING)
    expect(widget.failure).to_contain_text("The connection broke before I had finished.")
    expect(widget.panel.locator(".partial")).to_have_text("Half an")
    widget.button("Try again").click()
    expect(widget.answers).to_contain_text("Growth")
    expect(widget.panel.locator(".partial")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "code"), [(404, ""), (405, "method_not_allowed"), (200, ""), (403, "origin_refused")]
)
def test_server_that_is_not_an_agent_or_refuses_the_page(
    page: Page, agent: str, status: int, code: str
) -> None:
    """The different ways in which a server shows that it is not this page's agent."""
    page.route("**/api/voice-agent/config", refuse(status, code))
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    line = "I’m not available on this page right now."
    expect(widget.failure.get_by_role("alert")).to_have_text(line)
    page.unroute("**/api/voice-agent/config")
    widget.button("Try again").click()
    expect(widget.failure).to_have_count(0)
    assert "Growth" in widget.ask(PRICING)


def test_unreachable_server(page: Page, agent: str) -> None:
    widget = Widget(page)
    page.route("http://127.0.0.1:9/**", lambda route: route.abort("connectionrefused"))
    page.goto(agent)
    widget.host.evaluate("host => host.setAttribute('api-url', 'http://127.0.0.1:9')")
    widget.open()
    expect(widget.failure).to_contain_text("I can’t be reached right now.")


def test_server_configuration_error(widget: Widget) -> None:
    widget.page.route("**/chat", refuse(500, "configuration_error"), times=1)
    widget.open()
    widget.send(PRICING)
    expect(widget.failure).to_contain_text("I’m not available on this page right now.")


LINES = """async () => {
    const load = async (path) => (await import(`/voice-agent/${path}`)).default;
    const { TEXT_BY_CODE } = await import('/voice-agent/notices/by-code.js');
    const texts = {...await load('texts/en.js'), ...await load('notices/texts/en.js')};
    return Object.fromEntries(Object.entries(TEXT_BY_CODE).map(([code, name]) => [code, texts[name]]));
}"""
STATUSES = {
    code: int(row[2:5])
    for row in TABLE.splitlines()
    if re.match(r"\| \d{3} \|", row)
    for code in re.findall(r"`([a-z_]+)`", row)
}
RENEWED = {"session_closed", "conversation_of_another"}  # continue in a new session


def test_every_documented_code_is_explained(page: Page, sources: Backend) -> None:
    """What visitors read, code by code, as docs/http.md lists them."""
    widget = Widget(page)
    page.goto(sources.url)
    widget.open()
    lines = page.evaluate(LINES)
    shown = {}
    for code in STATUSES.keys() - RENEWED:
        page.route("**/chat", refuse(STATUSES[code], code, Retry_After="600"), times=1)
        widget.send(code)
        expect(widget.questions.last).to_have_text(code)
        shown[code] = widget.failure.last.inner_text().split("\n")[0]
        page.evaluate("document.querySelector('voice-agent').clear()")
        expect(widget.questions).to_have_count(0)
    assert {code: line for code, line in shown.items() if not line.startswith(lines[code])} == {}


@pytest.mark.parametrize(
    "code", ["question_too_long", "responder_filtered", "responder_too_long", "session_budget_spent"]
)
def test_question_that_would_fail_again_offers_no_retry(widget: Widget, code: str) -> None:
    widget.page.route("**/chat", refuse(STATUSES[code], code))
    widget.open()
    widget.send(PRICING)
    expect(widget.failure.get_by_role("alert")).not_to_be_empty()
    expect(widget.button("Try again")).to_have_count(0)


def test_session_closed_elsewhere_continues_in_a_new_one(widget: Widget, model: StandIn) -> None:
    widget.open()
    widget.ask(PRICING)
    closed = widget.session_id
    widget.page.request.delete(f"{widget.api_url}/session", headers={"X-Session-Token": closed})
    widget.ask(MIDDLE)
    expect(widget.notes).to_have_text("Your earlier conversation has expired, so this is a new one.")
    assert widget.session_id != closed
    assert [m["role"] for m in model.requests[-1].body["messages"]] == ["system", "user"]


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ("stale", "I may have missed the last moments of our conversation."),
        ("lost", "Your earlier conversation has expired, so this is a new one."),
    ],
)
def test_incomplete_context_is_noted(widget: Widget, known: str, line: str) -> None:
    done = {"response": "Three tiers.", "turn": 1, "saved": True, "context": known}
    body = f"event: done\ndata: {json.dumps(done)}\n\n"
    widget.page.route("**/chat", lambda route: route.fulfill(content_type="text/event-stream", body=body))
    widget.open()
    widget.ask(PRICING)
    expect(widget.notes).to_have_text(line)


def test_session_budget_spent(widget: Widget) -> None:
    widget.page.route("**/chat", refuse(403, "session_budget_spent"), times=1)
    widget.open()
    widget.send(PRICING)
    expect(widget.failure).to_contain_text("This conversation has become too long. Please start over.")


def test_earlier_failure_cannot_be_retried(widget: Widget, model: StandIn) -> None:
    model.behave(on="chat", status=500)
    widget.open()
    widget.send(PRICING)
    expect(widget.button("Try again")).to_be_visible()
    widget.ask(MIDDLE)
    expect(widget.button("Try again")).to_have_count(0)


def test_offline_before_the_panel_was_loaded(widget: Widget, context: BrowserContext) -> None:
    context.set_offline(offline=True)
    widget.launcher.click()
    line = "This could not be loaded. Try again"
    expect(widget.host.get_by_role("alert").first).to_have_text(line)
    context.set_offline(offline=False)
    widget.open()
    expect(widget.host.locator(".oops")).to_have_count(0)


def test_history_unavailable_after_a_reload(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.page.reload()
    widget.page.route("**/session", refuse(503, "storage_unavailable"), times=1)
    widget.open()
    expect(widget.failure).to_contain_text("Many people are asking right now.")
    widget.button("Try again").click()
    expect(widget.messages).to_have_count(2)
