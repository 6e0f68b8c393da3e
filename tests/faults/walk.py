"""Makes a fault happen and looks at what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.bench import FaultBench
from tests.faults.faults import AT_START, FAULTS

if TYPE_CHECKING:
    from local.standin import StandIn


async def meet(standin: StandIn, fault: str, *, streamed: bool) -> tuple[str, str]:
    """What is answered to a question that meets `fault`, and the conversation afterwards."""
    standin.reset()
    bench = FaultBench(standin)
    try:
        if fault in AT_START:
            AT_START[fault](bench)
        if not bench.is_misconfigured():
            await bench.first_turn()
        made = FAULTS[fault](bench)
        if made is not None:
            await made
        return await bench.meet(streamed=streamed), await bench.conversation()
    finally:
        await bench.close()
