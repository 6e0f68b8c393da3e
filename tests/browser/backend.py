"""An agent with the stand-in model and a clock that tests can move forward."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Backend:
    """A running agent."""

    url: str
    model: StandIn
    clock: ShiftedClock


@contextlib.contextmanager
def running_backend(
    *allowed_origins: str,
    site: Site = SOURCES,
    transport: httpx2.AsyncBaseTransport | None = None,
    **more: Any,
) -> Iterator[Backend]:
    """Run an agent that serves `site` until the block ends; pages of `allowed_origins` may use it.

    `transport` is how it reaches the model and Turnstile, `more` are further settings.
    """
    with running_standin() as model:
        clock, background = ShiftedClock(), BackgroundTasks()
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
            env=None,
            documents=load_directory(KNOWLEDGE),
            clock=clock,
            background=background,
            transport=transport,
        )
        with running_app(local_app(services, background, site), transport.aclose) as url:
            yield Backend(url, model, clock)
