"""Sound as arrays of samples: mono, 16 kHz, full scale at 1."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

if TYPE_CHECKING:
    from pathlib import Path

Sound: TypeAlias = NDArray[np.float64]

RATE = 16_000
# Added before logarithms: -120 dB.
TINY = 1e-12


def load(path: Path) -> Sound:
    """Read a WAV, FLAC, Ogg or MP3 file. Raises `soundfile.LibsndfileError` for anything else."""
    samples, rate = soundfile.read(path, always_2d=True)
    return resampled(samples.mean(axis=1), rate)


def resampled(sound: Sound, rate: int) -> Sound:
    """The sound at `RATE`."""
    ratio = Fraction(RATE, rate)
    return np.asarray(resample_poly(sound, ratio.numerator, ratio.denominator))


def level(sound: Sound) -> float:
    """The root mean square."""
    return float(np.sqrt(np.mean(sound**2) + TINY))


def gain(decibels: float) -> float:
    """The factor that changes a level by so many decibels."""
    return float(10 ** (decibels / 20))


def decibels(sound: Sound, seconds: float) -> Sound:
    """The level of each part of that length, in decibels."""
    size = round(RATE * seconds)
    parts = sound[: len(sound) // size * size].reshape(-1, size)
    return np.asarray(10 * np.log10(np.mean(parts**2, axis=1) + TINY))


def active_level(sound: Sound) -> float:
    """The level in decibels while there is speech: of what is at most 20 dB below the loudest."""
    levels = decibels(sound, 0.02)
    loud = levels[levels > np.percentile(levels, 98) - 20]
    return float(10 * np.log10(np.mean(10 ** (loud / 10))))
