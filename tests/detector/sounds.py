"""Sounds to test the detector with: recorded speech, and noise that is the same in every run.

A sound is a list of samples at `RATE`; levels are root mean squares in dBFS.
"""

from __future__ import annotations

import functools
import math
import operator
import random
import struct
import wave
from itertools import accumulate, zip_longest
from pathlib import Path

RATE = 8000
RECORDINGS = Path(__file__).parent / "recordings"
# Pink noise is the sum of white noise through these low-passes (pole, gain): Paul Kellet's short filter.
PINK = ((0.99765, 0.0990460), (0.96300, 0.2965164), (0.57000, 1.0526913), (0, 0.1848))

Sound = list[float]


@functools.cache
def speech(name: str) -> Sound:
    """A recording, trimmed to its first and last sound."""
    with wave.open(str(RECORDINGS / f"{name}.wav")) as file:
        frames = file.readframes(file.getnframes())
    return [sample / 32768 for (sample,) in struct.iter_unpack("<h", frames)]


def at(decibels: float, sound: Sound) -> Sound:
    """The sound at this level."""
    gain = 10 ** (decibels / 20) / math.sqrt(sum(map(operator.mul, sound, sound)) / len(sound))
    return [gain * sample for sample in sound]


def silence(seconds: float) -> Sound:
    """Digital silence."""
    return [0.0] * round(seconds * RATE)


def mix(*sounds: Sound) -> Sound:
    """Several sounds at once, from the start."""
    return list(map(sum, zip_longest(*sounds, fillvalue=0.0)))


def white(seconds: float) -> Sound:
    """White noise: a hiss."""
    noise = random.Random(1)  # noqa: S311 - noise
    return [noise.gauss(0, 0.2) for _ in range(round(seconds * RATE))]


def low_passed(sound: Sound, pole: float) -> Sound:
    """A sound through a first-order filter."""
    return list(accumulate(sound, lambda last, sample: pole * last + sample, initial=0.0))[1:]


def pink(seconds: float) -> Sound:
    """Pink noise: wind, rain, a distant crowd."""
    hiss = white(seconds)
    return mix(*([gain * sample for sample in low_passed(hiss, pole)] for pole, gain in PINK))


def brown(seconds: float) -> Sound:
    """Brown noise: a rumble."""
    return low_passed(white(seconds), 0.995)


def hum(seconds: float, hertz: float) -> Sound:
    """Mains hum with harmonics."""
    turn = 2 * math.pi * hertz / RATE
    return [
        sum(math.sin(harmonic * turn * moment) / harmonic for harmonic in range(1, 8))
        for moment in range(round(seconds * RATE))
    ]


def swelling(sound: Sound, seconds: float, decibels: float) -> Sound:
    """A sound that gets louder by so many decibels and softer again, periodically."""
    turn = 2 * math.pi / RATE / seconds
    return [
        sample * 10 ** (-decibels * (1 + math.cos(turn * moment)) / 40) for moment, sample in enumerate(sound)
    ]


def fan(seconds: float) -> Sound:
    """A fan: pink noise that swells slightly, twice a second."""
    return swelling(pink(seconds), 0.5, 4)


def traffic(seconds: float) -> Sound:
    """A car passes every four seconds, 20 dB louder than the street."""
    return swelling(brown(seconds), 4, 20)


def fading(sound: Sound, seconds: float) -> Sound:
    """A sound that decays to about a third within a number of seconds."""
    pole = math.exp(-1 / seconds / RATE)
    return [sample * pole**moment for moment, sample in enumerate(sound)]


def again(sound: Sound, times: list[float]) -> Sound:
    """The sound, repeated at these points in time."""
    return mix(*(silence(time) + sound for time in times))


def click() -> Sound:
    """A key press."""
    return fading(white(0.05), 0.006)


def typing(seconds: float) -> Sound:
    """Seven key presses a second, at irregular intervals."""
    when = random.Random(2)  # noqa: S311 - noise
    return again(click(), [(stroke + when.random() * 0.8) / 7 for stroke in range(round(seconds * 7))])


def thump() -> Sound:
    """A cup being put down, or a door."""
    return mix(at(-20, fading(brown(0.4), 0.05)), at(-32, fading(white(0.4), 0.02)))


def cough() -> Sound:
    """A cough: a burst followed by a breath."""
    return mix(
        fading(white(0.35), 0.04), silence(0.06) + [0.3 * sample for sample in fading(pink(0.3), 0.12)]
    )
