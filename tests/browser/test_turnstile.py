"""Visitors who are checked with Turnstile before their first question."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from pydantic import SecretStr

from tests.browser.axe import violations
from tests.browser.backend import Backend, running_backend
from tests.browser.test_failures import MIDDLE, PRICING, refuse
from tests.browser.test_owner_notices import PAGE
from tests.browser.turnstile import (
    BLOCKS,
    INTERACTIVE,
    ORIGIN,
    PASSES,
    Upstream,
    serve_script,
)
from tests.browser.voice import Talker
from tests.browser.widget import Widget
from tests.test_turnstile import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Request, Route

    from local.assets import Site
    from tests.browser.hosts import HostPages
    from tests.test_turnstile import FakeSiteverify

pytestmark = pytest.mark.browser

NOT_VERIFIED = "I could not make sure that you are a person. Please try again."
NOT_LOADED = "The check that keeps robots out did not load, and I may not answer without it."


@dataclass(frozen=True, slots=True)
class Checked:
    """An agent that has its visitors checked."""

    backend: Backend
    siteverify: FakeSiteverify


@pytest.fixture(scope="module")
def running(host_pages: HostPages, built: Site) -> Iterator[Checked]:
    upstream = Upstream()
    settings: dict[str, Any] = {"turnstile_site_key": PASSES, "turnstile_secret": SecretStr(SECRET)}
    with running_backend(host_pages.origin, site=built, transport=upstream, **settings) as backend:
        yield Checked(backend, upstream.siteverify)


@pytest.fixture
def checked(running: Checked) -> Checked:
    running.backend.model.reset()
    running.siteverify.broken = None
    running.siteverify.calls = 0
    return running


@pytest.fixture
def visitor_page(page: Page, checked: Checked) -> Widget:
    """The widget on the demo page, with Turnstile's script."""
    serve_script(page)
    widget = Widget(page)
    page.goto(checked.backend.url)
    return widget


def site_key(page: Page, key: str) -> None:
    """Have the agent name another site key, one of those for testing."""

    def config(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "turnstileSiteKey": key})

    page.route("**/api/voice-agent/config", config)


def proof(request: Request) -> tuple[bool, bool]:
    """Whether a request brings a token, and whether it brings a ticket."""
    return "x-turnstile-token" in request.headers, "x-visitor-token" in request.headers


def test_token_with_the_first_question_and_ticket_with_the_next(
    visitor_page: Widget, checked: Checked
) -> None:
    visitor_page.open()
    assert not [request for request in visitor_page.requests if request.url.startswith(ORIGIN)]
    visitor_page.ask(PRICING)
    visitor_page.ask(MIDDLE)
    assert [proof(request) for request in visitor_page.sent("POST", "/chat")] == [
        (True, False),
        (False, True),
    ]
    assert checked.siteverify.calls == 1
    assert len([request for request in visitor_page.requests if request.url.startswith(ORIGIN)]) == 1
    assert visitor_page.page.evaluate("rendered.map(({ removed }) => removed)") == [True]
    assert visitor_page.complaints == []


def test_ticket_is_kept_for_the_next_page(visitor_page: Widget, checked: Checked) -> None:
    visitor_page.open()
    visitor_page.ask(PRICING)
    visitor_page.page.reload()
    visitor_page.open()
    visitor_page.ask(MIDDLE)
    assert proof(visitor_page.sent("POST", "/chat")[-1]) == (False, True)
    assert checked.siteverify.calls == 1


def test_new_session_is_checked_anew(visitor_page: Widget, checked: Checked) -> None:
    visitor_page.open()
    visitor_page.ask(PRICING)
    visitor_page.host.evaluate("host => host.clear()")
    expect(visitor_page.messages).to_have_count(0)
    visitor_page.ask(PRICING)
    assert checked.siteverify.calls == 2


def test_page_of_another_website_reads_the_ticket(
    page: Page, host_pages: HostPages, checked: Checked
) -> None:
    """Under the policy that docs/widget.md states."""
    agent = checked.backend.url
    serve_script(page)
    policy = f"default-src 'none'; script-src {agent} {ORIGIN}; frame-src {ORIGIN}; connect-src {agent}"
    html = PAGE.format(script=agent, agent=agent)
    page.goto(host_pages.add(html, Content_Security_Policy=f"{policy}; img-src data:"))
    widget = Widget(page)
    widget.open()
    widget.ask(PRICING)
    widget.ask(MIDDLE)
    assert [proof(request) for request in widget.sent("POST", "/chat")] == [(True, False), (False, True)]
    assert widget.complaints == []


