"""Our agent on CPython, with sessions in memory and a stand-in for OpenAI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clock import SystemClock
from local.background import BackgroundTasks
from services import Services, build_services
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

KEY = "sk-bench"


def agent_for(
    base_url: str, documents: Mapping[str, str], transport: httpx2.AsyncBaseTransport | None = None
) -> Services:
    """An agent that knows `documents` and asks the model at `base_url`; to be used in one event loop.

    Who gives the `transport` can close it; otherwise its connections stay until the process ends.
    """
    settings = Settings.read({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": base_url, "RATE_LIMIT": "off"}.get)
    return build_services(
        settings=settings,
        env=None,
        documents=documents,
        clock=SystemClock(),
        background=BackgroundTasks(),
        transport=transport,
    )
