"""What a run found: figures to print, and problems, of which there should be none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

MAX_SHOWN = 20


@dataclass
class Report:
    """Figures by name, in order, and the problems found."""

    figures: dict[str, object] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def expect(self, condition: object, problem: str) -> None:
        """Record `problem` unless `condition` holds."""
        if not condition:
            self.problems.append(problem)

    def lines(self) -> Iterator[str]:
        """Format the report; at most `MAX_SHOWN` problems are spelt out."""
        width = max(map(len, self.figures), default=0)
        for name, figure in self.figures.items():
            yield f"{name:<{width}}  {figure:,}" if isinstance(figure, int) else f"{name:<{width}}  {figure}"
        yield f"{'problems':<{width}}  {len(self.problems)}"
        yield from (f"  {problem}" for problem in self.problems[:MAX_SHOWN])


def percentiles(seconds: Sequence[float]) -> str:
    """Format p50, p95 and p99 of some durations."""
    ordered = sorted(seconds)

    def at(share: float) -> str:
        return f"{1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.0f} ms"

    return f"p50 {at(0.5)}, p95 {at(0.95)}, p99 {at(0.99)}"


def counted(counts: Counter[str]) -> str:
    """Format counts, largest first."""
    return ", ".join(f"{name}: {count:,}" for name, count in counts.most_common())
