"""An agent with the stand-in model and a clock that tests can move forward."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

import httpx2
from pydantic import SecretStr

from local.assets import SOURCES, Site
from local.background import BackgroundTasks
from local.bundle_knowledge import KNOWLEDGE, load_directory
from local.running import running_app
from local.server import local_app
from local.standin import StandIn, running_standin
from services import build_services
from settings import Settings
from tests.browser.clock import ShiftedClock
from tests.d1 import fake_d1

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from stores.fake_d1 import FakeD1


Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Backend:
    """A running agent."""

    url: str
    model: StandIn
    clock: ShiftedClock
    database: FakeD1 | None = None

    def reset(self) -> None:
        """Delete everything that is stored, and have the model behave as it does at first."""
        self.model.reset()
        self.clock.shift = timedelta()
        if self.database:
            run_apart(self.database.exec("DELETE FROM conversations"))


def run_apart(coroutine: Coroutine[object, object, Result]) -> Result:
    """Run a coroutine in an event loop of its own: Playwright's runs in this thread."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


@contextlib.contextmanager
def running_backend(
    *allowed_origins: str,
    site: Site = SOURCES,
    transport: httpx2.AsyncBaseTransport | None = None,
    database: bool = False,
    **more: Any,
) -> Iterator[Backend]:
    """Run an agent that serves `site` until the block ends; pages of `allowed_origins` may use it.

    `transport` is how it reaches the model and Turnstile, `more` are further settings. It keeps sessions in a
    D1 if `database`, else in memory.
    """
    with running_standin() as model:
        clock, background = ShiftedClock(), BackgroundTasks()
        d1 = fake_d1(clock) if database else None
        settings = Settings(
            openai_api_key=SecretStr("stand-in"),
            openai_base_url=model.base_url,
            openai_max_retries=0,
            openai_timeout_seconds=5,  # what a test leaves stalled ends by itself before the server does
            allowed_origins=allowed_origins,
            **more,
        )
        transport = transport or httpx2.AsyncHTTPTransport()
        services = build_services(
            settings=settings,
            env=SimpleNamespace(VOICE_DB=d1),
            documents=load_directory(KNOWLEDGE),
            clock=clock,
            background=background,
            transport=transport,
        )
        with running_app(local_app(services, background, site), transport.aclose) as url:
            yield Backend(url, model, clock, d1)
