"""Small talk: greetings, thanks, goodbyes, and questions about the agent itself."""

from __future__ import annotations

import re

from knowledge.terms import words
from knowledge.vocabulary import word_set

# What a question says that is all courtesies. Goodbyes take precedence, then thanks, greetings, agreement.
_COURTESIES = {
    "bye": word_set("bye goodbye farewell later tschuss adios ciao wiedersehen وداعا السلامة"),
    "thanks": word_set("thanks thank thx cheers danke gracias merci grazie appreciated شكرا"),
    "hello": word_set(
        "hi hello hey hiya howdy greetings morning afternoon evening hallo hola guten tag مرحبا"
    ),
    "agreed": word_set(
        "ok okay great perfect nice cool yes no yeah nope sure fine alright right good ja nein نعم"
    ),
}
_FILLER = word_set(
    "there again everyone all you so very much a lot for your help to and me that now day auf مع"
)
_ALL = _FILLER.union(*_COURTESIES.values())
_ME = re.compile(
    r"(?:(?:who|what) are you|(?:are you|am i talking to) (?:a |an )?(?:robot|bot|ai|human|real|person)|"
    r"wer (?:bist du|sind sie)|bist du ein mensch)(?: or .*)?$"
)
_HELP = re.compile(r"what can (?:you do|(?:i|you) (?:ask|help).*)$|(?:(?:can|how can) you )?help(?: me)?$")
_HOW_ARE_YOU = re.compile(r"(?:hi |hello )?(?:how are you(?: doing)?(?: today)?|wie geht es (?:dir|ihnen))$")


def small_talk(question: str) -> str | None:
    """Which of the texts answers `question`, if it is nothing but small talk; None if it asks for more."""
    spoken = words(question)
    joined = " ".join(spoken)
    for kind, pattern in (("me", _ME), ("offer", _HELP), ("hello", _HOW_ARE_YOU)):
        if pattern.match(joined):
            return kind
    if not spoken or not _ALL.issuperset(spoken):
        return None
    return next((kind for kind, known in _COURTESIES.items() if known.intersection(spoken)), None)
