"""The CPU time of an exchange in Pyodide, compared with other Workers.

Two only make the same completion, in Python. The third is the agent in JavaScript (inside/peer.mjs); each
of its exchanges takes three reads and two writes, which cost nothing here but most of its time in
Cloudflare's runtime. All answer the same request alternately in one thread, with an OpenAI and a KV that
answer at once. The CPU time is the thread's; a figure is the interquartile mean of all rounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figure, interquartile_mean, peer_ratio
from bench.isolate import PEER, running_isolate

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 24
# A round is long compared with the 4 ms steps in which some systems count CPU time.
TIMES = 50


def run() -> Iterator[Figure]:
    """Measure an exchange, its peers, and the bare calls that two of them make."""
    with running_isolate() as isolate:
        yield from figures(isolate.measure("cpu", rounds=ROUNDS, times=TIMES))
        measured = isolate.measure("javascript_cpu", peer=PEER, rounds=ROUNDS, times=TIMES)
        yield from peer_ratio("cpu.json", measured)


def figures(measured: dict[str, list[float]]) -> Iterator[Figure]:
    """Yield the mean of each measurement, in milliseconds, and the ratios."""
    cost = {name: interquartile_mean(values) for name, values in measured.items()}
    for name, value in cost.items():
        yield Figure(f"cpu.{name}_ms", value, "ms")
    for peer in ("sdk", "fetch", "sdk_call"):
        yield Figure(f"cpu.exchange_vs_{peer}", cost["exchange"] / cost[peer], "x")
