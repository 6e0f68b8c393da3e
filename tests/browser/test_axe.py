"""axe-core and the console report no problems: open and closed, light and dark, large and small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from local.standin import StandIn

pytestmark = pytest.mark.browser

PRICING = "What's your pricing?"
SCREENS = {"desktop": (1100, 800), "mobile": (390, 780)}


@pytest.fixture(params=[(screen, scheme) for screen in SCREENS for scheme in ("light", "dark")], ids="-".join)
def shown(request: pytest.FixtureRequest, browser: Browser, agent: str, model: StandIn) -> Iterator[Widget]:
    """The demo page in each screen size and colour scheme."""
    assert model.requests == ()
    screen, scheme = request.param
    width, height = SCREENS[screen]
    with browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    ) as context:
        widget = Widget(context.new_page())
        widget.page.goto(agent)
        yield widget


def closed(widget: Widget) -> None:
    expect(widget.launcher).to_have_accessible_name("Ask the voice agent")


def empty(widget: Widget) -> None:
    widget.open()
    expect(widget.button("How do I get started?")).to_be_visible()


def answered(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.launcher.hover(trial=True, force=True)


def answering(widget: Widget) -> None:
    widget.open()
    widget.send(PRICING)
    expect(widget.button("Stop")).to_be_visible()


def failed(widget: Widget) -> None:
    widget.open()
    widget.send(PRICING)
    expect(widget.button("Try again")).to_be_visible()


def counting(widget: Widget) -> None:
    widget.host.evaluate(
        "host => { host.setAttribute('auto-close', 1); host.setAttribute('countdown', 60); }"
    )
    widget.open()
    expect(widget.countdown).to_be_visible()


def menu(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    expect(widget.menu).to_be_visible()


def undoable(widget: Widget) -> None:
    widget.open()
    widget.ask(PRICING)
    widget.panel.press("Escape")
    expect(widget.host.get_by_role("button", name="Undo")).to_be_visible()


STATES: list[Callable[[Widget], None]] = [
    closed,
    empty,
    answered,
    answering,
    failed,
    counting,
    menu,
    undoable,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_reports_no_violation(
    shown: Widget, state: Callable[[Widget], None], axe: str, model: StandIn
) -> None:
    if state is answering:
        model.behave(on="chat", stall_after=3)
    if state is failed:
        model.behave(on="chat", status=500)
    state(shown)
    assert violations(shown.page, axe) == []
    unexpected = [line for line in shown.complaints if state is not failed or "502" not in line]
    assert unexpected == []


def test_axe_looks_inside_the_shadow_root(page: Page, agent: str, axe: str) -> None:
    widget = Widget(page)
    page.goto(agent)
    widget.open()
    widget.launcher.evaluate("launcher => { launcher.ariaLabel = launcher.title = ''; }")
    assert [rule for rule, _ in violations(page, axe)] == ["button-name"]
