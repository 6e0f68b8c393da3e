"""Screenshots of the widget and the demo page in every state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from local.chromium import ALLOWED, FAKE_DEVICE, running_chromium
from local.pictures import DARK, DESKTOP, PHONE, PICTURES
from local.running import running_server
from local.stage import staged
from local.standin import running_standin
from local.visitor_pictures import ASKING_CONSENT, WITH_ACCOUNTS
from local.visitor_scenes import ACCOUNTS, ASKING
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from local.pictures import Picture
    from local.stage import Stage

AGENTS: tuple[tuple[dict[str, Any], tuple[Picture, ...]], ...] = (
    ({}, PICTURES),
    (ACCOUNTS, WITH_ACCOUNTS),
    (ASKING, ASKING_CONSENT),
)
# Pictures of the whole demo page: name, width, settings of the browser.
PAGES: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("page", DESKTOP[0], {}),
    ("page-dark", DESKTOP[0], DARK),
    ("page-phone", PHONE[0], {}),
)


class WrongPicture(Exception):
    """A picture would not show what its name says; the message says in what it differs."""


def screenshots(out: Path, only: str = "", say: Callable[[str], object] = print) -> list[Path]:
    """Write a PNG for each picture whose name contains `only` into `out`.

    Returns the files, and reports each to `say`.
    Answers come from the stand-in model, on the whole pages from the offline demo. Raises
    `local.chromium.NoChromium` if Chromium is not installed, and `WrongPicture` if a picture would not show
    the state that it is named after.
    """
    out.mkdir(parents=True, exist_ok=True)
    files = []
    with running_chromium(FAKE_DEVICE, ALLOWED) as browser:
        for name, picture in _all(browser, only):
            path = out / f"{name}.png"
            path.write_bytes(picture)
            files.append(path)
            say(str(path))
    return files


def _all(browser: Browser, only: str) -> Iterator[tuple[str, bytes]]:
    for settings, pictures in AGENTS:
        if wanted := [picture for picture in pictures if only in picture.name]:
            yield from _pictures(browser, wanted, settings)
    if wanted_pages := [page for page in PAGES if only in page[0]]:
        yield from _pages(browser, wanted_pages)


def _pages(browser: Browser, pages: Iterable[tuple[str, int, dict[str, Any]]]) -> Iterator[tuple[str, bytes]]:
    with running_server(Settings()) as url:
        for name, width, context in pages:
            viewport: Any = {"width": width, "height": DESKTOP[1]}
            with browser.new_context(viewport=viewport, reduced_motion="reduce", **context) as opened:
                page = opened.new_page()
                page.goto(url)
                yield name, page.screenshot(full_page=True)


def _pictures(
    browser: Browser, pictures: Iterable[Picture], more: dict[str, Any]
) -> Iterator[tuple[str, bytes]]:
    """Pictures of an agent with the stand-in model and these settings."""
    with running_standin() as model:
        settings = Settings(
            openai_api_key=SecretStr("stand-in"), openai_base_url=model.base_url, openai_max_retries=0, **more
        )
        with running_server(settings) as url:
            for picture in pictures:
                with staged(browser, url, picture, model) as stage:
                    yield picture.name, take(picture, stage)


def take(picture: Picture, stage: Stage) -> bytes:
    """A PNG of a picture. Raises `WrongPicture` if it does not show what its name says."""
    scene = picture.scene
    scene.act(stage)
    faults = scene.faults(stage)
    taken = stage.page.screenshot()
    if faults := faults + scene.faults(stage):
        raise WrongPicture(f"{picture.name}: {'; '.join(dict.fromkeys(faults))}")
    return taken
