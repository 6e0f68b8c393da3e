"""Misspelt names of settings: a variable that no setting reads, although its name resembles one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from rate_limit import BINDING as RATE_LIMITER
from session_storage import BINDING as VOICE_SESSIONS
from session_storage import DATABASE as VOICE_DB
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

BINDINGS = (VOICE_SESSIONS, VOICE_DB, RATE_LIMITER)
# The share of letters that two names have in common, twice that over their lengths: GREETNG and GREETING
# have 0.93, OPENAI_ORG_ID and its nearest setting 0.6.
SIMILARITY = 0.86


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
    return by_letters[close[0]] if close else _shortened(name, right)


def _shortened(name: str, right: list[str]) -> str | None:
    """The setting of which `name` leaves out a word, as OPENAI_KEY does of OPENAI_API_KEY."""
    words = name.upper().split("_")
    if len(words) < 2:
        return None
    ends = (setting for setting in right if setting.startswith(f"{words[0]}_"))
    return next((setting for setting in ends if setting.endswith("_".join(["", *words[1:]]))), None)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.upper()))
