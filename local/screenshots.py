"""Screenshots of the widget and the demo page in every state."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from local.chromium import ALLOWED, FAKE_DEVICE, running_chromium
from local.pictures import PICTURES
from local.running import running_server
from local.stage import Stage
from local.standin import running_standin
from local.visitor_pictures import ASKING_CONSENT, WITH_ACCOUNTS
from local.visitor_scenes import ACCOUNTS, ASKING
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from local.pictures import Picture


class WrongPicture(Exception):
    """A picture would not show what its name says; the message says in what it differs."""


def screenshots(out: Path, say: Callable[[str], object] = print) -> list[Path]:
    """Write a PNG for each state and each whole page into `out`; returns the files and reports each to `say`.

    Answers come from the stand-in model, on the whole pages from the offline demo. Raises
    `local.chromium.NoChromium` if Chromium is not installed, and `WrongPicture` if a picture would not show
    the state that it is named after.
    """
    out.mkdir(parents=True, exist_ok=True)
    files = []
    with running_chromium(FAKE_DEVICE, ALLOWED) as browser:
        for name, picture in _all(browser):
            path = out / f"{name}.png"
            path.write_bytes(picture)
            files.append(path)
            say(str(path))
    return files


def _all(browser: Browser) -> Iterator[tuple[str, bytes]]:
    agents: tuple[tuple[dict[str, Any], tuple[Picture, ...]], ...] = (
        ({}, PICTURES),
        (ACCOUNTS, WITH_ACCOUNTS),
        (ASKING, ASKING_CONSENT),
    )
    for settings, pictures in agents:
        yield from _pictures(browser, pictures, settings)
    with running_server(Settings()) as url:
        for name, width, scheme in (
            ("page", 1100, "light"),
            ("page-dark", 1100, "dark"),
            ("page-mobile", 390, "light"),
        ):
            with opened_page(browser, url, (width, 800), color_scheme=scheme) as page:
                yield name, page.screenshot(full_page=True)


def take(picture: Picture, stage: Stage) -> bytes:
    """A PNG of a picture. Raises `WrongPicture` if it does not show what its name says."""
    scene = picture.scene
    scene.act(stage)
    faults = scene.faults(stage)
    taken = stage.page.screenshot()
    if faults := faults + scene.faults(stage):
        raise WrongPicture(f"{picture.name}: {'; '.join(dict.fromkeys(faults))}")
    return taken


def _pictures(
    browser: Browser, pictures: Iterable[Picture], more: Mapping[str, Any]
) -> Iterator[tuple[str, bytes]]:
    """Pictures of an agent with the stand-in model and these settings."""
    with running_standin() as model:
        settings = Settings(
            openai_api_key=SecretStr("stand-in"), openai_base_url=model.base_url, openai_max_retries=0, **more
        )
        with running_server(settings) as url:
            for picture in pictures:
                model.reset()
                with opened_page(browser, url, picture.screen, **picture.context) as page:
                    yield picture.name, take(picture, Stage(page, model))


@contextlib.contextmanager
def opened_page(browser: Browser, url: str, screen: tuple[int, int], **context: Any) -> Iterator[Page]:
    """The demo page at `url`, without animations."""
    width, height = screen
    with browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", base_url=url, **context
    ) as opened:
        page = opened.new_page()
        page.goto(url)
        yield page