def test_interactive_challenge(visitor_page: Widget, axe: str) -> None:
    site_key(visitor_page.page, INTERACTIVE)
    visitor_page.open()
    visitor_page.send(PRICING)
    line = "One moment: this check keeps robots out."
    expect(visitor_page.panel.locator(".check")).to_contain_text(line)
    expect(visitor_page.live).to_contain_text(line)
    assert violations(visitor_page.page, axe) == []
    visitor_page.page.get_by_role("button", name="Verify you are human").click()
    expect(visitor_page.answers).to_contain_text("Growth")
    expect(visitor_page.panel.locator(".check")).to_have_count(0)
    assert visitor_page.host.evaluate("host => host.childElementCount") == 0


def test_stopping_during_a_challenge(visitor_page: Widget) -> None:
    site_key(visitor_page.page, INTERACTIVE)
    visitor_page.open()
    visitor_page.send(PRICING)
    button = visitor_page.page.get_by_role("button", name="Verify you are human")
    expect(button).to_be_visible()
    visitor_page.button("Stop").click()
    expect(visitor_page.notes).to_have_text("You stopped this answer.")
    assert visitor_page.sent("POST", "/chat") == []
    visitor_page.send(PRICING)
    button.click()
    expect(visitor_page.answers).to_contain_text("Growth")


def test_failed_challenge_can_be_repeated(visitor_page: Widget) -> None:
    site_key(visitor_page.page, BLOCKS)
    visitor_page.open()
    errors = visitor_page.listen("error")
    visitor_page.send(PRICING)
    expect(visitor_page.failure.get_by_role("alert")).to_have_text(NOT_VERIFIED)
    assert [(error["code"], error["status"]) for error in errors()] == [("visitor_not_verified", 0)]
    visitor_page.button("Try again").click()
    expect(visitor_page.failure.get_by_role("alert")).to_have_text(NOT_VERIFIED)
    assert visitor_page.page.evaluate("rendered.map(({ removed }) => removed)") == [True, True]
    assert visitor_page.sent("POST", "/chat") == []


def test_wrong_site_key_is_explained_to_the_owner(visitor_page: Widget) -> None:
    site_key(visitor_page.page, "0x-unknown")
    visitor_page.open()
    said = "voice-agent: Turnstile refuses TURNSTILE_SITE_KEY on 127.0.0.1 (110100)."
    with visitor_page.page.expect_console_message(lambda message: message.text.startswith(said)):
        visitor_page.send(PRICING)
    expect(visitor_page.failure.get_by_role("alert")).to_have_text(NOT_VERIFIED)


def test_blocked_script_can_be_loaded_later(page: Page, checked: Checked) -> None:
    page.route(f"{ORIGIN}/**", lambda route: route.abort("blockedbyclient"), times=1)
    widget = Widget(page)
    page.goto(checked.backend.url)
    widget.open()
    with page.expect_console_message(lambda message: f"{ORIGIN} in script-src" in message.text):
        widget.send(PRICING)
    expect(widget.failure.get_by_role("alert")).to_have_text(NOT_LOADED)
    serve_script(page)
    widget.button("Try again").click()
    expect(widget.answers).to_contain_text("Growth")


def test_demo_page_requires_trusted_types(visitor_page: Widget) -> None:
    """And allows the one policy that is needed, which can be made once only."""
    visitor_page.page.route(f"{ORIGIN}/**", lambda route: route.abort(), times=1)
    visitor_page.open()
    visitor_page.send(PRICING)
    expect(visitor_page.failure.get_by_role("alert")).to_have_text(NOT_LOADED)
    visitor_page.button("Try again").click()
    expect(visitor_page.answers).to_contain_text("Growth")
    assert visitor_page.page.evaluate("typeof trustedTypes") == "object"


def test_empty_script_counts_as_blocked(page: Page, checked: Checked) -> None:
    page.clock.install()
    serve_script(page, "")
    widget = Widget(page)
    page.goto(checked.backend.url)
    widget.open()
    with page.expect_response(f"{ORIGIN}/**"):
        widget.send(PRICING)
    page.clock.run_for(20_000)
    expect(widget.failure.get_by_role("alert")).to_have_text(NOT_LOADED)


