"""How long a recording plays, from what was counted in it and what was not."""

from __future__ import annotations

from dataclasses import dataclass

# 8 kbit/s: the lowest bitrate of MP3, and about that of the sparsest speech in Opus.
LOWEST_BYTES_PER_SECOND = 1000


@dataclass(slots=True)
class Length:
    """What is known about the length of a recording.

    `counted` are the seconds of its frames, `stated` the longest time that its headers state, and
    `uncounted` the number of bytes in which no frames were counted, although a decoder may find some there.
    """

    counted: float = 0.0
    stated: float = 0.0
    uncounted: int = 0

    @property
    def seconds(self) -> float:
        """The most that the recording may play: what was not counted is taken for the sparsest speech."""
        # In this order, a stated time that is not a number does not count.
        return max(self.counted + self.uncounted / LOWEST_BYTES_PER_SECOND, self.stated)
