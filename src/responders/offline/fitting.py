"""Which passage, and which of its sentences, fits a question best, and how much of it that covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.bm25 import Index
from knowledge.outlines import Outline
from knowledge.query import meaningful, weights
from knowledge.terms import NUMBER, count_of, terms
from responders.offline.quotes import units_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from knowledge.passages import Passage
    from knowledge.query import Asked, Phrase
    from responders.offline.quotes import Unit

# All weights below were chosen by hand and checked with `bench knowledge`.
# What a mention counts by a related word, only in a heading above the passage's own, or only elsewhere in it.
_RELATED, _ABOVE, _ELSEWHERE = 0.92, 0.7, 0.4
# What a word counts that seldom says what is meant, also if no passage has it; what was asked before 'it' or
# 'and'; and a word for a price beside what the price is of.
_LIGHT, _UNKNOWN_LIGHT, _BEFORE, _PRICE = 0.4, 0.1, 0.5, 0.5
# How much more the best passage by BM25, that of the last answer, or one below it, counts than another.
_RANK, _SUBJECT, _NEAR = 0.15, 0.3, 0.1
# How much more counts: the kind of fact that was asked for, a name that was asked about, a passage about the
# whole, the first sentence, an item that the last answer was about, a frequent question that asks the same.
_FACT, _NAMED, _WHOLE, _FIRST, _SAID, _SAME_QUESTION = 0.15, 0.1, 0.1, 0.03, 0.1, 0.15
# How much less: no such fact, a frequent question that asks something else, an item of another name.
_NO_FACT, _OTHER_QUESTION, _OTHER_NAME = 0.75, 0.6, 0.8
# Items of a list are as good as each other up to this difference: not all of them have each kind of fact.
_EQUAL = 0.09
_CANDIDATES = 8


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a passage fits: the part of the question that its best units cover, and its score.

    `certain` is false if the question has a word that is nowhere in the knowledge, what it is mostly about is
    not mentioned, or the kind of fact that it asks for is not there.
    """

    number: int
    coverage: float
    score: float
    units: tuple[int, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a passage should be about, and how much each part of it counts.

    `clear` are the terms that were asked about, `similar` also those that mean much the same. `facts` are the
    kinds of facts that may answer the question, `demanded` those that have to be there.
    """

    weights: Mapping[Asked, float]
    clear: frozenset[str]
    similar: frozenset[str]
    facts: frozenset[str]
    demanded: frozenset[str]
    said: str
    is_known: bool


class Fitting:
    """The passages of the knowledge, with their units, ready to be compared with questions."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.index = Index(passages)
        self.units = [units_of(passage) for passage in passages]
        self._passages = passages
        self._headings = [frozenset(terms(one.path[-1])) for one in passages]
        self._above = [frozenset(terms(" ".join((one.title, *one.path[:-1])))) for one in passages]
        self._everywhere = [frozenset[str]().union(*(unit.found for unit in one)) for one in self.units]

    def best(
        self, asked: Sequence[Asked], subject: int | None, before: Sequence[Asked], said: str
    ) -> Fit | None:
        """The passage that fits best after an answer from the passage `subject`; None if none fits at all.

        If the question can only be understood after that answer, it is `said`, and what was asked is
        `before`; otherwise these are empty.
        """
        ranked = self.index.search(weights(asked, before))[:_CANDIDATES]
        bonuses = {number: _RANK * score / ranked[0][0] for score, number in ranked}
        path = () if subject is None else self._passages[subject].path
        for number, one in enumerate(self._passages if path else ()):
            if number == subject or (said and one.path[: len(path)] == path):
                bonus = _SUBJECT if number == subject and said else _NEAR
                bonuses[number] = bonuses.get(number, 0) + bonus
        wanted = self._wanted(asked, before, said)
        fits = (self._fit(number, wanted, bonus) for number, bonus in bonuses.items() if wanted.weights)
        return max(fits, key=lambda fit: (fit.score, -fit.number), default=None)

    def _wanted(self, asked: Sequence[Asked], before: Sequence[Asked], said: str) -> _Wanted:
        weighed = {one: self._weight(one) for one in [one for one in asked if not one.vague] or asked}
        weighed |= {one: _BEFORE * self._weight(one) for one in before if one not in weighed}
        prices = [one for one in weighed if one.facts]
        if len(prices) < len(weighed):
            weighed |= {one: _PRICE * weighed[one] for one in prices}
        clear = frozenset(term for one in weighed if not one.vague for term in one.own)
        similar = clear.union(*(phrase for one in weighed for phrase in one.related))
        demanded = _facts([one for one in asked if one.vague], clear)
        is_known = all(self._knows(one) for one in asked if not one.is_light)
        return _Wanted(weighed, clear, similar, _facts(asked, clear), demanded, said, is_known)

    def _weight(self, asked: Asked) -> float:
        rarity = max(map(self.index.rarity, asked.own))
        return rarity if not asked.is_light else _LIGHT * rarity if self._knows(asked) else _UNKNOWN_LIGHT

    def _fit(self, number: int, wanted: _Wanted, bonus: float) -> Fit:
        passage, scale = self._passages[number], 1 / sum(wanted.weights.values())
        shared = _share(self._headings[number], wanted.similar)
        bonus += _WHOLE / len(passage.path) + _SAME_QUESTION * shared * passage.is_question
        if passage.is_question and wanted.clear and not shared:
            scale *= _OTHER_QUESTION
        if isinstance(passage, Outline) and shared < 1:
            scale = 0
        scores = [self._score(number, unit, wanted, scale) for unit in self.units[number]]
        scores[0] = (scores[0][0] + _FIRST, *scores[0][1:])
        top = max(scores)
        units = self._equals(number, scores, scores.index(top))
        has_fact = not wanted.demanded or any(wanted.demanded & self.units[number][at].found for at in units)
        coverage = top[1] * (1 if has_fact else _NO_FACT)
        return Fit(number, coverage, top[0] + bonus, units, has_fact and top[2] and wanted.is_known)

    def _score(self, number: int, unit: Unit, wanted: _Wanted, scale: float) -> tuple[float, float, bool]:
        """The score of a unit, how much of what is wanted it covers, and whether it is about most of it."""
        mentions = {one: self._mention(number, unit, one) for one in wanted.weights}
        coverage = scale * sum(weight * mentions[one] for one, weight in wanted.weights.items())
        if unit.named and wanted.clear and wanted.clear.isdisjoint(unit.named | self._headings[number]):
            coverage *= _OTHER_NAME
        if wanted.said and unit.text.rstrip(".") in wanted.said:
            coverage += _SAID
        named = max(_share(unit.named, wanted.clear), _share(self._headings[number], wanted.similar))
        score = coverage + _FACT * bool(wanted.facts & unit.found) + _NAMED * named
        return score, coverage, mentions[max(wanted.weights, key=wanted.weights.__getitem__)] >= _ABOVE

    def _equals(self, number: int, scores: Sequence[tuple[float, float, bool]], best: int) -> tuple[int, ...]:
        """The unit `best`, and those that are as good: of the same list, without regard to kinds of facts."""
        units, lead = self.units[number], self.units[number][best].block.lead

        def is_equal(at: int) -> bool:
            if units[best].block.listed and units[at].block.listed and units[at].block.lead == lead:
                return scores[at][1] > scores[best][1] - _EQUAL
            return scores[at][0] > scores[best][0] - 2 * _FIRST

        return tuple(filter(is_equal, range(len(units))))

    def _mention(self, number: int, unit: Unit, asked: Asked) -> float:
        """How much a unit, with the headings above it, is about `asked`."""
        found = unit.found | self._headings[number]
        if not asked.facts.isdisjoint(unit.found) or found.issuperset(self._owners_word(asked)):
            return 1
        if asked.is_in(found):
            return _RELATED
        if asked.is_in(found | self._above[number]):
            return _ABOVE
        return _ELSEWHERE if asked.is_in(self._everywhere[number]) else 0

    def _owners_word(self, asked: Asked) -> Phrase:
        """The word for this that the owner uses most."""
        phrases = [asked.own, *(phrase for phrase in asked.related if phrase[0] not in asked.facts)]
        return min(phrases, key=lambda phrase: max(map(self.index.rarity, phrase)))

    def _knows(self, asked: Asked) -> bool:
        """Whether this is somewhere in the knowledge, in these or other words; always if it is vague."""
        return asked.vague or any(
            all(map(self.index.knows, phrase)) for phrase in (asked.own, *asked.related)
        )


def _share(named: frozenset[str], found: frozenset[str]) -> float:
    """The part of a name's terms that are `found`, those that say little left out."""
    telling = meaningful(named)
    return len(found.intersection(telling)) / len(telling) if telling else 0


def _facts(asked: Iterable[Asked], clear: Iterable[str]) -> frozenset[str]:
    """The kinds of facts that answer `asked`: for 'how many', numbers of what is `clear`ly asked about."""
    kinds = frozenset[str]().union(*(one.facts for one in asked))
    return kinds - {NUMBER} | {count_of(term) for term in clear if NUMBER in kinds}
