"""The Worker's front door; `openai_at_startup`, `workers_asgi` and `workers_fetch` know the runtime too."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import js
import workers
from workers import WorkerEntrypoint

from api.app import create_app
from clock import SystemClock
from edge import openai_at_startup  # noqa: F401 - before everything that imports openai
from edge.bridge import answer, eager_task
from edge.fetch_transport import FetchTransport
from errors import ConfigurationError
from knowledge_bundle import DOCUMENTS
from logs import log_json
from services import Agent, build_agent
from settings import LARGEST_BODY, Settings

if TYPE_CHECKING:
    from collections.abc import Coroutine, MutableMapping

logger = logging.getLogger("voice_agent.worker")


class Default(WorkerEntrypoint):
    """The Worker."""

    async def fetch(self, request: Any) -> Any:  # noqa: ANN401 - JavaScript's Request and Response
        """Answer one HTTP request."""
        return await on_fetch(request, self.env, self.ctx)


async def on_fetch(request: Any, env: Any, ctx: Any) -> Any:  # noqa: ANN401 - JavaScript's Request and Response
    """Answer `request` with the API; `env` holds settings, secrets and bindings."""
    del ctx  # `workers.wait_until` finds it by itself
    return await answer(app, getattr(request, "js_object", request), env, most=LARGEST_BODY)


class IsolateAgent:
    """The agent of this isolate: built with its first request, then kept, as its bindings never change.

    What is wrong with them is kept too, and logged once.
    """

    def __init__(self) -> None:
        """Build nothing yet: settings and bindings come with the first request."""
        self._agent: Agent | None = None
        self._wrong: str | None = None

    def __call__(self, scope: MutableMapping[str, Any]) -> Agent:
        """The agent; raises `ConfigurationError` where a setting or binding is missing or wrong."""
        if self._wrong is not None:
            raise ConfigurationError(self._wrong)
        if self._agent is None:
            self._agent = self._try_to_build(scope["env"])
        return self._agent

    def _try_to_build(self, env: object) -> Agent:
        try:
            return self._build(env)
        except ConfigurationError as error:
            self._wrong = error.message
            log_json("INFO", js.console)
            logger.error("%s: %s", error.code, error.message)  # noqa: TRY400 - the message says it all
            raise

    def _build(self, env: object) -> Agent:
        settings = Settings.read(lambda name: getattr(env, name, None))
        log_json(settings.log_level, js.console)
        return build_agent(
            settings=settings,
            env=env,
            documents=DOCUMENTS,
            clock=SystemClock(),
            background=in_background,
            transport=FetchTransport(),
        )


def in_background(work: Coroutine[None, None, None]) -> None:
    """Run `work` to its end, also when the visitor has gone; the platform gives it 30 seconds.

    A task that nobody has registered is cancelled together with a response that nobody reads.
    """
    workers.wait_until(eager_task(_logged(work)))


async def _logged(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except Exception:
        logger.exception("Background work failed")


app = create_app(IsolateAgent())
