"""The KV, D1 and storage contracts inside Pyodide, on miniflare and with the Worker's own packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from local.environment import ROOT
from local.pyodide.database import running_database
from local.pyodide.worker import SOURCES, PyodideWorker
from tests.contracts import (
    d1_contract,
    d1_database_contract,
    d1_storage_contract,
    kv_contract,
    kv_storage_contract,
)
from tests.pyodide_ring.fresh import fresh_kv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.pyodide


@pytest.fixture(scope="module")
def running_checks() -> Iterator[PyodideWorker]:
    entry = "tests.pyodide_ring.entries.contract_checks"
    with (
        running_database() as database,
        PyodideWorker.start(env={}, entry=entry, folders=[SOURCES, ROOT], database=database.url) as worker,
    ):
        yield worker


@pytest.fixture
def check(running_checks: PyodideWorker) -> Iterator[Callable[[str, str], None]]:
    def run(suite: str, name: str) -> None:
        response = httpx2.get(f"{running_checks.base_url}/{suite}/{name}", trust_env=False, timeout=30)
        assert response.status_code == 204, response.text

    with fresh_kv(running_checks):
        yield run


@pytest.mark.parametrize("name", kv_contract.CHECKS)
def test_miniflare_kv(check: Callable[[str, str], None], name: str) -> None:
    check("kv_contract", name)


@pytest.mark.parametrize("name", kv_storage_contract.CHECKS)
def test_storage_on_miniflare_kv(check: Callable[[str, str], None], name: str) -> None:
    check("kv_storage_contract", name)


@pytest.mark.parametrize("name", d1_contract.CHECKS)
def test_miniflare_d1(check: Callable[[str, str], None], name: str) -> None:
    check("d1_contract", name)


@pytest.mark.parametrize("name", d1_database_contract.CHECKS)
def test_database_at_the_edge(check: Callable[[str, str], None], name: str) -> None:
    check("d1_database_contract", name)


@pytest.mark.parametrize("name", d1_storage_contract.CHECKS)
def test_storage_on_miniflare_d1(check: Callable[[str, str], None], name: str) -> None:
    check("d1_storage_contract", name)
