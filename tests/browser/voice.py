"""A visitor who talks: Chromium with a fake microphone that plays a recording."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from local.chromium import ALLOWED, FAKE_DEVICE, launched
from tests.browser.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from playwright.sync_api import Browser, Locator, Page

    from local.standin import StandIn

RECORDINGS = Path(__file__).parent / "recordings"
PATIENCE_MS = 20_000  # the longest recording is 7.5 s
QUESTION_MS = 3_000  # question.wav, with the silence around it


@contextlib.contextmanager
def hearing(browser: Browser, recording: str, *, again: bool = False) -> Iterator[Browser]:
    """Launch another browser whose microphone plays `recording`, once or in a loop."""
    file = RECORDINGS / recording
    heard = f"--use-file-for-fake-audio-capture={file}" + ("" if again else "%noloop")
    with launched(browser.browser_type, FAKE_DEVICE, ALLOWED, heard) as hearer:
        yield hearer


# Records in the page which sounds are scheduled, and which are over.
LOUDSPEAKER = """
window.sounds = [];
const { start } = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (when) {
  const sound = { when, seconds: this.buffer.duration, samples: this.buffer.getChannelData(0), over: false };
  sounds.push(sound);
  this.addEventListener('ended', () => (sound.over = true));
  start.call(this, when);
};
"""
# Records the microphone tracks of the page.
MICROPHONE = """
window.microphones = [];
const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await getUserMedia(wanted);
  microphones.push(...stream.getTracks());
  return stream;
};
"""


class Talker:
    """A visitor with a microphone, and the events on their page."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        before: str = "",
        *,
        prepare: Callable[[Page], object] | None = None,
        **attributes: str,
    ) -> None:
        """Open the widget at `url` with these attributes.

        The script `before` runs in the page first, and `prepare` is called with it.
        """
        page = browser.new_context().new_page()
        page.set_default_timeout(PATIENCE_MS)
        if before:
            page.add_init_script(before)
        if prepare:
            prepare(page)
        self.page = page
        self.widget = Widget(page)
        page.goto(url)
        names = {name.replace("_", "-"): value for name, value in attributes.items()}
        self.widget.host.evaluate(
            "(host, all) => Object.entries(all).forEach((each) => host.setAttribute(...each))",
            names,
        )
        self.events: Callable[[], list[dict[str, Any]]] = self.widget.listen(
            "state", "transcript", "message", "metrics", "error"
        )
        self.widget.open()

    @property
    def talk(self) -> Locator:
        """The microphone button."""
        return self.widget.button("Talk")

    @property
    def doing(self) -> Locator:
        """The state in words, in the talk view."""
        return self.widget.panel.locator(".doing")

    @property
    def caption(self) -> Locator:
        """What was understood so far, in the talk view."""
        return self.widget.panel.locator(".caption")

    @property
    def problem(self) -> Locator:
        """The message about a failure of the voice."""
        return self.widget.panel.locator("div.failure")

    def hold(self, milliseconds: int = QUESTION_MS) -> None:
        """Hold the microphone button while the recording plays."""
        self.talk.hover()
        self.page.mouse.down()
        self.reaches("listening")
        self.page.wait_for_timeout(milliseconds)
        self.page.mouse.up()

    def reaches(self, state: str, times: int = 1) -> None:
        """Wait until the widget has entered `state` `times` times."""
        self.page.wait_for_function(
            "([state, times]) => heard.filter(each => each.state === state).length >= times",
            arg=[state, times],
            timeout=PATIENCE_MS,
        )

    def states(self) -> list[str]:
        """The states so far, in order."""
        return [str(event["state"]) for event in self.events() if event["type"] == "voice-agent:state"]

    def answered(self, count: int, *, interrupted: int = 0) -> None:
        """Wait for `count` complete answers; `interrupted` partial ones are shown as well."""
        self.page.wait_for_function(
            "count => heard.filter(each => each.role === 'assistant').length >= count",
            arg=count,
            timeout=PATIENCE_MS,
        )
        shown = self.page.locator("voice-agent .message.assistant")  # in a hidden panel too
        expect(shown).to_have_count(count + interrupted, timeout=PATIENCE_MS)


def spoken(model: StandIn) -> list[str]:
    """The texts that were sent to be spoken, in order."""
    return [request.body["input"] for request in model.requests if request.path.endswith("/speech")]
