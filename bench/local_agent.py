"""Our agent on CPython, with a stand-in for OpenAI."""

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
    base_url: str,
    documents: Mapping[str, str],
    *,
    env: object = None,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Services:
    """Build an agent that knows `documents` and asks the model at `base_url`, for use in one event loop.

    Sessions are in memory unless `env` has a store. A caller that passes `transport` has to close it;
    otherwise connections stay open until the process exits.
    """
    settings = Settings.read({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": base_url, "RATE_LIMIT": "off"}.get)
    return build_services(
        settings=settings,
        env=env,
        documents=documents,
        clock=SystemClock(),
        background=BackgroundTasks(),
        transport=transport,
    )
