"""The CPU time of streamed answers and pieces in Pyodide, and their delay.

A whole answer is compared with the same Worker in JavaScript, its pieces sent at once or at a pace. The CPU
time of a piece is the difference between a long and a short answer, divided by the difference in pieces.
There, pieces arrive together, each with a read of its own, or (`spaced`) some iterations of the event loop
apart, and the peer only iterates over the `openai` package's chunks with `async for`; our Worker reads,
collects, formats and writes each piece.
"""

from __future__ import annotations

from statistics import median, quantiles
from typing import TYPE_CHECKING

from bench.figures import Figure, interquartile_mean, peer_ratio
from bench.isolate import PEER, running_isolate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.isolate import Isolate

FEW, MANY = 10, 210
# More iterations of the event loop than a piece needs.
SPACED_TURNS = 25
# The time between two pieces of a typical model.
PACE_MS = 20
ANSWER_PIECES = 150
# Kinds of answers: name, milliseconds between two pieces, rounds, and answers in a round.
ANSWERS = (("at_once", 0, 12, 20), ("paced_3ms", 3, 12, 3), ("paced_10ms", 10, 8, 1))
DELAYED_PIECES = 60


def run() -> Iterator[Figure]:
    """Measure whole answers, pieces that arrive together and spaced, and their delay."""
    with running_isolate() as isolate:
        yield from _answers(isolate)
        for kind, times, turns in (("", 10, 0), ("spaced_", 6, SPACED_TURNS)):
            measured = isolate.measure("stream", rounds=12, times=times, few=FEW, many=MANY, turns=turns)
            yield from pieces(kind, measured)
        yield from delays(isolate.measure("first_piece", times=15, pieces=12, delay=PACE_MS))


def _answers(isolate: Isolate) -> Iterator[Figure]:
    for kind, delay, rounds, times in ANSWERS:
        measured = isolate.measure(
            "javascript_cpu", peer=PEER, rounds=rounds, times=times, pieces=ANSWER_PIECES, delay=delay
        )
        yield from peer_ratio(f"stream.{kind}", measured)
    for kind, delay, *_ in ANSWERS[1:]:
        found = isolate.measure("javascript_delays", peer=PEER, times=10, pieces=DELAYED_PIECES, delay=delay)
        for name, measured in found.items():
            yield from paced_delays(f"stream.{kind}_{name}", measured)


def paced_delays(name: str, measured: dict[str, list[float]]) -> Iterator[Figure]:
    """Yield the delay of the first piece, and of later ones: median, 95th percentile and maximum."""
    yield Figure(f"{name}_first_delay_ms", median(measured["first"]), "ms")
    yield Figure(f"{name}_later_delay_ms", median(measured["later"]), "ms")
    yield Figure(f"{name}_later_delay_p95_ms", quantiles(measured["later"], n=20)[-1], "ms")
    yield Figure(f"{name}_longest_delay_ms", max(measured["later"]), "ms")


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
