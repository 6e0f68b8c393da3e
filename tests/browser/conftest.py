"""Fixtures of the browser tests: Chromium, and agents with and without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local.chromium import NoChromium, running_chromium
from local.node_tools import Unavailable, node_tools
from local.running import running_server
from local.widget_build import WidgetBuildError, build_widget
from settings import Settings
from tests.browser.backend import Backend, running_backend
from tests.browser.hosts import HostPages
from tests.browser.voice import hearing
from tests.browser.widget import Widget
from tests.identity_tokens import SECRET
from tests.rings import cannot_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

    from local.assets import Site
    from local.standin import StandIn
    from tests.browser.clock import ShiftedClock

PRIVACY_URL = "https://thistledesk.example/privacy"
PATIENCE_MS = 10_000  # far longer than anything here takes, even on a busy machine
DESKTOP: ViewportSize = {"width": 1100, "height": 800}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each test uses its own profile."""
    try:
        with running_chromium() as running:
            yield running
    except NoChromium as error:
        cannot_run(str(error))


@pytest.fixture(scope="package")
def host_pages() -> Iterator[HostPages]:
    """Pages on another origin."""
    with HostPages() as pages:
        yield pages


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The widget, built for visitors."""
    try:
        return build_widget(tmp_path_factory.mktemp("built"))
    except WidgetBuildError as error:
        cannot_run(str(error))


@pytest.fixture(scope="package")
def backend(host_pages: HostPages, built: Site) -> Iterator[Backend]:
    """An agent with the stand-in model; pages of `host_pages` may use it."""
    with running_backend(host_pages.origin, site=built) as running:
        yield running


@pytest.fixture(scope="package")
def with_accounts(host_pages: HostPages, built: Site) -> Iterator[Backend]:
    """An agent with a database, which knows the visitors of a website."""
    settings: dict[str, Any] = {"identity_secret": (SECRET,), "privacy_url": PRIVACY_URL}
    with running_backend(host_pages.origin, site=built, database=True, **settings) as running:
        yield running


@pytest.fixture
def known(with_accounts: Backend) -> Iterator[Backend]:
    """The same, with nothing stored, and the model reset."""
    with_accounts.reset()
    yield with_accounts
    with_accounts.reset()


@pytest.fixture(scope="package")
def asking_consent(built: Site) -> Iterator[Backend]:
    """An agent that asks for consent; it knows the visitors of a website."""
    settings: dict[str, Any] = {"identity_secret": (SECRET,), "privacy_url": PRIVACY_URL, "consent": "ask"}
    with running_backend(site=built, database=True, **settings) as running:
        yield running


@pytest.fixture(scope="package")
def sources() -> Iterator[Backend]:
    """An agent that serves the widget's sources as they are, as `voice-agent dev` does."""
    with running_backend() as running:
        yield running


@pytest.fixture
def model(backend: Backend) -> Iterator[StandIn]:
    """The stand-in model behind `agent`, reset before and after the test."""
    backend.model.reset()
    yield backend.model
    backend.model.reset()


@pytest.fixture
def clock(backend: Backend) -> ShiftedClock:
    """The clock of `agent`."""
    return backend.clock


@pytest.fixture
def agent(backend: Backend) -> str:
    """The URL of the agent with the stand-in model behind it."""
    return backend.url


@pytest.fixture(scope="package")
def axe() -> str:
    """axe-core's source."""
    try:
        return (node_tools().modules / "axe-core" / "axe.min.js").read_text("utf-8")
    except Unavailable as error:
        cannot_run(str(error))


@pytest.fixture(scope="package")
def demo(built: Site) -> Iterator[str]:
    """The URL of an agent without a key."""
    with running_server(Settings(), built) as url:
        yield url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor's browser."""
    permissions = ["clipboard-read", "clipboard-write"]
    with browser.new_context(viewport=DESKTOP, permissions=permissions, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE_MS)
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def widget(page: Page, agent: str, model: StandIn) -> Widget:  # noqa: ARG001 - resets the model
    """The widget on the demo page of `agent`."""
    widget = Widget(page)
    page.goto(agent)
    return widget


@pytest.fixture(scope="package")
def hearer(browser: Browser) -> Iterator[Browser]:
    """A browser whose microphone plays a question in a loop."""
    with hearing(browser, "question.wav", again=True) as running:
        yield running


@pytest.fixture
def asking(hearer: Browser) -> Iterator[Browser]:
    """`hearer`, whose pages and microphones are closed after the test."""
    yield hearer
    for context in hearer.contexts:
        context.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Browser]:
    """`browser`, whose pages are closed after the test."""
    yield browser
    for context in browser.contexts:
        context.close()
