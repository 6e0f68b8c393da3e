"""What only the owner of the website can correct: the console says how, and visitors are not blamed."""

# ruff: noqa: RUF001 - the widget's texts have typographic apostrophes

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from local.running import running_server
from settings import Settings
from tests.browser.test_failures import PRICING, refuse
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Route

    from local.assets import Site
    from tests.browser.hosts import HostPages

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>A shop</title><link rel="icon" href="data:,">
<script type="module" src="{script}/voice-agent.js"></script>
<voice-agent api-url="{agent}"></voice-agent></html>"""
NOT_AVAILABLE = "I’m not available on this page right now."
NOT_REACHED = "I can’t be reached right now. Please try again in a moment."
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def unlisted(built: Site) -> Iterator[str]:
    """The URL of an agent whose ALLOWED_ORIGINS lists another website."""
    with running_server(Settings(allowed_origins=("https://shop.example",)), built) as url:
        yield url


def told(page: Page, action: Callable[[], object]) -> str:
    """What the console tells the owner because of `action`."""
    with page.expect_console_message(lambda message: message.text.startswith("voice-agent: ")) as info:
        action()
    assert info.value.type == "error"
    return info.value.text


def opened(widget: Widget, line: str) -> str:
    """What the owner is told when the panel is opened, while the visitor reads `line`."""
    text = told(widget.page, widget.launcher.click)
    expect(widget.failure.get_by_role("alert")).to_have_text(line)
    return text


def test_allowed_origins_was_forgotten(page: Page, host_pages: HostPages, demo: str) -> None:
    page.goto(host_pages.add(PAGE.format(script=demo, agent=demo)))
    text = opened(Widget(page), NOT_AVAILABLE)
    assert f'ALLOWED_ORIGINS = "{host_pages.origin}"' in text


def test_page_is_not_among_the_allowed_origins(
    page: Page, host_pages: HostPages, demo: str, unlisted: str
) -> None:
    """Its browser may not read the refusal, but finds out that there is a server."""
    page.goto(host_pages.add(PAGE.format(script=demo, agent=unlisted)))
    text = opened(Widget(page), NOT_REACHED)
    assert f"{unlisted}/api/voice-agent responds" in text
    assert f'ALLOWED_ORIGINS = "{host_pages.origin}"' in text


def test_content_security_policy_blocks_the_agent(
    page: Page, host_pages: HostPages, demo: str, agent: str
) -> None:
    policy = f"default-src 'none'; script-src {demo}; connect-src {demo}; img-src data:"
    page.goto(host_pages.add(PAGE.format(script=demo, agent=agent), Content_Security_Policy=policy))
    text = opened(Widget(page), NOT_REACHED)
    assert "Content-Security-Policy" in text
    assert f"Add {agent} to its connect-src" in text


def test_secure_page_with_an_insecure_agent(page: Page, demo: str) -> None:
    """The test plays a website with TLS, from which the script comes too."""
    secure, insecure = "https://shop.example", "http://agent.example"
    html = PAGE.format(script=secure, agent=insecure)

    def serve(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(body=html, content_type="text/html")
        else:
            route.fulfill(response=route.fetch(url=demo + path))

    page.route(f"{secure}/**", serve)
    page.goto(f"{secure}/")
    text = opened(Widget(page), NOT_REACHED)
    assert "https:// cannot use an agent with http://" in text
    assert insecure in text


def test_nothing_answers_at_the_address(page: Page, host_pages: HostPages, demo: str) -> None:
    page.goto(host_pages.add(PAGE.format(script=demo, agent=NOWHERE)))
    text = opened(Widget(page), NOT_REACHED)
    assert f"Nothing answers at {NOWHERE}" in text
    assert "api-url" in text


def test_address_of_another_website(page: Page, agent: str, host_pages: HostPages) -> None:
    elsewhere = "https://other.example"
    page.route(f"{elsewhere}/**", refuse(404, Access_Control_Allow_Origin="*"))
    page.goto(host_pages.add(PAGE.format(script=agent, agent=elsewhere)))
    assert f"There is no voice agent at {elsewhere}" in opened(Widget(page), NOT_AVAILABLE)


def test_login_in_front_of_the_agent(widget: Widget) -> None:
    widget.page.route("**/config", refuse(403))
    assert "such as a login or a firewall" in opened(widget, NOT_AVAILABLE)


@pytest.mark.parametrize(
    ("status", "code", "line", "advice"),
    [
        (500, "configuration_error", NOT_AVAILABLE, "A setting of the agent is missing or wrong."),
        (502, "responder_rejected", "Something went wrong on our side.", "The log of the agent says"),
        (503, "session_too_new", "I can’t continue this conversation", "Two versions of the agent"),
        (400, "invalid_request", "Something went wrong on our side.", "may be of another version"),
    ],
)
def test_failures_that_the_owner_has_to_look_into(
    widget: Widget, status: int, code: str, line: str, advice: str
) -> None:
    widget.page.route("**/chat", refuse(status, code))
    widget.open()
    assert advice in told(widget.page, lambda: widget.send(PRICING))
    expect(widget.failure).to_contain_text(line)


def test_owner_is_told_once(widget: Widget) -> None:
    widget.page.route("**/chat", refuse(500, "configuration_error"))
    widget.open()
    told(widget.page, lambda: widget.send(PRICING))
    widget.button("Try again").click()
    expect(widget.failure.get_by_role("alert")).to_have_text(NOT_AVAILABLE)
    assert len(widget.sent("POST", "/chat")) == 2
    assert len([line for line in widget.complaints if line.startswith("voice-agent: ")]) == 1


@pytest.mark.parametrize(("status", "code"), [(429, "rate_limited"), (400, "responder_filtered")])
def test_owner_is_not_told_of_what_passes(widget: Widget, status: int, code: str) -> None:
    widget.page.route("**/chat", refuse(status, code))
    widget.open()
    widget.send(PRICING)
    expect(widget.failure).to_be_visible()
    assert [line for line in widget.complaints if line.startswith("voice-agent: ")] == []
