"""The CPU time of a streamed piece in Pyodide, and its delay.

The CPU time of a piece is the difference between a long and a short answer, divided by the difference in
pieces. Pieces arrive together, each with a read of its own, or (`spaced`) each after the previous one has
been dealt with, as from a slow model. The peer only iterates over the `openai` package's chunks with `async
for`; our Worker reads, collects, formats and writes each piece.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure, interquartile_mean
from bench.isolate import running_isolate

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW, MANY = 10, 210
# More iterations of the event loop than a piece needs.
SPACED_TURNS = 25
# The time between two pieces of a typical model.
PACE_MS = 20


def run() -> Iterator[Figure]:
    """Measure pieces that arrive together and alone, and their delay."""
    with running_isolate() as isolate:
        for kind, times, turns in (("", 10, 0), ("spaced_", 6, SPACED_TURNS)):
            measured = isolate.measure("stream", rounds=12, times=times, few=FEW, many=MANY, turns=turns)
            yield from pieces(kind, measured)
        yield from delays(isolate.measure("first_piece", times=15, pieces=12, delay=PACE_MS))


def pieces(kind: str, measured: dict[str, list[float]]) -> Iterator[Figure]:
    """Yield the CPU time of a piece, `measured` in milliseconds, and the ratio."""
    ours, sdk = interquartile_mean(measured["ours"]), interquartile_mean(measured["sdk"])
    yield Figure(f"stream.{kind}piece_us", ours * 1000, "us")
    yield Figure(f"stream.{kind}sdk_piece_us", sdk * 1000, "us")
    yield Figure(f"stream.{kind}piece_vs_sdk", ours / sdk, "x")


def delays(measured: dict[str, list[float]]) -> Iterator[Figure]:
    """Yield the time from writing a piece upstream until the client has read it."""
    yield Figure("stream.first_piece_delay_ms", median(measured["first"]), "ms")
    yield Figure("stream.sdk_first_piece_delay_ms", median(measured["sdk_first"]), "ms")
    yield Figure("stream.later_piece_delay_ms", median(measured["later"]), "ms")
