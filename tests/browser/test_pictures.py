"""Every picture that `voice-agent screenshots` takes shows what its name says."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from local.chromium import ALLOWED, FAKE_DEVICE, launched
from local.pictures import PHONE, PICTURES, TOUCH, Picture
from local.scene import Scene
from local.scenes import CLOSED, LISTENING, TRANSCRIBING
from local.screenshots import WrongPicture, opened_page, take
from local.stage import Stage
from tests.browser.widget import box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser

# What the name of a picture says about the widget's state; all others are idle.
STATES = {
    "thinking": "thinking",
    "streaming": "answering",
    "error-server": "error",
    "error-busy": "thinking",
    "error-offline": "thinking",
    "error-wrong-address": "error",
    "error-microphone": "error",
    "listening": "listening",
    "transcribing": "transcribing",
    "speaking": "speaking",
    "small": "speaking",
}
SCHEME = "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"
# Darker than mid grey.
IS_DARK = """element => {
    const [red, green, blue] = getComputedStyle(element).backgroundColor.match(/[\\d.]+/g).map(Number);
    return red + green + blue < 384;
}"""


@pytest.fixture(scope="module")
def photographer(browser: Browser) -> Iterator[Browser]:
    """Chromium as `voice-agent screenshots` runs it, with a microphone that beeps."""
    with launched(browser.browser_type, FAKE_DEVICE, ALLOWED) as running:
        yield running


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_picture_shows_what_its_name_says(photographer: Browser, sources: Backend, picture: Picture) -> None:
    sources.model.reset()
    with opened_page(photographer, sources.url, picture.screen, **picture.context) as page:
        stage = Stage(page, sources.model)
        assert size(take(picture, stage)) == picture.screen
        name = picture.name.removeprefix("mobile-").removesuffix("-dark")
        assert stage.state() == STATES.get(name, "idle")
        assert page.evaluate(SCHEME) == ("dark" if "dark" in picture.name else "light")
        assert picture.name.startswith("mobile") == (picture.context.get("has_touch") is True)
        panel = page.locator("voice-agent .panel")
        if panel.is_visible():
            assert panel.evaluate(IS_DARK) == ("dark" in picture.name)
        if panel.is_visible() and picture.screen == PHONE:
            assert (box(panel)["width"], box(panel)["height"]) == PHONE
    sources.model.reset()


def test_names_are_different() -> None:
    names = [picture.name for picture in PICTURES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("scene", [LISTENING, TRANSCRIBING])
def test_picture_of_another_state_is_refused(photographer: Browser, sources: Backend, scene: Scene) -> None:
    sources.model.reset()
    wrong = Picture("wrong", Scene(CLOSED.act, scene.shows, scene.hides, scene.state))
    with (
        opened_page(photographer, sources.url, wrong.screen) as page,
        pytest.raises(WrongPicture, match="wrong: the state is idle, not"),
    ):
        take(wrong, Stage(page, sources.model))


def test_every_scene_differs_from_the_closed_widget(photographer: Browser, sources: Backend) -> None:
    closed = Picture("closed", CLOSED)
    with opened_page(photographer, sources.url, closed.screen) as page:
        stage = Stage(page, sources.model)
        take(closed, stage)
        scenes = {picture.name: picture.scene for picture in PICTURES if picture.scene is not CLOSED}
        assert [name for name, scene in scenes.items() if not scene.faults(stage)] == []


def test_touch_screens_are_the_small_ones() -> None:
    assert all(
        (min(picture.screen) < 480) == (picture.context.items() >= TOUCH.items()) for picture in PICTURES
    )
