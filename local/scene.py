"""A state of the widget, as something to take a picture of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stage import Stage


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the widget: the actions that lead to it, and what shows that it is there.

    Of what a selector of `shows` finds in the widget, something is visible, and of `hides` nothing.
    """

    act: Callable[[Stage], object]
    shows: tuple[str, ...]
    hides: tuple[str, ...] = ()
    state: str = "idle"

    def faults(self, stage: Stage) -> list[str]:
        """In what the widget differs from the scene; empty if it does not."""
        state = stage.state()
        wrong = [] if state == self.state else [f"the state is {state}, not {self.state}"]
        wrong += [f"{each} cannot be seen" for each in self.shows if not stage.sees(each)]
        return wrong + [f"{each} can be seen" for each in self.hides if stage.sees(each)]
