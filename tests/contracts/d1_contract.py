"""The contract of a D1 binding, which both the shim and Cloudflare's own runtime have to pass.

`CHECKS` maps names to async functions that take a binding. Each check makes tables of its own, so that all of
them can share one database. Of a syntax error, D1 also says at which offset it is, which the shim cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.contracts import d1_batches, d1_limits, d1_statements, d1_values

if TYPE_CHECKING:
    from tests.contracts.checks import Check

CHECKS: dict[str, Check] = {
    **d1_values.CHECKS,
    **d1_statements.CHECKS,
    **d1_batches.CHECKS,
    **d1_limits.CHECKS,
}
