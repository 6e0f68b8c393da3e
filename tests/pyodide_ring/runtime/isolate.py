"""One isolate of the Worker inside Pyodide: starts it as the runtime does, and hands it requests."""

from __future__ import annotations

import importlib
import site
import sys
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

# Where isolate.mjs mounts tests/contracts; the Worker itself never finds it.
CHECKS_FOLDER = "/session/checks"


def start(entry: str, folders: Sequence[str], modules: str) -> Any:  # noqa: ANN401 - a WorkerEntrypoint class
    """Import the module `entry` as start-up code, without randomness, and give its class `Default`.

    `folders` come first in the import path, then `modules`, the vendored packages, with their .pth files.
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
    """Leave start-up: randomness is real from now on, and generators are seeded anew."""
    from _cloudflare import allow_entropy, import_patch_manager  # noqa: PLC0415 - only here, not in CPython

    allow_entropy.budget.open = True
    import_patch_manager.serve_requests()


async def fetch(default: Any, ctx: Any, env: Any, request: Any) -> Any:  # noqa: ANN401 - JavaScript's objects
    """Answer one request with a new instance of the entry point, as the runtime does for each."""
    from workers import python_from_rpc, python_to_rpc  # noqa: PLC0415 - vendored

    return python_to_rpc(await default(ctx, env).fetch(python_from_rpc(request)))


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
