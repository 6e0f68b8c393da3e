"""Utterances, and where in them there is speech."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import soundfile
from scipy.ndimage import maximum_filter1d

from training import audio
from training.audio import RATE, Sound
from training.sources import SPEECH
from training.synthesis import speakers
from training.teacher import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from training.teacher import Silero

# Labels are given for each 10 ms.
STEP = 0.01
LONGEST = 12.0
SHORTEST = 0.12
# In decibels: what is quieter than the active level by more is not speech; nor is what exceeds the
# recording's own noise by less.
BELOW_ACTIVE, ABOVE_NOISE = 27, 8
# Silero's probability from which on it is speech. It is up to this many seconds late, or early.
PROBABLE, LATE = 0.35, 0.1
# Seconds of a gap that is part of a word: a plosive.
PLOSIVE = 0.12


@dataclass(frozen=True)
class Utterance:
    """What was said, at an active level of 0 dB, and for each 10 ms whether it is speech."""

    sound: Sound
    speech: Sound


def voices(teacher: Silero) -> dict[str, list[Utterance]]:
    """The utterances of each voice. A voice with fewer than three that the teacher recognises is left out."""
    found = {name: list(_labelled(sounds, teacher)) for name, sounds in _sounds()}
    return {name: utterances for name, utterances in found.items() if len(utterances) > 2}


def _sounds() -> Iterator[tuple[str, Iterable[Sound]]]:
    for recordings in SPEECH:
        for name, paths in recordings.files().items():
            yield name, _loaded(paths)
    for speaker in speakers():
        yield f"{speaker.engine}/{speaker.name}", speaker.says()


def _loaded(paths: Iterable[object]) -> Iterator[Sound]:
    for path in paths:
        try:
            yield audio.load(path)  # type: ignore[arg-type]
        except soundfile.LibsndfileError:
            continue


def _labelled(sounds: Iterable[Sound], teacher: Silero) -> Iterator[Utterance]:
    for sound in sounds:
        if SHORTEST <= len(sound) / RATE <= LONGEST and np.abs(sound).max() > 0.01:
            normal = sound * audio.gain(-audio.active_level(sound))
            speech = label(normal, teacher)
            if speech.sum() * STEP >= SHORTEST:
                yield trimmed(Utterance(normal, speech))


def label(sound: Sound, teacher: Silero) -> Sound:
    """For each 10 ms of a sound whose active level is 0 dB, 1 where there is speech and 0 where not."""
    levels = audio.decibels(sound, STEP)
    audible = levels > max(-BELOW_ACTIVE, np.percentile(levels, 4) + ABOVE_NOISE)
    # The teacher needs some silence first, and a moderate level.
    lead = round(0.3 * RATE)
    padded = np.concatenate([np.zeros(lead), 0.06 * sound, np.zeros(lead)])
    said = teacher.probabilities(padded + 1e-4 * np.random.default_rng(0).standard_normal(len(padded)))
    moments = (np.arange(len(levels)) + 0.5) * STEP + lead / RATE
    probable = np.interp(moments, (np.arange(len(said)) + 0.5) * SECONDS, said)
    near = maximum_filter1d(probable, 2 * round(LATE / STEP) + 1) > PROBABLE
    return _without_gaps(audible & near).astype(np.float64)


def _without_gaps(speech: Sound) -> Sound:
    """Fills the gaps that are part of a word."""
    at = np.flatnonzero(speech)
    filled = speech.copy()
    for before, after in pairwise(at):
        if after - before <= PLOSIVE / STEP:
            filled[before:after] = True
    return filled


def trimmed(utterance: Utterance) -> Utterance:
    """From the first to the last speech, faded in and out within 5 ms."""
    at = np.flatnonzero(utterance.speech)
    first, last = at[0], at[-1] + 1
    size = round(STEP * RATE)
    sound = utterance.sound[first * size : last * size].copy()
    fade = np.linspace(0, 1, size // 2)
    sound[: size // 2] *= fade
    sound[-(size // 2) :] *= fade[::-1]
    return Utterance(sound, utterance.speech[first:last])
