"""Android's Back hides a panel that covers the page, and the page's own history stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from local.standin import StandIn
    from tests.browser.hosts import HostPages

pytestmark = pytest.mark.browser

# A page with a router, which shows the path of each entry of its history, and links within the page.
PAGE = """<!doctype html><html lang="en"><title>A shop</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width">
<h1 id="view">/</h1><button id="next">Next</button><a href="#part">Part</a><p id="part">Part</p>
<script>
  window.told = [];
  const show = () => { view.textContent = history.state?.path ?? location.hash; };
  const go = (path) => { history.pushState({ path, index: history.length }, '', '?' + path); show(); };
  addEventListener('popstate', ({ state }) => { told.push(state?.path ?? location.hash); show(); });
  next.onclick = () => go('next' + history.length);
  go('start');
</script>
<script type="module" src="{agent}/voice-agent.js"></script><voice-agent></voice-agent></html>"""
NO_CLOSE_WATCHER = "delete window.CloseWatcher"
PHONE: Any = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(browser: Browser, host_pages: HostPages, agent: str, model: StandIn) -> Iterator[Widget]:
    """A phone whose browser has no close watchers, on a page with a router."""
    model.reply_with("Yes.")
    with browser.new_context(**PHONE, reduced_motion="reduce") as context:
        page = context.new_page()
        page.add_init_script(NO_CLOSE_WATCHER)
        page.goto(host_pages.add(PAGE.replace("{agent}", agent)))
        widget = Widget(page)
        yield widget
        assert widget.complaints == []


def open_panel(widget: Widget) -> None:
    """Open the panel and wait until it covers the page."""
    widget.open()
    expect(widget.panel).to_have_attribute("aria-modal", "true")


def test_back_hides_the_panel_and_keeps_the_conversation(phone: Widget) -> None:
    before = phone.page.evaluate("history.state")
    open_panel(phone)
    phone.ask("Hello?")
    events = phone.listen("minimize", "close")
    phone.page.go_back()
    expect(phone.panel).to_be_hidden()
    assert events() == [{"type": "voice-agent:minimize"}]
    assert phone.sent("DELETE", "/session") == []
    assert phone.page.evaluate("[view.textContent, history.state]") == ["start", before]
    open_panel(phone)
    expect(phone.messages).to_have_count(2)
    phone.page.go_back()
    expect(phone.panel).to_be_hidden()


@pytest.mark.parametrize("way", ["hide", "close"])
def test_hiding_by_other_means_leaves_no_entry_behind(phone: Widget, way: str) -> None:
    phone.page.locator("#next").click()
    shown = phone.page.locator("#view").inner_text()
    open_panel(phone)
    if way == "hide":
        phone.choose("Hide the conversation")
    else:
        phone.button("Close and end the conversation").click()
    expect(phone.panel).to_be_hidden()
    phone.page.wait_for_function("() => !history.state['voice-agent-open']")
    expect(phone.page.locator("#view")).to_have_text(shown)
    phone.page.go_back()
    expect(phone.page.locator("#view")).to_have_text("start")


def test_reload_of_an_open_panel_adds_no_entry(phone: Widget, agent: str) -> None:
    phone.page.goto(agent)
    phone.open()
    entries = phone.page.evaluate("history.length")
    phone.page.reload()
    phone.open()
    assert phone.page.evaluate("history.length") == entries
    phone.page.evaluate("history.back()")
    expect(phone.panel).to_be_hidden()
    assert phone.page.url.startswith(agent)


def test_page_that_navigates_when_the_panel_has_closed(phone: Widget) -> None:
    phone.open()
    phone.page.evaluate(
        "document.querySelector('voice-agent').close()"
        ".then(() => history.pushState({ path: 'paid' }, '', '?paid'))"
    )
    expect(phone.panel).to_be_hidden()
    phone.page.wait_for_function("location.search === '?paid'")
    later = "new Promise((done) => setTimeout(() => done(location.search), 200))"
    assert phone.page.evaluate(later) == "?paid"


def test_page_that_navigates_behind_the_panel_keeps_its_entry(phone: Widget) -> None:
    open_panel(phone)
    phone.page.evaluate("go('elsewhere')")
    phone.host.evaluate("host => host.minimize()")
    expect(phone.panel).to_be_hidden()
    assert phone.page.evaluate("history.state.path") == "elsewhere"
    phone.page.go_back()
    expect(phone.page.locator("#view")).to_have_text("start")


def test_links_within_the_page_do_not_hide_the_panel(phone: Widget) -> None:
    open_panel(phone)
    phone.page.evaluate("document.querySelector('a').click()")
    phone.page.wait_for_function("() => location.hash === '#part' && told.length")
    expect(phone.panel).to_be_visible()
    phone.host.evaluate("host => host.minimize()")
    assert phone.page.evaluate("location.hash") == "#part"


def test_back_leaves_the_page_while_the_panel_is_hidden(phone: Widget) -> None:
    open_panel(phone)
    phone.page.go_back()
    expect(phone.panel).to_be_hidden()
    phone.page.go_back()
    phone.page.wait_for_function("() => !history.state")


def test_large_screen_has_no_entry(phone: Widget) -> None:
    open_panel(phone)
    assert phone.page.evaluate("history.state['voice-agent-open']")
    phone.page.set_viewport_size({"width": 900, "height": 900})
    phone.page.wait_for_function("() => !history.state['voice-agent-open']")
    expect(phone.panel).to_be_visible()


def test_close_request_of_the_system_hides_the_panel(browser: Browser, agent: str, model: StandIn) -> None:
    """On a desktop, Escape is a close request when it reaches nothing else; on Android, Back is one."""
    model.reply_with("Yes.")
    with browser.new_context(**PHONE) as context:
        widget = Widget(context.new_page())
        widget.page.goto(agent)
        length = widget.page.evaluate("history.length")
        open_panel(widget)
        widget.ask("Hello?")
        assert widget.page.evaluate("history.length") == length
        for _ in range(2):
            widget.page.evaluate("document.activeElement.shadowRoot?.activeElement.blur()")
            widget.page.keyboard.press("Escape")
            expect(widget.panel).to_be_hidden()
            assert widget.sent("DELETE", "/session") == []
            open_panel(widget)
            expect(widget.messages).to_have_count(2)
        widget.host.evaluate("host => host.minimize()")
        widget.page.keyboard.press("Escape")
        expect(widget.panel).to_be_hidden()
