"""The API with the voice that given settings choose."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx2

from api.app import create_app
from providers import choose_voice, connect
from settings import Settings
from tests.api import Api, client_of
from tests.clocks import AutoClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from clock import Clock
    from local.standin import StandIn
    from local.standin.ai_binding import StandInAI
    from providers import Voice

NO_RETRIES = {"OPENAI_MAX_RETRIES": "0"}


@asynccontextmanager
async def voice_of(
    variables: dict[str, str], clock: Clock | None = None, ai: StandInAI | None = None
) -> AsyncIterator[Voice]:
    """The voice that the settings in `variables` choose; its connections are closed in the end."""
    settings, clock = Settings.read({**NO_RETRIES, **variables}.get), clock or AutoClock()
    async with aclosing(httpx2.AsyncHTTPTransport()) as transport:
        env = SimpleNamespace(AI=ai)
        yield choose_voice(settings, clock, connect(settings, env, clock, transport))


@asynccontextmanager
async def talking(
    variables: dict[str, str], clock: AutoClock | None = None, ai: StandInAI | None = None
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API with that voice."""
    clock = clock or AutoClock()
    async with voice_of(variables, clock, ai) as voice:
        services = replace(
            Api(settings=Settings.read(variables.get), clock=clock).services,
            recognizer=voice.recognizer,
            synthesizer=voice.synthesizer,
        )
        yield client_of(create_app(lambda _scope: services))


def with_key(standin: StandIn, **more: str) -> dict[str, str]:
    """Variables for `standin` as OpenAI."""
    return {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": standin.base_url, **more}
