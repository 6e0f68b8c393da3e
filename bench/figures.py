"""Figures and how they are printed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value. `name` starts with its group, as in `sizes.launcher_gzip_kb`."""

    name: str
    value: float
    unit: str

    def line(self) -> str:
        """Format as `name value unit`, with six significant digits."""
        return f"{self.name} {self.value:.6g} {self.unit}"

    def as_json(self) -> str:
        """Format as a JSON object on one line."""
        return json.dumps(asdict(self))


def interquartile_mean(values: Iterable[float]) -> float:
    """Return the mean of the middle half of `values`.

    It ignores outliers from busy moments, and averages out the steps of a coarse clock.
    """
    ordered = sorted(values)
    quarter = len(ordered) // 4
    return fmean(ordered[quarter : len(ordered) - quarter])


class Group(Protocol):
    """A module that measures something."""

    def run(self) -> Iterable[Figure]:
        """Measure, and yield each figure as soon as it is known."""
        ...
