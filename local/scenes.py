"""The states of the widget to take screenshots of: how a visitor gets there, and what is to be seen then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from local.scene import Scene

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from local.stage import Stage

PANEL = ".panel"
# As it is in the sources, and as it is built.
PANEL_SCRIPT = re.compile(r"/panel(/panel|-[0-9a-f]{8})\.js$")
ANSWER = ".message.assistant"
DENY = """() => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };
}"""


def _closed(stage: Stage) -> None:
    stage.page.locator("voice-agent button.launcher").wait_for()


def _empty(stage: Stage) -> None:
    stage.open()
    stage.page.locator("voice-agent .suggestions button").first.wait_for()


def _asking(stage: Stage, wait: str, **behaviour: Any) -> None:
    stage.answer(**behaviour)
    stage.open()
    stage.ask(stage.script.question, wait=wait)


def _thinking(stage: Stage) -> None:
    _asking(stage, ".thinking", stall_after=0)


def _streaming(stage: Stage) -> None:
    _asking(stage, ".message.assistant", stall_after=9)


def answered(stage: Stage) -> None:
    """Ask the script's question and wait for the whole answer."""
    _asking(stage, ".send")


def _link(stage: Stage) -> None:
    stage.model.reply_with("https://thistledesk.example/pricing")
    stage.open()
    stage.ask(stage.script.question)


def _stopped(stage: Stage) -> None:
    _streaming(stage)
    stage.page.locator("voice-agent .stop").click()


def _failed(stage: Stage) -> None:
    _asking(stage, "li.failure", error_after=9)


def _busy(stage: Stage) -> None:
    stage.model.behave(on="chat", status=429, retry_after="12")
    stage.open()
    stage.ask(stage.script.question, wait="li.failure")


def _offline(stage: Stage) -> None:
    answered(stage)
    stage.page.context.set_offline(offline=True)
    stage.ask(stage.script.follow_up, wait="li.failure")


def _not_loaded(stage: Stage) -> None:
    stage.page.context.set_offline(offline=True)
    stage.page.locator("voice-agent button.launcher").click()
    stage.page.locator("voice-agent .oops").wait_for()


def _wrong_address(stage: Stage) -> None:
    def nothing_here(route: Route) -> None:
        route.fulfill(status=404, content_type="text/html", body="<h1>Not found</h1>")

    stage.page.route("**/api/voice-agent/config", nothing_here)
    stage.page.locator("voice-agent button.launcher").click()
    stage.page.locator("voice-agent li.failure").wait_for()


def _too_long(stage: Stage) -> None:
    _empty(stage)
    stage.page.locator("voice-agent textarea").fill("Why? " * 500)
    stage.page.locator("voice-agent textarea").press("Enter")


def _countdown(stage: Stage) -> None:
    stage.set(auto_close="1", countdown="20")
    answered(stage)
    stage.page.locator("voice-agent .countdown").wait_for()


def _hidden(stage: Stage) -> None:
    answered(stage)
    stage.open_menu()
    stage.page.locator("voice-agent .entry.hide").click()


def _speaking(stage: Stage) -> None:
    answered(stage)
    stage.read_aloud()
    stage.answer()
    stage.ask(stage.script.follow_up, wait=".stop")
    stage.reaches("speaking")


def _no_microphone(stage: Stage) -> None:
    stage.page.evaluate(DENY)
    stage.open()
    stage.page.locator("voice-agent .talk").click()
    stage.page.locator("voice-agent div.failure:not(:empty)").wait_for()


def _menu(stage: Stage) -> None:
    answered(stage)
    stage.open_menu()


def _undo(stage: Stage) -> None:
    answered(stage)
    stage.page.keyboard.press("Escape")
    stage.page.locator("voice-agent .undo").wait_for()


def _undo_in_panel(stage: Stage) -> None:
    _undo(stage)
    stage.open()


def _loading(stage: Stage) -> None:
    stage.page.route(PANEL_SCRIPT, lambda _: None)
    stage.page.locator("voice-agent button.launcher").click()


def _themed(stage: Stage) -> None:
    stage.page.get_by_label("Colour", exact=True).fill("#8a1538")
    stage.page.get_by_label("Corners").fill("4")
    stage.page.get_by_label("Side").select_option("bottom-start")
    stage.page.get_by_label("Theme").scroll_into_view_if_needed()
    answered(stage)


def _focus(stage: Stage) -> None:
    answered(stage)
    for _ in range(4):
        stage.page.keyboard.press("Shift+Tab")


CLOSED = Scene(_closed, (".launcher",), (PANEL, ".badge", ".oops"))
LOADING = Scene(_loading, (".launcher[aria-busy=true]",), (PANEL,))
EMPTY = Scene(_empty, (PANEL, "text={greeting}", ".suggestions button"), ("li", ".stop"))
THINKING = Scene(_thinking, (PANEL, "text={thinking}", ".stop"), (".message.assistant",), "thinking")
STREAMING = Scene(_streaming, (PANEL, ANSWER, ".stop"), (".copy",), "answering")
ANSWERED = Scene(answered, (PANEL, ANSWER, ".send"), (".stop", ".thinking", ".failure", ".menu"))
LINK = Scene(_link, (PANEL, "a[href='https://thistledesk.example/pricing']"))
STOPPED = Scene(_stopped, (PANEL, "text={stopped}"), (".stop",))
HIDDEN = Scene(_hidden, (".launcher", ".badge"), (PANEL,))
MENU = Scene(_menu, (".menu", ".entry.speakAloud", "text={restart}", "text={download}", ".entry.hide"))
UNDO = Scene(_undo, (".launcher", ".undo >> text={undone}", ".undo button"), (PANEL,))
UNDO_IN_PANEL = Scene(_undo_in_panel, (".panel .undo >> text={undone}", ".suggestions button"), ("li",))
COUNTDOWN = Scene(_countdown, (PANEL, ".countdown >> text={closing}", ".stay"))
FOCUS = Scene(_focus, (PANEL, ".close:focus-visible"))
FAILED = Scene(_failed, (PANEL, "text={serverError}", "text={retry}"), (".stop",), "error", failing=True)
BUSY = Scene(_busy, (PANEL, "text={busy}"), (), "thinking", failing=True)
OFFLINE = Scene(_offline, (PANEL, "text={offline}"), (), "thinking", failing=True)
NOT_LOADED = Scene(_not_loaded, (".launcher", ".oops"), (PANEL,), failing=True)
WRONG_ADDRESS = Scene(
    _wrong_address, (PANEL, "text={misconfigured}", "text={retry}"), ("li.message",), "error", failing=True
)
TOO_LONG = Scene(_too_long, (PANEL, "text={tooLong}"), ("li",))
SPEAKING = Scene(_speaking, (PANEL, ANSWER, ".stop"), (".thinking", ".menu"), "speaking")
NO_MICROPHONE = Scene(_no_microphone, (PANEL, "text={denied}"), (), "error")
THEMED = Scene(_themed, (PANEL, ANSWER))
