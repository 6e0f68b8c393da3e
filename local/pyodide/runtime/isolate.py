"""One isolate of the Worker inside Pyodide: starts it like the runtime, and passes it requests."""

from __future__ import annotations

import asyncio
import importlib
import json
import site
import sys
import traceback
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

_request: ContextVar[int] = ContextVar("request")
# Pending work passed to `wait_until`. It is kept here because JavaScript only borrows it.
_registered: set[asyncio.Future[Any]] = set()
_failures: list[str] = []


def start(entry: str, folders: Sequence[str], modules: str) -> Any:
    """Import the module `entry` as start-up code, without randomness, and return its class `Default`.

    The import path starts with `folders` and ends with `modules`, the vendored packages, including the
    folders listed in their .pth files.
    """
    from _cloudflare import import_patch_manager, standard_library  # noqa: PLC0415 - only here, not in CPython

    sys.path[:0] = folders
    site.addsitedir(modules)
    standard_library.guard_urandom()
    import_patch_manager.install()
    default = importlib.import_module(entry).Default
    import_patch_manager.take_snapshot()
    return default


def open_for_requests() -> None:
    """End start-up: from now on randomness is real, and generators are seeded again."""
    from _cloudflare import allow_entropy, import_patch_manager  # noqa: PLC0415 - only here, not in CPython

    allow_entropy.budget.open = True
    import_patch_manager.serve_requests()


async def fetch(default: Any, ctx: Any, env: Any, request: Any, number: int) -> Any:
    """Answer request `number` with a new instance of the entry point, as the runtime does for each."""
    from workers import python_from_rpc, python_to_rpc  # noqa: PLC0415 - vendored

    _request.set(number)
    return python_to_rpc(await default(ctx, env).fetch(python_from_rpc(request)))


def wait_until(work: Awaitable[Any]) -> None:
    """Keep `work` running until it is done, even if its visitor leaves."""
    # Python objects that went through JavaScript come back in a proxy.
    unwrapped: Awaitable[Any] = work.unwrap() if hasattr(work, "unwrap") else work
    future = asyncio.ensure_future(unwrapped)
    _registered.add(future)
    future.add_done_callback(_done)


def _done(future: asyncio.Future[Any]) -> None:
    _registered.discard(future)
    if future.cancelled():
        _failures.append("CancelledError")
    elif error := future.exception():
        _failures.append("".join(traceback.format_exception(error)))


def background_failures() -> str:
    """Return the errors of all work passed to `wait_until` since the start, as JSON."""
    return json.dumps(_failures)


def abandon(number: int) -> int:
    """Cancel the tasks that request `number` left running when its visitor went; return how many.

    Tasks passed to `wait_until`, and those they await, keep running. The runtime does the same: measured
    there, the others never finish.
    """
    runtime: Any = asyncio  # CPython 3.14's has `capture_call_graph`; type checkers assume an older one
    left = [task for task in runtime.all_tasks() if task.get_context().get(_request) == number]
    cancelled = [task for task in left if not _is_kept(runtime.capture_call_graph(task))]
    for task in cancelled:
        task.cancel()
    return len(cancelled)


def _is_kept(graph: Any) -> bool:
    return graph.future in _registered or any(_is_kept(waiting) for waiting in graph.awaited_by)
