"""How an answer is worded: which sentences of a topic, how many, and under which name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responders.offline.terms import text_terms, word_set, words
from responders.offline.topics import stems

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from responders.offline.relevance import Index
    from responders.offline.topics import Group, Topic

# A spoken answer: about twenty seconds at the most.
_MOST_SENTENCES = 3
_MOST_CHARACTERS = 320
# So few sentences belong together.
_SAID_WHOLE = 2
# Of more, a sentence is said with the best one if it fits the question this well beside it.
_BESIDE_BEST = 0.65
# A word that the heading says already counts for this much in choosing sentences beneath it.
_IN_HEADING = 0.5
_SUBJECTS = 3
# A colon this early ends a name, as list items and table rows begin.
_LABEL = 40
# A sentence that starts with one of these needs the one before it, or the name of what it is about.
_LEANING = word_set("it its they their that this these those he she also then after otherwise both")


class Phrasing:
    """Words answers about topics."""

    def __init__(self, topics: Sequence[Topic], groups: Sequence[Group], index: Index) -> None:
        """Take what there is to talk about, and the index that knows which words are rare."""
        self._topics = topics
        self._children = {group.parent: group.members for group in groups}
        self._index = index
        self._held = {
            sentence: frozenset(text_terms(sentence)) for topic in topics for sentence in topic.sentences
        }

    def subjects(self) -> list[str]:
        """A few of the outermost headings that can stand in a sentence, in order."""
        top = self._children.get(-1) or self._children.get(0) or (0,)
        titles = [self._topics[place].title.removeprefix("About ") for place in top]
        return [title for title in titles if not title.endswith("?")][:_SUBJECTS] or titles[:_SUBJECTS]

    def opening(self, question: str) -> str | None:
        """The beginning of the knowledge, for 'What do you do?'; None for what is no question in words."""
        first = next((topic for topic in self._topics if topic.sentences), None)
        return self._lead(first, frozenset()) if first and "what" in words(question) else None

    def of_topic(self, place: int, query: Mapping[str, float], said: Collection[str] = ()) -> str:
        """What `topic` says to `query`; its beginning where the question is about the whole of it."""
        topic = self._topics[place]
        if not topic.sentences:
            return self._contents(topic)
        asked = _beyond_heading(topic, query)
        shares = [self._index.share(self._held[sentence], asked) for sentence in topic.sentences]
        best = max(shares)
        if not best:
            return self._lead(topic, said)
        least = 0.0 if len(shares) <= _SAID_WHOLE else _BESIDE_BEST * best
        chosen = [number for number, share in enumerate(shares) if share >= least]
        return self._worded(topic, chosen)

    def of_members(self, places: Sequence[int], query: Mapping[str, float], said: Collection[str]) -> str:
        """What each of `places` says to `query`: in full for one, a sentence each for several."""
        if len(places) == 1:
            return self._of_one(places[0], query, said)
        chosen = [self._topics[place] for place in places[:_MOST_SENTENCES]]
        return " ".join(self._one(topic, query) for topic in chosen)

    def instead(self, asked: int, place: int, query: Mapping[str, float]) -> str:
        """What the topic at `place` says to `query`, since the one `asked` about says nothing."""
        return f"I don't know that about {self._topics[asked].title}. {self._one(self._topics[place], query)}"

    def more(self, places: Sequence[int], said: Collection[str]) -> str:
        """What was not said yet of `places`, else of what stands below them, else that this was all."""
        below = [child for place in places for child in self._children.get(place, ())]
        for place in (*places, *below):
            topic = self._topics[place]
            if set(topic.sentences) - set(said):
                return self._lead(topic, said)
        return f"That is all I know about {self._topics[places[0]].title}."

    def _of_one(self, place: int, query: Mapping[str, float], said: Collection[str]) -> str:
        topic = self._topics[place]
        held = frozenset().union(*(self._held[sentence] for sentence in topic.sentences))
        if query and not self._index.share(held, query):
            return f"I don't know that about {topic.title}. {self._lead(topic, frozenset())}"
        return self.of_topic(place, query, said)

    def _one(self, topic: Topic, query: Mapping[str, float]) -> str:
        """The one sentence of `topic` that fits `query` best, the first of equals."""
        shares = [self._index.share(self._held[sentence], query) for sentence in topic.sentences]
        return self._worded(topic, [shares.index(max(shares))] if shares else [])

    def _lead(self, topic: Topic, said: Collection[str]) -> str:
        """The first sentences, those that were not said yet if there are any."""
        fresh = [number for number, sentence in enumerate(topic.sentences) if sentence not in said]
        return self._worded(topic, fresh or range(len(topic.sentences)))

    def _worded(self, topic: Topic, numbers: Sequence[int]) -> str:
        """Those sentences in order, within the caps, and so that the first can be understood."""
        if not topic.sentences:
            return self._contents(topic)
        chosen = list(numbers[:_MOST_SENTENCES])
        name = self._name(topic, chosen)
        if not name and chosen[0] and _leans(topic.sentences[chosen[0]]):
            chosen = [chosen[0] - 1, *chosen][:_MOST_SENTENCES]
        spoken = [topic.sentences[number] for number in chosen]
        while len(spoken) > 1 and sum(map(len, spoken)) > _MOST_CHARACTERS:
            spoken.pop()
        return f"{name}{' '.join(spoken)}"

    def _name(self, topic: Topic, numbers: Sequence[int]) -> str:
        """The heading to begin with, where the chosen sentences are torn from it and do not name it."""
        first = topic.sentences[numbers[0]]
        opens = numbers[0] == 0 or topic.parent < 0 or ":" in first[:_LABEL]
        stands_alone = opens and not _leans(first)
        spoken = stems(" ".join(topic.sentences[number] for number in numbers))
        if stands_alone or topic.title.endswith("?") or topic.names & spoken:
            return ""
        return f"{topic.title}: "

    def _contents(self, topic: Topic) -> str:
        """What stands below a heading without text of its own."""
        titles = [self._topics[child].title for child in self._children.get(topic.place, ())]
        return (
            f"On {topic.title}, I can tell you about {alternatives(titles)}." if titles else f"{topic.title}."
        )


def alternatives(names: Sequence[str]) -> str:
    """'A, B or C'."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def _beyond_heading(topic: Topic, query: Mapping[str, float]) -> dict[str, float]:
    """`query` for choosing sentences; empty where the heading answers to all of it."""
    heading = frozenset(text_terms(topic.title))
    if heading.issuperset(query):
        return {}
    return {term: weight * (_IN_HEADING if term in heading else 1) for term, weight in query.items()}


def _leans(sentence: str) -> bool:
    return bool(_LEANING.intersection(words(sentence)[:1]))
