"""The states of the widget to take screenshots of, and how a visitor gets there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from local.stage import Stage

PRICING = "What's your pricing?"
MIDDLE = "What about the middle tier?"
DESKTOP = (1100, 800)
PHONE = (390, 780)
SMALL_PHONE = (320, 568)
DENY = """() => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };
}"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot: the actions that lead to it, and the screen."""

    name: str
    act: Callable[[Stage], object]
    screen: tuple[int, int] = DESKTOP
    context: dict[str, Any] = field(default_factory=dict)


def _closed(stage: Stage) -> None:
    stage.page.locator("voice-agent button.launcher").wait_for()


def _empty(stage: Stage) -> None:
    stage.open()
    stage.page.locator("voice-agent .suggestions button").first.wait_for()


def _thinking(stage: Stage) -> None:
    stage.model.behave(on="chat", stall_after=0)
    stage.open()
    stage.ask(PRICING, wait=".thinking")


def _streaming(stage: Stage) -> None:
    stage.model.behave(on="chat", stall_after=14)
    stage.open()
    stage.ask(PRICING, wait=".message.assistant")


def _answered(stage: Stage) -> None:
    stage.open()
    stage.ask(PRICING, MIDDLE)


def _told(stage: Stage, question: str, answer: str) -> None:
    stage.model.reply_with(answer)
    stage.open()
    stage.ask(question)


def _link(stage: Stage) -> None:
    answer = "You find every plan at https://thistledesk.example/pricing, with what it includes."
    _told(stage, PRICING, answer)


def _stopped(stage: Stage) -> None:
    _streaming(stage)
    stage.page.locator("voice-agent .stop").click()


def _failed(stage: Stage) -> None:
    stage.model.behave(on="chat", error_after=9)
    stage.open()
    stage.ask(PRICING, wait="li.failure")


def _busy(stage: Stage) -> None:
    stage.model.behave(on="chat", status=429, retry_after="12")
    stage.open()
    stage.ask(PRICING, wait="li.failure")


def _offline(stage: Stage) -> None:
    stage.open()
    stage.ask(PRICING)
    stage.page.context.set_offline(offline=True)
    stage.ask(MIDDLE, wait="li.failure")


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
    stage.open()
    stage.ask(PRICING)
    stage.page.locator("voice-agent .countdown").wait_for()


def _hidden(stage: Stage) -> None:
    _answered(stage)
    stage.page.locator("voice-agent button.launcher").click()


def _german(stage: Stage) -> None:
    stage.set(language="de")
    answer = "Es gibt drei Tarife: Starter für 19, Growth für 49 und Scale für 129 Dollar im Monat."
    _told(stage, "Was kostet das?", answer)


def _arabic(stage: Stage) -> None:
    stage.set(language="ar")
    answer = "لدينا ثلاث باقات: Starter بسعر 19 دولارًا، وGrowth بسعر 49، وScale بسعر 129 دولارًا شهريًا."
    _told(stage, "كم الأسعار؟", answer)


def _listening(stage: Stage) -> None:
    _answered(stage)
    stage.talk()


def _transcribing(stage: Stage) -> None:
    stage.model.behave(on="transcriptions", first_delay=60)
    _listening(stage)
    stage.talk()


def _speaking(stage: Stage) -> None:
    _answered(stage)
    stage.page.locator("voice-agent .speakAloud").click()
    stage.page.locator("voice-agent .speakAloud[aria-pressed=true]").wait_for()
    stage.ask("And the largest one?", wait=".stop")
    stage.reaches("speaking")


def _no_microphone(stage: Stage) -> None:
    stage.page.evaluate(DENY)
    stage.open()
    stage.page.locator("voice-agent .talk").click()
    stage.page.locator("voice-agent div.failure:not(:empty)").wait_for()


def _themed(stage: Stage) -> None:
    stage.page.get_by_label("Colour", exact=True).fill("#8a1538")
    stage.page.get_by_label("Corners").fill("4")
    stage.page.get_by_label("Side").select_option("bottom-start")
    stage.page.get_by_label("Theme").scroll_into_view_if_needed()
    _answered(stage)


def _focus(stage: Stage) -> None:
    _answered(stage)
    for _ in range(3):
        stage.page.keyboard.press("Shift+Tab")


_DARK = {"color_scheme": "dark"}
_TOUCH = {"has_touch": True, "is_mobile": True}
PICTURES = (
    Picture("closed", _closed),
    Picture("closed-dark", _closed, context=_DARK),
    Picture("empty", _empty),
    Picture("thinking", _thinking),
    Picture("streaming", _streaming),
    Picture("answered", _answered),
    Picture("answered-dark", _answered, context=_DARK),
    Picture("link", _link),
    Picture("stopped", _stopped),
    Picture("hidden", _hidden),
    Picture("countdown", _countdown),
    Picture("focus", _focus),
    Picture("error-server", _failed),
    Picture("error-busy", _busy),
    Picture("error-busy-dark", _busy, context=_DARK),
    Picture("error-offline", _offline),
    Picture("error-not-loaded", _not_loaded),
    Picture("error-wrong-address", _wrong_address),
    Picture("error-too-long", _too_long),
    Picture("listening", _listening),
    Picture("listening-dark", _listening, context=_DARK),
    Picture("transcribing", _transcribing),
    Picture("speaking", _speaking),
    Picture("error-microphone", _no_microphone),
    Picture("german", _german),
    Picture("arabic", _arabic),
    Picture("themed", _themed),
    Picture("mobile-closed", _closed, PHONE, _TOUCH),
    Picture("mobile-empty", _empty, PHONE, _TOUCH),
    Picture("mobile-answered", _answered, PHONE, _TOUCH),
    Picture("mobile-speaking", _speaking, PHONE, _TOUCH),
    Picture("mobile-small", _speaking, SMALL_PHONE, _TOUCH),
    Picture("mobile-dark", _answered, PHONE, {**_TOUCH, **_DARK}),
    Picture("mobile-landscape", _answered, (780, 390), _TOUCH),
)
