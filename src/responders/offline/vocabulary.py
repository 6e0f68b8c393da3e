"""The English that the search knows: stop words, related words, and phrases that stand for a single word.

It covers what people ask businesses about, and nothing that is particular to one business.
"""

from __future__ import annotations

import re

# Facts that are recognised whatever the words: an amount of money, a time of day, an email address.
MONEY, TIME, EMAIL = "#money", "#time", "#email"
# What 'where are you?' asks for. Only questions contain it.
PLACE = "#place"


def word_set(text: str) -> frozenset[str]:
    """Return the words of a space-separated list."""
    return frozenset(text.split())


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

# Groups of words; each word of a group counts, at a reduced weight, as any other.
RELATED_WORDS = (
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

# Phrases of a question, with the word that a text is likely to use instead.
PHRASES = (
    (re.compile(r"\bhow much\b"), "price"),
    (re.compile(r"\bhow (?:long|fast|quickly|soon)\b"), "duration"),
    (re.compile(r"\b(?:opening|business|office) (?:times?|hours)\b|\bwhat times?\b"), "hours"),
    (re.compile(r"\bwhere (?:are you(?: located| based)?|is it|can i find you)\b"), PLACE),
    (re.compile(r"\b(?:your )?e-?mail address\b|\byour e-?mail\b"), f"contact {EMAIL}"),
    # 'Reach you' asks for contact details; 'reach' alone is an ordinary verb ('reaches your card').
    (re.compile(r"\b(?:reach|contact|(?:speak|talk|write) (?:to|with)) you\b"), "contact"),
    (re.compile(r"\b(?:get|be) in touch\b|\btalk to (?:a |some)?(?:person|human|one|body)\b"), "contact"),
    (re.compile(r"\bmoney back\b"), "refund"),
    (re.compile(r"\bno[- ]?shows?\b"), "missed appointment"),
    (re.compile(r"\bhow many (?:people|persons) work\b"), "employee"),
    (re.compile(r"\bsign(?:ing)? ?up\b"), "signup"),
    (re.compile(r"\b(?:log|sign)(?:ging|ing)? ?in\b"), "login"),
    (re.compile(r"\be-mail"), "email"),
)
