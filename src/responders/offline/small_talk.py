"""Small talk: greetings, thanks, goodbyes, and questions about the agent itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responders.offline.terms import words
from responders.offline.vocabulary import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILLER = word_set("there again everyone all you so very much a lot for your help the to and me that now")
_GREETING = word_set(
    "hi hello hey hiya howdy greetings good morning afternoon evening day hallo hola bonjour ciao"
)
_THANKS = word_set("thanks thank thx cheers danke gracias merci grazie appreciated")
_GOODBYE = word_set("bye goodbye farewell later see tschuess tschuss adios")
_AGREEMENT = word_set("ok okay great perfect nice cool yes no yeah nope sure fine alright right good")
_ABOUT_ME = (
    "who are you",
    "what are you",
    "are you a robot",
    "are you a bot",
    "are you an ai",
    "are you human",
    "are you real",
    "are you a human",
    "are you a person",
    "am i talking to a human",
    "am i talking to a person",
)
_HELP = ("what can you do", "what can i ask", "can you help me", "help me", "help", "how can you help")


def small_talk(question: str, offer: str) -> str | None:
    """Return the answer to `question` if it is nothing but small talk, otherwise None.

    `offer` lists what the agent can talk about, for example 'pricing, opening hours or refunds'.
    """
    spoken = words(question)
    joined = " ".join(spoken)
    if any(joined == phrase or joined.startswith(f"{phrase} or ") for phrase in _ABOUT_ME):
        return f"I'm the voice agent of this website, in its offline demo. You can ask me about {offer}."
    if joined in _HELP or joined.startswith(("what can i ask", "what can you help")):
        return f"You can ask me about {offer}."
    return _courtesy(spoken, offer)


def _courtesy(spoken: Sequence[str], offer: str) -> str | None:
    """Answer words that are all courtesies. Goodbyes take precedence, then thanks, greetings, agreement."""
    if " ".join(spoken) in {"how are you", "how are you doing", "how are you today", "hi how are you"}:
        return f"I'm well, thank you. What would you like to know about {offer}?"
    answers = (
        (_GOODBYE, "Goodbye, and thank you for stopping by."),
        (_THANKS, "You're welcome. Is there anything else you would like to know?"),
        (_GREETING - {"good", "day"}, f"Hello! You can ask me about {offer}."),
        (_GREETING | _AGREEMENT, "All right. What else would you like to know?"),
    )
    courtesies = _FILLER | _GREETING | _THANKS | _GOODBYE | _AGREEMENT
    if not spoken or not courtesies.issuperset(spoken):
        return None
    return next((answer for kind, answer in answers if kind.intersection(spoken)), None)
