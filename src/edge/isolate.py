"""What this isolate holds, and work that continues after a response."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import js
import workers
from workers import WorkerEntrypoint

from clock import SystemClock
from edge.bindings import Bindings
from edge.bridge import eager_task
from edge.fetch_transport import FetchTransport
from edge.recordings import read_js_upload
from edge.time_zone import intl_time_zone
from errors import ConfigurationError
from logs import log_json
from services import Services, build_services
from setting_names import BINDINGS, did_you_mean, misspelt_names
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, MutableMapping

__all__ = ["IsolateServices", "WorkerEntrypoint", "in_background"]

logger = logging.getLogger("voice_agent.worker")


class IsolateServices:
    """The services of this isolate: built for its first request, then kept, as bindings never change.

    If they cannot be built, the reason is logged once and every request gets it.
    """

    def __init__(
        self, documents: Mapping[str, str], problem: str | None = None, size: int | None = None
    ) -> None:
        """`documents` is the knowledge, Markdown by file name; settings come with the first request.

        `size` is the size of the knowledge in bytes, also of what is too large to be among `documents`. If
        the build found a `problem` with the knowledge, it has reported it, and every request gets it.
        """
        self._documents, self._size = documents, size
        self._services: Services | None = None
        self._problem = problem

    def __call__(self, scope: MutableMapping[str, Any]) -> Services:
        """The services; raises `ConfigurationError` if a setting or binding is missing or wrong."""
        if self._problem is not None:
            raise ConfigurationError(self._problem)
        if self._services is None:
            self._services = self._build_or_log(scope["env"])
        return self._services

    def _build_or_log(self, env: Any) -> Services:
        try:
            return self._build(env)
        except ConfigurationError as error:
            self._problem = error.message
            log_json("INFO", js.console)
            logger.error(error.message)  # noqa: TRY400 - a traceback would add nothing
            raise

    def _build(self, env: Any) -> Services:
        settings = Settings.read(lambda name: getattr(env, name, None))
        log_json(settings.log_level, js.console)
        for sentence in did_you_mean(misspelt_names(env.object_keys(), BINDINGS)):
            logger.warning(sentence)
        return build_services(
            settings=settings,
            env=Bindings(env),
            documents=self._documents,
            knowledge_bytes=self._size,
            clock=SystemClock(),
            background=in_background,
            transport=FetchTransport(),
            read_upload=read_js_upload,
            time_zones=intl_time_zone,
        )


def in_background(work: Coroutine[None, None, None]) -> None:
    """Run `work` to its end even if the visitor leaves; the platform allows 30 seconds.

    Without `wait_until` the runtime cancels the task together with a response that nobody reads.
    """
    workers.wait_until(eager_task(_logged(work)))


async def _logged(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except Exception:
        logger.exception("Background work failed")
