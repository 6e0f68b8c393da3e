"""The widget on other people's pages: origins, policies, styles, attributes, methods and events."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.widget import Widget, box

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from local.standin import StandIn
    from tests.browser.backend import Backend
    from tests.browser.hosts import HostPages

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
# What a page has to allow: the agent's origin for scripts and requests, nothing for styles.
POLICY = (
    "default-src 'none'; script-src {agent}; connect-src {agent}; img-src data:; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html><html lang="en"><title>A shop</title><link rel="icon" href="data:,">
<main><h1>A shop</h1><p>Words. <button>Buy</button></p></main>
<script type="module" src="{agent}/voice-agent.js"></script>
<voice-agent></voice-agent></html>"""
RUDE = """<style>
* {{ font-family: "Comic Sans MS" !important; letter-spacing: 5px; text-transform: uppercase; }}
button, div, p, textarea {{ background: red !important; color: lime !important; }}
button, div, p, textarea {{ border: 9px solid !important; }}
voice-agent {{ opacity: .1; filter: blur(9px); transform: scale(3); font-size: 60px; position: relative; }}
.panel, .launcher, .root {{ display: none !important; }}
:focus-visible {{ outline: none !important; }}
</style>"""


def policy(agent: str) -> str:
    return POLICY.format(agent=agent)


def test_framework_may_set_the_property_instead_of_the_attribute(page: Page, agent: str) -> None:
    widget = Widget(page)
    page.goto(agent)
    widget.host.evaluate("host => { 'use strict'; host.language = 'de'; }")
    expect(widget.launcher).to_have_accessible_name("Den Sprachassistenten fragen")
    widget.host.evaluate("host => { 'use strict'; host.language = null; }")
    expect(widget.launcher).to_have_accessible_name("Ask the voice agent")


def test_other_origin_under_a_strict_policy(
    page: Page, host_pages: HostPages, agent: str, model: StandIn
) -> None:
    page.goto(host_pages.add(PAGE.format(agent=agent), Content_Security_Policy=policy(agent)))
    widget = Widget(page)
    widget.open()
    answer = widget.ask(PRICING)
    page.reload()
    widget.open()
    expect(widget.messages).to_have_text([PRICING, answer])
    widget.button("Close and end the conversation").click()
    assert widget.complaints == []
    assert len(model.requests) == 1


def test_api_url_of_another_server(
    page: Page, host_pages: HostPages, agent: str, demo: str, model: StandIn
) -> None:
    """The script comes from one server and talks to another."""
    html = PAGE.format(agent=demo).replace("<voice-agent>", f'<voice-agent api-url="{agent}/">')
    page.goto(host_pages.add(html))
    widget = Widget(page)
    widget.open()
    widget.ask(PRICING)
    assert len(model.requests) == 1
    assert widget.api_url == f"{agent}/api/voice-agent"


@pytest.mark.parametrize("given", ["/", "", "/api/voice-agent", "/api/voice-agent/"])
def test_api_url_with_and_without_path(page: Page, agent: str, given: str) -> None:
    widget = Widget(page)
    page.goto(agent)
    widget.host.evaluate("(host, url) => host.setAttribute('api-url', url)", agent + given)
    assert widget.api_url == f"{agent}/api/voice-agent"


def test_no_third_party_requests(page: Page, host_pages: HostPages, agent: str) -> None:
    url = host_pages.add(PAGE.format(agent=agent))
    widget = Widget(page)
    page.goto(url)
    widget.open()
    widget.ask(PRICING)
    called = {urlsplit(request.url).netloc for request in widget.requests if request.url.startswith("http")}
    assert called == {urlsplit(url).netloc, urlsplit(agent).netloc}


