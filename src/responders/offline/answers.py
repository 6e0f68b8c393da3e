"""Finds the answer to a question in the owner's knowledge, by the words of the conversation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.language import language_of
from knowledge.outlines import topics_of, with_outlines
from knowledge.query import Synonyms, meaningful, weights
from knowledge.terms import terms, words
from knowledge.vocabulary import word_set
from responders.offline.fitting import Fitting
from responders.offline.members import Member, by_price, pick, pointers, without_pointers
from responders.offline.quotes import SHORT_CHARS, quote
from responders.offline.small_talk import small_talk
from responders.offline.texts import DEFAULT, NO_ANSWERS, TEXTS, WITH_OFFER, listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evidence import Verdict
    from knowledge.passages import Passage
    from knowledge.query import Asked
    from models import ConversationMessage
    from responders.offline.fitting import Fit

    History = Sequence[ConversationMessage]

# How much of the question a sentence, with its headings, has to cover: for an answer; for a quotation that
# says what it is; and for one if not all is certain. Checked with `bench knowledge`.
ENOUGH, CLOSE, UNSURE = 0.6, 0.45, 0.55
_CANDIDATES = 5  # passages that are searched for the things that 'the second one' may be one of
_REFERS = word_set("it its that this they them their those these one ones he she his same es das sie ihn")
_GOES_ON = re.compile(r"(?:and|or|but|if|also|(?:what|how) about|what if|und|oder|wenn)\b", re.IGNORECASE)
_ABOUT_US = re.compile(
    r"what (?:do you do|is this)\b|(?:tell me )?about you\b|was mach(?:t ihr|en sie)\b", re.IGNORECASE
)
_MORE = frozenset(["more", "details", "else", "mehr"])


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: its text and verdict, and the passage that it quotes, and what of it, if it quotes any."""

    text: str
    verdict: Verdict
    passage: Passage | None = None
    quoted: str = ""


NOTHING_FOUND = Found(TEXTS[DEFAULT]["unknown"], "unknown")


class AnswerFinder:
    """Answers questions from `passages` of the knowledge. Deterministic and stateless."""

    def __init__(self, passages: Sequence[Passage], synonyms: Synonyms | None = None) -> None:
        self.topics = topics_of(passages)
        self._passages = with_outlines(passages)
        self._synonyms = synonyms or Synonyms()
        self._fitting = Fitting(self._passages)
        self._language = language_of(one.text for one in passages[:100]) or DEFAULT

    def find(self, question: str, history: History) -> Found:
        """The answer to `question`, which comes after the exchanges in `history`."""
        if kind := small_talk(question):
            return Found(self._said(kind), "chat")
        language = language_of([question])
        if language and language != self._language:
            return Found(self._said("foreign", language), "unknown")
        asked = self._synonyms.asked(question)
        if not asked and _ABOUT_US.match(question):
            return self._quoted(0)
        return self._pointed_at(question, asked, history) or self._searched(question, asked, history)

    def _searched(self, question: str, asked: Sequence[Asked], history: History) -> Found:
        subject, before = self._subject(history)
        if subject is None:
            return self._answer(self._fitting.best(asked, None, (), ""))
        spoken = words(question)
        if not _MORE.isdisjoint(spoken) and not without_pointers(asked):
            return self._more(subject, history)
        if _GOES_ON.match(question) or not _REFERS.isdisjoint(spoken) or all(one.vague for one in asked):
            return self._answer(self._fitting.best(asked, subject, before, history[-1].content))
        return self._answer(self._fitting.best(asked, subject, (), ""))

    def _said(self, kind: str, language: str | None = None) -> str:
        """The text of this `kind`, and what there is to talk about."""
        language = language or self._language
        offer = TEXTS[language]["offer"].format(topics=listing(self.topics, language))
        if kind == "offer":
            return offer
        return f"{TEXTS[language][kind]} {offer}" if kind in WITH_OFFER else TEXTS[language][kind]

    def _answer(self, fit: Fit | None) -> Found:
        if not fit or fit.coverage < (CLOSE if fit.certain else UNSURE):
            return Found(self._said("unknown"), "unknown")
        found = self._quoted(fit.number, fit.units)
        if fit.certain and fit.coverage >= ENOUGH:
            return found
        hedge = TEXTS[self._language]["closest"].format(heading=self._passages[fit.number].path[-1])
        return Found(f"{hedge} {found.text}", "partly", found.passage, found.quoted)

    def _quoted(self, number: int, best: Sequence[int] = ()) -> Found:
        passage, units = self._passages[number], self._fitting.units[number]
        text = quote(passage, units, best or range(len(units)), self._language)
        return Found(text, "answered", passage, text)

    def _subject(self, history: History) -> tuple[int | None, list[Asked]]:
        """The passage of the last answer that was one, and what had been asked."""
        for at in range(len(history) - 1, 0, -2):
            question, answer = history[at - 1].content, history[at].content
            if small_talk(question) or answer.startswith(NO_ANSWERS):
                continue
            asked = self._synonyms.asked(question)
            told = dict.fromkeys(meaningful(terms(answer)), 1.0)
            if ranked := self._fitting.index.search(weights(asked) | told):
                return ranked[0][1], [one for one in asked if not one.vague]
        return None, []

    def _pointed_at(self, question: str, asked: Sequence[Asked], history: History) -> Found | None:
        """The answer about one of several things, if the question points at one; None if it does not."""
        if not (pointing := pointers(question)):
            return None
        subject, _ = self._subject(history)
        about = without_pointers(asked) or (self._synonyms.asked("price") if by_price(pointing) else [])
        places = [number for _, number in self._fitting.index.search(weights(about))[:_CANDIDATES]]
        for place in places if subject is None else [subject, *places]:
            for heading, members, current in self._members(place):
                if found := pick(pointing, asked, heading, members, current):
                    return self._quoted(found.passage, () if found.unit is None else [found.unit])
        return None if without_pointers(asked) else Found(self._said("unknown"), "unknown")

    def _members(self, place: int) -> Iterator[tuple[str, list[Member], int | None]]:
        """What the passage `place` has below it, what it names, and what it is one of, with its number."""
        path, units = self._passages[place].path, self._fitting.units[place]
        yield " ".join(path), self._below(path), None
        named = [Member(unit.block.name, unit.text, place, at) for at, unit in enumerate(units) if unit.named]
        yield " ".join(path), named, None
        beside = self._below(path[:-1]) if len(path) > 1 else []
        current = [at for at, one in enumerate(beside) if one.passage == place]
        yield " ".join(path[:-1]), beside, current[0] if current else None

    def _below(self, path: tuple[str, ...]) -> list[Member]:
        below = ((number, one) for number, one in enumerate(self._passages) if one.path[:-1] == path)
        return [Member(one.path[-1], one.text, number) for number, one in below if not one.is_question]

    def _more(self, subject: int, history: History) -> Found:
        """What the passage `subject` says besides what has been said."""
        passage, said = self._passages[subject], " ".join(message.content for message in history)
        rest = [unit.text for unit in self._fitting.units[subject] if unit.text.rstrip(".") not in said]
        if not rest:
            return Found(TEXTS[self._language]["end"].format(heading=passage.path[-1]), "unknown")
        while len(rest) > 1 and len(" ".join(rest)) > SHORT_CHARS:
            rest.pop()
        return Found(" ".join(rest), "answered", passage, " ".join(rest))
