"""What a Workers KV binding does, as checks that the fake and Cloudflare's own runtime both have to pass.

`CHECKS` maps names to async functions that take a binding. Each check keeps to keys that start with its own
name, so that all of them may share one namespace, empty at first. A check that writes a key twice needs a KV
on whose clock a second passes between two calls, or one that does not limit writes, as miniflare's does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.contracts import kv_keys, kv_options, kv_values

if TYPE_CHECKING:
    from tests.contracts.checks import Check

CHECKS: dict[str, Check] = {**kv_values.CHECKS, **kv_keys.CHECKS, **kv_options.CHECKS}
