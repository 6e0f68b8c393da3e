"""Browsers that refuse storage or locks, or that are wrong about being offline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from local.running import running_server
from settings import Settings
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Request

    from local.assets import Site
    from local.standin import StandIn
    from tests.browser.hosts import HostPages

pytestmark = pytest.mark.browser

FIRST = "What's your pricing?"
SECOND = "What about the middle tier?"
REFUSED_LOCKS = """LockManager.prototype.request = () =>
    Promise.reject(new DOMException('Access is denied.', 'SecurityError'))"""
SLOW_LOCKS = """LockManager.prototype.request = (name, { signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))"""
REFUSED_STORAGE = """Object.defineProperty(window, 'sessionStorage', {
    get() { throw new DOMException('Access is denied.', 'SecurityError') },
})"""
SAYS_OFFLINE = "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })"
SANDBOX = """<!doctype html><title>x</title><iframe sandbox="allow-scripts" width="900" height="700" srcdoc='
<!doctype html><html lang="en"><script type="module" src="{agent}/voice-agent.js"></script>
<voice-agent></voice-agent>'></iframe>"""


@pytest.mark.parametrize("refused", [REFUSED_LOCKS, f"{REFUSED_LOCKS};{REFUSED_STORAGE}"])
def test_refused_locks_keep_the_history(page: Page, agent: str, model: StandIn, refused: str) -> None:
    page.add_init_script(refused)
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    widget.ask(FIRST)
    widget.ask(SECOND)
    assert len(model.requests[-1].body["messages"]) == 4
    assert widget.complaints == []


@pytest.mark.parametrize("locks", [REFUSED_LOCKS, SLOW_LOCKS], ids=["refused", "too slow"])
def test_locks_that_are_not_granted_keep_the_conversation_after_a_reload(
    page: Page, agent: str, locks: str
) -> None:
    page.add_init_script(locks)
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    said = [FIRST, widget.ask(FIRST)]
    page.reload()
    widget.open()
    expect(widget.messages).to_have_text(said)


@pytest.fixture
def open_agent(built: Site) -> Iterator[str]:
    """The URL of an agent that every page may use."""
    with running_server(Settings(allowed_origins=("*",)), built) as url:
        yield url


def test_sandboxed_frame_keeps_the_history(page: Page, open_agent: str, host_pages: HostPages) -> None:
    """A frame without an origin of its own has neither storage nor locks."""
    page.goto(host_pages.add(SANDBOX.format(agent=open_agent)))
    frame = page.frame_locator("iframe")
    frame.locator("button.launcher").click()
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108 - a bound builtin is refused
    for question in (FIRST, SECOND):
        frame.get_by_role("textbox").fill(question)
        frame.get_by_role("textbox").press("Enter")
        frame.locator(".message.user").filter(has_text=question).wait_for()
        frame.locator(".send").wait_for()
    bodies = [request.post_data or "" for request in requests if request.url.endswith("/chat")]
    first, second = (json.loads(body)["sessionId"] for body in bodies)
    assert first == second


@pytest.mark.parametrize("kept", ['"text"', "5", "[]", '{"id": 5}', '{"id": "x"}', "null"])
def test_storage_that_holds_something_else_is_ignored(widget: Widget, kept: str) -> None:
    widget.page.evaluate(
        "([key, value]) => sessionStorage.setItem(key, value)", [f"voice-agent:{widget.api_url}", kept]
    )
    widget.page.reload()
    widget.open()
    assert "Growth" in widget.ask(FIRST)


def test_browser_wrong_about_being_offline_asks_anyway(page: Page, agent: str, model: StandIn) -> None:
    model.reply_with("Yes.")
    page.add_init_script(SAYS_OFFLINE)
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    assert widget.ask(FIRST) == "Yes."
    assert widget.complaints == []


def test_question_is_asked_again_although_the_browser_stays_offline(
    page: Page, agent: str, model: StandIn
) -> None:
    model.reply_with("Yes.")
    page.add_init_script(SAYS_OFFLINE)
    page.clock.install()
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    page.route("**/chat", lambda route: route.abort(), times=1)
    widget.send(FIRST)
    expect(widget.failure).to_contain_text("offline")
    page.clock.run_for(20_000)
    expect(widget.answers).to_have_text("Yes.")
    expect(widget.failure).to_have_count(0)
