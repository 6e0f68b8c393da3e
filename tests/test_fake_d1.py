"""The D1 shim: the contract that it shares with Cloudflare's runtime, and what miniflare does not enforce."""

from __future__ import annotations

import pytest

from stores.d1_errors import D1Error
from stores.d1_sqlite import SqliteDatabase
from stores.fake_d1 import FakeD1
from tests.clocks import ManualClock
from tests.contracts import d1_contract, d1_database_contract
from tests.contracts.d1_calls import column

CHECKS = {**d1_contract.CHECKS, **d1_database_contract.CHECKS}


@pytest.fixture
def d1() -> FakeD1:
    return FakeD1(SqliteDatabase(), ManualClock())


@pytest.mark.parametrize("name", CHECKS)
async def test_contract(d1: FakeD1, name: str) -> None:
    await CHECKS[name](d1)


@pytest.mark.parametrize("values", [("x" * 2_000_001, ""), ("ä" * 1_000_001, ""), ("x" * 1_500_000,) * 2])
async def test_row_of_more_than_2_mb_is_rejected(d1: FakeD1, values: tuple[str, str]) -> None:
    await d1.prepare("CREATE TABLE t (name, other)").run()
    with pytest.raises(D1Error, match=r"^D1_ERROR: string or blob too big: SQLITE_TOOBIG$"):
        await d1.prepare("INSERT INTO t VALUES (?, ?)").bind(*values).run()
    assert await column(d1, "t") == []


async def test_calls_are_counted(d1: FakeD1) -> None:
    one = d1.prepare("SELECT 1")
    await one.all()
    await one.first()
    await d1.batch([one, one])
    with pytest.raises(D1Error):
        await d1.prepare("SELECT").all()
    assert d1.calls == {"all": 2, "first": 1, "batch": 1}
