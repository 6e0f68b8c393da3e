"""What a question asks about, as the search takes it: its terms, and those that mean much the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from knowledge.terms import FACT, terms, word_terms, words
from knowledge.vocabulary import EVERYDAY, LIGHT, STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models import ConversationMessage

# The name of the owner's file: words of a line stand for each other, separated by commas.
SYNONYMS = "_synonyms.txt"

# How much a term counts: as asked, one that means much the same, one of the question before, one of the
# answer before. Chosen on the questions in bench/businesses; the ranking hardly depends on them.
OWN, RELATED, ASKED_BEFORE, SAID_BEFORE = 1.0, 0.3, 0.3, 0.1
# Each term of a question takes time; few sentences have as many.
MAX_TERMS = 40

Phrase: TypeAlias = tuple[str, ...]
_STOP = frozenset(term for words in STOP_WORDS.values() for word in words for term in terms(word))
# A phrase that begins like this asks for a fact, and does not say of what.
_HOW = frozenset(["how", "wie"])
_LIGHT = frozenset(term for word in LIGHT for term in terms(word))


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the things a question asks about: the terms that say so, and phrases that would say the same.

    It is `vague` if its words say little by themselves, like 'how much' or 'when'.
    """

    own: Phrase
    related: tuple[Phrase, ...] = ()
    vague: bool = False

    @property
    def facts(self) -> frozenset[str]:
        """The kinds of facts that answer this: an amount of money for 'how much'."""
        return frozenset(phrase[0] for phrase in self.related if phrase[0].startswith(FACT))

    @property
    def is_light(self) -> bool:
        """Whether the answer is seldom about this, but about what else is asked."""
        return _LIGHT.issuperset(self.own)

    def is_in(self, found: frozenset[str] | set[str]) -> bool:
        """Whether a text with these terms is about this."""
        return found.issuperset(self.own) or any(found.issuperset(phrase) for phrase in self.related)


class Synonyms:
    """Groups of words and phrases that stand for each other: everyday ones, and the owner's."""

    def __init__(self, owners: str = "") -> None:
        """`owners` is the text of the owner's file: a group in each line, comments after `#`."""
        self._groups: dict[Phrase, set[Phrase]] = {}
        for line in (*EVERYDAY, *(line.partition("#")[0] for line in owners.split("\n"))):
            *left, right = (_phrases(side) for side in line.split(">", 1))
            for phrase in left[0] if left else right:
                self._groups.setdefault(phrase, set()).update(right - {phrase})
        self._longest = max(map(len, self._groups))

    @classmethod
    def of(cls, documents: Mapping[str, str]) -> Synonyms:
        """Those of the owner's file in `documents`, if there is one."""
        return cls(documents.get(SYNONYMS, ""))

    def asked(self, question: str) -> list[Asked]:
        """What `question` asks about, each once, in order; a phrase of the groups counts as one."""
        tokens, compounds = _tokens(question)
        found: dict[Phrase, Asked] = {}
        at = 0
        while at < len(tokens[:MAX_TERMS]):
            phrase = self._phrase_at(tokens, at)
            at += len(phrase)
            meaning = () if phrase[0] in _HOW and len(phrase) > 1 else tuple(meaningful(phrase))
            related = sorted(self._groups.get(phrase, ()))
            if parts := compounds.get(phrase[0]):
                related.append(parts)
            if meaning or related:
                found.setdefault(phrase, Asked(meaning or phrase, tuple(related), vague=not meaning))
        return list(found.values())

    def _phrase_at(self, tokens: Sequence[str], at: int) -> Phrase:
        for length in range(self._longest, 1, -1):
            phrase = tuple(tokens[at : at + length])
            if phrase in self._groups:
                return phrase
        return (tokens[at],)


def weights(question: Iterable[Asked], before: Iterable[Asked] = (), answer: str = "") -> dict[str, float]:
    """How much each term counts in a search for `question`.

    `before` and `answer` are the question and the answer that came before it: a follow-up question may leave
    out what it is about.
    """
    found: dict[str, float] = {}

    def add(term: str, weight: float) -> None:
        found[term] = max(found.get(term, 0), weight)

    for asked in question:
        for term in asked.own:
            add(term, RELATED if asked.vague else OWN)
        for phrase in asked.related:
            for term in phrase:
                add(term, RELATED if len(phrase) == 1 else RELATED / 2)
    for asked in before:
        for term in asked.own:
            add(term, ASKED_BEFORE)
    for term in meaningful(terms(answer)[: 2 * MAX_TERMS]):
        add(term, SAID_BEFORE)
    return found


def meaningful(found: Iterable[str]) -> list[str]:
    """Those of the terms `found` that say something about a subject."""
    return [term for term in found if term not in _STOP]


def last_exchange(history: Sequence[ConversationMessage]) -> tuple[str, str]:
    """The last question and its answer; both empty at the beginning."""
    texts = [message.content for message in history[-2:]]
    return (texts[0], texts[1]) if len(texts) > 1 else ("", "")


def _phrases(entries: str) -> set[Phrase]:
    listed = filter(None, map(str.strip, entries.split(",")))
    return {(entry,) if entry.startswith(FACT) else tuple(_tokens(entry)[0]) for entry in listed} - {()}


def _tokens(text: str) -> tuple[list[str], dict[str, Phrase]]:
    """The terms of `text`, of a compound only the whole; and the parts of each compound of several words."""
    tokens: list[str] = []
    compounds: dict[str, Phrase] = {}
    for word in words(text):
        first, *rest = word_terms(word)
        tokens += [first] if "-" in word else [first, *rest]
        if "-" in word and len(rest) > 1:
            compounds[first] = tuple(rest)
    return tokens, compounds
