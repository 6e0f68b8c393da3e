"""The contract of a Workers KV binding, which both the fake and Cloudflare's own runtime have to pass.

`CHECKS` maps names to async functions that take a binding. Each check uses only keys that start with its own
name, so that all of them can share one namespace, which is empty at first. Checks that write a key twice need
a KV on whose clock at least a second passes between calls, or one without a write limit, like miniflare's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.contracts import kv_keys, kv_options, kv_values

if TYPE_CHECKING:
    from tests.contracts.checks import Check

CHECKS: dict[str, Check] = {**kv_values.CHECKS, **kv_keys.CHECKS, **kv_options.CHECKS}
