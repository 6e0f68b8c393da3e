"""Background work of the local server: tasks that outlive the request that started them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine

logger = logging.getLogger("voice_agent.background")


class BackgroundTasks:
    """Starts tasks and keeps them until they are done; asyncio itself would forget them."""

    def __init__(self) -> None:
        """Start with no task."""
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, work: Coroutine[None, None, None], /) -> None:
        """Start `work` and return at once; an error in it is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def __len__(self) -> int:
        """How many are under way."""
        return len(self._tasks)

    async def drain(self) -> None:
        """Wait until all are done, those too that they start."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("Background work failed", exc_info=error)
