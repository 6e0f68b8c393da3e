"""The offline responder: answers are sentences of the knowledge, found by the words of the conversation.

No model and no network: it is there so that a newcomer sees the whole thing work. It never stands in for a
model that fails.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from responders.offline.phrasing import Phrasing, alternatives
from responders.offline.picks import Pick, Way, among, choose, find_pick, fits
from responders.offline.recall import Recall, recall
from responders.offline.relevance import Index
from responders.offline.small_talk import small_talk
from responders.offline.terms import STOP_WORDS, question_terms, stem, word_set, words
from responders.offline.topics import Group, build_topics, mentions, stems
from responders.responder import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from knowledge.documents import Section
    from models import ConversationMessage
    from prompt import Prompt

MODEL = "offline-demo"

# How much a word counts in a topic's own heading, in one that is a whole question, in those above it, and
# in its text.
_OWN, _OWN_QUESTION, _ABOVE, _TEXT = 3.0, 2.0, 1.0, 1.0
# The share of a question's words, by rarity, that a topic has to hold to be an answer. Chosen on the
# tables of questions in tests/test_offline_responder.py.
_ENOUGH = 0.5
# What was spoken of last is the answer to a follow-up when it holds this share of what the best topic holds.
_AS_GOOD = 0.75
# What earlier questions count for where a question can stand by itself.
_CHANGED_SUBJECT = 0.4
_REFERRING = word_set("it its they them their that this those these he she")
_CARRYING_ON = ("and", "or", "but", "so", "what about", "how about", "what of", "how is", "also")
_MORE = word_set("more else continue elaborate details detail explain why further")
_WORD = re.compile(r"\s*\S+")


class OfflineResponder:
    """Answers from `sections` by lexical relevance to a question and the turns before it.

    Deterministic; knows English grammar a little ('the middle one', 'how much is it?') and other languages
    by their words only. A question that nothing fits is answered with what there is to ask about.
    """

    name = "offline"

    def __init__(self, sections: Sequence[Section]) -> None:
        """Index `sections`, as `knowledge.parse_knowledge` gives them: once, for all questions."""
        self._topics, self._groups = build_topics(sections)
        # Questions that stand below each other are no things to choose from.
        self._lists = [group for group in self._groups if not self._asks(group)]
        self._index = Index(
            [
                (
                    (topic.title, _OWN_QUESTION if topic.title.endswith("?") else _OWN),
                    (" ".join(topic.path[:-1]), _ABOVE),
                    (" ".join(topic.sentences), _TEXT),
                )
                for topic in self._topics
            ]
        )
        self._phrasing = Phrasing(self._topics, self._groups, self._index)

    async def answer(self, prompt: Prompt) -> Reply:
        text = self.text_for(prompt.question, prompt.history)
        return Reply(text=text, model=MODEL, usage=None, finish_reason="stop")

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        """Answer word by word."""
        reply = await self.answer(prompt)
        for word in _WORD.findall(reply.text):
            write(word)
        return reply

    def text_for(self, question: str, history: Sequence[ConversationMessage]) -> str:
        """One to three sentences."""
        offer = alternatives(self._phrasing.subjects())
        if courtesy := small_talk(question, offer):
            return courtesy
        before = recall(history, self._topics, self._lists)
        return (
            self._picked(question, before)
            or self._compared(question, before)
            or self._found(question, before)
            or f"I'm sorry, I don't know that. I can tell you about {offer}."
        )

    def _asks(self, group: Group) -> bool:
        return any(self._topics[member].title.endswith("?") for member in group.members)

    def _picked(self, question: str, before: Recall) -> str | None:
        """The answer to 'the middle one', 'the cheapest tier': None where nothing is pointed at."""
        said = words(question)
        pick = find_pick(said)
        found = self._pointed_at(pick, said, before) if pick else None
        if not pick or not found:
            return None
        group, spoken = found
        members = choose(pick, group, spoken)
        rest = " ".join(word for place, word in enumerate(said) if place not in pick.words)
        query = {term: 1.0 for term in question_terms(rest) if not among(term, group.kinds)}
        return self._phrasing.of_members(members, query, before.said) if members else None

    def _pointed_at(
        self, pick: Pick, said: Sequence[str], before: Recall
    ) -> tuple[Group, Sequence[int]] | None:
        """The latest list that `pick` fits, else the list of the knowledge that its noun names."""
        for group, spoken in before.lists:
            if fits(pick, group):
                return group, spoken
        nouns = [pick.noun] if pick.noun else [stem(word) for word in said if word not in STOP_WORDS]
        if pick.way in {Way.STEP, Way.REST}:
            return None
        fitting = [group for group in self._lists if fits(pick, group)]
        named = [group for group in fitting if any(among(noun, group.nouns) for noun in nouns)]
        chosen = named or (fitting if pick.way is Way.PRICE else [])
        return (chosen[0], ()) if chosen else None

    def _compared(self, question: str, before: Recall) -> str | None:
        """The answer to a question that names several members of one group; None where it does not."""
        said = stems(question)
        for group in self._groups:
            members = [member for member in group.members if mentions(self._topics[member], said)]
            if len(members) > 1:
                names = frozenset().union(*(self._topics[member].names for member in members))
                query = {
                    term: 1.0
                    for term in question_terms(question)
                    if term not in names and not among(term, group.kinds) and self._index.knows(term)
                }
                return self._phrasing.of_members(members, query, before.said)
        return None

    def _found(self, question: str, before: Recall) -> str | None:
        """The answer by relevance; None where nothing holds enough of the question."""
        query = dict.fromkeys(question_terms(question), 1.0)
        follows = _follows(question, query)
        refers = bool(before.focus) and bool(_REFERRING.intersection(words(question)))
        if not query and follows:
            return self._phrasing.more(before.focus, before.said) if before.focus else None
        if not query:
            return self._phrasing.opening(question)
        if not refers and (overview := self._overview(query)):
            return overview
        fading = 1.0 if follows else _CHANGED_SUBJECT
        best = self._best(query, {term: weight * fading for term, weight in before.asked.items()})
        enough = max(_ENOUGH, _AS_GOOD * self._index.coverage(best, query))
        focus = before.focus if follows else ()
        meant = self._first_with(_ENOUGH if refers else enough, focus, query)
        meant = self._first_with(enough, self._named_in(question), query) if meant is None else meant
        if meant is None and refers and (beside := self._beside(before, query, enough)):
            return beside
        return self._answer_from(best if meant is None else meant, query)

    def _first_with(self, least: float, places: Sequence[int], query: Mapping[str, float]) -> int | None:
        """The first of `places` that holds that share of `query`."""
        return next((place for place in places if self._index.coverage(place, query) >= least), None)

    def _overview(self, query: Mapping[str, float]) -> str | None:
        """What is said of a whole group, for a question that asks for its kind only: 'Which tiers …?'."""
        for group in self._lists:
            if group.parent >= 0 and all(among(term, group.kinds) for term in query):
                return self._phrasing.of_topic(group.parent, query)
        return None

    def _answer_from(self, place: int, query: Mapping[str, float]) -> str | None:
        """What the topic at `place` says, if it holds enough of `query`."""
        if self._index.coverage(place, query) < _ENOUGH:
            return None
        return self._phrasing.of_topic(place, query)

    def _named_in(self, question: str) -> list[int]:
        """The topics that `question` names, without the outermost and those whose heading is a question."""
        said = stems(question)
        named = (topic for topic in self._topics if topic.parent >= 0 and mentions(topic, said))
        return [topic.place for topic in named if not topic.title.endswith("?")]

    def _beside(self, before: Recall, query: Mapping[str, float], enough: float) -> str | None:
        """What a sibling of the topic spoken of says, where that one says nothing: 'does it have …?'."""
        for group, spoken in before.lists[:1]:
            if before.focus != spoken:
                return None
            others = [member for member in group.members if member not in spoken]
            best = max(others, key=lambda place: self._index.coverage(place, query), default=None)
            if best is not None and self._index.coverage(best, query) >= enough:
                return self._phrasing.instead(spoken[0], best, query)
        return None

    def _best(self, query: Mapping[str, float], asked: Mapping[str, float]) -> int:
        """The topic that fits best: a list's item only where it holds more than the list's section."""
        scores = self._index.scores({**asked, **query})
        fit = [
            score * self._index.coverage(place, query) if score else 0.0 for place, score in enumerate(scores)
        ]
        best = self._topics[fit.index(max(fit))]
        own = self._index.coverage(best.place, query)
        if best.is_section or own > self._index.coverage(best.parent, query):
            return best.place
        return best.parent


def _follows(question: str, query: Mapping[str, float]) -> bool:
    """Whether `question` leans on what was said before: 'and on Sundays?', 'does it include that?'."""
    said = words(question)
    joined = " ".join(said)
    return (
        bool(_REFERRING.intersection(said))
        or (not query and bool(_MORE.intersection(said)))
        or any(joined == start or joined.startswith(f"{start} ") for start in _CARRYING_ON)
    )
