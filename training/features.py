"""What the network sees of a sound, as widget/voice-agent/voice/vad/bands.js computes it."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from training.audio import RATE, Sound

Frames: TypeAlias = NDArray[np.float32]

BANDS = 24
LOW_HERTZ, HIGH_HERTZ = 80, 6500
HOP_SECONDS, WINDOW_SECONDS = 0.02, 0.032
# The power that is added to each band: -100 dBFS.
FLOOR = 1e-10
# They bring the logarithms of powers from -90 to -20 dBFS to about -1.6 to 1.6.
SCALE, OFFSET = 0.2, 2.5


def mel_bank(rate: int, size: int) -> Sound:
    """The weight of each bin of the spectrum in each band: triangles, evenly spaced on the mel scale."""
    low, high = 2595 * np.log10(1 + np.array([LOW_HERTZ, HIGH_HERTZ]) / 700)
    edges = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    hertz = np.arange(size // 2 + 1) * rate / size
    rising = (hertz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - hertz) / np.diff(edges)[1:, None]
    return np.asarray(np.clip(np.minimum(rising, falling), 0, None))


def features(sound: Sound, rate: int = RATE) -> Frames:
    """The scaled logarithm of the power in each band, every 20 ms; silence comes before the sound."""
    hop, width = round(HOP_SECONDS * rate), round(WINDOW_SECONDS * rate)
    size = 2 ** int(np.ceil(np.log2(width)))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)
    padded = np.concatenate([np.zeros(width - hop), sound])
    frames = np.lib.stride_tricks.sliding_window_view(padded, width)[::hop] * window
    power = 2 * np.abs(np.fft.rfft(frames, size)) ** 2 / (size * np.sum(window**2))
    logarithms = np.log(power @ mel_bank(rate, size).T + FLOOR)
    return np.asarray(SCALE * logarithms + OFFSET, np.float32)
