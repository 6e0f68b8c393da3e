"""Visitors whom a website knows, on one or more devices."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.browser.widget import Widget
from tests.identity_tokens import AUDIENCE, SECRET, token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

    from tests.browser.backend import Backend

MIA, TOM = "mia", "tom"
__all__ = ["AUDIENCE", "MIA", "SECRET", "TOM", "Device", "devices", "token_for"]


def token_for(backend: Backend, subject: str, *, seconds: float = 3600, **claims: Any) -> str:
    """A token that `backend` accepts for so many seconds; none, if they are negative."""
    now = int(backend.clock.now().timestamp())
    # The agent's clock may be a minute off.
    return token(sub=subject, iat=now - 7200, exp=int(now + seconds), **claims)


class Device(Widget):
    """The widget on a page of the agent, in a browser of its own."""

    def __init__(self, browser: Browser, backend: Backend, **options: Any) -> None:
        """`options` are those of the browser's context."""
        self.context = browser.new_context(reduced_motion="reduce", **options)
        self.context.set_default_timeout(10_000)
        super().__init__(self.context.new_page())
        self.backend = backend
        self.page.goto(backend.url)
        self.page.evaluate("customElements.whenDefined('voice-agent').then(() => null)")
        self.sheet = self.panel.locator(".sheet")
        self.past = self.sheet.get_by_role("listitem")

    def sign_in(self, subject: str = MIA, **more: Any) -> None:
        """Sign in on the website."""
        self.identify(token_for(self.backend, subject, **more))

    def identify(self, token: str | None) -> None:
        """Call `identify` with a token."""
        self.host.evaluate("(host, token) => host.identify(token)", token)

    def tab(self) -> Widget:
        """Another tab of the same browser."""
        widget = Widget(self.context.new_page())
        widget.page.goto(self.backend.url)
        return widget

    def entries(self) -> list[str]:
        """The names of the entries of the menu."""
        return self.menu.get_by_role("menuitem").all_inner_texts()

    def next_complaint(self, about: str) -> str:
        """The first line in the console about something; waits for it."""
        for _ in range(100):
            for line in self.complaints:
                if about in line:
                    return line
            self.page.wait_for_timeout(50)
        raise AssertionError(self.complaints)

    def show_history(self) -> None:
        """Open the history and wait for it."""
        self.choose("Your conversations")
        expect(self.sheet.get_by_role("status")).not_to_be_empty()

    def reopen(self, title: str) -> None:
        """Open a conversation from the history."""
        self.topic(title).click()
        expect(self.sheet).to_have_count(0)

    def topic(self, title: str) -> Locator:
        """The button that opens a conversation."""
        return self.past.get_by_role("button", name=re.compile(f"^{re.escape(title)} "))


@contextlib.contextmanager
def devices(browser: Browser, backend: Backend, count: int = 2) -> Iterator[list[Device]]:
    """So many browsers."""
    opened = [Device(browser, backend) for _ in range(count)]
    try:
        yield opened
    finally:
        for device in opened:
            device.context.close()
