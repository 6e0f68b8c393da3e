"""Chromium, driven by Playwright, for screenshots and the browser tests."""

from __future__ import annotations

import contextlib
import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserType

INSTALL = "install Chromium (`apt-get install chromium`)"
# Playwright comes with the development tools, which a first run does not install.
INSTALL_PLAYWRIGHT = "install the development tools (`uv sync --group dev`)"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A fake microphone, which beeps or plays a given recording, and permission to use it.
FAKE_DEVICE = "--use-fake-device-for-media-stream"
ALLOWED = "--use-fake-ui-for-media-stream"
# No requests other than those of the pages.
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoChromium(Exception):
    """Chromium, or Playwright to drive it, is not installed; the message says what to do."""


@contextlib.contextmanager
def running_chromium(*more: str) -> Iterator[Browser]:
    """Run a headless Chromium until the block ends; `more` are additional command-line arguments.

    Raises `NoChromium` if it is not installed.
    """
    if find_spec("playwright") is None:
        raise NoChromium(INSTALL_PLAYWRIGHT)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the local server has no Playwright

    with sync_playwright() as playwright, launched(playwright.chromium, *more) as browser:
        yield browser


@contextlib.contextmanager
def launched(chromium: BrowserType, *more: str) -> Iterator[Browser]:
    """Run another Chromium, as `running_chromium` does, with a Playwright that is running already."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise NoChromium(INSTALL)
    browser = chromium.launch(executable_path=program, args=[*ARGUMENTS, *more])
    try:
        yield browser
    finally:
        browser.close()
