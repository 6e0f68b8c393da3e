"""Finds the answer to a question in the owner's knowledge, by the words of the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responders.offline.context import Context, read_context
from responders.offline.groups import Group, find_groups, is_among
from responders.offline.phrasing import Phrasing, alternatives
from responders.offline.picks import Pick, PickBy, choose, find_pick, fits
from responders.offline.search_index import SearchIndex
from responders.offline.small_talk import small_talk
from responders.offline.terms import question_terms, stem, stems, words
from responders.offline.topics import Topic, find_topics
from responders.offline.vocabulary import STOP_WORDS, word_set

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.passages import Passage
    from models import ConversationMessage

# The weights of a word in a topic's own heading, in one that is a whole question, in the headings above it,
# and in its text.
_HEADING, _QUESTION_HEADING, _HEADINGS_ABOVE, _TEXT = 3.0, 2.0, 1.0, 1.0
# The share of a question, weighted by rarity, that a topic has to contain to be an answer. Tuned on the
# questions in tests/offline_questions.py.
_MIN_COVERAGE = 0.5
# The topic discussed last answers a follow-up if it covers this much of it, relative to the best topic.
_MIN_RELATIVE_COVERAGE = 0.75
# What is left of the weight of previous questions if a question is not a follow-up.
_NEW_SUBJECT_WEIGHT = 0.4
_REFERRING_WORDS = word_set("it its they them their that this those these he she")
_FOLLOW_UP_STARTS = ("and", "or", "but", "so", "what about", "how about", "what of", "how is", "also")
_MORE_WORDS = word_set("more else continue elaborate details detail explain why further")


class AnswerFinder:
    """Answers questions from the `passages` of the knowledge. Deterministic and stateless.

    It understands some English ('the middle one', 'how much is it?') and knows other languages only by their
    words.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._topics = find_topics(passages)
        self._groups = find_groups(self._topics)
        # Headings that are questions are not things to choose from.
        self._choices = [group for group in self._groups if not self._has_questions(group)]
        self._index = SearchIndex([_index_fields(topic) for topic in self._topics])
        self._phrasing = Phrasing(self._topics, self._groups, self._index)

    def find(self, question: str, history: Sequence[ConversationMessage]) -> str:
        """Return the answer, of one to three sentences, or else a list of subjects to ask about."""
        offer = alternatives(self._phrasing.subjects())
        if courtesy := small_talk(question, offer):
            return courtesy
        context = read_context(history, self._topics, self._choices)
        return (
            self._pick(question, context)
            or self._compare(question, context)
            or self._search(question, context)
            or f"I'm sorry, I don't know that. I can tell you about {offer}."
        )

    def _has_questions(self, group: Group) -> bool:
        return any(self._topics[member].is_question for member in group.members)

    def _pick(self, question: str, context: Context) -> str | None:
        """Answer 'the middle one' or 'the cheapest tier'. None if the question picks nothing."""
        spoken = words(question)
        pick = find_pick(spoken)
        picked_from = self._group_of(pick, spoken, context) if pick else None
        if not pick or not picked_from:
            return None
        group, discussed = picked_from
        members = choose(pick, group, discussed)
        rest = " ".join(word for position, word in enumerate(spoken) if position not in pick.word_positions)
        query = {term: 1.0 for term in question_terms(rest) if not is_among(term, group.kinds)}
        return self._phrasing.about_members(members, query, context.used) if members else None

    def _group_of(
        self, pick: Pick, spoken: Sequence[str], context: Context
    ) -> tuple[Group, Sequence[int]] | None:
        """Return the group that `pick` refers to, and its members discussed last.

        This is the latest group of the conversation that fits, or else one that the question names.
        """
        for group, discussed in context.groups:
            if fits(pick, group):
                return group, discussed
        if pick.by in {PickBy.STEP, PickBy.REST}:
            return None
        nouns = [pick.noun] if pick.noun else [stem(word) for word in spoken if word not in STOP_WORDS]
        fitting = [group for group in self._choices if fits(pick, group)]
        named = [group for group in fitting if any(is_among(noun, group.nouns) for noun in nouns)]
        candidates = named or (fitting if pick.by is PickBy.PRICE else [])
        return (candidates[0], ()) if candidates else None

    def _compare(self, question: str, context: Context) -> str | None:
        """Answer a question that names several members of a group. None if it does not."""
        spoken = stems(question)
        for group in self._groups:
            members = [member for member in group.members if self._topics[member].is_named_in(spoken)]
            if len(members) > 1:
                query = self._terms_beside(question, group, members)
                return self._phrasing.about_members(members, query, context.used)
        return None

    def _terms_beside(self, question: str, group: Group, members: Sequence[int]) -> dict[str, float]:
        """Return the known terms of a question except the names of `members` and the kinds of `group`."""
        names = frozenset().union(*(self._topics[member].names for member in members))
        return {
            term: 1.0
            for term in question_terms(question)
            if term not in names and not is_among(term, group.kinds) and self._index.knows(term)
        }

    def _search(self, question: str, context: Context) -> str | None:
        """Answer from the topic that fits best. None if no topic covers enough of the question."""
        query = dict.fromkeys(question_terms(question), 1.0)
        is_follow_up = _is_follow_up(question, query)
        if not query:
            return self._answer_without_terms(question, context, is_follow_up=is_follow_up)
        refers_back = bool(context.focus) and bool(_REFERRING_WORDS.intersection(words(question)))
        if not refers_back and (overview := self._overview(query)):
            return overview
        weight = 1.0 if is_follow_up else _NEW_SUBJECT_WEIGHT
        best = self._best_topic(query, {term: weight * value for term, value in context.asked.items()})
        enough = max(_MIN_COVERAGE, _MIN_RELATIVE_COVERAGE * self._index.coverage(best, query))
        focus = context.focus if is_follow_up else ()
        meant = self._first_covering(focus, query, _MIN_COVERAGE if refers_back else enough)
        if meant is None:
            meant = self._first_covering(self._named_in(question), query, enough)
        if meant is None and refers_back and (answer := self._from_sibling(context, query, enough)):
            return answer
        return self._from_topic(best if meant is None else meant, query)

    def _answer_without_terms(self, question: str, context: Context, *, is_follow_up: bool) -> str | None:
        """Answer 'Tell me more' or 'What do you do?', which name no subject."""
        if is_follow_up:
            return self._phrasing.more(context.focus, context.used) if context.focus else None
        return self._phrasing.introduction(question)

    def _first_covering(
        self, topic_ids: Sequence[int], query: Mapping[str, float], min_coverage: float
    ) -> int | None:
        return next((one for one in topic_ids if self._index.coverage(one, query) >= min_coverage), None)

    def _overview(self, query: Mapping[str, float]) -> str | None:
        """Answer a question that asks for nothing but a kind of thing, such as 'Which tiers do you have?'."""
        for group in self._choices:
            if group.parent >= 0 and all(is_among(term, group.kinds) for term in query):
                return self._phrasing.about(group.parent, query)
        return None

    def _from_topic(self, topic_id: int, query: Mapping[str, float]) -> str | None:
        if self._index.coverage(topic_id, query) < _MIN_COVERAGE:
            return None
        return self._phrasing.about(topic_id, query)

    def _named_in(self, question: str) -> list[int]:
        """Return the topics that a question names, except the outermost and those that are questions."""
        spoken = stems(question)
        named = (topic for topic in self._topics if topic.parent >= 0 and topic.is_named_in(spoken))
        return [topic.id for topic in named if not topic.is_question]

    def _from_sibling(self, context: Context, query: Mapping[str, float], min_coverage: float) -> str | None:
        """Answer 'does it have …?' from a sibling of the topic in focus, which says nothing about it."""
        if not context.groups or context.focus != context.groups[0][1]:
            return None
        group, discussed = context.groups[0]
        others = [member for member in group.members if member not in discussed]
        best = max(others, key=lambda member: self._index.coverage(member, query), default=None)
        if best is None or self._index.coverage(best, query) < min_coverage:
            return None
        return self._phrasing.about_other(discussed[0], best, query)

    def _best_topic(self, query: Mapping[str, float], asked: Mapping[str, float]) -> int:
        """Return the topic that fits best. An item has to cover more of the query than its section does."""
        scores = self._index.scores({**asked, **query})
        fit = [
            score * self._index.coverage(topic_id, query) if score else 0.0
            for topic_id, score in enumerate(scores)
        ]
        best = self._topics[fit.index(max(fit))]
        own = self._index.coverage(best.id, query)
        if best.is_section or own > self._index.coverage(best.parent, query):
            return best.id
        return best.parent


def _index_fields(topic: Topic) -> tuple[tuple[str, float], ...]:
    """Return the texts of a topic with the weights of their words."""
    return (
        (topic.title, _QUESTION_HEADING if topic.is_question else _HEADING),
        (" ".join(topic.path[:-1]), _HEADINGS_ABOVE),
        (" ".join(topic.sentences), _TEXT),
    )


def _is_follow_up(question: str, query: Mapping[str, float]) -> bool:
    """Return whether a question depends on what came before: 'and on Sundays?', 'does it include that?'."""
    spoken = words(question)
    joined = " ".join(spoken)
    return (
        bool(_REFERRING_WORDS.intersection(spoken))
        or (not query and bool(_MORE_WORDS.intersection(spoken)))
        or any(joined == start or joined.startswith(f"{start} ") for start in _FOLLOW_UP_STARTS)
    )
