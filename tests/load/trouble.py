"""Random faults of the store and the model, one after another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

    from local.standin import StandIn
    from tests.load.stores import FaultyStore

PAUSE_SECONDS = (0.02, 0.2)
MAX_TIMES = 5


class Trouble:
    """Switches faults on and off until cancelled."""

    def __init__(self, store: FaultyStore, standin: StandIn, dice: random.Random) -> None:
        self._store = store
        self._standin = standin
        self._dice = dice

    async def run(self) -> None:
        """Replace the current fault by another one, again and again."""
        while True:
            await asyncio.sleep(self._dice.uniform(*PAUSE_SECONDS))
            self._store.end_lasting_faults()
            self._start_one()

    def stop(self) -> None:
        """Switch all faults off."""
        self._store.clear()
        self._standin.reset()

    def _start_one(self) -> None:
        kind = self._dice.randrange(10)
        times = self._dice.randint(1, MAX_TIMES)
        if kind < 5:
            self._store.start_fault(self._dice, times)
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
