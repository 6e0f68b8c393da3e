"""The KV contract against miniflare's own binding, called from Python through the Workers SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.kv_contract import CHECKS

if TYPE_CHECKING:
    from tests.pyodide_ring.bench import PyodideBench

pytestmark = pytest.mark.pyodide


@pytest.mark.parametrize("name", CHECKS)
def test_miniflare_keeps_the_kv_contract(bench: PyodideBench, name: str) -> None:
    bench.control.check("kv_contract", name)
