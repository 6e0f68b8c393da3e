"""The training set: streams of 8 s as a microphone would pick them up, and where in them somebody speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import lfilter

from training import audio, noises
from training.audio import RATE, Sound
from training.browser_audio import processed
from training.features import HOP_SECONDS, Frames, features
from training.speech import STEP, Utterance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator

SECONDS = 8
SIZE = SECONDS * RATE
# Shares of the streams: nobody speaks; a browser's processing; a crowd as noise.
SILENT, BROWSER, CROWDED = 0.25, 0.5, 0.12
# Extra seconds before a browser-processed stream: WebRTC raises and lowers levels for seconds.
SETTLING = (0.0, 6.0)


@dataclass(frozen=True)
class Material:
    """What streams are made of."""

    voices: Mapping[str, Sequence[Utterance]]
    noises: Mapping[str, Sequence[Sound]]


def stream(material: Material, dice: Generator) -> tuple[Frames, Frames]:
    """The features of a stream, and for each of its frames how much of it is speech."""
    lead = round(dice.uniform(*SETTLING) * dice.integers(2)) * RATE
    size = lead + SIZE
    clean, speech = (np.zeros(size), np.zeros(size // round(STEP * RATE)))
    if dice.random() > SILENT:
        clean, speech = conversation(material, dice, size)
    if dice.random() < 0.4:
        clean = noises.reverberant(dice, clean)
    mixed = microphone(dice, mix(dice, clean, noise(material, dice, size)))
    if dice.random() < BROWSER:
        mixed = processed(mixed)
    return _cut(mixed, speech, lead)


def _cut(mixed: Sound, speech: Sound, lead: int) -> tuple[Frames, Frames]:
    frames = round(SECONDS / HOP_SECONDS)
    heard = features(mixed[lead:])[:frames]
    wanted = speech[round(lead / RATE / STEP) :].reshape(frames, -1).mean(axis=1)
    return heard, wanted.astype(np.float32)


def conversation(material: Material, dice: Generator, size: int) -> tuple[Sound, Sound]:
    """One voice that speaks and pauses: the sound, and for each 10 ms whether it is speech."""
    sound, step = np.zeros(size), round(STEP * RATE)
    speech = np.zeros(size // step)
    names = list(material.voices)
    said = material.voices[names[dice.integers(len(names))]]
    speed, at = dice.uniform(0.78, 1.25), round(dice.uniform(0.05, 3) / STEP)
    pause = 10 ** dice.uniform(-1.3, 0.2)
    while at < len(speech):
        part = changed(said[dice.integers(len(said))], speed * dice.uniform(0.95, 1.05))
        length = min(len(part.speech), len(speech) - at)
        sound[at * step : (at + length) * step] += part.sound[: length * step] * audio.gain(
            dice.uniform(-5, 3)
        )
        speech[at : at + length] = part.speech[:length]
        at += len(part.speech) + 1 + round(dice.exponential(pause) / STEP)
    return sound, speech


def changed(utterance: Utterance, speed: float) -> Utterance:
    """The utterance at another speed and pitch, with whole steps of 10 ms."""
    step = round(STEP * RATE)
    length = round(len(utterance.speech) / speed)
    place = np.linspace(0, len(utterance.sound) - 1, length * step)
    sound = np.interp(place, np.arange(len(utterance.sound)), utterance.sound)
    moments = np.linspace(0, len(utterance.speech) - 1, length)
    return Utterance(sound, utterance.speech[np.round(moments).astype(int)])


def noise(material: Material, dice: Generator, size: int) -> Sound:
    """One kind of noise, or two, at a level of 0 dB."""
    total = np.zeros(size)
    for _ in range(dice.choice([1, 1, 2])):
        one = _one_noise(material, dice, size)
        total += one / max(audio.level(one), 1e-5) * audio.gain(dice.uniform(-10, 0))
    return total / audio.level(total)


def _one_noise(material: Material, dice: Generator, size: int) -> Sound:
    if dice.random() < CROWDED:
        return noises.crowd(dice, size, material.voices)
    if dice.random() < 0.4:
        names = list(material.noises)
        kind = material.noises[names[dice.integers(len(names))]]
        return _repeated(dice, kind, size)
    return noises.MADE[dice.integers(len(noises.MADE))](dice, size)


def _repeated(dice: Generator, kind: Sequence[Sound], size: int) -> Sound:
    """Recordings of one kind, one after the other, with pauses for short ones."""
    sound, at, speed = np.zeros(size), 0, dice.uniform(0.7, 1.4)
    while at < size:
        part = kind[dice.integers(len(kind))]
        part = part[dice.integers(max(1, len(part) - size)) :]
        part = np.interp(np.arange(0, len(part) - 1, speed), np.arange(len(part)), part)[: size - at]
        sound[at : at + len(part)] += part
        at += len(part) + round(dice.exponential(0.4) * RATE) + 1
    return sound


def mix(dice: Generator, clean: Sound, noise: Sound) -> Sound:
    """Speech at 0 dB with noise -1 to 60 dB below it; or noise alone."""
    if not clean.any():
        return noise
    below = dice.choice(
        [60, dice.uniform(18, 35), dice.uniform(8, 20), dice.uniform(-2, 12)], p=[0.15, 0.2, 0.3, 0.35]
    )
    return np.asarray(clean + audio.gain(-below) * noise)


def microphone(dice: Generator, sound: Sound) -> Sound:
    """The sound as a device delivers it: with its tilt, band, level, hiss and limits."""
    tilt = dice.uniform(-0.7, 0.5)
    sound = np.asarray(lfilter([1, tilt], [1], sound))
    if dice.random() < 0.15:
        sound = noises.band(sound, dice.uniform(60, 350), dice.choice([3400, 3900, 5500]))
    wanted = audio.gain(dice.uniform(-48, -10) if dice.random() < 0.5 else dice.uniform(-34, -16))
    sound = sound * wanted / max(1.0, audio.level(sound))
    hiss = audio.gain(dice.uniform(-95, -62)) * noises.coloured(dice, len(sound))
    if dice.random() < 0.2:  # a gain that changes
        seconds = np.linspace(0, len(sound) / RATE, len(sound))
        sound *= audio.gain(1) ** (
            dice.uniform(2, 10) * np.sin(seconds * dice.uniform(0.3, 1.5) + dice.uniform(0, 6))
        )
    return np.clip(sound + hiss, -1, 1)
