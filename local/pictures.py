"""The screenshots of the widget: which scene, on which screen, in which colours and language."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local import scenes, talk_scenes

if TYPE_CHECKING:
    from local.scene import Scene

DESKTOP = (1100, 800)
PHONE = (390, 780)
SMALL_PHONE = (320, 568)
LANDSCAPE = (780, 390)
DARK = {"color_scheme": "dark"}
TOUCH = {"has_touch": True, "is_mobile": True}
FORCED_COLORS = {"forced_colors": "active"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A screenshot of a scene, on a screen of this size, in a browser with these settings."""

    name: str
    scene: Scene
    screen: tuple[int, int] = DESKTOP
    context: dict[str, Any] = field(default_factory=dict)
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Look:
    """A device, a colour scheme and a language."""

    name: str
    screen: tuple[int, int]
    context: dict[str, Any]
    language: str

    def at(self, name: str, scene: Scene) -> Picture:
        """The picture of a scene that looks like this."""
        return Picture(f"{name}-{self.name}", scene, self.screen, self.context, self.language)


DEVICES: tuple[tuple[str, tuple[int, int], dict[str, Any]], ...] = (
    ("desktop", DESKTOP, {}),
    ("phone", PHONE, TOUCH),
)
SCHEMES: tuple[tuple[str, dict[str, Any]], ...] = (("light", {}), ("dark", DARK))
LANGUAGES = ("en", "de", "ar")
LOOKS = tuple(
    Look(f"{device}-{scheme}-{language}", screen, {**touch, **colours}, language)
    for language, (scheme, colours), (device, screen, touch) in itertools.product(LANGUAGES, SCHEMES, DEVICES)
)
SCENES = {
    "closed": scenes.CLOSED,
    "loading": scenes.LOADING,
    "empty": scenes.EMPTY,
    "thinking": scenes.THINKING,
    "streaming": scenes.STREAMING,
    "answered": scenes.ANSWERED,
    "link": scenes.LINK,
    "stopped": scenes.STOPPED,
    "hidden": scenes.HIDDEN,
    "menu": scenes.MENU,
    "undo": scenes.UNDO,
    "undo-in-panel": scenes.UNDO_IN_PANEL,
    "countdown": scenes.COUNTDOWN,
    "focus": scenes.FOCUS,
    "error-server": scenes.FAILED,
    "error-busy": scenes.BUSY,
    "error-offline": scenes.OFFLINE,
    "error-not-loaded": scenes.NOT_LOADED,
    "error-wrong-address": scenes.WRONG_ADDRESS,
    "error-too-long": scenes.TOO_LONG,
    "error-microphone": scenes.NO_MICROPHONE,
    "listening": talk_scenes.LISTENING,
    "transcribing": talk_scenes.TRANSCRIBING,
    "talk-thinking": talk_scenes.TALK_THINKING,
    "talk-answering": talk_scenes.TALK_ANSWERING,
    "talk-speaking": talk_scenes.TALK_SPEAKING,
    "speaking": scenes.SPEAKING,
}
# What only some screens and settings show.
SPECIAL = (
    Picture("themed", scenes.THEMED),
    Picture("answered-forced-colors", scenes.ANSWERED, context=FORCED_COLORS),
    Picture("listening-small-de", talk_scenes.LISTENING, SMALL_PHONE, TOUCH, "de"),
    Picture("talk-speaking-small-ar", talk_scenes.TALK_SPEAKING, SMALL_PHONE, TOUCH, "ar"),
    Picture("talk-speaking-landscape", talk_scenes.TALK_SPEAKING, LANDSCAPE, TOUCH),
    Picture("talk-thinking-forced-colors", talk_scenes.TALK_THINKING, context=FORCED_COLORS),
    Picture("listening-forced-colors", talk_scenes.LISTENING, context=FORCED_COLORS),
    Picture("answered-landscape", scenes.ANSWERED, LANDSCAPE, TOUCH),
)
# Every scene in every look.
PICTURES = (*(look.at(name, scene) for name, scene in SCENES.items() for look in LOOKS), *SPECIAL)
# Every scene once; the looks in turn, so that each is there several times.
COVERING = (
    *(
        look.at(name, scene)
        for (name, scene), look in zip(SCENES.items(), itertools.cycle(LOOKS), strict=False)
    ),
    *SPECIAL,
)
