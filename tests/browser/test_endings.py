"""Ending a session on the server: a failed attempt is repeated, and the id does not come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_failures import PRICING, refuse

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Route

    from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

WAITING = "Object.keys(sessionStorage).filter((key) => key.startsWith('voice-agent-ended:')).length"


def conversation(widget: Widget) -> str:
    """Have a conversation and return its id."""
    widget.open()
    widget.ask(PRICING)
    return widget.session_id


def status(widget: Widget, session_id: str) -> int:
    """How the server responds when a session is read."""
    headers = {"X-Session-Token": session_id}
    return int(widget.page.request.get(f"{widget.api_url}/session", headers=headers).status)


def close(widget: Widget) -> None:
    """Close the conversation, as a page does: without the time in which visitors can undo it."""
    widget.host.evaluate("host => host.close()")
    expect(widget.panel).to_be_hidden()
    assert widget.kept() is None


def ended(widget: Widget) -> None:
    """Wait until nothing is left to be ended."""
    widget.page.wait_for_function(f"() => {WAITING} === 0")


@pytest.mark.parametrize(
    ("code", "headers"), [(429, {"Retry_After": "1"}), (503, {"Retry_After": "1"}), (500, {}), (502, {})]
)
def test_failed_attempt_is_repeated(widget: Widget, code: int, headers: dict[str, str]) -> None:
    session_id = conversation(widget)
    widget.page.route("**/session", refuse(code, "rate_limited", **headers), times=1)
    close(widget)
    ended(widget)
    assert len(widget.sent("DELETE", "/session")) == 2
    assert status(widget, session_id) == 404


def test_offline(widget: Widget, context: BrowserContext) -> None:
    session_id = conversation(widget)
    context.set_offline(offline=True)
    close(widget)
    context.set_offline(offline=False)
    ended(widget)
    assert status(widget, session_id) == 404


def test_next_page_goes_on(widget: Widget) -> None:
    """Without the panel being opened there."""
    session_id = conversation(widget)
    widget.page.route("**/session", refuse(503, "storage_unavailable", Retry_After="600"))
    close(widget)
    assert widget.page.evaluate(WAITING) == 1
    widget.page.unroute("**/session")
    widget.page.reload()
    ended(widget)
    assert status(widget, session_id) == 404
    assert widget.kept() is None
    expect(widget.host.locator(".badge")).to_be_hidden()


def test_id_is_not_used_again(widget: Widget) -> None:
    session_id = conversation(widget)
    widget.page.route("**/session", refuse(503, "storage_unavailable", Retry_After="600"))
    close(widget)
    widget.open()
    expect(widget.messages).to_have_count(0)
    widget.ask(PRICING)
    assert widget.session_id != session_id
    assert session_id not in str(widget.sent("POST", "/chat")[-1].post_data)


@pytest.mark.parametrize("code", [204, 400, 404])
def test_final_response_is_not_asked_for_again(widget: Widget, code: int) -> None:
    conversation(widget)
    widget.page.route("**/session", lambda route: route.fulfill(status=code))
    close(widget)
    ended(widget)
    assert len(widget.sent("DELETE", "/session")) == 1


def test_given_up_when_the_session_has_expired(widget: Widget) -> None:
    """The server's answers say when that is."""
    widget.page.clock.install()
    widget.page.reload()
    conversation(widget)
    kept: Any = widget.kept()
    lifetime = widget.page.evaluate("expires => Date.parse(expires) - Date.now()", kept["expires"])
    assert 0 < lifetime <= 3_600_000
    widget.page.route("**/session", lambda route: route.abort())
    close(widget)
    for _ in range(20):
        widget.page.clock.run_for(300_000)
    ended(widget)
    before = len(widget.sent("DELETE", "/session"))
    widget.page.clock.run_for(3_600_000)
    assert len(widget.sent("DELETE", "/session")) == before > 2


def test_conversation_of_another_element_is_ended_once(widget: Widget) -> None:
    """Two elements on a page know of the same endings."""
    session_id = conversation(widget)

    def refuse_deleting(route: Route) -> None:
        if route.request.method == "DELETE":
            route.fulfill(status=503, headers={"Retry-After": "1"})
        else:
            route.continue_()

    widget.page.route("**/session", refuse_deleting, times=1)
    widget.page.evaluate("document.querySelector('voice-agent').clear()")
    expect(widget.messages).to_have_count(0)
    ended(widget)
    assert status(widget, session_id) == 404
