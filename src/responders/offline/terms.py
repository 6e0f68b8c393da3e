"""Words as the search compares them: folded, stemmed, without stop words, in any script.

English is helped by a light stemmer, stop words and a small thesaurus of what people ask businesses about;
none of it knows a particular per company. Words of other languages are compared as they are written, accents
apart.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Thai and Lao, kana, Chinese characters.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
# A mark of this module; one character of a script without spaces; letters with apostrophes; a number.
_WORD = re.compile(
    rf"#[a-z]+|[{_UNSPACED}]|[^\W\d_{_UNSPACED}]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?"
)


def word_set(text: str) -> frozenset[str]:
    """The words of `text`, as a set: short to write and to read."""
    return frozenset(text.split())


_POSSESSIVE = re.compile(r"'s$|s'$")
_DOUBLED = re.compile(r"([^aeiou])\1$")
# Longest first: the first that fits is cut off.
_SUFFIXES = tuple(
    sorted(
        word_set(
            "ations ation ances ance ments ment ities ity ant ings ing ions ion ies ied ely ed es ly s e y"
        ),
        key=lambda suffix: (-len(suffix), suffix),
    )
)
_STEM_AT_LEAST = 3

# What a text holds, whatever the words: an amount of money, a time of day, an address to write to.
MONEY, TIME, EMAIL = "#money", "#time", "#email"
# What 'where are you?' asks for; only a question holds it.
PLACE = "#place"
_CURRENCY = "dollars?|euros?|pounds?|francs?|usd|eur|gbp|chf|cents?"
AMOUNT = re.compile(rf"[$€£¥₹]\s?(\d[\d.,]*)|\b(\d[\d.,]*)\s?(?:[$€£¥₹]|(?:{_CURRENCY})\b)", re.IGNORECASE)
_CLOCK = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d|\s?[ap]\.?m\b|\s?o'clock| in the (?:morning|afternoon|evening))", re.IGNORECASE
)
_MAIL = re.compile(r"\S@\S+\.\w")

# Each term of a question costs time; few sentences have as many.
_TERMS_AT_MOST = 40
# How a question says in two words what a text says in one.
_PHRASES = (
    (re.compile(r"\bhow much\b"), "price"),
    (re.compile(r"\bhow (?:long|fast|quickly|soon)\b"), "duration"),
    (re.compile(r"\b(?:opening|business|office) (?:times?|hours)\b|\bwhat times?\b"), "hours"),
    (re.compile(r"\bwhere (?:are you(?: located| based)?|is it|can i find you)\b"), PLACE),
    (re.compile(r"\b(?:your )?e-?mail address\b|\byour e-?mail\b"), f"contact {EMAIL}"),
    # 'Reach you' asks for a way to make contact; 'reach' alone is a verb like any ('reaches your card').
    (re.compile(r"\b(?:reach|contact|(?:speak|talk|write) (?:to|with)) you\b"), "contact"),
    (re.compile(r"\b(?:get|be) in touch\b|\btalk to (?:a |some)?(?:person|human|one|body)\b"), "contact"),
    (re.compile(r"\bmoney back\b"), "refund"),
    (re.compile(r"\bno[- ]?shows?\b"), "missed appointment"),
    (re.compile(r"\bhow many (?:people|persons) work\b"), "employee"),
    (re.compile(r"\bsign(?:ing)? ?up\b"), "signup"),
    (re.compile(r"\b(?:log|sign)(?:ging|ing)? ?in\b"), "login"),
    (re.compile(r"\be-mail"), "email"),
)


STOP_WORDS = word_set(
    """
    a about above after again against all also although always am an and another any anybody anyone
    anything are around as at away back be because been before being below best better between both but by
    came can cannot cant come comes coming company could couldnt cover covered covers details did didnt do
    does doesnt doing done dont down during each either else ever every everything exactly few find first
    for from further gave general get gets getting give given gives go goes going good got great had has
    have havent having he hello help her here hers hey hi him his how however i id if ill im in include
    included includes including info information into is isnt it its ive just kind know later least less
    let lets like likes little look looking lot made make makes many may maybe me mean might mine more
    most much must my myself need needs never next no nor not nothing now number of off offer offered
    offering offers often oh ok okay on once one ones only onto options or other others our ours out over
    own particular per please policies policy possible provide provides quite rather really same say see
    seem several shall she should show shows so some somebody someone something sort still such sure take
    takes tell than thank thanks that thats the their theirs them then there theres these they thing
    things think this those though through to today too under until up upon us use used uses using very
    want wants was wasnt way we well were weve what whatever whats when whenever where wheres whether
    which while who whom whos whose why will wish with within without wonder wont would wouldnt yes yet
    you youd youll your youre yours yourself youve
    """
)

_RELATED = (
    f"price pricing cost fee charge rate tariff expensive cheap quote {MONEY}",
    "tier plan package subscription membership level",
    f"hour open opening time closed {TIME}",
    "close closed open hour",
    "weekend saturday sunday",
    "weekday monday tuesday wednesday thursday friday",
    f"contact reach email phone call write {EMAIL}",
    f"email mail {EMAIL}",
    "phone telephone call",
    "support assistance contact",
    "cancel leave quit stop terminate unsubscribe",
    "refund reimburse guarantee",
    f"{PLACE} address located office based visit street",
    "location address located office",
    "secure security safe protect encrypted",
    "pay payment card invoice accept method",
    "credit debit card",
    "signup register account start begin",
    "login signing password authenticator",
    "start begin setup",
    "setup installation install add paste",
    "discount reduction saving percent",
    "staff employee team people colleague",
    "founder founded owner own run started",
    "app mobile iphone android",
    "ship delivery deliver post send",
    "appointment booking reservation",
    "book reserve order",
    "sms text",
    "trial try test",
    "year annual yearly",
    "annually year annual",
    "month monthly",
    "duration minute hour day week month year",
    "holiday vacation",
    "privacy data gdpr",
    "store stored kept keep",
    "connect integration sync integrate",
    "move switch change upgrade downgrade",
    "company business firm",
    "site website",
    "limit maximum unlimited up",
)


def fold(text: str) -> str:
    """`text` in lower case, without accents, with plain apostrophes."""
    text = text.replace("\u2019", "'").casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """The words and numbers of `text`, folded, in order: 'What's the 2nd?' is what, the, 2nd."""
    return [_POSSESSIVE.sub("", word).replace("'", "") for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """What the forms of an English word have in common: 'cancelled' and 'cancellation' are 'cancel'.

    A stem has three letters at least; short words and numbers stay as they are.
    """
    if len(word) <= _STEM_AT_LEAST or not word.isascii() or not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _STEM_AT_LEAST:
            word = word.removesuffix(suffix)
            break
    return _DOUBLED.sub(r"\1", word) if len(word) > _STEM_AT_LEAST else word


def question_terms(text: str) -> list[str]:
    """What a question asks about: its first terms, 'how much' and its like taken for their meaning."""
    folded = fold(text)
    for phrase, meaning in _PHRASES:
        folded = phrase.sub(f" {meaning} ", folded)
    return _terms(folded)[:_TERMS_AT_MOST]


def text_terms(text: str) -> list[str]:
    """What a text holds: its terms, and a mark for each kind of fact (`MONEY`, `TIME`, `EMAIL`)."""
    kinds = ((MONEY, AMOUNT), (TIME, _CLOCK), (EMAIL, _MAIL))
    return _terms(text) + [mark for mark, pattern in kinds if pattern.search(text)]


def _terms(text: str) -> list[str]:
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def _thesaurus() -> dict[str, frozenset[str]]:
    related: dict[str, set[str]] = {}
    for group in _RELATED:
        stems = {word if word.startswith("#") else stem(word) for word in group.split()}
        for term in stems:
            related.setdefault(term, set()).update(stems - {term})
    return {term: frozenset(others) for term, others in related.items()}


RELATED = _thesaurus()
