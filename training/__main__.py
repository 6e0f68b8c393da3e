"""Make the training set and train: `python -m training FOLDER --teacher silero_vad.onnx` (README.md)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.dataset import make
from training.export import write
from training.learning import Progress, train

WEIGHTS = Path(__file__).parent.parent / "widget" / "voice-agent" / "voice" / "vad" / "weights.js"


def main() -> None:
    """Make what is not there yet, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the training set is kept")
    parser.add_argument("--teacher", type=Path, required=True, help="Silero's model, version 6")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    asked = parser.parse_args()
    heard, wanted = make(asked.folder, asked.teacher, asked.seed)
    weights = train(heard, wanted, asked.steps, asked.seed, _report)
    write(weights, asked.out)


def _report(progress: Progress) -> None:
    sys.stdout.write(f"step {progress.step} loss {progress.loss:.4f} held out {progress.held_out:.4f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
