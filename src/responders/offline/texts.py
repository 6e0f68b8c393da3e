"""What the offline demo says in its own words, in the widget's three languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT = "en"
# {topics}: 'Prices, Opening hours or Pets'; {heading}: of the knowledge; {count}: a number.
TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unknown": "I'm sorry, I don't know that.",
        "closest": "I'm not sure that this is what you mean. Under “{heading}” I found:",
        "offer": "I can tell you about {topics}.",
        "more": "and {count} more, see “{heading}”",
        "end": "That is all I know about “{heading}”.",
        "foreign": "I'm the offline demo, and what I know is in another language.",
        "hello": "Hello! What would you like to know?",
        "thanks": "You're welcome. Is there anything else you would like to know?",
        "bye": "Goodbye, and thank you for stopping by.",
        "agreed": "All right. What else would you like to know?",
        "me": "I'm the voice agent of this website, in its offline demo.",
        "or": "or",
    },
    "de": {
        "unknown": "Das weiß ich leider nicht.",
        "closest": "Ich bin nicht sicher, ob Sie das meinen. Unter „{heading}“ steht:",
        "offer": "Ich kann etwas sagen zu: {topics}.",
        "more": "und {count} weitere, siehe „{heading}“",
        "end": "Mehr weiß ich nicht über „{heading}“.",
        "foreign": "Ich bin die Offline-Demo, und was ich weiß, ist in einer anderen Sprache.",
        "hello": "Guten Tag! Was möchten Sie wissen?",
        "thanks": "Gern geschehen. Möchten Sie noch etwas wissen?",
        "bye": "Auf Wiedersehen und danke für Ihren Besuch.",
        "agreed": "Gut. Was möchten Sie noch wissen?",
        "me": "Ich bin der Sprachassistent dieser Website, in der Offline-Demo.",
        "or": "oder",
    },
    "ar": {
        "unknown": "عذرًا، لا أعرف ذلك.",
        "closest": "لست متأكدًا أن هذا ما تقصده. وجدت تحت «{heading}»:",
        "offer": "يمكنني أن أخبرك عن: {topics}.",
        "more": "و{count} أخرى، انظر «{heading}»",
        "end": "هذا كل ما أعرفه عن «{heading}».",
        "foreign": "أنا النسخة التجريبية دون اتصال، وما أعرفه مكتوب بلغة أخرى.",
        "hello": "مرحبًا! ماذا تود أن تعرف؟",
        "thanks": "على الرحب والسعة. هل تود معرفة شيء آخر؟",
        "bye": "مع السلامة، وشكرًا لزيارتك.",
        "agreed": "حسنًا. ماذا تود أن تعرف أيضًا؟",
        "me": "أنا المساعد الصوتي لهذا الموقع، في نسخته التجريبية دون اتصال.",
        "or": "أو",
    },
}
WITH_OFFER = frozenset(["unknown", "foreign", "hello", "me"])
# These do not answer anything; how they begin tells them from answers.
NO_ANSWERS = tuple(said[kind] for said in TEXTS.values() for kind in ("unknown", "foreign"))


def listing(names: Sequence[str], language: str) -> str:
    """`names` as a list in a sentence: 'Prices, Opening hours or Pets'."""
    *most, last = names
    return f"{', '.join(most)} {TEXTS[language]['or']} {last}" if most else last
