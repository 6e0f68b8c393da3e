"""Whether an answer is right."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from local.check.questions import Expected
    from models import Answer

# `unknown`: the agent says that it does not know what it should know.
Outcome = Literal["right", "wrong", "unknown", "failed"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a question: the answer, or None if there was none, and what is wrong with it."""

    expected: Expected
    outcome: Outcome
    seconds: float
    problem: str = ""
    answer: Answer | None = None


def judge(expected: Expected, answer: Answer) -> tuple[Outcome, str]:
    """Whether `answer` is as `expected`, and if not, why."""
    said = _plain(answer.response)
    if unwanted := [text for text in expected.says_not if _says(said, text)]:
        return "wrong", f"says {_quoted(unwanted)}"
    if expected.unknown:
        return ("right", "") if answer.verdict == "unknown" else ("wrong", "should say that it does not know")
    missing = [text for text in expected.says if not _says(said, text)]
    if not missing:
        return "right", ""
    return "unknown" if answer.verdict == "unknown" else "wrong", f"does not say {_quoted(missing)}"


def _says(said: str, text: str) -> bool:
    """Whether one of the parts of `text` is said; '49' is not said in '149'."""
    return any(
        re.search(rf"(?<!\w){re.escape(part)}(?!\w)" if part[-1:].isalnum() else re.escape(part), said)
        for one in text.split("|")
        if (part := _plain(one))
    )


def _plain(text: str) -> str:
    """`text` in lower case, without emphasis, and with plain apostrophes and single spaces."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return " ".join(re.sub(r"[*_`]+", "", text).split())


def _quoted(texts: list[str]) -> str:
    return " and ".join(f"‘{text}’" for text in texts)  # noqa: RUF001 - quotation marks
