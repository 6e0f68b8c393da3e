"""One figure, and how it is printed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value. `name` begins with its group: `size.launcher_gzip_kb`."""

    name: str
    value: float
    unit: str

    def line(self) -> str:
        """`name value unit`, the value with as many digits as say something."""
        return f"{self.name} {self.value:.6g} {self.unit}"

    def as_json(self) -> str:
        """The same as a JSON object on one line."""
        return json.dumps(asdict(self))


def middle(values: Iterable[float]) -> float:
    """The mean of the middle half: what a busy moment spoils is left out, and coarse clocks even out."""
    ordered = sorted(values)
    quarter = len(ordered) // 4
    return fmean(ordered[quarter : len(ordered) - quarter])


class Group(Protocol):
    """A module that measures."""

    def run(self) -> Iterable[Figure]:
        """Measure, and give each figure as soon as it is known."""
        ...
