"""Frequent questions, in whatever form owners write them, as headings.

Owners write a question in bold, after 'Q:', or in the part of a folded text that is always shown. Under a
heading, it is found by its own words, and its answer does not run into the next one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Below every heading that owners use.
_LEVEL = "######"
_ITEM = r"^ {0,3}(?:[-*+] +|\d{1,3}[.)] +)?"
_BOLD = re.compile(_ITEM + r"(?:\*\*|__)(?P<question>[^*_\s].*?)(?:\*\*|__)(?P<rest>.*)$")
# 'Q', 'Frage' and 'Pregunta', each also by its initial, and the answer to each.
_ASKED = re.compile(
    _ITEM + r"(?:Q|F|P|Question|Frage|Pregunta) ?\d{0,3}[:.] *(?P<question>.+)$", re.IGNORECASE
)
_ANSWERED = re.compile(r"^(?:A|R|Answer|Antwort|Respuesta|Réponse) ?\d{0,3}[:.] *", re.IGNORECASE)
_FOLDED = re.compile(
    r"^\s*(?:<details[^>]*>)?\s*<summary[^>]*>(?P<question>.*?)</summary>(?P<rest>.*)$", re.IGNORECASE
)
_FOLD = re.compile(r"</?details[^>]*>", re.IGNORECASE)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_MAX_CHARACTERS = 300


def with_question_headings(text: str) -> str:
    """`text`, Markdown, with its frequent questions as headings of the sixth level; nothing else changes."""
    return "\n".join(_rewritten(text.split("\n")))


def _rewritten(lines: list[str]) -> Iterator[str]:
    in_fence = awaits_answer = False
    for line in lines:
        in_fence ^= bool(_FENCE.match(line))
        found = None if in_fence else _question_in(line)
        if found:
            yield from (f"{_LEVEL} {found[0]}", "")
            line = found[1]  # noqa: PLW2901 - what is left of it
            awaits_answer = True
        if not in_fence:
            line = _FOLD.sub("", line)  # noqa: PLW2901 - as above
        if awaits_answer and line.strip():
            line = _ANSWERED.sub("", _unbold_label(line.strip()))  # noqa: PLW2901 - as above
            awaits_answer = False
        yield line


def _question_in(line: str) -> tuple[str, str] | None:
    """The question in `line`, and what follows it, if there is one."""
    if folded := _FOLDED.match(line):
        return folded["question"].strip(), folded["rest"]
    bold = _BOLD.match(line)
    if bold and bold["rest"].startswith("?"):
        return _asked(f"{bold['question']}?"), bold["rest"][1:].strip()
    if bold and (question := _asked(bold["question"])).endswith("?"):
        return question, bold["rest"].strip(" :")
    asked = _ASKED.match(_unbold_label(line))
    if asked and len(line) <= _MAX_CHARACTERS and asked["question"].strip(" *_").endswith("?"):
        return asked["question"].strip(" *_"), ""
    return None


def _asked(question: str) -> str:
    """`question` without the 'Q:' before it."""
    labelled = _ASKED.match(question)
    return (labelled["question"] if labelled else question).strip(" :")


def _unbold_label(line: str) -> str:
    """`line` without the marks around a bold label, as in '**Q:** Do you ship?'."""
    return re.sub(r"^(?:\*\*|__)(\w{1,9} ?\d{0,3}[:.])(?:\*\*|__)", r"\1", line)
