"""Debian's Chromium, driven by Playwright: for screenshots and for the browser ring of the tests."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

INSTALL = "install Chromium (`apt-get install chromium`)"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A microphone that beeps, or hears a recording that is named, and that a page may use without asking.
FAKE_DEVICE = "--use-fake-device-for-media-stream"
ALLOWED = "--use-fake-ui-for-media-stream"
# Nothing that talks to anybody but the pages that are opened.
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
    """There is no Chromium on this machine; the text says what to do."""


@contextlib.contextmanager
def running_chromium(*more: str) -> Iterator[Browser]:
    """A headless Chromium until the block ends; `more` are further arguments of its command line.

    Raises `NoChromium` where none is installed.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise NoChromium(INSTALL)
    # Playwright is there for development; the local server does without it.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - see above

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS, *more])
        try:
            yield browser
        finally:
            browser.close()
