"""Writes the weights as the widget reads them (widget/voice-agent/voice/vad/network.js)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.network import LIMIT, QUARTERS, Weights, scales

if TYPE_CHECKING:
    from pathlib import Path

ORDER = ("dense", "input", "state", "output")
# A character stands for a number from -46 to 46. Two would need a backslash.
ZERO = 80
REPLACED = {ord("'"): ord("!"), ord("\\"): ord(" ")}
# The step that the number 0 stands for, as a power of two.
MIDDLE = -7


def write(weights: Weights, path: Path) -> None:
    """Write the module; weights that are not rounded are rounded."""
    text = "".join(characters(np.array(weights[name]), np.array(scales(weights[name]))) for name in ORDER)
    path.write_text(f"// Made by `python -m training`.\nexport const WEIGHTS =\n  '{text}';\n", "utf-8")


def characters(matrix: np.ndarray, steps: np.ndarray) -> str:
    """Row by row, the size of its step and its weights."""
    sizes = np.round(QUARTERS * (np.log2(steps) - MIDDLE))
    numbers = np.concatenate([sizes, np.round(matrix / steps)], axis=1).clip(-LIMIT, LIMIT)
    codes = (numbers.astype(int) + ZERO).ravel()
    return "".join(chr(REPLACED.get(code, code)) for code in codes)
