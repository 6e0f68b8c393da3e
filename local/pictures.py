"""The screenshots of the widget: which scene, on which screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local import scenes

if TYPE_CHECKING:
    from local.scene import Scene

DESKTOP = (1100, 800)
PHONE = (390, 780)
SMALL_PHONE = (320, 568)
LANDSCAPE = (780, 390)
DARK = {"color_scheme": "dark"}
TOUCH = {"has_touch": True, "is_mobile": True}


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot of a scene, on a screen of this size, in a browser with these settings."""

    name: str
    scene: Scene
    screen: tuple[int, int] = DESKTOP
    context: dict[str, Any] = field(default_factory=dict)


PICTURES = (
    Picture("closed", scenes.CLOSED),
    Picture("closed-dark", scenes.CLOSED, context=DARK),
    Picture("loading", scenes.LOADING),
    Picture("empty", scenes.EMPTY),
    Picture("thinking", scenes.THINKING),
    Picture("streaming", scenes.STREAMING),
    Picture("answered", scenes.ANSWERED),
    Picture("answered-dark", scenes.ANSWERED, context=DARK),
    Picture("link", scenes.LINK),
    Picture("stopped", scenes.STOPPED),
    Picture("hidden", scenes.HIDDEN),
    Picture("menu", scenes.MENU),
    Picture("menu-dark", scenes.MENU, context=DARK),
    Picture("undo", scenes.UNDO),
    Picture("undo-dark", scenes.UNDO, context=DARK),
    Picture("undo-in-panel", scenes.UNDO_IN_PANEL),
    Picture("countdown", scenes.COUNTDOWN),
    Picture("focus", scenes.FOCUS),
    Picture("error-server", scenes.FAILED),
    Picture("error-busy", scenes.BUSY),
    Picture("error-busy-dark", scenes.BUSY, context=DARK),
    Picture("error-offline", scenes.OFFLINE),
    Picture("error-not-loaded", scenes.NOT_LOADED),
    Picture("error-wrong-address", scenes.WRONG_ADDRESS),
    Picture("error-too-long", scenes.TOO_LONG),
    Picture("listening", scenes.LISTENING),
    Picture("listening-dark", scenes.LISTENING, context=DARK),
    Picture("transcribing", scenes.TRANSCRIBING),
    Picture("speaking", scenes.SPEAKING),
    Picture("error-microphone", scenes.NO_MICROPHONE),
    Picture("german", scenes.GERMAN),
    Picture("arabic", scenes.ARABIC),
    Picture("themed", scenes.THEMED),
    Picture("mobile-closed", scenes.CLOSED, PHONE, TOUCH),
    Picture("mobile-empty", scenes.EMPTY, PHONE, TOUCH),
    Picture("mobile-answered", scenes.ANSWERED, PHONE, TOUCH),
    Picture("mobile-menu", scenes.MENU, PHONE, TOUCH),
    Picture("mobile-undo", scenes.UNDO, PHONE, TOUCH),
    Picture("mobile-undo-in-panel", scenes.UNDO_IN_PANEL, PHONE, TOUCH),
    Picture("mobile-countdown", scenes.COUNTDOWN, PHONE, TOUCH),
    Picture("mobile-speaking", scenes.SPEAKING, PHONE, TOUCH),
    Picture("mobile-german", scenes.GERMAN, PHONE, TOUCH),
    Picture("mobile-arabic", scenes.ARABIC, PHONE, TOUCH),
    Picture("mobile-small", scenes.SPEAKING, SMALL_PHONE, TOUCH),
    Picture("mobile-dark", scenes.ANSWERED, PHONE, {**TOUCH, **DARK}),
    Picture("mobile-landscape", scenes.ANSWERED, LANDSCAPE, TOUCH),
)
