"""Background tasks of the local server, which outlive the request that started them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine

logger = logging.getLogger("voice_agent.background")


class BackgroundTasks:
    """Starts tasks and holds a reference to each until it is done; asyncio itself holds only weak ones.

    `len()` is the number of tasks still running.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, work: Coroutine[None, None, None], /) -> None:
        """Start `work` and return immediately. If it raises, the error is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def __len__(self) -> int:
        return len(self._tasks)

    async def drain(self) -> None:
        """Wait until all tasks are done, including those started in the meantime."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("Background work failed", exc_info=error)
