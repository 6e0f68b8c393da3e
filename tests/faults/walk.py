"""Reproduces one fault and reports its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.account_faults import ACCOUNT_FAULTS
from tests.faults.d1_faults import D1_FAULTS
from tests.faults.faults import AT_START, FAULTS
from tests.faults.scenario import Scenario

if TYPE_CHECKING:
    from local.standin import StandIn


async def outcome_of(standin: StandIn, fault: str, *, streamed: bool) -> tuple[str, str]:
    """Ask a question that meets `fault`; return the response and the stored conversation, in words."""
    standin.reset()
    scenario = Scenario(standin)
    try:
        if fault in {**D1_FAULTS, **ACCOUNT_FAULTS}:
            scenario.keep_in_d1()
        if fault in AT_START:
            AT_START[fault](scenario)
        if fault not in AT_START or not scenario.is_misconfigured():
            await scenario.first_turn()
        started = FAULTS[fault](scenario)
        if started is not None:
            await started
        return await scenario.second_turn(streamed=streamed), await scenario.conversation()
    finally:
        await scenario.close()
