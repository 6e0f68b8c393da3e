"""The faults of the D1 shim: slow, hanging, failing, and replies that are lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from stores.d1_errors import D1Error
from stores.d1_faults import NETWORK_LOST, OVERLOADED, D1Faults, Operation
from stores.d1_sqlite import SqliteDatabase
from stores.fake_d1 import FakeD1
from tests.clocks import ManualClock
from tests.contracts.d1_calls import column

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

INSERT = "INSERT INTO t VALUES ('a')"
CALLS: dict[Operation, Callable[[FakeD1], Awaitable[Any]]] = {
    "run": lambda d1: d1.prepare(INSERT).run(),
    "all": lambda d1: d1.prepare(INSERT).all(),
    "first": lambda d1: d1.prepare(INSERT).first(),
    "raw": lambda d1: d1.prepare(INSERT).raw(),
    "batch": lambda d1: d1.batch([d1.prepare(INSERT)]),
    "exec": lambda d1: d1.exec(INSERT),
}
each_operation = pytest.mark.parametrize("operation", CALLS)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def faults() -> D1Faults:
    return D1Faults()


@pytest.fixture
async def d1(clock: ManualClock, faults: D1Faults) -> FakeD1:
    d1 = FakeD1(SqliteDatabase(), clock, faults)
    await d1.prepare("CREATE TABLE t (name)").run()
    return d1


@each_operation
async def test_slow_operation_is_delayed(
    d1: FakeD1, clock: ManualClock, faults: D1Faults, operation: Operation
) -> None:
    faults.slowness = 2.5
    call = asyncio.ensure_future(CALLS[operation](d1))
    await clock.sleeping()
    clock.advance(2.4)
    await asyncio.sleep(0)
    assert not call.done()
    clock.advance(0.1)
    await call


@each_operation
async def test_hanging_operation_never_returns_and_has_no_effect(
    d1: FakeD1, faults: D1Faults, operation: Operation
) -> None:
    faults.hanging.add(operation)
    call = asyncio.ensure_future(CALLS[operation](d1))
    await asyncio.sleep(0)
    for other in CALLS.keys() - {operation}:
        await CALLS[other](d1)
    assert not call.done()
    call.cancel()
    faults.clear()
    assert await column(d1, "t") == ["a"] * (len(CALLS) - 1)


@each_operation
async def test_operation_fails_as_often_as_planned(
    d1: FakeD1, faults: D1Faults, operation: Operation
) -> None:
    faults.fail(operation, OVERLOADED, times=2)
    faults.fail(operation, "Something else.")
    for reason in (OVERLOADED, OVERLOADED, "Something else."):
        with pytest.raises(D1Error) as caught:
            await CALLS[operation](d1)
        assert str(caught.value).startswith("D1_EXEC_ERROR" if operation == "exec" else "D1_ERROR")
        assert str(caught.value).endswith(f": {reason}")
    await CALLS[operation](d1)
    assert await column(d1, "t") == ["a"]


@each_operation
async def test_lost_reply_is_an_error_after_the_commit(
    d1: FakeD1, faults: D1Faults, operation: Operation
) -> None:
    faults.lose_reply(operation)
    with pytest.raises(D1Error, match=NETWORK_LOST):
        await CALLS[operation](d1)
    assert await column(d1, "t") == ["a"]
    await CALLS[operation](d1)
    assert await column(d1, "t") == ["a", "a"]


async def test_clear_switches_everything_off(d1: FakeD1, faults: D1Faults) -> None:
    faults.slowness = 1
    faults.hanging.add("run")
    faults.fail("all", OVERLOADED)
    faults.lose_reply("raw")
    faults.clear()
    for call in CALLS.values():
        await call(d1)
    assert await column(d1, "t") == ["a"] * len(CALLS)
