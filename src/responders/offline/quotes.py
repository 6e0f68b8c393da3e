"""Quoting a passage: what of it answers a question, complete and fit to be spoken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.plain_text import Block, blocks, sentences
from knowledge.terms import facts, terms
from responders.offline.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.passages import Passage

# Up to the first, a passage is quoted whole. The second is what can be listened to, about twenty seconds. The
# third is what it takes to say how many items of a list are left out.
SHORT_CHARS, MAX_CHARS, _ROOM = 240, 340, 60

# A sentence that begins like this qualifies the one before it: neither is quoted without the other. After a
# pronoun, only the sentence itself needs the one before.
_QUALIFIES = re.compile(
    r"(?:but|however|except|otherwise|unless|only|instead|not|in that case|after that|if not|aber|jedoch|"
    r"außer|sonst|nur|ausgenommen|danach|لكن|إلا)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(r"(?:it|that|this|they|these|those|then|es|sie|das|dies|diese|dort)\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not?|never|cannot|without|kein\w*|nicht|ohne|nie)\b|n['’]t\b",  # noqa: RUF001 - as owners write it
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of the paragraph `block`, or a whole one that is an item of a list or a row of a table.

    `number` is the block's. `found` are the terms and facts in the text and in what introduces the list, and
    `named` the terms of the name of an item or row.
    """

    text: str
    block: Block
    number: int
    found: frozenset[str]
    named: frozenset[str]


def units_of(passage: Passage) -> tuple[Unit, ...]:
    """What can be quoted of `passage`, in order; of one without any words, the heading."""
    return tuple(
        Unit(
            text,
            block,
            number,
            frozenset(terms(f"{block.lead} {text}") + facts(text)),
            frozenset(terms(block.name)),
        )
        for number, block in enumerate(blocks(passage.text) or [Block(passage.path[-1])])
        for text in ([block.text] if block.listed else sentences(block.text))
    )


def quote(passage: Passage, units: Sequence[Unit], best: Sequence[int], language: str) -> str:
    """The text of `passage`, whose `units` with the numbers `best` fit a question equally well, as an answer.

    A short passage is quoted whole. A list is either whole, or the items that fit, or its beginning and how
    many more there are.
    """
    first, is_whole = units[best[0]], len(best) == len(units)
    text = _joined(passage, units, range(len(units)))
    if len(text) <= (MAX_CHARS if is_whole else 0 if first.block.listed else SHORT_CHARS):
        return text
    if not first.block.listed and not (is_whole and any(unit.block.listed for unit in units)):
        return _joined(passage, units, _with_neighbours(units, best[0]))
    lead = first.block.lead
    fitting = [at for at in best if is_whole or (units[at].block.listed and units[at].block.lead == lead)]
    read = list(fitting)
    while len(read) > 1 and len(_joined(passage, units, read)) > MAX_CHARS - _ROOM * (read != fitting):
        read.pop()
    text, left = _joined(passage, units, read), sum(units[at].block.listed for at in fitting[len(read) :])
    more = TEXTS[language]["more"].format(count=left, heading=passage.path[-1])
    return f"{text.rstrip('.')}; {more}." if left else text


def _with_neighbours(units: Sequence[Unit], number: int) -> list[int]:
    """The number of a sentence, and of those next to it without which it would mean something else."""
    paragraph = [at for at, unit in enumerate(units) if unit.number == units[number].number]
    is_short = sum(len(units[at].text) for at in paragraph) <= SHORT_CHARS
    first, last = (paragraph[0], paragraph[-1]) if is_short else (number, number)
    while first > 0 and not units[first - 1].block.listed and _needs_the_one_before(units, first, last):
        first -= 1
    while last + 1 < len(units) and _QUALIFIES.match(units[last + 1].text):
        last += 1
    if last + 1 < len(units) and units[last].text.endswith(":") and units[last + 1].block.listed:
        last = max(at for at, unit in enumerate(units) if unit.block.lead == units[last + 1].block.lead)
    return list(range(first, last + 1))


def _needs_the_one_before(units: Sequence[Unit], first: int, last: int) -> bool:
    is_short = sum(len(unit.text) for unit in units[first - 1 : last + 1]) <= SHORT_CHARS
    return bool(_QUALIFIES.match(units[first].text)) or (is_short and bool(_REFERS.match(units[first].text)))


def _joined(passage: Passage, units: Sequence[Unit], numbers: Sequence[int]) -> str:
    """These units as one text: items after what introduces them, and after a heading that says 'not'."""
    heading, lead = f"{passage.path[-1]}:", ""
    said: list[str] = []
    for number in numbers:
        unit = units[number]
        if unit.block.listed and unit.block.lead != lead:
            lead = unit.block.lead
            said += [lead] if lead not in said[-1:] else []
        elif unit.block.listed and not (said or lead or unit.block.name):
            said.append(heading)
        goes_on = unit.block.listed and number + 1 in numbers and units[number + 1].block.listed
        said.append(f"{unit.text.rstrip('.')};" if goes_on else unit.text)
    if _NEGATION.search(heading) and not passage.is_question and said[0] != heading:
        said.insert(0, heading)
    return " ".join(said)
