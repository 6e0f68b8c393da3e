"""CPU of an exchange in Pyodide, beside the same completion made by Workers that do nothing else.

All three answer the same request in the same thread, in turns, with an OpenAI and a KV that answer at once.
The CPU is the thread's; a figure is the mean of the middle half of the rounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figure, middle
from bench.isolate import running_isolate

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 24
# A round is long beside the 4 ms at which some systems count CPU, and short beside a busy moment.
TIMES = 50


def run() -> Iterator[Figure]:
    """An exchange, its two peers, the bare calls within those, and the ratios."""
    with running_isolate() as isolate:
        yield from figures(isolate.measure("cpu", rounds=ROUNDS, times=TIMES))


def figures(measured: dict[str, list[float]]) -> Iterator[Figure]:
    """The middle of each of `measured`, in milliseconds, and the ratios."""
    cost = {name: middle(values) for name, values in measured.items()}
    for name, value in cost.items():
        yield Figure(f"cpu.{name}_ms", value, "ms")
    for peer in ("sdk", "fetch", "sdk_call"):
        yield Figure(f"cpu.exchange_vs_{peer}", cost["exchange"] / cost[peer], "x")
