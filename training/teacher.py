"""Silero's opinion of clean recordings, from which speech in the training set is labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

if TYPE_CHECKING:
    from pathlib import Path

    from training.audio import Sound

# Silero takes 512 samples at 16 kHz, with the 64 before them.
SIZE, CONTEXT = 512, 64
SECONDS = SIZE / 16_000


class Silero:
    """The model of the package silero-vad, version 6."""

    def __init__(self, model: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def probabilities(self, sound: Sound) -> Sound:
        """The probability of speech in each 32 ms of a sound at 16 kHz."""
        state = np.zeros((2, 1, 128), np.float32)
        padded = np.concatenate([np.zeros(CONTEXT), sound]).astype(np.float32)
        rate = np.array(16_000, np.int64)
        found = []
        for start in range(0, len(sound) - SIZE + 1, SIZE):
            part = padded[None, start : start + CONTEXT + SIZE]
            speech, state = self._session.run(None, {"input": part, "state": state, "sr": rate})
            found.append(float(speech[0][0]))
        return np.array(found)
