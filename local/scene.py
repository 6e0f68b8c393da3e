"""A state of the widget, as something to take a picture of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.widget_texts import widget_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stage import Stage


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the widget: the actions that lead to it, and what shows that it is there.

    Of what a selector of `shows` finds in the widget, something is visible, and of `hides` nothing. `{name}`
    in a selector is the text of that name, in the language of the stage. Where something is `failing`, the
    console may say so.
    """

    act: Callable[[Stage], object]
    shows: tuple[str, ...]
    hides: tuple[str, ...] = ()
    state: str = "idle"
    failing: bool = False

    def faults(self, stage: Stage) -> list[str]:
        """In what the widget differs from the scene; empty if it does not."""
        texts = widget_texts(stage.language)
        shows, hides = ([each.format_map(texts) for each in some] for some in (self.shows, self.hides))
        state = stage.state()
        wrong = [] if state == self.state else [f"the state is {state}, not {self.state}"]
        wrong += [f"{each} cannot be seen" for each in shows if not stage.sees(each)]
        wrong += [f"{each} can be seen" for each in hides if stage.sees(each)]
        return wrong if self.failing else wrong + [f"the console says {line}" for line in stage.complaints]
