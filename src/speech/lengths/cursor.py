"""Reads a recording a window at a time, so that no more of it is in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from speech.upload import AudioFile

WINDOW_BYTES = 65_536
# Two minutes of Opus in its shortest packets are 48,000 parts. A file with more was made to waste our time.
MAX_READS = 50_000


class TooManyParts(Exception):
    """The recording consists of more parts than anyone records."""


class Cursor:
    """A file of which one window is in memory at a time. Every method may raise `TooManyParts`."""

    def __init__(self, file: AudioFile) -> None:
        self.size = file.size
        self._file = file
        self._start = 0
        self._window = b""
        self._reads = 0

    async def at(self, offset: int, count: int) -> bytes:
        """The `count` bytes at `offset`, fewer at the end of the file; `count` is at most a window."""
        self._reads += 1
        if self._reads > MAX_READS:
            raise TooManyParts
        begin = offset - self._start
        if begin < 0 or begin + count > len(self._window):
            await self._load(offset)
            begin = 0
        return self._window[begin : begin + count]

    async def find(self, mark: bytes, offset: int) -> int | None:
        """Where `mark` comes next from `offset` on; None if it does not."""
        await self.at(offset, len(mark))
        while (found := self._window.find(mark, offset - self._start)) < 0:
            offset = self._start + len(self._window) - len(mark) + 1
            if offset + len(mark) > self.size:
                return None
            await self.at(offset, len(mark))
        return self._start + found

    async def _load(self, offset: int) -> None:
        self._start = offset
        inside = offset < self.size
        self._window = await self._file.read(offset, offset + WINDOW_BYTES) if inside else b""
