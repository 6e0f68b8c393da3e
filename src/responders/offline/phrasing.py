"""Phrasing: which sentences of a topic make the answer, how many, and whether its name comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responders.offline.terms import stems, text_terms, words
from responders.offline.vocabulary import word_set

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from responders.offline.groups import Group
    from responders.offline.search_index import SearchIndex
    from responders.offline.topics import Topic

# A spoken answer takes about twenty seconds at most.
_MAX_SENTENCES = 3
_MAX_CHARACTERS = 320
# A topic of up to this many sentences is said as a whole.
_SAID_WHOLE = 2
# In a longer topic, a sentence has to fit the question this well, relative to the best one.
_MIN_RELATIVE_SHARE = 0.65
# The weight, when sentences are chosen, of words that their heading already says.
_HEADING_WEIGHT = 0.5
_MAX_SUBJECTS = 3
# A colon this early ends a name, as at the beginning of list items and table rows.
_MAX_NAME_LENGTH = 40
# A sentence that starts with one of these needs the sentence before it, or the name of its topic.
_DEPENDENT_STARTS = word_set("it its they their that this these those he she also then after otherwise both")


class Phrasing:
    """Words answers about topics, which are given by their ids.

    A `query` maps terms to weights; `used` are the sentences that were in previous answers.
    """

    def __init__(self, topics: Sequence[Topic], groups: Sequence[Group], index: SearchIndex) -> None:
        self._topics = topics
        self._children = {group.parent: group.members for group in groups}
        self._index = index
        self._terms = {
            sentence: frozenset(text_terms(sentence)) for topic in topics for sentence in topic.sentences
        }

    def subjects(self) -> list[str]:
        """Return a few of the outermost headings, in order, preferring those that are not questions."""
        outermost = self._children.get(-1) or self._children.get(0) or (0,)
        topics = [self._topics[topic_id] for topic_id in outermost]
        preferred = [topic for topic in topics if not topic.is_question] or topics
        return [topic.title.removeprefix("About ") for topic in preferred[:_MAX_SUBJECTS]]

    def introduction(self, question: str) -> str | None:
        """Answer 'What do you do?' with the beginning of the knowledge. None if there is no 'what' in it."""
        first = next((topic for topic in self._topics if topic.sentences), None)
        return self._beginning(first) if first and "what" in words(question) else None

    def about(self, topic_id: int, query: Mapping[str, float], used: Collection[str] = ()) -> str:
        """Return what a topic says about `query`, or its beginning if the question is about all of it."""
        topic = self._topics[topic_id]
        if not topic.sentences:
            return self._contents(topic)
        shares = self._shares(topic, _beyond_heading(topic, query))
        best = max(shares)
        if not best:
            return self._beginning(topic, used)
        min_share = 0.0 if len(shares) <= _SAID_WHOLE else _MIN_RELATIVE_SHARE * best
        return self._compose(topic, [number for number, share in enumerate(shares) if share >= min_share])

    def about_members(
        self, topic_ids: Sequence[int], query: Mapping[str, float], used: Collection[str]
    ) -> str:
        """Return what each of the topics says about `query`: in full for one, a sentence each for several."""
        if len(topic_ids) == 1:
            return self._about_member(topic_ids[0], query, used)
        topics = [self._topics[topic_id] for topic_id in topic_ids[:_MAX_SENTENCES]]
        return " ".join(self._best_sentence(topic, query) for topic in topics)

    def about_other(self, asked: int, other: int, query: Mapping[str, float]) -> str:
        """Say that the topic asked about has no answer to `query`, and what another one says."""
        answer = self._best_sentence(self._topics[other], query)
        return f"{_unknown_about(self._topics[asked])} {answer}"

    def more(self, topic_ids: Sequence[int], used: Collection[str]) -> str:
        """Return what has not been used yet of the topics or their children, or say that there is no more."""
        children = [child for topic_id in topic_ids for child in self._children.get(topic_id, ())]
        for topic_id in (*topic_ids, *children):
            topic = self._topics[topic_id]
            if set(topic.sentences) - set(used):
                return self._beginning(topic, used)
        return f"That is all I know about {self._topics[topic_ids[0]].title}."

    def _about_member(self, topic_id: int, query: Mapping[str, float], used: Collection[str]) -> str:
        topic = self._topics[topic_id]
        terms = frozenset().union(*(self._terms[sentence] for sentence in topic.sentences))
        if query and not self._index.share(terms, query):
            return f"{_unknown_about(topic)} {self._beginning(topic)}"
        return self.about(topic_id, query, used)

    def _shares(self, topic: Topic, query: Mapping[str, float]) -> list[float]:
        """Return the share of `query` that each sentence of a topic contains."""
        return [self._index.share(self._terms[sentence], query) for sentence in topic.sentences]

    def _best_sentence(self, topic: Topic, query: Mapping[str, float]) -> str:
        """Return the sentence of a topic that fits `query` best, the first of equals."""
        shares = self._shares(topic, query)
        return self._compose(topic, [shares.index(max(shares))] if shares else [])

    def _beginning(self, topic: Topic, used: Collection[str] = ()) -> str:
        """Return the first sentences of a topic, skipping those already used unless all of them are."""
        unused = [number for number, sentence in enumerate(topic.sentences) if sentence not in used]
        return self._compose(topic, unused or range(len(topic.sentences)))

    def _compose(self, topic: Topic, numbers: Sequence[int]) -> str:
        """Join the sentences with these numbers, up to the limits, into an answer that can stand alone."""
        if not topic.sentences:
            return self._contents(topic)
        chosen = list(numbers[:_MAX_SENTENCES])
        prefix = _name_prefix(topic, chosen)
        if not prefix and chosen[0] and _is_dependent(topic.sentences[chosen[0]]):
            chosen = [chosen[0] - 1, *chosen][:_MAX_SENTENCES]
        spoken = [topic.sentences[number] for number in chosen]
        while len(spoken) > 1 and sum(map(len, spoken)) > _MAX_CHARACTERS:
            spoken.pop()
        return f"{prefix}{' '.join(spoken)}"

    def _contents(self, topic: Topic) -> str:
        """List what is below a heading that has no text of its own."""
        titles = [self._topics[child].title for child in self._children.get(topic.id, ())]
        if not titles:
            return f"{topic.title}."
        return f"On {topic.title}, I can tell you about {alternatives(titles)}."


def alternatives(names: Sequence[str]) -> str:
    """Join names as in 'A, B or C'."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def _unknown_about(topic: Topic) -> str:
    return f"I don't know that about {topic.title}."


def _beyond_heading(topic: Topic, query: Mapping[str, float]) -> dict[str, float]:
    """Return the query for choosing sentences of a topic; empty if its heading covers the whole query."""
    heading = frozenset(text_terms(topic.title))
    if heading.issuperset(query):
        return {}
    return {term: weight * (_HEADING_WEIGHT if term in heading else 1) for term, weight in query.items()}


def _name_prefix(topic: Topic, numbers: Sequence[int]) -> str:
    """Return the heading to start with if the sentences neither stand alone nor name the topic, else ''."""
    first = topic.sentences[numbers[0]]
    is_opening = numbers[0] == 0 or topic.parent < 0 or ":" in first[:_MAX_NAME_LENGTH]
    stands_alone = is_opening and not _is_dependent(first)
    spoken = stems(" ".join(topic.sentences[number] for number in numbers))
    if stands_alone or topic.is_question or topic.names & spoken:
        return ""
    return f"{topic.title}: "


def _is_dependent(sentence: str) -> bool:
    return bool(_DEPENDENT_STARTS.intersection(words(sentence)[:1]))
