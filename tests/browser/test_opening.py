"""Opening the panel: few requests, and none that waits for another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.widget import API, Widget

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

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
    assert len(widget.requests) - before == MAX_REQUESTS + 1  # and the button for talking


def test_opening_after_a_reload_takes_two_requests_at_once(widget: Widget) -> None:
    """The panel of a visitor with a conversation came with the page, from the browser's cache."""
    widget.open()
    widget.ask(PRICING)
    widget.page.reload()
    widget.page.wait_for_load_state("networkidle")
    held = Held(widget.page)
    before = len(widget.requests)
    widget.launcher.press("Enter")
    assert held.wait_for(2) == [f"{API}/config", f"{API}/session"]
    held.let_go()
    widget.ready()
    expect(widget.messages).to_have_count(2)
    widget.page.wait_for_load_state("networkidle")
    # And the button for talking, and what the answer rests on with its texts.
    assert len(widget.requests) - before == 5


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
    widget.page.route("**/panel-*.js", lambda route: route.abort())
    widget.launcher.press("Enter")
    expect(widget.host.get_by_role("alert").first).to_contain_text("This could not be loaded.")
    widget.page.unroute("**/panel-*.js")
    widget.open()
    widget.ask(PRICING)
    expect(widget.host.locator(".oops")).to_have_count(0)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_launcher_is_busy_while_the_panel_is_loaded(
    browser: Browser, agent: str, model: StandIn, motion: Literal["reduce", "no-preference"]
) -> None:
    assert model.requests == ()
    with browser.new_context(reduced_motion=motion) as context:
        widget = Widget(context.new_page())
        widget.page.goto(agent)
        widget.page.wait_for_load_state("networkidle")
        expect(widget.launcher).not_to_have_attribute("aria-busy", "true")
        expect(widget.launcher).to_have_css("outline-style", "none")
        held = Held(widget.page)
        widget.launcher.click()
        expect(widget.launcher).to_have_attribute("aria-busy", "true")
        expect(widget.launcher).to_have_css("outline-style", "dotted")
        expect(widget.launcher).to_have_css("animation-name", "none" if motion == "reduce" else "pulse")
        held.let_go()
        widget.ready()
        expect(widget.launcher).not_to_have_attribute("aria-busy", "true")


def test_launcher_says_what_it_is(widget: Widget) -> None:
    expect(widget.launcher).to_have_text("Ask the voice agent")
    expect(widget.launcher.locator("path:visible")).to_have_count(1)
    widget.page.set_viewport_size({"width": 390, "height": 780})
    expect(widget.launcher.locator(".label")).to_be_hidden()
    widget.open()
    expect(widget.launcher).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_failed_loading_offers_to_try_again(widget: Widget, language: str) -> None:
    retry = {"en": "Try again", "de": "Erneut versuchen", "ar": "حاول مرة أخرى"}[language]
    widget.host.evaluate("(host, language) => { host.setAttribute('language', language); }", language)
    widget.page.route("**/panel-*.js", lambda route: route.abort())
    widget.launcher.press("Enter")
    again = widget.host.get_by_role("alert").get_by_role("button", name=retry)
    expect(again).to_be_visible()
    expect(widget.launcher).not_to_have_attribute("aria-busy", "true")
    for placement in ("bottom-start", "bottom-end"):
        widget.host.evaluate("(host, placement) => { host.setAttribute('placement', placement); }", placement)
        expect(again).to_be_in_viewport(ratio=1)
    again.press("Enter")
    expect(again).to_be_visible()
    widget.page.unroute("**/panel-*.js")
    again.click()
    widget.ready()
    expect(again).to_have_count(0)
