"""What a streamed piece costs in Pyodide, and how long it is held.

The CPU of one more piece is that of a long answer less that of a short one. Pieces come at once, each with a
read of its own, or (`spaced`) a few milliseconds apart. The peer does nothing but `async for` over the
package's chunks; ours reads, keeps, words and writes each piece until it is out of the Worker.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.isolate import running_isolate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.isolate import Isolate

FEW, MANY = 10, 210
SPACED_MS = 2
# A model's pace.
PACE_MS = 20


def run() -> Iterator[Figure]:
    """CPU of a piece that comes at once and of one that comes by itself; delays by time stamps."""
    with running_isolate() as isolate:
        yield from _pieces(isolate, "", rounds=7, times=10, delay=0)
        yield from _pieces(isolate, "spaced_", rounds=5, times=3, delay=SPACED_MS)
        delays = isolate.measure("first_piece", times=15, pieces=12, delay=PACE_MS)
    yield Figure("stream.first_piece_delay_ms", median(delays["first"]), "ms")
    yield Figure("stream.sdk_first_piece_delay_ms", median(delays["sdk_first"]), "ms")
    yield Figure("stream.later_piece_delay_ms", median(delays["later"]), "ms")


def _pieces(isolate: Isolate, kind: str, *, rounds: int, times: int, delay: int) -> Iterator[Figure]:
    measured = isolate.measure("stream", rounds=rounds, times=times, few=FEW, many=MANY, delay=delay)
    ours, sdk = median(measured["ours"]), median(measured["sdk"])
    yield Figure(f"stream.{kind}piece_us", ours * 1000, "us")
    yield Figure(f"stream.{kind}sdk_piece_us", sdk * 1000, "us")
    yield Figure(f"stream.{kind}piece_vs_sdk", ours / sdk, "x")
