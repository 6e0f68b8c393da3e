"""How long a recording plays, counted in its audio frames.

What a header says is easily forged, and transcription is paid for by the minute. So Opus packets, MPEG and
AAC frames and PCM samples are counted, and bytes in which nothing can be counted are taken for the sparsest
speech there is. A longer time that a header states counts as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from speech.lengths import mp3, mp4, ogg, wav, webm
from speech.lengths.cursor import Cursor, TooManyParts
from speech.lengths.length import Length

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from speech.upload import AudioFile

_MEASURES: dict[str, Callable[[Cursor, float], Awaitable[Length]]] = {
    "webm": webm.measure,
    "mp4": mp4.measure,
    "wav": wav.measure,
    "ogg": ogg.measure,
    "mp3": mp3.measure,
}


async def seconds_of(file: AudioFile, kind: str, *, enough: float) -> float:
    """How many seconds `file`, a recording of this kind, plays at most; counting ends soon after `enough`."""
    try:
        length = await _MEASURES[kind](Cursor(file), enough)
    except TooManyParts:
        length = Length(uncounted=file.size)
    return length.seconds
