"""Figures and how they are printed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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


def peer_ratio(name: str, measured: dict[str, list[float]]) -> Iterator[Figure]:
    """Yield our mean, that of the Worker in JavaScript, and the ratio; `measured` is in CPU milliseconds."""
    cost = {which: interquartile_mean(values) for which, values in measured.items()}
    yield Figure(f"{name}_ms", cost["ours"], "ms")
    yield Figure(f"{name}_javascript_ms", cost["javascript"], "ms")
    yield Figure(f"{name}_vs_javascript", cost["ours"] / cost["javascript"], "x")


class Group(Protocol):
    """A module that measures something."""

    def run(self) -> Iterable[Figure]:
        """Measure, and yield each figure as soon as it is known."""
        ...
