"""Random faults of the store and the model, one after another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

    from local.standin import StandIn
    from stores.kv_faults import KVFaults

PAUSE_SECONDS = (0.02, 0.2)
MAX_TIMES = 5


class Trouble:
    """Switches faults on and off until cancelled."""

    def __init__(self, faults: KVFaults, standin: StandIn, dice: random.Random) -> None:
        self._faults = faults
        self._standin = standin
        self._dice = dice

    async def run(self) -> None:
        """Replace the current fault by another one, again and again."""
        while True:
            await asyncio.sleep(self._dice.uniform(*PAUSE_SECONDS))
            self._faults.hanging.clear()
            self._faults.slowness = 0
            self._start_one()

    def stop(self) -> None:
        """Switch all faults off."""
        self._faults.clear()
        self._standin.reset()

    def _start_one(self) -> None:
        kind = self._dice.randrange(10)
        times = self._dice.randint(1, MAX_TIMES)
        if kind == 0:
            self._faults.fail("get", RuntimeError("KV GET failed: 500"), times)
        elif kind == 1:
            self._faults.fail("put", RuntimeError("KV PUT failed: 500"), times)
        elif kind == 2:
            self._faults.refused_puts = times
        elif kind == 3:
            self._faults.slowness = self._dice.choice([0.1, 0.5, 2.0])
        elif kind == 4:
            self._faults.hanging.add(self._dice.choice(["get", "put", "delete"]))
        elif kind < 9:
            self._standin.behave(times=times, **self._model_fault())

    def _model_fault(self) -> dict[str, Any]:
        return self._dice.choice(
            [
                {"status": self._dice.choice([400, 401, 408, 429, 500, 503])},
                {"cut_after": 2},
                {"cut_before_headers": True},
                {"stall_after": 2},
                {"malformed_after": 1},
                {"reply": ""},
                {"piece_delay": 0.01},
                {"headers_delay": 1.0},
            ]
        )
