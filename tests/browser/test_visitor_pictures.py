"""Screenshots of history, other devices and consent: they show what their names say, without faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.screenshots import take
from local.stage import staged
from local.visitor_pictures import ASKING_CONSENT, WITH_ACCOUNTS
from local.visitor_scenes import ACCOUNTS, ASKING
from tests.browser.axe import violations
from tests.browser.backend import running_backend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from local.pictures import Picture
    from tests.browser.backend import Backend

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def agent_with_accounts() -> Iterator[Backend]:
    """An agent as `voice-agent screenshots` runs it."""
    with running_backend(database=True, **ACCOUNTS) as running:
        yield running


@pytest.fixture(scope="module")
def agent_that_asks() -> Iterator[Backend]:
    """The same, which asks for consent."""
    with running_backend(database=True, **ASKING) as running:
        yield running


def check(browser: Browser, agent: Backend, picture: Picture, axe: str) -> None:
    """Take the picture, which fails if it is another one, and have axe-core look at the page."""
    with staged(browser, agent.url, picture, agent.model) as stage:
        take(picture, stage)
        assert violations(stage.page, axe) == []


@pytest.mark.parametrize("picture", WITH_ACCOUNTS, ids=lambda picture: picture.name)
def test_history_and_other_devices(
    browser: Browser, agent_with_accounts: Backend, picture: Picture, axe: str
) -> None:
    check(browser, agent_with_accounts, picture, axe)


@pytest.mark.parametrize("picture", ASKING_CONSENT, ids=lambda picture: picture.name)
def test_consent(browser: Browser, agent_that_asks: Backend, picture: Picture, axe: str) -> None:
    check(browser, agent_that_asks, picture, axe)


def test_names_are_different() -> None:
    names = [picture.name for picture in (*WITH_ACCOUNTS, *ASKING_CONSENT)]
    assert len(set(names)) == len(names)
