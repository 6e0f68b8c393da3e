"""Judges what a detector sent, against what is true of a clip."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SILENCE = 0.9
# What is kept from before speech: hands-free.js.
PRE_ROLL = 0.5
# A reference goes on hearing speech until its probability is this much below the threshold.
HYSTERESIS = 0.15
# Seconds of speech without which nothing is sent.
MIN_SPEECH = 0.1
# Seconds after which a visitor would wonder why nothing happens.
LATE = 1.5
# A pause that the speaker made himself counts as one if it is that much longer than the silence.
OWN_PAUSE = 0.1


@dataclass(frozen=True)
class Sent:
    """A question that was sent: when, and from when on it holds the sound, in seconds."""

    at: float
    began: float


@dataclass(frozen=True)
class Clip:
    """What is true of a clip. `begin` and `end` are those of the speech; `inner` are the pauses in it.

    If nobody speaks, `begin` is None.
    """

    name: str
    seconds: float
    group: str
    level: float
    begin: float | None
    end: float
    inner: tuple[tuple[float, float], ...]
    noise: str | None
    below: float | None
    gap: float | None

    @classmethod
    def of(cls, known: dict[str, Any]) -> Clip:
        """Read an entry of truth.json."""
        return cls(
            known["name"],
            known["seconds"],
            known["group"],
            known["level"],
            known["begin"],
            known["end"] or 0.0,
            tuple((first, last) for first, last in known["inner"]),
            known.get("noise"),
            known.get("snr"),
            known.get("gap"),
        )

    @property
    def conditions(self) -> list[str]:
        """The rows of the table to which the clip belongs."""
        if self.begin is None:
            return [f"nobody speaks: {self.noise}", f"nobody speaks, {self.level} dBFS", "nobody speaks"]
        everything = [] if self.noise == "tv" else ["all speech"]
        if self.group == "noise":
            second = "a second voice" if self.noise == "tv" else f"noise: {self.noise}"
            return [second, *(f"noise {self.below} dB below" for _ in everything), *everything]
        if self.group == "pause":
            return [f"pause of {self.gap} s", *everything]
        if self.group == "word":
            return [f"single words{', noise 10 dB below' if self.noise else ''}", *everything]
        return [f"{self.group}, {self.level} dBFS", *everything]


@dataclass(frozen=True)
class Judged:
    """What went wrong, and how late the question was sent, in seconds. Nobody speaks: all is `false`."""

    seconds: float
    false: int = 0
    missed: bool = False
    cut: bool = False
    late: bool = False
    delay: float | None = None
    lost: float | None = None

    @property
    def errors(self) -> int:
        """How many things went wrong."""
        return self.false + self.missed + self.cut + self.late


def turns(probabilities: Sequence[float], step: float, threshold: float = 0.5) -> list[Sent]:
    """What a reference that gives a probability every `step` seconds would send."""
    sent: list[Sent] = []
    speaking, voiced, quiet, began = False, 0.0, 0.0, 0.0
    for place, probability in enumerate(probabilities):
        speaking = probability >= (threshold - HYSTERESIS if speaking else threshold)
        if speaking:
            began = began if voiced else place * step
            voiced, quiet = voiced + step, 0.0
        elif voiced:
            quiet += step
            if quiet >= SILENCE - 1e-9:
                if voiced >= MIN_SPEECH:
                    sent.append(Sent((place + 1) * step, max(0.0, began - PRE_ROLL)))
                voiced = 0.0
    return sent


def judge(clip: Clip, sent: Iterable[Sent]) -> Judged:
    """Compare what was sent with what is true."""
    begin, questions = clip.begin, list(sent)
    if begin is None:
        return Judged(clip.seconds, len(questions))
    mine = [each for each in questions if each.at >= begin]
    false = len(questions) - len(mine)
    if not mine:
        return Judged(clip.seconds, false, missed=True)
    lost = max(0.0, mine[0].began - begin)
    cut = any(each.at < clip.end and not _own_pause(clip, each.at) for each in mine)
    ended = [each.at for each in mine if each.at >= clip.end]
    if not ended:
        only_cut = any(each.at < clip.end for each in mine)
        return Judged(clip.seconds, false, cut=cut, late=not only_cut, lost=lost)
    delay = ended[0] - clip.end - SILENCE
    return Judged(clip.seconds, false, cut=cut, late=delay > LATE, delay=delay, lost=lost)


def _own_pause(clip: Clip, moment: float) -> bool:
    """Whether a question that is sent now ends in a pause that is longer than the silence."""
    longer = (pause for pause in clip.inner if pause[1] - pause[0] >= SILENCE + OWN_PAUSE)
    return any(first < moment <= last + OWN_PAUSE for first, last in longer)


@dataclass(frozen=True)
class Total:
    """The sum over some clips. `delay` and `lost` are in milliseconds: the median, and the most."""

    clips: int
    missed: int
    false: int
    cut: int
    late: int
    minutes: float
    delay: float | None
    lost: float

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> Total:
        """Add up."""
        delays = [each.delay for each in judged if each.delay is not None and not each.late]
        return cls(
            len(judged),
            sum(each.missed for each in judged),
            sum(each.false for each in judged),
            sum(each.cut for each in judged),
            sum(each.late for each in judged),
            sum(each.seconds for each in judged) / 60,
            1000 * median(delays) if delays else None,
            1000 * max((each.lost or 0.0 for each in judged), default=0.0),
        )

    @property
    def errors(self) -> int:
        """How many things went wrong."""
        return self.missed + self.false + self.cut + self.late
