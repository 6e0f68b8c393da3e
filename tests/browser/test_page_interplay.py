"""The page and the widget leave each other alone: shortcuts, focus, visibility, and other widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.widget import Widget, box

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.hosts import HostPages

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>A shop</title><link rel="icon" href="data:,">
{before}<main><button id="buy">Buy</button></main>
<script type="module" src="{agent}/voice-agent.js"></script>{widget}</html>"""
TYPES = "for (const type of ['keydown', 'keypress', 'keyup'])"
NOTE = "window.fired = []; const note = ({ type, key }) => fired.push(`${type} ${key}`);"
SWALLOW = """const swallow = (event) => {
    if (['k', '/', 'e'].includes(event.key) && !event.ctrlKey) event.preventDefault();
};"""
ACTIVE = """() => {
    let active = document.activeElement;
    while (active.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active.id || active.className;
}"""
COMPONENT = """<{name}></{name}><script>customElements.define('{name}', class extends HTMLElement {{
    constructor() {{ super(); this.attachShadow({{ mode: 'open' }}).innerHTML = `{inner}`; }}
}});</script>"""


def visit(page: Page, host_pages: HostPages, agent: str, widget: str = "", before: str = "") -> Widget:
    html = PAGE.format(agent=agent, widget=widget or "<voice-agent></voice-agent>", before=before)
    page.goto(host_pages.add(html))
    return Widget(page)


def test_typing_does_not_reach_the_page(page: Page, host_pages: HostPages, agent: str) -> None:
    every = "for (const at of [document, window]) at.addEventListener(type, note)"
    listen = f"<script>{NOTE} {TYPES} {every}</script>"
    widget = visit(page, host_pages, agent, before=listen)
    widget.open()
    page.evaluate("fired.length = 0")
    widget.input.press_sequentially("s?")
    widget.input.press("Shift+Enter")
    widget.input.press("Escape")
    assert [each for each in page.evaluate("fired") if "Escape" not in each and "Shift" not in each] == []
    page.locator("#buy").press("s")
    assert "keydown s" in page.evaluate("fired")


def test_shortcuts_with_control_reach_the_page(page: Page, host_pages: HostPages, agent: str) -> None:
    listen = f"<script>{NOTE} document.addEventListener('keydown', note)</script>"
    widget = visit(page, host_pages, agent, before=listen)
    widget.open()
    widget.input.press("Control+k")
    assert "keydown k" in page.evaluate("fired")


@pytest.mark.parametrize("target", ["document", "window"])
@pytest.mark.parametrize("capture", ["false", "true"])
def test_page_that_prevents_keys_swallows_no_letters(
    page: Page, host_pages: HostPages, agent: str, target: str, capture: str
) -> None:
    listen = f"<script>{SWALLOW} {target}.addEventListener('keydown', swallow, {capture})</script>"
    widget = visit(page, host_pages, agent, before=listen)
    widget.open()
    widget.input.press_sequentially("make/kick")
    expect(widget.input).to_have_value("make/kick")


def test_focus_returns_into_another_component(page: Page, host_pages: HostPages, agent: str) -> None:
    opener = "<button id=help onclick='document.querySelector(&quot;voice-agent&quot;).open()'>Help</button>"
    component = COMPONENT.format(name="my-bar", inner=opener)
    widget = visit(page, host_pages, agent, f"{component}<voice-agent></voice-agent>")
    page.locator("#help").focus()
    page.keyboard.press("Enter")
    widget.ready()
    page.keyboard.press("Escape")
    assert page.evaluate(ACTIVE) == "help"


def test_focus_returns_to_the_launcher_within_a_component(
    page: Page, host_pages: HostPages, agent: str
) -> None:
    component = COMPONENT.format(name="my-shop", inner="<voice-agent></voice-agent>")
    widget = visit(page, host_pages, agent, component)
    widget.launcher.focus()
    page.keyboard.press("Enter")
    widget.ready()
    page.keyboard.press("Escape")
    assert page.evaluate(ACTIVE) == "launcher"


@pytest.mark.parametrize("capture", ["false", "true"])
def test_focus_trap_of_the_page_does_not_stop_typing(
    page: Page, host_pages: HostPages, agent: str, capture: str
) -> None:
    trap = f"""<div id="m" tabindex="-1"><button>OK</button></div><script>
        document.addEventListener('focusin', ({{ target }}) => {{
            if (target !== m && !m.contains(target)) m.focus();
        }}, {capture});
        m.focus();
    </script>"""
    widget = visit(page, host_pages, agent, before=trap)
    widget.open()
    widget.input.click()
    page.keyboard.type("Hello")
    expect(widget.input).to_have_value("Hello")
    page.keyboard.press("Escape")
    page.locator("#buy").focus()
    assert page.evaluate(ACTIVE) == "m"


def test_page_that_listens_on_capturing_sees_keys(page: Page, host_pages: HostPages, agent: str) -> None:
    """As docs/widget.md says: nothing inside an element comes before it."""
    listen = f"<script>{NOTE} document.addEventListener('keydown', note, true)</script>"
    widget = visit(page, host_pages, agent, before=listen)
    widget.open()
    widget.input.press_sequentially("s")
    assert "keydown s" in page.evaluate("fired")


def test_page_hides_the_widget_by_its_styles(page: Page, host_pages: HostPages, agent: str) -> None:
    style = "<style>@media (max-width: 500px) { voice-agent { display: none } }</style>"
    widget = visit(page, host_pages, agent, before=style)
    expect(widget.launcher).to_be_visible()
    page.set_viewport_size({"width": 400, "height": 700})
    expect(widget.launcher).to_be_hidden()


@pytest.mark.parametrize(
    ("one", "two"), [("", ""), ("bottom-start", "bottom-start"), ("bottom-end", ""), ("bottom-start", "")]
)
def test_two_widgets_do_not_cover_each_other(
    page: Page, host_pages: HostPages, agent: str, one: str, two: str
) -> None:
    pair = "".join(f'<voice-agent placement="{each}"></voice-agent>' for each in (one, two))
    visit(page, host_pages, agent, pair)
    launchers = page.locator("voice-agent button.launcher")
    expect(launchers).to_have_count(2)
    page.wait_for_load_state("networkidle")
    first, second = sorted((box(launchers.nth(index)) for index in (0, 1)), key=lambda each: each["x"])
    assert first["x"] + first["width"] <= second["x"]


@pytest.mark.parametrize("two", ["", "bottom-start"])
def test_one_panel_is_open_at_a_time(page: Page, host_pages: HostPages, agent: str, two: str) -> None:
    pair = "".join(f'<voice-agent placement="{each}"></voice-agent>' for each in ("", two))
    visit(page, host_pages, agent, pair)
    elements = page.locator("voice-agent")
    panels = [elements.nth(index).get_by_role("dialog") for index in (0, 1)]
    page.wait_for_load_state("networkidle")
    for index in (0, 1, 0):
        elements.nth(index).locator("button.launcher").click()
        expect(panels[index]).to_be_visible()
        expect(panels[1 - index]).to_be_hidden()
        expect(panels[index].get_by_role("textbox")).to_be_focused()


def test_replaced_widget_takes_the_corner(page: Page, host_pages: HostPages, agent: str) -> None:
    widget = visit(page, host_pages, agent)
    before = box(widget.launcher)
    page.evaluate(
        """() => {
            const old = document.querySelector('voice-agent');
            old.after(document.createElement('voice-agent'));
            setTimeout(() => old.remove(), 500);
        }"""
    )
    page.wait_for_timeout(1000)
    assert box(widget.launcher) == before