def test_rejected_token_is_replaced_once(visitor_page: Widget) -> None:
    """For instance because it has expired."""
    visitor_page.page.route("**/chat", refuse(403, "visitor_not_verified"), times=1)
    visitor_page.open()
    visitor_page.ask(PRICING)
    tokens = [request.headers["x-turnstile-token"] for request in visitor_page.sent("POST", "/chat")]
    assert len(set(tokens)) == len(tokens) == 2


def test_token_that_is_always_rejected_is_a_failure(visitor_page: Widget) -> None:
    visitor_page.page.route("**/chat", refuse(403, "visitor_not_verified"))
    visitor_page.open()
    visitor_page.send(PRICING)
    expect(visitor_page.failure.get_by_role("alert")).to_have_text(NOT_VERIFIED)
    assert len(visitor_page.sent("POST", "/chat")) == 2
    expect(visitor_page.button("Try again")).to_be_visible()


def test_expired_ticket_is_replaced(visitor_page: Widget, checked: Checked) -> None:
    visitor_page.open()
    visitor_page.ask(PRICING)
    visitor_page.page.evaluate(
        """() => {
            const key = Object.keys(sessionStorage).find((each) => each.startsWith('voice-agent:'));
            sessionStorage.setItem(key, JSON.stringify({...JSON.parse(sessionStorage[key]), visitor: '1.x'}));
        }"""
    )
    visitor_page.page.reload()
    visitor_page.open()
    visitor_page.ask(MIDDLE)
    assert [proof(r) for r in visitor_page.sent("POST", "/chat")[1:]] == [(False, True), (True, False)]
    assert checked.siteverify.calls == 2


def test_token_is_sent_again_if_the_question_failed(visitor_page: Widget, checked: Checked) -> None:
    checked.backend.model.behave(on="chat", status=500)
    visitor_page.open()
    visitor_page.send(PRICING)
    visitor_page.button("Try again").click()
    expect(visitor_page.answers).to_contain_text("Growth")
    tokens = {request.headers.get("x-turnstile-token") for request in visitor_page.sent("POST", "/chat")}
    assert len(tokens - {None}) == 1


def test_turnstile_that_is_down(visitor_page: Widget) -> None:
    visitor_page.page.route("**/chat", refuse(503, "visitor_check_unavailable", Retry_After="1"), times=1)
    visitor_page.open()
    visitor_page.send(PRICING)
    expect(visitor_page.failure).to_contain_text("The check that keeps robots out does not work right now.")
    expect(visitor_page.answers).to_contain_text("Growth")


def test_spoken_question_is_checked_first(asking: Browser, checked: Checked) -> None:
    talker = Talker(asking, checked.backend.url, prepare=serve_script)
    talker.hold()
    talker.answered(1)
    [transcription] = talker.widget.sent("POST", "/transcribe")
    assert proof(transcription) == (True, False)
    assert "x-session-token" in transcription.headers
    assert all(proof(request) == (False, True) for request in talker.widget.sent("POST", "/chat"))
    assert checked.siteverify.calls == 1


def test_spoken_question_of_a_visitor_who_does_not_pass(asking: Browser, checked: Checked) -> None:
    def prepare(page: Page) -> None:
        serve_script(page)
        site_key(page, BLOCKS)

    talker = Talker(asking, checked.backend.url, prepare=prepare)
    talker.hold()
    expect(talker.problem).to_have_text(NOT_VERIFIED)
    assert talker.widget.sent("POST", "/transcribe") == []


def test_unanswered_question_is_asked_again_with_a_check(visitor_page: Widget) -> None:
    visitor_page.page.route("**/chat", lambda _route: None)
    visitor_page.open()
    visitor_page.send(PRICING)
    expect(visitor_page.panel.get_by_text("Thinking…")).to_be_visible()
    visitor_page.page.wait_for_function("() => window.rendered?.[0]?.removed")
    visitor_page.page.unroute("**/chat")
    visitor_page.page.reload()
    visitor_page.open()
    expect(visitor_page.answers).to_contain_text("Growth")
    assert json.loads(visitor_page.sent("POST", "/chat")[-1].post_data or "")["question"] == PRICING
