"""The detector: what is sent and when, what is never sent, and what interrupts the agent.

The recordings are made by a synthesizer at 8 kHz, which is harder than people: `python -m bench vad` measures
with those.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest

from tests.detector import sounds
from tests.detector.hearing import hear
from tests.detector.sounds import RATE, Sound, at, mix, silence, speech

if TYPE_CHECKING:
    from collections.abc import Callable

SILENCE = 0.9
NORMAL = -24
# Recordings end 40 dB below their peak: in noise, a soft last consonant is lost, and what follows may be one.
EARLY, LATE = 0.3, 0.5

NOISES: dict[str, Callable[[float], Sound]] = {
    "white": sounds.white,
    "pink": sounds.pink,
    "brown": sounds.brown,
    "fan": sounds.fan,
    "traffic": sounds.traffic,
    "hum at 50": lambda seconds: sounds.hum(seconds, 50),
    "hum at 60": lambda seconds: sounds.hum(seconds, 60),
}
QUESTIONS = [
    "question",
    "american",
    "woman",
    "german",
    "arabic",
    "fast",
    "slow",
    "hall",
]
ANSWERS = ["yes", "yesf", "no", "nof", "ja", "nein", "naam"]


@functools.cache
def noise(name: str) -> Sound:
    return NOISES[name](15)


def length(sound: Sound) -> float:
    return len(sound) / RATE


def resampled(sound: Sound, rate: int) -> Sound:
    """The sound at a higher rate, interpolated linearly."""
    places = (moment * RATE / rate for moment in range(round(length(sound) * rate) - rate // RATE - 1))
    return [sound[int(at)] + (at % 1) * (sound[int(at) + 1] - sound[int(at)]) for at in places]


def under(name: str, decibels: float, sound: Sound) -> Sound:
    """The sound with noise at this level."""
    return mix(sound, at(decibels, noise(name)[: len(sound)]))


def in_a_room(sound: Sound) -> Sound:
    return under("pink", -66, sound)


def is_sent_once(sound: Sound, end: float, pause: float = SILENCE) -> bool:
    """Whether the sound is sent exactly once, after a silence of `pause` seconds."""
    sent = hear(sound, pause).sent
    return len(sent) == 1 and -EARLY <= sent[0] - end - pause <= LATE


@pytest.mark.parametrize(
    ("name", "decibels"),
    [
        *((name, -20) for name in [*QUESTIONS, *ANSWERS]),
        *((name, decibels) for name in ("question", "yes") for decibels in (-6, -30, -40)),
    ],
)
def test_speech_is_sent_when_it_ends(name: str, decibels: float) -> None:
    said = silence(1.5) + at(decibels, speech(name))
    assert is_sent_once(in_a_room(said + silence(1.5)), length(said))


@pytest.mark.parametrize("name", ["question", "german"])
def test_speech_as_the_first_sound(name: str) -> None:
    said = at(NORMAL, speech(name))
    assert is_sent_once(in_a_room(said + silence(1.5)), length(said))


@pytest.mark.parametrize(
    ("name", "kind", "below"),
    [
        *((name, "pink", 15) for name in QUESTIONS if name != "arabic"),
        *(("question", kind, 10) for kind in NOISES),
        *(("slow", kind, 5) for kind in ("brown", "traffic")),
    ],
)
def test_speech_in_noise(name: str, kind: str, below: float) -> None:
    said = silence(3) + at(NORMAL, speech(name))
    assert is_sent_once(under(kind, NORMAL - below, said + silence(1.5)), length(said))


def test_speech_in_hiss_above_its_band() -> None:
    times = 6  # a microphone's 48 kHz
    said = silence(3) + at(NORMAL, speech("question"))
    sound = [sample for sample in said + silence(1.5) for _ in range(times)]
    noisy = mix(sound, at(NORMAL - 5, sounds.white(times * length(said + silence(1.5)))))
    assert hear(noisy, rate=times * RATE).sent == [pytest.approx(length(said) + SILENCE, abs=LATE)]


def test_every_sampling_rate_gives_the_same_decisions() -> None:
    said = in_a_room(silence(1.5) + at(NORMAL, speech("question")) + silence(1.5))
    sent = [hear(resampled(said, rate), rate=rate).sent for rate in (16_000, 44_100, 48_000)]
    assert len(sent[0]) == 1
    assert sent[1] == pytest.approx(sent[0], abs=0.03)
    assert sent[2] == pytest.approx(sent[0], abs=0.03)


@pytest.mark.parametrize("kind", ["brown", "traffic", "hum at 50"])
def test_speech_in_noise_that_began_later(kind: str) -> None:
    begins = 5
    said = silence(begins + 4) + at(NORMAL, speech("woman"))
    sound = said + silence(1.5)
    noisy = silence(begins) + at(NORMAL - 5, noise(kind)[: len(sound) - begins * RATE])
    assert is_sent_once(mix(sound, noisy), length(said))


@pytest.mark.parametrize(
    ("first", "pause", "second", "setting", "kind"),
    [
        ("question", 0.3, "german", 0.9, "fan"),
        ("american", 0.7, "woman", 0.9, "pink"),
        ("woman", 1.2, "slow", 1.5, "fan"),
        ("german", 2.6, "hall", 3, "white"),
    ],
)
def test_pause_shorter_than_silence(first: str, pause: float, second: str, setting: float, kind: str) -> None:
    said = silence(2.5) + at(NORMAL, speech(first)) + silence(pause) + at(NORMAL, speech(second))
    assert is_sent_once(under(kind, NORMAL - 20, said + silence(setting + 0.7)), length(said), setting)


@pytest.mark.parametrize("kind", ["fan", "traffic"])
def test_pause_longer_than_silence(kind: str) -> None:
    sound = silence(3) + at(NORMAL, speech("question")) + silence(1.4)
    sound += at(NORMAL, speech("american")) + silence(1.5)
    assert len(hear(under(kind, NORMAL - 20, sound)).sent) == 2


@pytest.mark.parametrize("kind", ["pink", "fan"])
def test_long_speech_without_pauses(kind: str) -> None:
    said = (
        silence(1)
        + [sample for name in ("hall", "fast", "german") for sample in at(NORMAL, speech(name))] * 2
    )
    assert is_sent_once(under(kind, NORMAL - 15, said + silence(1.5)), length(said))


@pytest.mark.parametrize(
    ("kind", "before"),
    [*((kind, 0) for kind in NOISES), *((kind, 2) for kind in NOISES if not kind.startswith("hum"))],
)
@pytest.mark.parametrize("decibels", [-40, -20])
def test_noise_alone(kind: str, decibels: float, before: float) -> None:
    assert hear(silence(before) + at(decibels, noise(kind)[: 10 * RATE])).sent == []


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: sounds.typing(6), id="typing"),
        pytest.param(lambda: sounds.again(sounds.thump(), [0, 2, 2.4, 4, 4.6]), id="thumps"),
        pytest.param(lambda: sounds.swelling(sounds.pink(9), 3, 25), id="gusts"),
    ],
)
@pytest.mark.parametrize("decibels", [-30, -20])
def test_sounds_other_than_speech(make: Callable[[], Sound], decibels: float) -> None:
    assert hear(in_a_room(silence(1) + at(decibels, make()) + silence(1.5))).sent == []


def echo(decibels: float, names: list[str]) -> Sound:
    """The agent's own voice as the microphone picks it up, starting at 1 s."""
    return silence(1) + at(decibels, [sample for name in names for sample in speech(name) + silence(0.2)])


