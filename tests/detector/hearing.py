"""The widget's worklet and detector, run under Node.js without a browser."""

from __future__ import annotations

import array
import base64
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.detector.sounds import RATE
from tests.node_tests import NODE

if TYPE_CHECKING:
    from tests.detector.sounds import Sound

RUN = Path(__file__).parent / "run.mjs"
LOUDEST = 32767


@dataclass(frozen=True)
class Found:
    """The outcome for a sound, in seconds from its start."""

    sent: list[float]
    dropped: list[float]
    interrupted: float | None


def hear(
    sound: Sound, silence: float = 0.9, speaking: tuple[float, float] | None = None, rate: int = RATE
) -> Found:
    """Listen hands-free; the agent is `speaking` between two points in time."""
    clipped = (max(-1.0, min(1.0, sample)) for sample in sound)
    samples = array.array("h", (round(LOUDEST * sample) for sample in clipped)).tobytes()
    asked = {
        "rate": rate,
        "samples": base64.b64encode(samples).decode(),
        "silence": silence,
        "speaking": speaking,
    }
    ran = subprocess.run([NODE, RUN], input=json.dumps(asked), capture_output=True, text=True, check=True)
    return Found(**json.loads(ran.stdout))
