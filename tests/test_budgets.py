"""Budgets of characters and seconds: per session, per client, and how they refill."""

from __future__ import annotations

from typing import Any

import pytest

from budgets import SESSIONS_PER_CLIENT, Budget
from errors import RateLimited
from session_id import generate_session_id
from tests.clocks import ManualClock, SetBackClock

ONE = generate_session_id()


def client(address: str = "192.0.2.1") -> dict[str, Any]:
    return {"headers": [], "client": (address, 1)}


def wait(budget: Budget, session_id: str | None, amount: float, address: str = "192.0.2.1") -> int:
    try:
        budget.spend(client(address), session_id, amount)
    except RateLimited as error:
        return error.retry_after or 0
    return 0


def test_session_may_spend_its_budget_in_any_period() -> None:
    clock = ManualClock()
    budget = Budget(100, 60, clock)
    assert [wait(budget, ONE, 60), wait(budget, ONE, 60), wait(budget, ONE, 40)] == [0, 60, 0]
    clock.advance(20)
    assert wait(budget, ONE, 10) == 40
    clock.advance(40)
    assert wait(budget, ONE, 100) == 0


def test_clock_that_is_set_back_locks_nobody_out() -> None:
    budget = Budget(100, 60, SetBackClock(after=2))
    assert [wait(budget, ONE, 100) for _ in range(4)] == [0, 60, 0, 60]


def test_refusal_spends_nothing() -> None:
    budget = Budget(100, 60, ManualClock())
    assert [wait(budget, ONE, 101), wait(budget, ONE, 100)] == [60, 0]


def test_client_may_spend_the_budget_of_several_sessions() -> None:
    budget = Budget(100, 60, ManualClock())
    waits = [wait(budget, generate_session_id(), 100) for _ in range(SESSIONS_PER_CLIENT + 1)]
    assert waits == [0] * SESSIONS_PER_CLIENT + [60]
    assert wait(budget, generate_session_id(), 100, "192.0.2.2") == 0


def test_client_without_a_session_has_its_own_budget() -> None:
    budget = Budget(100, 60, ManualClock())
    assert [wait(budget, None, 500), wait(budget, None, 1), wait(budget, ONE, 1)] == [0, 60, 60]
    assert wait(budget, None, 100, "192.0.2.2") == 0


def test_memory_is_bounded() -> None:
    budget = Budget(100, 60, ManualClock(), max_keys=10)
    for number in range(100):
        wait(budget, generate_session_id(), 1, f"192.0.2.{number}")
    assert len(budget) == 10


@pytest.mark.parametrize("amount", [0, 0.5])
def test_small_amounts(amount: float) -> None:
    assert wait(Budget(1, 60, ManualClock()), ONE, amount) == 0
