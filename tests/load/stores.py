"""The stores of a soak, each with the faults that it can have."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Literal, Protocol

from stores.d1_faults import NETWORK_LOST, OVERLOADED, RESET, D1Faults
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.d1 import fake_d1

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from clock import Clock

StoreName = Literal["kv", "d1"]

SLOWNESS_SECONDS = (0.1, 0.5, 2.0)


class FaultyStore(Protocol):
    """A store that can be made to fail; `env` has its binding."""

    env: SimpleNamespace

    def start_fault(self, dice: random.Random, times: int) -> None:
        """Start a random fault; if it can be counted, it occurs `times` times."""
        ...

    def end_lasting_faults(self) -> None:
        """End those that are not counted."""
        ...

    def clear(self) -> None:
        """End all of them."""
        ...

    async def empty(self) -> None:
        """Delete everything."""
        ...


def end_lasting(faults: KVFaults | D1Faults) -> None:
    """End the faults that are not counted."""
    faults.hanging.clear()
    faults.slowness = 0


class FaultyKV:
    """The fake KV."""

    def __init__(self, clock: Clock) -> None:
        self._faults = KVFaults()
        self.clear = self._faults.clear
        self.end_lasting_faults = partial(end_lasting, self._faults)
        self._kv = FakeKV(clock, self._faults)
        self.env = SimpleNamespace(VOICE_SESSIONS=self._kv)

    def start_fault(self, dice: random.Random, times: int) -> None:
        kind = dice.randrange(5)
        if kind == 0:
            self._faults.fail("get", RuntimeError("KV GET failed: 500"), times)
        elif kind == 1:
            self._faults.fail("put", RuntimeError("KV PUT failed: 500"), times)
        elif kind == 2:
            self._faults.refused_puts = times
        elif kind == 3:
            self._faults.slowness = dice.choice(SLOWNESS_SECONDS)
        else:
            self._faults.hanging.add(dice.choice(["get", "put", "delete"]))

    async def empty(self) -> None:
        while keys := (await self._kv.list())["keys"]:
            for key in keys:
                await self._kv.delete(key["name"])


class FaultyD1:
    """The D1 shim."""

    def __init__(self, clock: Clock) -> None:
        self._faults = D1Faults()
        self.clear = self._faults.clear
        self.end_lasting_faults = partial(end_lasting, self._faults)
        self._d1 = fake_d1(clock, self._faults)
        self.env = SimpleNamespace(VOICE_DB=self._d1)

    def start_fault(self, dice: random.Random, times: int) -> None:
        kind = dice.randrange(5)
        if kind == 0:
            self._faults.fail("all", dice.choice([NETWORK_LOST, OVERLOADED]), times)
        elif kind == 1:
            self._faults.fail("batch", dice.choice([NETWORK_LOST, OVERLOADED, RESET]), times)
        elif kind == 2:
            self._faults.lose_reply("batch", times=times)
        elif kind == 3:
            self._faults.slowness = dice.choice(SLOWNESS_SECONDS)
        else:
            self._faults.hanging.add(dice.choice(["all", "batch"]))

    async def empty(self) -> None:
        await self._d1.prepare("DELETE FROM conversations").run()


STORES: dict[StoreName, Callable[[Clock], FaultyStore]] = {"kv": FaultyKV, "d1": FaultyD1}
