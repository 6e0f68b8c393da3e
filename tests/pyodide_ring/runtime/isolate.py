"""One isolate of the Worker inside Pyodide: starts it as the runtime does, and hands it requests."""

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
    from collections.abc import Awaitable

# Where isolate.mjs mounts tests/; the Worker itself never finds it.
CHECKS_FOLDER = "/session/checks"
_request: ContextVar[int] = ContextVar("request")
# What was given to `wait_until` and is under way. It stays on this side: JavaScript is only lent it.
_registered: set[asyncio.Future[Any]] = set()
_failures: list[str] = []


def start(entry: str, folder: str, modules: str) -> Any:
    """Import the module `entry` as start-up code, without randomness, and give its class `Default`.

    `folder` comes first in the import path, `modules`, the vendored packages, with their .pth files.
    """
    from _cloudflare import import_patch_manager, standard_library  # noqa: PLC0415 - only here, not in CPython

    sys.path.insert(0, folder)
    site.addsitedir(modules)
    standard_library.guard_urandom()
    import_patch_manager.install()
    default = importlib.import_module(entry).Default
    import_patch_manager.take_snapshot()
    return default


def open_for_requests() -> None:
    """Leave start-up: randomness is real from now on, and generators are seeded anew."""
    from _cloudflare import allow_entropy, import_patch_manager  # noqa: PLC0415 - only here, not in CPython

    allow_entropy.budget.open = True
    import_patch_manager.serve_requests()


async def fetch(default: Any, ctx: Any, env: Any, request: Any, number: int) -> Any:
    """Answer request `number` with a new instance of the entry point, as the runtime does for each."""
    from workers import python_from_rpc, python_to_rpc  # noqa: PLC0415 - vendored

    _request.set(number)
    return python_to_rpc(await default(ctx, env).fetch(python_from_rpc(request)))


def wait_until(work: Awaitable[Any]) -> None:
    """Keep `work` until it is done, also when its visitor has gone."""
    # What Python itself had made a proxy of comes back in one.
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
    """The errors of what was given to `wait_until`, since the start, as JSON."""
    return json.dumps(_failures)


def abandon(number: int) -> int:
    """End what request `number` left running when its visitor has gone; how many tasks that were.

    Spared are the tasks that were given to `wait_until`, and what those wait for. Measured in the runtime:
    the rest never comes to its end.
    """
    runtime: Any = asyncio  # of CPython 3.14, which knows who awaits whom
    left = [task for task in runtime.all_tasks() if task.get_context().get(_request) == number]
    ended = [task for task in left if not _is_spared(runtime.capture_call_graph(task))]
    for task in ended:
        task.cancel()
    return len(ended)


def _is_spared(graph: Any) -> bool:
    return graph.future in _registered or any(_is_spared(waiting) for waiting in graph.awaited_by)


async def run_check(suite: str, name: str) -> str | None:
    """Run the check `name` of the contract `suite` on the KV binding; None, or why it failed."""
    from workers import env  # noqa: PLC0415 - vendored

    if CHECKS_FOLDER not in sys.path:
        sys.path.append(CHECKS_FOLDER)
    checks = importlib.import_module(f"tests.contracts.{suite}").CHECKS
    try:
        await checks[name](env.VOICE_SESSIONS)
    except Exception:  # noqa: BLE001 - the failure is reported where the test runs
        return traceback.format_exc()
    return None
