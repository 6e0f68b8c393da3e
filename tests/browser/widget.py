"""The widget as visitors use it: found by role and name, as with a screen reader."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import ConsoleMessage, FloatRect, Locator, Page, Request

API = "/api/voice-agent"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def box(locator: Locator) -> FloatRect:
    """The bounding box of a visible element."""
    found = locator.bounding_box()
    assert found is not None, locator
    return found


class Widget:
    """`<voice-agent>` on a page."""

    def __init__(self, page: Page) -> None:
        """Record the requests of `page`, and its errors and warnings."""
        self.page = page
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        self.host = page.locator("voice-agent")
        self.launcher = self.host.locator("button.launcher")
        self.panel = self.host.get_by_role("dialog")
        self.more = self.panel.locator(".more")
        self.input = self.panel.get_by_role("textbox")
        self.greeting = self.panel.locator(".greeting")
        self.messages = self.panel.locator(".message .bubble")
        self.answers = self.panel.locator(".message.assistant .bubble")
        self.questions = self.panel.locator(".message.user .bubble")
        self.notes = self.panel.locator(".note")
        self.failure = self.panel.locator("li.failure")
        self.countdown = self.panel.locator(".countdown")
        self.live = self.host.locator("[aria-live=polite]")
        page.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108 - a bound builtin is refused
        page.on("console", self._complain)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _complain(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def open(self) -> None:
        """Press the launcher and wait until the panel is ready."""
        self.launcher.click()
        self.ready()

    def ready(self) -> None:
        """Wait until the panel is open and shows its texts and the conversation so far."""
        expect(self.panel).not_to_have_attribute("inert", "")
        self.host.evaluate("host => host.open()")
        expect(self.greeting).not_to_be_empty()

    def button(self, name: str) -> Locator:
        """A button of the panel by its name."""
        return self.panel.get_by_role("button", name=name, exact=True)

    @property
    def menu(self) -> Locator:
        """The menu, which is opened first unless it is open."""
        if self.more.get_attribute("aria-expanded") != "true":
            self.more.click()
        return self.panel.get_by_role("menu")

    def entry(self, name: str) -> Locator:
        """An entry of the menu by its name."""
        return self.menu.get_by_text(name, exact=True)

    def choose(self, name: str) -> None:
        """Choose an entry of the menu."""
        self.entry(name).click()

    def expect_checked(self, name: str) -> None:
        """Wait until an entry of the menu is checked; this opens the menu anew each time."""
        for _ in range(100):
            checked = self.entry(name).get_attribute("aria-checked")
            self.page.keyboard.press("Escape")
            if checked == "true":
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(name)

    def hide(self) -> None:
        """Hide the panel and keep the conversation."""
        self.choose("Hide the conversation")

    def send(self, question: str) -> None:
        """Type a question and send it with Enter, without waiting."""
        self.input.fill(question)
        self.input.press("Enter")

    def ask(self, question: str) -> str:
        """Ask a question, wait for the complete answer and return it."""
        before = self.answers.count()
        self.send(question)
        expect(self.questions.last).to_have_text(question)
        expect(self.answers).to_have_count(before + 1)
        self.idle()
        return self.answers.last.inner_text()

    def idle(self) -> None:
        """Wait until no turn is running."""
        expect(self.panel.locator(".send")).to_be_visible()

    @property
    def api_url(self) -> str:
        """The address of the API."""
        return str(self.host.evaluate("host => host.apiUrl"))

    def kept(self) -> dict[str, Any] | None:
        """What sessionStorage holds for the agent."""
        found: str | None = self.page.evaluate(
            "Object.entries(sessionStorage).find(([key]) => key.startsWith('voice-agent:'))?.[1] ?? null"
        )
        return None if found is None else json.loads(found)

    @property
    def session_id(self) -> str:
        """The id in sessionStorage."""
        kept = self.kept()
        assert kept is not None
        return str(kept["id"])

    def sent(self, method: str, path: str) -> list[Request]:
        """The requests so far to one route of the API."""
        return [r for r in self.requests if r.method == method and r.url.endswith(API + path)]

    def expect_sent(self, method: str, path: str, action: Callable[[], object]) -> Request:
        """Perform `action` and return the API request it causes."""
        with self.page.expect_request(lambda r: r.method == method and r.url.endswith(API + path)) as info:
            action()
        return info.value

    def listen(self, *names: str) -> Callable[[], list[dict[str, Any]]]:
        """Record the widget's events; the returned function reads them."""
        self.page.evaluate(
            """names => {
                window.heard = [];
                for (const name of names) document.addEventListener(`voice-agent:${name}`,
                    ({type, detail}) => heard.push({type, ...detail}));
            }""",
            list(names),
        )
        return lambda: list(self.page.evaluate("heard"))