def test_page_loads_only_the_launcher(page: Page, agent: str) -> None:
    widget = Widget(page)
    page.goto(agent)
    expect(widget.launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    loaded = [request.url for request in widget.requests if "voice-agent" in request.url]
    # The demo page reads the settings by itself.
    assert sorted(loaded) == [f"{agent}/api/voice-agent/config", f"{agent}/voice-agent.js"]
    widget.open()
    assert any("/voice-agent/hashed/panel-" in request.url for request in widget.requests)


LOOKS = ["fontFamily", "color", "backgroundColor", "letterSpacing", "textTransform", "opacity", "filter"]
LOOK = """(element, names) => {
    const style = getComputedStyle(element);
    return names.map((name) => style[name]);
}"""


def test_page_styles_do_not_reach_the_widget(page: Page, host_pages: HostPages, agent: str) -> None:
    looks = []
    for style in ("", RUDE.format()):
        page.goto(host_pages.add(PAGE.format(agent=agent) + style))
        widget = Widget(page)
        widget.open()
        parts = [widget.panel, widget.launcher, widget.input, widget.greeting, widget.button("Send")]
        looks.append([part.evaluate(LOOK, LOOKS) for part in parts])
        looks[-1].append(widget.panel.bounding_box())
    assert looks[0] == looks[1]


def test_widget_styles_do_not_reach_the_page(page: Page, host_pages: HostPages, agent: str) -> None:
    looks = []
    for html in (PAGE.format(agent=agent), PAGE.format(agent=agent).replace("voice-agent.js", "none.js")):
        page.goto(host_pages.add(html))
        if "none.js" not in html:
            Widget(page).open()
        parts = [page.locator(name) for name in ("body", "h1", "main p", "main button")]
        looks.append([[*part.evaluate(LOOK, LOOKS), part.bounding_box()] for part in parts])
    assert looks[0] == looks[1]


def test_custom_properties_and_parts(page: Page, host_pages: HostPages, agent: str) -> None:
    style = """<style>
    voice-agent { --voice-agent-primary-color: rgb(180, 30, 60); --voice-agent-radius: 4px;
        --voice-agent-panel-width: 300px; --voice-agent-offset-x: 50px;
        --voice-agent-font-family: monospace; }
    voice-agent::part(header) { background: rgb(1, 2, 3); }
    voice-agent::part(launcher) { border-radius: 12px; }
    </style>"""
    page.goto(host_pages.add(PAGE.format(agent=agent) + style))
    widget = Widget(page)
    widget.open()
    page.mouse.move(0, 0)
    expect(widget.launcher).to_have_css("background-color", "rgb(180, 30, 60)")
    expect(widget.launcher).to_have_css("border-radius", "12px")
    expect(widget.panel).to_have_css("border-radius", "4px")
    expect(widget.panel).to_have_css("width", "300px")
    expect(widget.panel).to_have_css("font-family", "monospace")
    expect(widget.panel.locator(".header")).to_have_css("background-color", "rgb(1, 2, 3)")
    launcher = box(widget.launcher)
    assert launcher["x"] + launcher["width"] == 1100 - 50


@pytest.mark.parametrize(("primary", "text"), [("#ffd400", 0), ("#143d2b", 255)])
def test_text_contrast_on_the_primary_colour(widget: Widget, primary: str, text: int) -> None:
    widget.host.evaluate("(host, c) => host.style.setProperty('--voice-agent-primary-color', c)", primary)
    shown = widget.launcher.evaluate(
        """launcher => {
            const context = document.createElement('canvas').getContext('2d');
            context.fillStyle = getComputedStyle(launcher).color;
            context.fillRect(0, 0, 1, 1);
            return context.getImageData(0, 0, 1, 1).data[0];
        }"""
    )
    assert shown == text


def test_placement(widget: Widget) -> None:
    widget.host.evaluate("host => host.setAttribute('placement', 'bottom-start')")
    widget.open()
    panel, launcher = box(widget.panel), box(widget.launcher)
    assert panel["x"] == launcher["x"] == 20


def test_methods(widget: Widget) -> None:
    page = widget.page
    page.evaluate("window.agent = document.querySelector('voice-agent')")
    page.evaluate("agent.toggle()")
    widget.ready()
    page.evaluate('agent.sendMessage("What\'s your pricing?")')
    expect(widget.answers).to_contain_text("Growth")
    page.evaluate("agent.toggle()")
    expect(widget.panel).to_be_hidden()
    page.evaluate("agent.open()")
    expect(widget.messages).to_have_count(2)
    before = widget.session_id
    page.evaluate("agent.clear()")
    expect(widget.messages).to_have_count(0)
    expect(widget.panel).to_be_visible()
    widget.ask(PRICING)
    assert widget.session_id != before
    page.evaluate("agent.close()")
    expect(widget.panel).to_be_hidden()
    assert widget.kept() is None


def test_close_before_opening_after_a_reload(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    kept = widget.session_id
    widget.page.reload()
    close = "void document.querySelector('voice-agent').close()"
    request = widget.expect_sent("DELETE", "/session", lambda: widget.page.evaluate(close))
    assert request.headers["x-session-token"] == kept


def test_events(widget: Widget) -> None:
    heard = widget.listen("open", "minimize", "close", "message", "state", "error")
    widget.open()
    answer = widget.ask(PRICING)
    widget.hide()
    widget.launcher.click()
    widget.button("Close and end the conversation").click()
    expect(widget.panel).to_be_hidden()
    assert heard() == [
        {"type": "voice-agent:open"},
        {"type": "voice-agent:message", "role": "user", "content": PRICING},
        {"type": "voice-agent:state", "state": "thinking"},
        {"type": "voice-agent:state", "state": "answering"},
        {"type": "voice-agent:message", "role": "assistant", "content": answer, "turn": 1},
        {"type": "voice-agent:state", "state": "idle"},
        {"type": "voice-agent:minimize"},
        {"type": "voice-agent:open"},
        {"type": "voice-agent:close", "reason": "user"},
    ]


def test_suggested_questions_attribute_empty(widget: Widget) -> None:
    widget.host.evaluate("host => host.setAttribute('suggested-questions', '')")
    widget.open()
    expect(widget.panel.locator(".suggestions button")).to_have_count(0)


@pytest.mark.parametrize("seconds", ["x", "", "0"])
def test_invalid_timeout_attribute_uses_the_default(widget: Widget, seconds: str) -> None:
    widget.host.evaluate("(host, seconds) => host.setAttribute('timeout', seconds)", seconds)
    widget.open()
    assert widget.ask("What's your pricing?")


def test_suggested_questions_attribute(widget: Widget) -> None:
    widget.host.evaluate("host => host.setAttribute('suggested-questions', 'Do you deliver?|Where are you?')")
    widget.open()
    expect(widget.panel.locator(".suggestions button")).to_have_text(["Do you deliver?", "Where are you?"])


def test_script_loaded_twice_and_tag_added_later(page: Page, host_pages: HostPages, agent: str) -> None:
    script = f'<script type="module" src="{agent}/voice-agent.js?again"></script>'
    page.goto(host_pages.add(PAGE.format(agent=agent).replace("<voice-agent></voice-agent>", "") + script))
    widget = Widget(page)
    page.evaluate("document.body.append(document.createElement('voice-agent'))")
    widget.open()
    assert "Growth" in widget.ask(PRICING)
    assert widget.complaints == []


@pytest.mark.parametrize("form", ["built", "sources"])
def test_script_without_its_type_says_so_and_works(
    page: Page, host_pages: HostPages, demo: str, sources: Backend, form: str
) -> None:
    server = demo if form == "built" else sources.url
    url = f"{server}/voice-agent.js?v=1"
    html = (
        PAGE.format(agent=server)
        .replace('type="module" ', "")
        .replace("voice-agent.js", "voice-agent.js?v=1")
    )
    widget = Widget(page)
    page.goto(host_pages.add(html))
    expect(widget.launcher).to_be_visible()
    assert widget.complaints == [
        f'voice-agent: type="module" is missing. Write <script type="module" src="{url}"></script>'
    ]
    assert page.evaluate("Object.keys(window).filter((name) => /^.$|src|voice/i.test(name))") == []


def test_exported_class(page: Page, demo: str) -> None:
    page.goto(demo)
    defined = "async () => (await import('/voice-agent.js')).VoiceAgent === customElements.get('voice-agent')"
    assert page.evaluate(defined)


def test_moved_element_keeps_its_conversation(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.page.evaluate("document.querySelector('main').append(document.querySelector('voice-agent'))")
    widget.launcher.click()
    expect(widget.messages).to_have_count(2)
    assert widget.host.get_by_role("dialog").count() == 1


def test_texts_set_before_the_script_loads(page: Page, host_pages: HostPages, agent: str) -> None:
    early = "<script>document.querySelector('voice-agent').texts = {placeholder: 'Early'}</script>"
    html = f'<!doctype html><html lang="en"><title>x</title><voice-agent></voice-agent>{early}'
    page.goto(host_pages.add(html + f'<script type="module" src="{agent}/voice-agent.js"></script>'))
    widget = Widget(page)
    widget.open()
    expect(widget.input).to_have_attribute("placeholder", "Early")
