"""What the first request builds: the functions that it enters and a second one of its kind does not."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

PACKAGES, OURS = "python_modules/", "worker/0/"


class Entered:
    """The functions of ours and of the packages that are entered within `recording`, by file and name.

    Each has the stack of its first call, outermost function first and itself last. The standard library is
    left out: it keeps results, such as parsed URLs, for the next call, whoever makes it.
    """

    def __init__(self) -> None:
        self.stacks: dict[str, tuple[str, ...]] = {}

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record calls, from Python and from JavaScript."""
        sys.setprofile(self._profile)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _profile(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and (name := _name(frame)) and name not in self.stacks:
            self.stacks[name] = tuple(_stack(frame))[::-1]


def built(first: Entered, second: Entered) -> dict[str, int]:
    """Return where `first` left the path of `second`, and how many functions it entered from there."""
    extra = first.stacks.keys() - second.stacks.keys()
    places = (next(name for name in first.stacks[function] if name in extra) for function in extra)
    return dict(sorted(Counter(places).items()))


def _stack(frame: FrameType | None) -> Iterator[str]:
    while frame:
        yield _name(frame)
        frame = frame.f_back


def _name(frame: FrameType) -> str:
    """The file and the name of a function, or nothing if it is part of the standard library."""
    file = frame.f_code.co_filename
    for folder in (PACKAGES, OURS):
        if folder in file:
            return f"{file.partition(folder)[2]} {frame.f_code.co_qualname}"
    return ""
