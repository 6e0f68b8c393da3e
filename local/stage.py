"""The demo page, and what a visitor does on it, for taking screenshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from local.standin import StandIn

ATTEMPTS, ATTEMPT_MS = 200, 50
STATE = "document.querySelector('voice-agent').state"


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo page of an agent, and the model behind it."""

    page: Page
    model: StandIn

    def set(self, **attributes: str) -> None:
        """Set attributes of the widget."""
        for name, value in attributes.items():
            self.page.locator("voice-agent").evaluate(
                "(host, [name, value]) => host.setAttribute(name, value)", [name.replace("_", "-"), value]
            )

    def open(self) -> None:
        """Open the panel and wait for its texts."""
        self.page.locator("voice-agent button.launcher").click()
        self.page.locator("voice-agent .greeting:not(:empty)").wait_for()

    def ask(self, *questions: str, wait: str = ".send") -> None:
        """Ask questions and wait for each answer; for the last one, wait for the selector `wait` instead."""
        for question in questions:
            self.page.locator("voice-agent textarea").fill(question)
            self.page.locator("voice-agent textarea").press("Enter")
            last = question is questions[-1]
            self.page.locator("voice-agent .message.user").last.wait_for()
            self.page.locator(f"voice-agent {wait if last else '.send'}").last.wait_for()

    def talk(self) -> None:
        """Tap the microphone button and wait until the state changes."""
        before = self.state()
        self.page.locator("voice-agent .talk").click()
        self.page.wait_for_function(f"() => {STATE} !== '{before}'")

    def reaches(self, state: str) -> None:
        """Wait until the widget is in `state`."""
        self.page.wait_for_function(f"() => {STATE} === '{state}'")

    def open_menu(self) -> None:
        """Open the menu in the header."""
        self.page.locator("voice-agent .more").click()
        self.page.locator("voice-agent .menu").wait_for()

    def read_aloud(self) -> None:
        """Have answers read aloud, and wait until that is so."""
        self.open_menu()
        self.page.locator("voice-agent .speakAloud").click()
        checked = self.page.locator("voice-agent .speakAloud[aria-checked=true]")
        for _ in range(ATTEMPTS):
            self.open_menu()
            done = checked.count() > 0
            self.page.keyboard.press("Escape")
            if done:
                return
            self.page.wait_for_timeout(ATTEMPT_MS)
        raise TimeoutError("The voice was not loaded.")

    def state(self) -> str:
        """What the widget says that it is doing."""
        return str(self.page.evaluate(STATE))

    def sees(self, selector: str) -> bool:
        """Whether something in the widget that `selector` finds is visible."""
        return self.page.locator(f"voice-agent >> {selector}").locator("visible=true").count() > 0
