"""Noise of many kinds: recorded, and made here. None is made as the clips of `bench vad` are."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import numpy as np
import soundfile
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from training import audio
from training.audio import RATE, Sound
from training.sources import EFFECTS, NOISE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.random import Generator

    from training.speech import Utterance

LONGEST = 30.0


def recorded() -> dict[str, list[Sound]]:
    """The noises of each source, at most `LONGEST` seconds each."""
    found: dict[str, list[Sound]] = {}
    for recordings in NOISE:
        for name, paths in recordings.files().items():
            found[name] = [sound[: round(LONGEST * RATE)] for sound in map(_loaded, paths) if len(sound)]
    found["openttd-opensfx"] = effects()
    return {name: sounds for name, sounds in found.items() if sounds}


def _loaded(path: object) -> Sound:
    try:
        sound = audio.load(path)  # type: ignore[arg-type]
    except soundfile.LibsndfileError:
        return np.zeros(0)
    return sound if np.abs(sound).max(initial=0) > 1e-3 else np.zeros(0)


def effects() -> list[Sound]:
    """The sounds of OpenTTD: a file of WAV files, after a table of their places and sizes."""
    data = EFFECTS.read_bytes()
    (size,) = struct.unpack_from("<I", data)
    table = struct.iter_unpack("<II", data[: size & 0x7FFFFFFF])
    found = []
    for place, length in table:
        start = data.find(b"RIFF", place & 0x7FFFFFFF)
        try:
            samples, rate = soundfile.read(io.BytesIO(data[start : start + length]), always_2d=True)
        except soundfile.LibsndfileError:
            continue
        if len(samples) > rate // 10:
            found.append(audio.resampled(samples.mean(axis=1), rate))
    return found


def coloured(dice: Generator, size: int) -> Sound:
    """Noise whose spectrum falls by 0 to 8 dB an octave: hiss, wind, a rumble; half of them with gusts."""
    spectrum = np.fft.rfft(dice.standard_normal(size))
    spectrum /= np.maximum(np.fft.rfftfreq(size, 1 / RATE), 30) ** dice.uniform(0, 1.3)
    noise = np.fft.irfft(spectrum, size)
    if dice.random() < 0.5:
        noise *= _swelling(dice, size, dice.uniform(0.3, 4), dice.uniform(3, 22))
    return noise


def machine(dice: Generator, size: int) -> Sound:
    """A motor, a fan or a mains hum: harmonics that drift a little, with or without noise."""
    time = np.arange(size) / RATE
    base = dice.choice([50, 60, 100, 120, dice.uniform(25, 400)])
    phase = 2 * np.pi * np.cumsum(base * (1 + 0.01 * np.sin(2 * np.pi * dice.uniform(0.05, 3) * time))) / RATE
    slope = dice.uniform(0.3, 1.5)
    tone = sum(
        np.sin(order * phase + dice.uniform(0, 6)) / order**slope for order in range(1, dice.integers(3, 30))
    )
    noise = coloured(dice, size)
    swell = _swelling(dice, size, 1 / dice.uniform(0.5, 12), dice.uniform(0, 6))
    return swell * (tone / audio.level(tone) + dice.uniform(0, 3) * noise / audio.level(noise))


def passing(dice: Generator, size: int) -> Sound:
    """Vehicles that come and go."""
    sound = 0.1 * coloured(dice, size)
    sound /= max(audio.level(sound), 1e-6) / 0.1
    time = np.arange(size) / RATE
    at = dice.uniform(0, 3)
    while at < size / RATE:
        high = dice.uniform(500, 4000)
        body = band(dice.standard_normal(size), dice.uniform(30, 200), high)
        body += dice.uniform(0, 1) * machine(dice, size) * audio.level(body)
        width = dice.uniform(0.3, 2)
        sound += body / audio.level(body) * dice.uniform(0.3, 1) / (1 + ((time - at) / width) ** 2) ** 1.5
        at += dice.uniform(1.5, 7)
    return sound


def struck(dice: Generator, size: int) -> Sound:
    """Things that are struck or pressed: keys, cups, knocks, doors. Rhythm and material differ by sound."""
    sound = np.zeros(size + RATE)
    base = dice.choice([dice.uniform(60, 400), dice.uniform(400, 7000)])
    decay, damping = 10 ** dice.uniform(-2.3, -0.7), 10 ** dice.uniform(-2.7, -1.5)
    rate, ringing, dark = 10 ** dice.uniform(-0.3, 1), dice.uniform(0, 1.5), dice.uniform(0, 0.97)
    at = dice.exponential(1 / rate)
    while at < size / RATE:
        time = np.arange(round(min(0.9, 6 * max(decay, damping)) * RATE)) / RATE
        hit = lfilter([1 - dark], [1, -dark], dice.standard_normal(len(time))) * np.exp(-time / damping)
        hit /= np.abs(hit).max() + 1e-9
        for _ in range(dice.integers(1, 9)):
            hertz = min(base * dice.uniform(0.5, 3), 7800)
            hit += (
                ringing
                * dice.uniform(0.1, 1)
                * np.sin(2 * np.pi * hertz * time)
                * np.exp(-time / (decay * dice.uniform(0.4, 1)))
            )
        begin = round(at * RATE)
        room = sound[begin : begin + len(hit)]
        room += hit[: len(room)] * 10 ** dice.uniform(-1, 0)
        at += dice.exponential(1 / rate) if dice.random() > 0.15 else dice.uniform(0.5, 2)
    return sound[:size]


def breaths(dice: Generator, size: int) -> Sound:
    """Coughs, throats cleared, sneezes, breaths: bursts of air through the mouth, with little or no voice."""
    sound = np.zeros(size + 2 * RATE)
    at = dice.uniform(0.2, 2)
    while at < size / RATE:
        for _ in range(dice.integers(1, 4)):
            one = _burst(dice)
            begin = round(at * RATE)
            room = sound[begin : begin + len(one)]
            room += one[: len(room)] * 10 ** dice.uniform(-0.5, 0)
            at += len(one) / RATE + dice.uniform(0.02, 0.4)
        at += dice.uniform(0.7, 4)
    return sound[:size]


def _burst(dice: Generator) -> Sound:
    length = dice.uniform(0.15, 0.7)
    time = np.arange(round(length * RATE)) / RATE
    attack, decay = 10 ** dice.uniform(-2.7, -1), dice.uniform(0.03, 0.25)
    air = dice.standard_normal(len(time)) * (1 - np.exp(-time / attack)) * np.exp(-time / decay)
    second = np.exp(-(((time - dice.uniform(0.1, 0.5) * length) / dice.uniform(0.03, 0.15)) ** 2))
    air += dice.uniform(0, 0.7) * dice.standard_normal(len(time)) * second
    if dice.random() < 0.6:
        pitch = dice.uniform(90, 420) * (1 + dice.uniform(-0.5, 0.2) * time / length)
        rough = 1 + 0.05 * dice.standard_normal(len(time))
        tone = np.sign(np.sin(2 * np.pi * np.cumsum(pitch * rough) / RATE))
        place = dice.uniform(0.5, 1) * length
        air += dice.uniform(0.05, 0.4) * tone * np.exp(-(((time - place) / dice.uniform(0.02, 0.08)) ** 2))
    scale = dice.uniform(0.75, 1.3)
    formants = [
        (hertz * scale * dice.uniform(0.85, 1.15), dice.uniform(0.2, 1)) for hertz in (550, 1400, 2800, 4500)
    ]
    return sum(weight * band(air, 0.8 * hertz, 1.25 * hertz) for hertz, weight in formants)


def melody(dice: Generator, size: int) -> Sound:
    """Notes and chords of plucked or held tones over a beat."""
    sound = np.zeros(size + 2 * RATE)
    beat, root, held = dice.uniform(0.15, 0.6), dice.uniform(60, 350), dice.random() < 0.4
    at = 0.0
    while at < size / RATE:
        length = beat * dice.integers(1, 4)
        time = np.arange(round(length * RATE)) / RATE
        shape = np.minimum(1, time / 0.02) if held else np.exp(-time / dice.uniform(0.1, 0.5))
        for step in dice.choice([0, 2, 3, 4, 5, 7, 9, 12, 16, 19], dice.integers(1, 4)):
            hertz = root * 2 ** (step / 12)
            slope = dice.uniform(0.8, 2)
            sound[round(at * RATE) :][: len(time)] += shape * sum(
                np.sin(2 * np.pi * order * hertz * time) / order**slope for order in range(1, 8)
            )
        at += length
    return sound[:size]


def crowd(dice: Generator, size: int, voices: Mapping[str, Sequence[Utterance]]) -> Sound:
    """5 to 20 people who talk at once, in a room."""
    sound, names = np.zeros(size), list(voices)
    for _ in range(dice.integers(5, 21)):
        said = voices[names[dice.integers(len(names))]]
        loud, at = 10 ** dice.uniform(-0.6, 0), -round(dice.uniform(0, 1) * RATE)
        while at < size:
            part = said[dice.integers(len(said))].sound
            begin, end = max(at, 0), min(at + len(part), size)
            if end > begin:
                sound[begin:end] += loud * part[begin - at : end - at]
            at += len(part) + round(dice.exponential(0.25) * RATE)
    return reverberant(dice, sound)


def reverberant(dice: Generator, sound: Sound) -> Sound:
    """The sound in a room of 0.15 to 0.8 s."""
    seconds, share = dice.uniform(0.15, 0.8), 10 ** dice.uniform(-1.5, -0.2)
    tail = dice.standard_normal(round(0.7 * seconds * RATE))
    tail *= np.exp(-6.9 * np.arange(len(tail)) / RATE / seconds)
    tail *= share / np.sqrt(np.sum(tail**2))
    room = np.concatenate([[1], np.zeros(dice.integers(20, 200)), tail])
    return np.asarray(fftconvolve(sound, room)[: len(sound)])


def band(sound: Sound, low: float, high: float) -> Sound:
    """What is between two frequencies."""
    return np.asarray(sosfilt(butter(2, [low, min(high, 7900)], "bandpass", fs=RATE, output="sos"), sound))


def _swelling(dice: Generator, size: int, seconds: float, decibels: float) -> Sound:
    turn = 2 * np.pi * np.arange(size) / RATE / seconds + dice.uniform(0, 6)
    return np.asarray(10 ** (-decibels * (1 + np.cos(turn)) / 40))


MADE: tuple[Callable[[Generator, int], Sound], ...] = (
    coloured,
    machine,
    passing,
    struck,
    struck,
    breaths,
    melody,
)
