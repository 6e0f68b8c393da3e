"""The states of the widget, as `voice-agent screenshots` shows them, and what axe-core says of each.

Every scene once; the command takes each in every look.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from local.chromium import ALLOWED, FAKE_DEVICE, launched
from local.pictures import COVERING, LOOKS, PHONE, PICTURES, SCENES, TOUCH, Picture
from local.scene import Scene
from local.scenes import CLOSED
from local.screenshots import WrongPicture, take
from local.stage import staged
from local.talk_scenes import LISTENING, TRANSCRIBING
from tests.browser.axe import violations
from tests.browser.widget import box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from local.stage import Stage
    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser

NAMELESS = "button => { button.ariaLabel = button.title = ''; button.replaceChildren(); }"
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


def check_look(picture: Picture, stage: Stage) -> None:
    """Check that the widget looks as the picture's name says."""
    page = stage.page
    assert page.evaluate(SCHEME) == ("dark" if "dark" in picture.name else "light")
    assert page.locator("voice-agent .root").get_attribute("lang") == picture.language
    assert page.locator("voice-agent .root").get_attribute("dir") == (
        "rtl" if "-ar" in picture.name else "ltr"
    )
    panel = page.locator("voice-agent .panel")
    if not panel.is_visible():
        return
    if "forced" not in picture.name:
        assert panel.evaluate(IS_DARK) == ("dark" in picture.name)
    if picture.screen == PHONE:
        assert (box(panel)["width"], box(panel)["height"]) == PHONE


@pytest.mark.parametrize("picture", COVERING, ids=lambda picture: picture.name)
def test_picture_shows_what_its_name_says(
    photographer: Browser, backend: Backend, picture: Picture, axe: str
) -> None:
    with staged(photographer, backend.url, picture, backend.model) as stage:
        assert size(take(picture, stage)) == picture.screen
        check_look(picture, stage)
        assert violations(stage.page, axe) == []


def test_every_scene_and_every_look_are_covered() -> None:
    assert all(picture in PICTURES for picture in COVERING)
    assert {picture.scene for picture in COVERING} >= set(SCENES.values())
    names = [picture.name for picture in COVERING]
    assert all(sum(name.endswith(look.name) for name in names) > 1 for look in LOOKS)


def test_names_are_different() -> None:
    names = [picture.name for picture in PICTURES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("scene", [LISTENING, TRANSCRIBING])
def test_picture_of_another_state_is_refused(photographer: Browser, backend: Backend, scene: Scene) -> None:
    wrong = Picture("wrong", Scene(CLOSED.act, scene.shows, scene.hides, scene.state))
    with (
        staged(photographer, backend.url, wrong, backend.model) as stage,
        pytest.raises(WrongPicture, match="wrong: the state is idle, not"),
    ):
        take(wrong, stage)


def test_every_scene_differs_from_the_closed_widget(photographer: Browser, backend: Backend) -> None:
    closed = Picture("closed", CLOSED)
    with staged(photographer, backend.url, closed, backend.model) as stage:
        take(closed, stage)
        scenes = {name: scene for name, scene in SCENES.items() if scene is not CLOSED}
        assert [name for name, scene in scenes.items() if not scene.faults(stage)] == []


def test_axe_looks_inside_the_shadow_root(photographer: Browser, backend: Backend, axe: str) -> None:
    with staged(photographer, backend.url, Picture("closed", CLOSED), backend.model) as stage:
        stage.page.locator("voice-agent .launcher").evaluate(NAMELESS)
        assert [rule for rule, _ in violations(stage.page, axe)] == ["button-name"]


def test_touch_screens_are_the_small_ones() -> None:
    assert all(
        (min(picture.screen) < 480) == (picture.context.items() >= TOUCH.items()) for picture in PICTURES
    )
