"""What a streamed piece costs in Pyodide, and how long it is held.

The CPU of one more piece is that of a long answer less that of a short one. Pieces come at once, each with a
read of its own, or (`spaced`) each when all is done with the one before, as from a model that takes its
time. The peer does nothing but `async for` over the package's chunks; ours reads, keeps, words and writes
each piece until it is out of the Worker.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure, middle
from bench.isolate import running_isolate

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW, MANY = 10, 210
# More turns of the event loop than a piece takes.
SPACED_TURNS = 25
# A model's pace.
PACE_MS = 20


def run() -> Iterator[Figure]:
    """CPU of a piece that comes at once and of one that comes by itself; delays by time stamps."""
    with running_isolate() as isolate:
        for kind, times, turns in (("", 10, 0), ("spaced_", 6, SPACED_TURNS)):
            measured = isolate.measure("stream", rounds=12, times=times, few=FEW, many=MANY, turns=turns)
            yield from pieces(kind, measured)
        yield from delays(isolate.measure("first_piece", times=15, pieces=12, delay=PACE_MS))


def pieces(kind: str, measured: dict[str, list[float]]) -> Iterator[Figure]:
    """CPU of a piece from `measured`, in milliseconds, and the ratio."""
    ours, sdk = middle(measured["ours"]), middle(measured["sdk"])
    yield Figure(f"stream.{kind}piece_us", ours * 1000, "us")
    yield Figure(f"stream.{kind}sdk_piece_us", sdk * 1000, "us")
    yield Figure(f"stream.{kind}piece_vs_sdk", ours / sdk, "x")


def delays(measured: dict[str, list[float]]) -> Iterator[Figure]:
    """From when a piece was written upstream until it was read by who asked."""
    yield Figure("stream.first_piece_delay_ms", median(measured["first"]), "ms")
    yield Figure("stream.sdk_first_piece_delay_ms", median(measured["sdk_first"]), "ms")
    yield Figure("stream.later_piece_delay_ms", median(measured["later"]), "ms")
