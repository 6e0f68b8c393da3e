"""The storage contract over miniflare's KV, in the Python and with the packages that the Worker has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.storage_contract import CHECKS

if TYPE_CHECKING:
    from tests.pyodide_ring.bench import PyodideBench

pytestmark = pytest.mark.pyodide


@pytest.mark.parametrize("name", CHECKS)
def test_the_store_keeps_its_contract_on_miniflare(bench: PyodideBench, name: str) -> None:
    bench.control.check("storage_contract", name)
