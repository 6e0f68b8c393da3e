"""An event loop for start-up code, where the runtime's own cannot run."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from contextvars import Context

T = TypeVar("T")

logger = logging.getLogger("voice_agent.worker")


class StartupLoop:
    """Runs coroutines that wait for nothing outside Python. Its time stands still, so that no timer fires.

    It has the part of `asyncio.AbstractEventLoop` that tasks, futures and timeouts use.
    """

    def __init__(self) -> None:
        self._calls: deque[_Call] = deque()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`; raises `RuntimeError` if it waits for something that cannot happen here."""
        before = asyncio._get_running_loop()  # noqa: SLF001 - for those who implement event loops
        asyncio._set_running_loop(cast("Any", self))  # noqa: SLF001 - the same
        try:
            task = self.create_task(work)
            self._run_calls()
            if not task.done():
                task.cancel()
                self._run_calls()
                raise RuntimeError("Start-up code waits for something that only a request brings")
            return task.result()
        finally:
            asyncio._set_running_loop(before)  # noqa: SLF001 - the same

    def _run_calls(self) -> None:
        while self._calls:
            self._calls.popleft().run()

    def call_soon(self, function: Any, *args: Any, context: Context | None = None) -> _Call:
        """Call `function` after the calls that are due already."""
        call = _Call(function, args, context)
        self._calls.append(call)
        return call

    def call_later(self, _seconds: float, function: Any, *args: Any, context: Context | None = None) -> _Call:
        """A timer; it never fires."""
        return _Call(function, args, context)

    call_at = call_later

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=cast("Any", self))

    def create_task(self, work: Coroutine[Any, Any, T], **options: Any) -> asyncio.Task[T]:
        return asyncio.Task(work, loop=cast("Any", self), **options)

    def time(self) -> float:
        return 0.0

    def is_running(self) -> bool:
        return True

    def get_debug(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Log an error that nothing awaits."""
        logger.error("At start-up: %s", context["message"])


class _Call:
    """A function to be called, unless it is cancelled before."""

    def __init__(self, function: Any, args: tuple[Any, ...], context: Context | None) -> None:
        self._function, self._args = function, args
        self._context = context or copy_context()
        self._cancelled = False

    def cancel(self) -> None:
        self._cancelled = True

    def run(self) -> None:
        if not self._cancelled:
            self._context.run(self._function, *self._args)
