"""WebRTC's own audio processing, which browsers apply to a microphone, run without a browser."""

from __future__ import annotations

import numpy as np
from livekit.rtc import AudioFrame
from livekit.rtc.apm import AudioProcessingModule

from training.audio import RATE, Sound

FRAME = RATE // 100
LOUDEST = 32767


def processed(sound: Sound) -> Sound:
    """The sound after echo cancellation, noise suppression, the high-pass filter and gain control."""
    module = AudioProcessingModule(
        echo_cancellation=True, noise_suppression=True, high_pass_filter=True, auto_gain_control=True
    )
    count = len(sound) // FRAME
    ints = (np.clip(sound, -1, 1) * LOUDEST).astype(np.int16)
    parts = []
    for place in range(count):
        data = bytearray(ints[place * FRAME : (place + 1) * FRAME].tobytes())
        frame = AudioFrame(data=data, sample_rate=RATE, num_channels=1, samples_per_channel=FRAME)
        module.process_stream(frame)
        parts.append(np.frombuffer(bytes(frame.data), np.int16))
    heard = np.concatenate(parts).astype(np.float64) / LOUDEST
    return np.pad(heard, (0, len(sound) - len(heard)))
