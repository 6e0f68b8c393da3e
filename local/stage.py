"""The demo page, and what a visitor does on it, for taking screenshots."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.script import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

    from local.pictures import Picture
    from local.script import Script
    from local.standin import StandIn

CONCERNS = {"error", "warning"}
ATTEMPTS, ATTEMPT_MS = 200, 50
STATE = "document.querySelector('voice-agent').state"


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo page of an agent, and the model behind it.

    `complaints` are the errors and warnings in the page's console so far.
    """

    page: Page
    model: StandIn
    language: str = "en"
    complaints: list[str] = field(default_factory=list)

    @property
    def script(self) -> Script:
        """What is said in the language of the stage."""
        return SCRIPTS[self.language]

    def hear(self, line: ConsoleMessage) -> None:
        """Note a line of the console if it is an error or a warning."""
        if line.type in CONCERNS:
            self.complaints.append(line.text)

    def answer(self, **behaviour: Any) -> None:
        """Have the model answer the next question in the language of the stage, with this behaviour."""
        self.model.behave(on="chat", reply=self.script.answer, **behaviour)

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


@contextlib.contextmanager
def staged(browser: Browser, url: str, picture: Picture, model: StandIn) -> Iterator[Stage]:
    """The stage for a picture: the demo page at `url`, which talks to `model`, without animations."""
    model.reset()
    width, height = picture.screen
    with browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", base_url=url, **picture.context
    ) as opened:
        page = opened.new_page()
        stage = Stage(page, model, picture.language)
        page.on("pageerror", lambda error: stage.complaints.append(str(error)))
        page.on("console", lambda line: stage.hear(line))  # noqa: PLW0108 - bound to a frozen object
        page.goto(url)
        if picture.language != "en":
            stage.set(language=picture.language, suggested_questions=stage.script.question)
        yield stage
    model.reset()
