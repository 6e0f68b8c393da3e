"""Writes the clips and what is true of them: `python -m training.clips.make FOLDER`.

Each clip is a WAV file of 48 kHz; FOLDER/truth.json says for each when speech begins and ends (in seconds, by
construction), where its pauses are, and in which condition it is. `begin` is null if nobody speaks.
"""

from __future__ import annotations

import json
import sys
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training.clips import noises, voices
from training.clips.noises import NOISES, band
from training.clips.voices import RATE, VOICES, Sound, active_level, pauses, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Clip = dict[str, Any]

# Speech in dBFS, unless the clip is about levels; and the noise of a quiet room.
LEVEL, ROOM = -24, -66


def main() -> None:
    """Write everything."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    truth = []
    for number, clip in enumerate(clips()):
        sound = clip.pop("sound")
        sound = sound + at(ROOM, noises.pink(len(sound) / RATE + 0.01, f"room{number}")[: len(sound)])
        name = f"{number:03d}-{clip['group']}"
        save(folder / f"{name}.wav", sound)
        truth.append({"name": name, "seconds": round(len(sound) / RATE, 3), **clip})
    (folder / "truth.json").write_text(json.dumps(truth, indent=0), "utf-8")


def save(path: Path, sound: Sound) -> None:
    """Write a WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def at(decibels: float, sound: Sound) -> Sound:
    """The sound with this level between 100 and 8000 Hz, where speech is."""
    power = 10 * np.log10(np.mean(band(sound, 100, 8000) ** 2) + 1e-12)
    return np.asarray(sound * 10 ** ((decibels - power) / 20))


def spoken(
    voice: str,
    parts: Sequence[Sound],
    gaps: Sequence[float],
    level: float = LEVEL,
    lead: float = 1.8,
    **known: object,
) -> Clip:
    """Silence, the parts with the gaps between them, and silence."""
    sound, inner = np.zeros(int(lead * RATE)), []
    for part, gap in zip(parts, [*gaps, 0], strict=True):
        start = len(sound) / RATE
        inner += [(start + first, start + last) for first, last in pauses(part)]
        sound = np.concatenate([sound, part * 10 ** ((level - active_level(part)) / 20)])
        if gap:
            inner.append((len(sound) / RATE, len(sound) / RATE + gap))
            sound = np.concatenate([sound, np.zeros(int(gap * RATE))])
    return {
        "sound": np.concatenate([sound, np.zeros(3 * RATE)]),
        "voice": voice,
        "level": level,
        "begin": round(lead, 3),
        "end": round(len(sound) / RATE, 3),
        "inner": [[round(first, 2), round(last, 2)] for first, last in sorted(inner)],
        **known,
    }


def noisy(clip: Clip, kind: str, below: float) -> Clip:
    """The clip with noise so many decibels below the speech."""
    size = len(clip["sound"])
    noise = NOISES[kind](size / RATE + 0.01, f"{kind}{below}{clip['voice']}")[:size]
    noise = at(clip["level"] - below, np.pad(noise, (0, size - len(noise))))
    return {**clip, "sound": clip["sound"] + noise, "noise": kind, "snr": below}


def clips() -> Iterator[Clip]:
    """All clips, in this order."""
    dice = np.random.default_rng(7)
    yield from _quiet(dice)
    yield from _in_noise(dice)
    yield from _with_pauses()
    yield from _words(dice)
    yield from _nobody()
    yield from _at_once_and_long()
    yield from _loud_and_soft()


def _question(voice: str, place: int) -> Sound:
    said = within(voice, 1.2, 4.5, 0.45)
    return said[place % len(said)]


def _quiet(dice: np.random.Generator) -> Iterator[Clip]:
    for voice in VOICES:
        for place, level in enumerate((-10, -20, -30, -40)):
            lead = dice.uniform(1.2, 2.4)
            yield spoken(voice, [_question(voice, place * 5)], [], level, lead, group="quiet")


def _in_noise(dice: np.random.Generator) -> Iterator[Clip]:
    names, turn = list(VOICES), 0
    for kind in ("fan", "traffic", "babble", "tv", "music", "typing", "dishes"):
        for below in (20, 10, 5, 0):
            for _ in range(5):
                voice = names[turn % len(names)]
                question = _question(voice, turn * 3 + 1)
                yield noisy(
                    spoken(voice, [question], [], lead=dice.uniform(2.5, 3.5), group="noise"), kind, below
                )
                turn += 1


def _with_pauses() -> Iterator[Clip]:
    for gap in (0.5, 0.7, 1.0, 1.25, 1.5):
        for place, voice in enumerate(VOICES):
            said = within(voice, 1.2, 4.0, 0.45)
            parts = [said[(place + 2) % len(said)], said[(place + 7) % len(said)]]
            clip = spoken(voice, parts, [gap], group="pause", gap=gap)
            yield clip
            yield noisy(clip, ("fan", "babble")[place % 2], 15)


def _words(dice: np.random.Generator) -> Iterator[Clip]:
    words = voices.words()
    for place in range(0, len(words), max(1, len(words) // 40)):
        language, word = words[place]
        clip = spoken(f"word-{language}", [word], [], lead=dice.uniform(1.5, 2.5), group="word")
        yield clip
        if place % 2:
            yield noisy(clip, ("fan", "babble", "music")[place % 3], 10)


def _nobody() -> Iterator[Clip]:
    for kind, make in NOISES.items():
        for level in (-45, -35, -25):
            for take in range(2):
                sound = at(level, make(20, f"only{kind}{level}{take}"))
                known: Clip = {
                    "begin": None,
                    "end": None,
                    "inner": [],
                    "group": "only",
                    "noise": kind,
                    "snr": None,
                }
                yield {"sound": sound, "voice": "", "level": level, **known}


def _at_once_and_long() -> Iterator[Clip]:
    for voice in VOICES:
        yield spoken(voice, [_question(voice, 3)], [], lead=0.15, group="at once")
    for voice in VOICES:
        for part in sorted(within(voice, 4.0, 14, 0.85), key=len)[-4:]:
            yield spoken(voice, [part], [], group="long")


def _loud_and_soft() -> Iterator[Clip]:
    for level in (-36, -12):
        for kind in ("fan", "babble", "music"):
            for voice in list(VOICES)[::3]:
                clip = spoken(voice, [_question(voice, 4)], [], level, 2.5, group="level and noise")
                yield noisy(clip, kind, 12)


if __name__ == "__main__":
    main()
