"""Misspelt names of settings: a variable that no setting reads, although its name resembles one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from providers import BINDING as AI
from rate_limit import BINDING as RATE_LIMITER
from session_storage import BINDING as VOICE_SESSIONS
from session_storage import DATABASE as VOICE_DB
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

BINDINGS = (VOICE_SESSIONS, VOICE_DB, RATE_LIMITER, AI)
# The share of letters that two names have in common, twice that over their lengths: GREETNG and GREETING
# have 0.93, OPENAI_ORG_ID and its nearest setting 0.6.
SIMILARITY = 0.86
# The name of the base URL in the package `openai` before version 1, and in many programs to this day.
FORMER_NAMES = {"OPENAI_API_BASE": "OPENAI_BASE_URL"}


def misspelt_names(names: Iterable[str], known: Iterable[str] = ()) -> dict[str, str]:
    """For each of the variables `names` that looks like a misspelt setting, the setting it looks like.

    `known` are further names that are spelt correctly, such as those of bindings. A variable is left out if
    the setting that it looks like is set too.
    """
    given = set(names)
    right = [*map(str.upper, Settings.model_fields), *known]
    guesses = {name: _guess(name, right) for name in sorted(given.difference(right))}
    return {name: guess for name, guess in guesses.items() if guess and guess not in given}


def did_you_mean(misspelt: dict[str, str]) -> list[str]:
    """A sentence for each of the names that `misspelt_names` found."""
    return [f"{name} is not a setting: did you mean {guess}?" for name, guess in misspelt.items()]


def _guess(name: str, right: list[str]) -> str | None:
    by_letters = {_letters(setting): setting for setting in right}
    close = get_close_matches(_letters(name), by_letters, n=1, cutoff=SIMILARITY)
    return by_letters[close[0]] if close else _other_words(name.upper(), right)


def _other_words(name: str, right: list[str]) -> str | None:
    """The setting of which `name` leaves out words, as OPENAI_KEY and SESSION_TTL do, or adds some to."""
    first, _, rest = name.partition("_")
    if not rest:
        return None
    if name in FORMER_NAMES:
        return FORMER_NAMES[name]
    shortened = [each for each in right if each.startswith(f"{first}_") and each.endswith(f"_{rest}")]
    shortened.sort(key=len)  # the setting that is closest
    begun = [each for each in right if each.startswith(f"{name}_")]
    extended = [each for each in right if name.startswith(f"{each}_") and "_" in each]
    return next(iter([*shortened, *begun, *extended]), None)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.upper()))
