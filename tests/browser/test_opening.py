"""Opening the panel: few requests, and none that waits for another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.widget import API, Widget

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from local.standin import StandIn
    from tests.browser.hosts import HostPages

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
MAX_REQUESTS = 3
HASH = re.compile(r"-[0-9a-f]{8}(?=\.js$)")
VERSIONED = """<!doctype html><html lang="en"><title>A shop</title><link rel="icon" href="data:,">
<script type="module" src="{agent}/voice-agent.js?v=2"></script>
<voice-agent></voice-agent></html>"""


class Held:
    """Requests of a page that are answered only when a test lets them go."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._routes: list[Route] = []
        self._holding = True
        page.route("**/*", self._hold)

    def _hold(self, route: Route) -> None:
        if self._holding:
            self._routes.append(route)
        else:
            route.continue_()

    def wait_for(self, count: int) -> list[str]:
        """The first `count` requests, as paths without hashes. None of them was answered so far."""
        while len(self._routes) < count:
            self._page.wait_for_event("request")
        return sorted(HASH.sub("", urlsplit(route.request.url).path) for route in self._routes)

    def let_go(self) -> None:
        """Answer these and all later requests."""
        self._holding = False
        for route in self._routes:
            route.continue_()


def test_first_opening_takes_three_requests_at_once(widget: Widget) -> None:
    widget.page.wait_for_load_state("networkidle")
    held = Held(widget.page)
    before = len(widget.requests)
    widget.launcher.press("Enter")
    assert held.wait_for(MAX_REQUESTS) == [
        f"{API}/config",
        "/voice-agent/hashed/panel.js",
        "/voice-agent/hashed/texts-en.js",
    ]
    held.let_go()
    widget.ready()
    expect(widget.button("Talk")).to_be_visible()
    widget.page.wait_for_load_state("networkidle")
    assert len(widget.requests) - before == MAX_REQUESTS


def test_opening_after_a_reload_takes_three_requests_at_once(widget: Widget) -> None:
    """The texts of a visitor with a conversation came with the page."""
    widget.open()
    widget.ask(PRICING)
    widget.page.reload()
    widget.page.wait_for_load_state("networkidle")
    held = Held(widget.page)
    before = len(widget.requests)
    widget.launcher.press("Enter")
    assert held.wait_for(MAX_REQUESTS) == [
        f"{API}/config",
        f"{API}/session",
        "/voice-agent/hashed/panel.js",
    ]
    held.let_go()
    widget.ready()
    expect(widget.messages).to_have_count(2)
    widget.page.wait_for_load_state("networkidle")
    assert len(widget.requests) - before == MAX_REQUESTS


def test_query_string_in_the_address_loads_the_script_once(
    page: Page, host_pages: HostPages, agent: str, model: StandIn
) -> None:
    model.reply_with("Yes.")
    widget = Widget(page)
    page.goto(host_pages.add(VERSIONED.format(agent=agent)))
    widget.open()
    widget.ask(PRICING)
    assert [request.url for request in widget.requests if "/voice-agent.js" in request.url] == [
        f"{agent}/voice-agent.js?v=2"
    ]


def test_panel_that_cannot_be_loaded_is_loaded_at_the_next_press(widget: Widget) -> None:
    widget.page.route("**/panel-*.js", lambda route: route.abort(), times=1)
    widget.launcher.press("Enter")
    expect(widget.host.get_by_role("alert").first).to_contain_text("This could not be loaded.")
    widget.open()
    widget.ask(PRICING)
    expect(widget.host.locator(".oops")).to_be_empty()