@pytest.mark.parametrize("decibels", [-52, -62])
@pytest.mark.parametrize("names", [QUESTIONS[:6], QUESTIONS[::-1]], ids=["forwards", "backwards"])
def test_own_voice_does_not_interrupt(names: list[str], decibels: float) -> None:
    sound = echo(decibels, names)
    assert hear(sound, speaking=(1, length(sound))).interrupted is None


@pytest.mark.parametrize(
    ("name", "decibels"),
    [
        *((name, -12) for name in ("question", "german", "no")),
        *((name, -20) for name in [*QUESTIONS, *ANSWERS]),
        *((name, -30) for name in ("question", "german", "yes", "no")),
    ],
)
def test_talking_over_the_agent_interrupts(name: str, decibels: float) -> None:
    begins = 4
    sound = mix(echo(-55, ["german", "woman", "hall"]), silence(begins) + at(decibels, speech(name)))
    interrupted = hear(sound, speaking=(1, length(sound))).interrupted
    assert interrupted is not None
    assert begins < interrupted <= begins + 0.25


def test_noise_level_is_kept_when_the_agent_speaks() -> None:
    begins = 3
    sound = under("pink", -40, silence(begins) + at(-12, speech("american")))
    interrupted = hear(sound, speaking=(begins + 0.1, length(sound))).interrupted
    assert interrupted is not None
    assert interrupted < begins + 0.4
