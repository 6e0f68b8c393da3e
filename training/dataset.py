"""The training set on disk, made once."""

from __future__ import annotations

import pickle
import sys
from typing import TYPE_CHECKING

import numpy as np

from training import noises
from training.speech import voices
from training.streams import Material, stream
from training.teacher import Silero

if TYPE_CHECKING:
    from pathlib import Path

    from training.features import Frames

# Streams in one file, and the files of the weights that are shipped.
PART = 100
PARTS = (*range(9), *range(20, 23))


def make(folder: Path, teacher: Path, seed: int) -> tuple[Frames, Frames]:
    """Return the features of all streams and what is speech in them; parts that are there are read."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [_part(folder, teacher, place, seed) for place in PARTS]
    heard, wanted = zip(*parts, strict=True)
    return np.concatenate(heard), np.concatenate(wanted)


def _part(folder: Path, teacher: Path, place: int, seed: int) -> tuple[Frames, Frames]:
    path = folder / f"streams-{seed}-{place:03}.npz"
    if not path.exists():
        material = _material(folder, teacher)
        pairs = [stream(material, np.random.default_rng([seed, place, each])) for each in range(PART)]
        heard, wanted = zip(*pairs, strict=True)
        np.savez(path, heard=np.array(heard), wanted=np.array(wanted))
        sys.stdout.write(f"{path.name}: {np.mean(wanted):.0%} speech\n")
        sys.stdout.flush()
    with np.load(path) as part:
        return part["heard"], part["wanted"]


def _material(folder: Path, teacher: Path) -> Material:
    path = folder / "material.pickle"
    if not path.exists():
        path.write_bytes(pickle.dumps(Material(voices(Silero(teacher)), noises.recorded())))
    found: Material = pickle.loads(path.read_bytes())  # noqa: S301 - our own
    return found
