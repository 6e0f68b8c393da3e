"""Prices: the amount of money that a text gives for a topic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from responders.offline.terms import AMOUNT, stem, stems

if TYPE_CHECKING:
    from responders.offline.topics import Topic

_THOUSANDS_SEPARATOR = re.compile(r"[.,](?=\d{3}(?:\D|$))")


def price_of(topic: Topic, parent: Topic | None) -> float | None:
    """Return the first amount that `topic` states, or else the one its parent states after naming it.

    A topic without any amount costs 0 if it is 'free'; otherwise its price is unknown, which gives None.
    """
    text = " ".join(topic.sentences)
    own = _amounts(text)
    if own:
        return own[0]
    for sentence in parent.sentences if parent else ():
        start = _end_of_name(topic, sentence)
        amounts = _amounts(sentence[start:]) if start else []
        if amounts:
            return amounts[0]
    return 0.0 if "free" in stems(text) else None


def _end_of_name(topic: Topic, sentence: str) -> int:
    """Return where the topic's name ends in `sentence`, or 0 if it is not there."""
    if not topic.is_named_in(stems(sentence)):
        return 0
    matches = re.finditer(r"\w+", sentence)
    return next((match.end() for match in matches if stem(match[0].casefold()) in topic.names), 0)


def _amounts(text: str) -> list[float]:
    amounts = ((prefixed or suffixed).rstrip(".,") for prefixed, suffixed in AMOUNT.findall(text))
    return [float(_THOUSANDS_SEPARATOR.sub("", amount).replace(",", ".")) for amount in amounts if amount]
