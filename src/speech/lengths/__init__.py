"""How long a recording plays, counted in its audio frames wherever that is possible.

What a header says is easily forged, and transcription is paid for by the minute. So Opus packets, MPEG and
AAC frames and PCM samples are counted. For other codecs, the container is believed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from speech.lengths import mp3, mp4, ogg, wav, webm
from speech.lengths.cursor import Cursor, TooManyParts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from speech.upload import AudioFile

# 8 kbit/s: the lowest bitrate of MP3, and about that of the sparsest speech in Opus.
LOWEST_BYTES_PER_SECOND = 1000

_MEASURES: dict[str, Callable[[Cursor, float], Awaitable[float | None]]] = {
    "webm": webm.seconds,
    "mp4": mp4.seconds,
    "wav": wav.seconds,
    "ogg": ogg.seconds,
    "mp3": mp3.seconds,
}


async def seconds_of(file: AudioFile, kind: str, *, enough: float) -> float:
    """How many seconds `file`, a recording of this kind, plays; counting ends soon after `enough`.

    If nothing in the file says how long it plays, it counts as speech at the lowest bitrate there is.
    """
    try:
        seconds = await _MEASURES[kind](Cursor(file), enough)
    except TooManyParts:
        seconds = None
    return file.size / LOWEST_BYTES_PER_SECOND if seconds is None else seconds
