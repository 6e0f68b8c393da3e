"""Real and made noise, the same in every run. None of it is used in training."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from training.clips.voices import RATE, VOICES, Sound, active_level, decode, phrases

if TYPE_CHECKING:
    from collections.abc import Callable

MUSIC = Path("/usr/share/asterisk/moh")
KEYS = Path("/usr/share/buckle/wav")
TELEVISION = ("es-f2", "fr-f2", "it-f")


def random(name: str) -> np.random.Generator:
    """A generator whose seed is a name."""
    return np.random.default_rng(
        abs(sum(ord(letter) * 31**place for place, letter in enumerate(name))) % 2**32
    )


def white(seconds: float, seed: str) -> Sound:
    """White noise."""
    return np.asarray(random(seed).standard_normal(int(seconds * RATE)))


def pink(seconds: float, seed: str) -> Sound:
    """Pink noise."""
    size = int(seconds * RATE)
    spectrum = np.fft.rfft(random(seed).standard_normal(size))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(size, 1 / RATE), 20))
    return np.asarray(np.fft.irfft(spectrum, size))


def band(sound: Sound, low: float, high: float) -> Sound:
    """What is between two frequencies."""
    return np.asarray(sosfilt(butter(2, [low, high], "bandpass", fs=RATE, output="sos"), sound))


def fan(seconds: float, seed: str) -> Sound:
    """A fan or an air conditioner: pink noise, the blades, the hum of the motor."""
    sound = pink(seconds, seed)
    time = np.arange(len(sound)) / RATE
    sound *= 1 + 0.2 * np.sin(2 * np.pi * 4.3 * time)
    hum = sum(np.sin(2 * np.pi * 120 * order * time + order) / order for order in range(1, 6))
    return sound / np.std(sound) + 0.3 * hum / np.std(hum)


def traffic(seconds: float, seed: str) -> Sound:
    """A street: a rumble, and cars that pass every 3 to 6 s."""
    dice = random(seed)
    sound = 0.25 * band(pink(seconds, seed + "street"), 40, 2000)
    sound /= np.std(sound) / 0.12
    time = np.arange(len(sound)) / RATE
    at = dice.uniform(0, 3)
    while at < seconds:
        width = dice.uniform(0.5, 1.3)
        car = band(white(seconds, f"{seed}{at}"), 80, dice.uniform(900, 2500))
        sound += car / np.std(car) * dice.uniform(0.4, 1) * np.exp(-(((time - at) / width) ** 2))
        at += dice.uniform(3, 6)
    return sound


def talk(seconds: float, voice: str, seed: str) -> Sound:
    """One voice that never stops for long."""
    dice, parts, length = random(seed), [], 0
    said = phrases(voice)
    while length < seconds * RATE:
        sound = said[dice.integers(len(said))]
        parts += [sound * 10 ** (-active_level(sound) / 20), np.zeros(int(dice.uniform(0.1, 0.4) * RATE))]
        length += len(parts[-1]) + len(parts[-2])
    return np.concatenate(parts)[: int(seconds * RATE)]


def babble(seconds: float, seed: str, people: int = 12) -> Sound:
    """So many people talk at once."""
    names = [name for name in VOICES if name != "en-m2"]
    dice = random(seed)
    sound = sum(
        dice.uniform(0.5, 1) * talk(seconds, names[person % len(names)], f"{seed}{person}")
        for person in range(people)
    )
    room = np.zeros(int(0.25 * RATE))
    room[0] = 1
    room += (
        0.25 * random("room").standard_normal(len(room)) * np.exp(-np.arange(len(room)) / RATE / 0.06) / 12
    )
    return fftconvolve(sound, room)[: len(sound)]


def television(seconds: float, seed: str) -> Sound:
    """Another voice in the room, from a small loudspeaker."""
    return band(talk(seconds, TELEVISION[len(seed) % 3], seed), 200, 5000)


@functools.cache
def track(place: int) -> Sound:
    """A piece of music."""
    paths = sorted(MUSIC.glob("*.g722"))
    return decode(paths[place % len(paths)])


def music(seconds: float, seed: str) -> Sound:
    """Music on hold, from some moment on."""
    dice = random(seed)
    sound = track(int(dice.integers(5)))
    at = int(dice.uniform(0.1, 0.7) * len(sound))
    return sound[at : at + int(seconds * RATE)]


@functools.cache
def keys() -> list[Sound]:
    """The keys of a keyboard, one by one."""
    paths = sorted(KEYS.glob("*.wav"))[:60]
    return [sound[: int(0.25 * RATE)] for sound in map(decode, paths) if len(sound)]


def typing(seconds: float, seed: str) -> Sound:
    """A real, loud keyboard: bursts of 6 keys a second, each pressed and released."""
    dice, sound, at = random(seed), np.zeros(int((seconds + 1) * RATE)), 0.1
    while at < seconds:
        for later in (0, dice.uniform(0.06, 0.11)):
            key = keys()[dice.integers(len(keys()))]
            begin = int((at + later) * RATE)
            part = sound[begin : begin + len(key)]
            part += key[: len(part)] * dice.uniform(0.5, 1)
        at += dice.uniform(0.1, 0.24) if dice.random() > 0.12 else dice.uniform(0.5, 1.2)
    return sound[: int(seconds * RATE)]


def dishes(seconds: float, seed: str) -> Sound:
    """Cups, plates and spoons, and people far away."""
    dice, sound, at = random(seed), np.zeros(int((seconds + 1) * RATE)), 0.2
    while at < seconds:
        time = np.arange(int(0.35 * RATE)) / RATE
        ring = sum(
            dice.uniform(0.2, 1)
            * np.sin(2 * np.pi * dice.uniform(1200, 7000) * time)
            * np.exp(-time / dice.uniform(0.01, 0.09))
            for _ in range(7)
        )
        ring += 0.7 * dice.standard_normal(len(time)) * np.exp(-time / 0.004)
        begin = int(at * RATE)
        sound[begin : begin + len(ring)] += ring * dice.uniform(0.2, 1)
        at += dice.exponential(0.6)
    far = babble(seconds, seed + "far", 9)
    return sound[: int(seconds * RATE)] / np.std(sound) + 0.5 * far / np.std(far)


def thumps(seconds: float, seed: str) -> Sound:
    """Doors, steps, knocks on a desk, things that fall."""
    dice, sound, at = random(seed), np.zeros(int((seconds + 1) * RATE)), 0.3
    while at < seconds:
        time = np.arange(int(0.5 * RATE)) / RATE
        tone = np.sin(2 * np.pi * dice.uniform(60, 180) * time) * np.exp(-time / dice.uniform(0.03, 0.12))
        hit = dice.standard_normal(len(time)) * np.exp(-time / dice.uniform(0.005, 0.04))
        hit = lfilter([0.1], [1, -0.9], hit) + 0.1 * hit
        begin = int(at * RATE)
        sound[begin : begin + len(time)] += (tone + hit) * dice.uniform(0.3, 1)
        at += dice.uniform(0.3, 2)
    return sound[: int(seconds * RATE)]


def cough(seed: str) -> Sound:
    """A burst, a breathy middle with formants, and a voiced end, 0.35 to 0.5 s (Korpas' three phases)."""
    dice = random(seed)
    length = dice.uniform(0.35, 0.5)
    time = np.arange(int(length * RATE)) / RATE
    burst = dice.standard_normal(len(time)) * np.exp(-time / 0.035)
    middle = dice.standard_normal(len(time)) * np.exp(-(((time - 0.12) / 0.09) ** 2)) * 0.35
    pitch = dice.uniform(160, 320)
    voice = (
        np.sign(np.sin(2 * np.pi * (pitch * time - 120 * time**2)))
        * np.exp(-(((time - length + 0.12) / 0.05) ** 2))
        * 0.3
    )
    sound = burst + middle + voice
    return sum(
        weight * band(sound, centre * 0.8, centre * 1.25)
        for centre, weight in ((500, 1), (1400, 0.9), (3000, 0.6))
    )


def coughs(seconds: float, seed: str) -> Sound:
    """Somebody who coughs once or twice, every few seconds."""
    dice, sound, at = random(seed), np.zeros(int((seconds + 2) * RATE)), 0.8
    while at < seconds - 1:
        for _ in range(dice.integers(1, 3)):
            one = cough(f"{seed}{at}")
            begin = int(at * RATE)
            sound[begin : begin + len(one)] += one
            at += dice.uniform(0.45, 0.7)
        at += dice.uniform(2, 4)
    return sound[: int(seconds * RATE)]


NOISES: dict[str, Callable[[float, str], Sound]] = {
    "fan": fan,
    "traffic": traffic,
    "babble": babble,
    "tv": television,
    "music": music,
    "typing": typing,
    "dishes": dishes,
    "thumps": thumps,
    "coughs": coughs,
}
