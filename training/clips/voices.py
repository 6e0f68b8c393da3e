"""Real voices from Debian packages, as sounds of 48 kHz that are the same in every run."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Sound: TypeAlias = NDArray[np.float64]

RATE = 48_000
ASTERISK = Path("/usr/share/asterisk/sounds")
SPHINX = Path("/usr/share/pocketsphinx/test/data")
WORDS = Path("/usr/share/ktuberling/sounds")
# Asterisk's are studio recordings (G.722 has 16 kHz, the others 8), librivox is a reader at home, cards are
# people at a terminal.
VOICES = {
    "en-f": "en_US_f_Allison",
    "fr-f": "fr_CA_f_June",
    "es-f": "es_MX_f_Allison",
    "it-m": "it_IT_m_Carlo",
    "ru-f": "ru_RU_f_IvrvoiceRU",
    "it-f": "it_IT_f_Menardi",
    "fr-f2": "fr",
    "es-f2": "es",
    "en-m": "librivox",
    "en-m2": "cards",
}
PROMPTS = (
    *(
        "vm-*",
        "conf-*",
        "agent-*",
        "auth-*",
        "dir-*",
        "demo-*",
        "followme/*",
        "ss-*",
        "tt-*",
        "queue-*",
        "screen-*",
    ),
    *("spy-*", "privacy-*", "one-moment*", "pls-*", "call-*"),
)
NO_SPEECH = ("monkey", "weasel", "beep", "tone", "allbusy-", "somethingwrong")
FORMATS = {
    ".g722": ("-f", "g722"),
    ".raw": ("-f", "s16le", "-ar", "16000", "-ac", "1"),
    ".gsm": ("-f", "gsm"),
}
# Volunteers at home, who say single words: women and men.
WORD_LANGUAGES = (
    *("ca", "de", "el", "en", "es", "fr", "ga", "it", "lt", "nds", "pt", "ru", "sl", "sv", "uk", "wa"),
)


def decode(path: Path) -> Sound:
    """Read any file that ffmpeg reads."""
    command = ["ffmpeg", "-v", "error", *FORMATS.get(path.suffix, ()), "-i", str(path)]
    out = ["-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"]
    done = subprocess.run([*command, *out], capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.float32).astype(np.float64)


def decibels(sound: Sound, seconds: float = 0.01) -> Sound:
    """The level of each part of that length."""
    size = int(RATE * seconds)
    parts = sound[: len(sound) // size * size].reshape(-1, size)
    return np.asarray(10 * np.log10(np.mean(parts**2, axis=1) + 1e-12))


def active_level(sound: Sound) -> float:
    """The level in decibels while there is speech: of what is at most 20 dB below the loudest."""
    levels = decibels(sound, 0.02)
    loud = levels[levels > np.percentile(levels, 98) - 20]
    return float(10 * np.log10(np.mean(10 ** (loud / 10))))


def bounds(sound: Sound) -> tuple[int, int]:
    """The samples between which there is speech.

    Speech is at most 27 dB below the active level, and 8 dB above the recording's own noise. A click or a
    breath before or after it, less than 0.12 s long and 0.15 s away, does not belong to it.
    """
    levels, active = decibels(sound), active_level(sound)
    loud = np.flatnonzero(levels > max(active - 27, np.percentile(levels, 4) + 8))
    runs = np.split(loud, np.flatnonzero(np.diff(loud) > 15) + 1)

    def is_click(run: Sound) -> bool:
        return len(run) < 12 or bool(levels[run].max() < active - 18)

    while len(runs) > 1 and is_click(runs[0]):
        runs.pop(0)
    while len(runs) > 1 and is_click(runs[-1]):
        runs.pop()
    size = RATE // 100
    return int(runs[0][0] * size), int((runs[-1][-1] + 1) * size)


def trimmed(sound: Sound) -> Sound:
    """From the first speech to the last, faded in and out within 4 ms."""
    begin, end = bounds(sound)
    size = int(0.004 * RATE)
    cut = sound[begin:end].copy()
    cut[:size] *= np.linspace(0, 1, size)
    cut[-size:] *= np.linspace(1, 0, size)
    return cut


def pauses(sound: Sound) -> list[tuple[float, float]]:
    """The gaps of 0.15 s and more, in seconds."""
    levels = decibels(sound)
    silent = levels < max(active_level(sound) - 30, np.percentile(levels, 4) + 6)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], silent, [0]])))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(first / 100, last / 100) for first, last in pairs if last - first >= 15]


@functools.cache
def phrases(voice: str) -> list[Sound]:
    """Up to 70 things that this voice says, trimmed to 1 to 14 s, ordered by the names of their files."""
    paths = _paths(VOICES[voice])
    found = []
    for path in paths[:: max(1, len(paths) // 70)]:
        if path.suffix != ".pdf" and not any(word in str(path) for word in NO_SPEECH):
            sound = decode(path)
            if RATE <= len(sound) <= 20 * RATE and RATE <= len(sound := trimmed(sound)) <= 14 * RATE:
                found.append(sound)
    return found


def _paths(folder: str) -> list[Path]:
    if folder not in {"librivox", "cards"}:
        return sorted(
            {path for pattern in PROMPTS for path in (ASTERISK / folder).glob(f"{pattern}.*")}, key=str
        )
    more = ("goforward.raw", "something.raw", "numbers.raw") if folder == "cards" else ()
    return sorted([*(SPHINX / folder).glob("*.wav"), *(SPHINX / name for name in more)], key=str)


def within(voice: str, shortest: float, longest: float, gap: float) -> list[Sound]:
    """The phrases of that length without a pause longer than `gap` seconds."""
    return [
        sound
        for sound in phrases(voice)
        if shortest <= len(sound) / RATE <= longest
        and all(last - first <= gap for first, last in pauses(sound))
    ]


@functools.cache
def words() -> list[tuple[str, Sound]]:
    """Single words of 0.2 to 0.9 s, up to eight of each language."""
    found = []
    for language in WORD_LANGUAGES:
        for path in sorted(path for path in (WORDS / language).iterdir() if not path.is_symlink())[:8]:
            sound = decode(path)
            if len(sound) >= 0.2 * RATE and 0.2 <= len(word := trimmed(sound)) / RATE <= 0.9:
                found.append((language, word))
    return found
