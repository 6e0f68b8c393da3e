"""What other detectors say about the clips: `python -m training.clips.references FOLDER SILERO_MODEL`.

Writes FOLDER/reference-NAME.json: `step` in seconds, `threshold`, and for each clip its probabilities.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.signal import resample_poly

from training.clips.chromium import read
from training.teacher import SECONDS, Silero

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.audio import Sound

LOUDEST = 32_767


def webrtc(sound: Sound) -> list[float]:
    """WebRTC's, in its strictest mode: the share of 20 ms frames with speech, over 100 ms."""
    import webrtcvad  # noqa: PLC0415 - optional

    vad = webrtcvad.Vad(3)
    frames = _frames(sound, 320)
    votes = [float(vad.is_speech(frame.tobytes(), 16_000)) for frame in frames]
    return [float(np.mean(votes[max(0, place - 4) : place + 1])) for place in range(len(votes))]


def ten(sound: Sound) -> list[float]:
    """TEN VAD."""
    from ten_vad import TenVad  # noqa: PLC0415 - optional

    vad = TenVad(256, 0.5)
    return [float(vad.process(frame)[0]) for frame in _frames(sound, 256)]


def _frames(sound: Sound, size: int) -> list[Any]:
    integers = (np.clip(sound, -1, 1) * LOUDEST).astype(np.int16)
    return [integers[start : start + size].copy() for start in range(0, len(integers) - size + 1, size)]


def main() -> None:
    """Write what can be computed here."""
    folder, model = map(Path, sys.argv[1:])
    silero = Silero(model)
    _write(folder, "silero", SECONDS, 0.5, lambda sound: list(map(float, silero.probabilities(sound))))
    if importlib.util.find_spec("webrtcvad"):
        _write(folder, "webrtc", 0.02, 0.6, webrtc)
    if importlib.util.find_spec("ten_vad"):
        _write(folder, "ten", 0.016, 0.5, ten)


def _write(
    folder: Path, name: str, step: float, threshold: float, hear: Callable[[Sound], list[float]]
) -> None:
    path = folder / f"reference-{name}.json"
    if path.exists():
        return
    clips = {clip.stem: hear(resample_poly(read(clip), 1, 3)) for clip in sorted(folder.glob("*.wav"))}
    rounded = {clip: [round(each, 4) for each in probabilities] for clip, probabilities in clips.items()}
    path.write_text(json.dumps({"step": step, "threshold": threshold, "clips": rounded}), "utf-8")


if __name__ == "__main__":
    main()
