"""Numbers and addresses in an answer that are nowhere in what the model was sent."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from citations.number_words import TELLING
from citations.numbers import claims, facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from knowledge.passages import Passage
    from prompt import Prompt

MAX_UNSUPPORTED = 5
# An answer without any of these states nothing that is looked up here.
_MAY_CLAIM = re.compile(rf"[\d@]|www\.|://|{TELLING.pattern}", re.IGNORECASE)


_EMAIL = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'`)\]|]+", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,])(?:\+|0|\(0|\(\d{3}\)|\d{3}[ .-]\d{3}[ .-])[\d ()/.-]{4,}\d(?!\w)")
_LIST_NUMBER = re.compile(r"^[ \t]*\d{1,2}[.)](?=[ \t])", re.MULTILINE)
_TRAILING = ".,;:!?*_"
# The end of a telephone number, which is the same with and without the country's prefix.
_PHONE_DIGITS, _MIN_PHONE_DIGITS = 6, 7
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def unsupported(answer: str, prompt: Prompt) -> tuple[str, ...]:
    """The numbers, e-mail addresses, URLs and telephone numbers of `answer` that `prompt` has nowhere.

    Numbers are compared by value. Those of lists and of today's and tomorrow's date do not count.
    """
    if not _MAY_CLAIM.search(answer):
        return ()
    open_claims = dict(_claims(_LIST_NUMBER.sub("", answer)))
    if not open_claims:
        return ()
    for known in _known(prompt):
        open_claims = {shown: wanted for shown, wanted in open_claims.items() if known.isdisjoint(wanted)}
        if not open_claims:
            return ()
    return tuple(open_claims)[:MAX_UNSUPPORTED]


def _known(prompt: Prompt) -> Iterator[frozenset[str]]:
    """The facts of everything that the model was sent, one part after the other."""
    yield _facts(f"{prompt.question}\n{prompt.context}")
    yield from map(_facts_of, prompt.passages.values())
    yield from (_facts(message.content) for message in prompt.history)
    if prompt.now:
        yield _dates(prompt.now)


@lru_cache(maxsize=2048)
def _facts_of(passage: Passage) -> frozenset[str]:
    return _facts("\n".join((*passage.path, passage.title, passage.url or "", passage.text)))


def _claims(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """What `text` states, each with the facts any of which supports it."""
    text = text.translate(_DIGITS)
    for pattern, name in _ADDRESSES:
        for found in pattern.finditer(text):
            if address := name(found[0]):
                yield found[0].strip(_TRAILING), frozenset({address})
        text = pattern.sub(" ", text)
    yield from claims(text)


def _facts(text: str) -> frozenset[str]:
    text = text.translate(_DIGITS)
    known = set[str]()
    for pattern, name in _ADDRESSES:
        known.update(name(found) for found in pattern.findall(text))
        text = pattern.sub(" ", text)
    known.update(part.partition("@")[2] for part in list(known) if "@" in part)
    known.update(f"host {part.partition('/')[0]}" for part in list(known))
    return frozenset(known.union(facts(text)))


def _email(found: str) -> str:
    return found.casefold()


def _url(found: str) -> str:
    """A URL without what may be left out; one without a path is known if its host is."""
    address = re.sub(r"^(?:https?://)?(?:www\.)?", "", found.casefold()).rstrip(f"{_TRAILING}/")
    return address if "/" in address else f"host {address}"


def _phone(found: str) -> str:
    digits = re.sub(r"\D", "", found)
    return f"tel {digits[-_PHONE_DIGITS:]}" if len(digits) >= _MIN_PHONE_DIGITS else ""


_ADDRESSES = ((_EMAIL, _email), (_URL, _url), (_PHONE, _phone))


def _dates(now: datetime) -> frozenset[str]:
    days = (now, now + timedelta(1))
    numbers = {str(number) for day in days for number in (day.day, day.month, day.year)}
    return frozenset({*numbers, f"{now:%H:%M}", f"{now.hour}!"})
