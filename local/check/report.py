"""The table that `voice-agent check` prints."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from local.check.judging import Outcome, Result

MAX_QUESTION_CHARS = 46
_MAX_ANSWER_CHARS = 160
_OUTCOMES: tuple[Outcome, ...] = ("right", "wrong", "unknown", "failed")


def table(results: Sequence[Result]) -> Iterator[str]:
    """A line for each question, with what is wrong below it."""
    width = min(MAX_QUESTION_CHARS, max(len(result.expected.question) for result in results))
    yield f"{'':7}  {'question':{width}}  {'seconds':>7}  {'tokens':>6}  sources"
    for number, result in enumerate(results, 1):
        question = textwrap.shorten(f"{number}. {result.expected.question}", width, placeholder="…")
        yield (
            f"{result.outcome:7}  {question:{width}}  {result.seconds:7.2f}  {_tokens(result):>6}  "
            f"{_sources(result)}".rstrip()
        )
        if result.problem:
            yield f"{'':7}  → {result.problem}"
        if result.outcome != "right" and result.answer:
            answer = " ".join(result.answer.response.split())
            yield f"{'':7}    “{textwrap.shorten(answer, _MAX_ANSWER_CHARS, placeholder='…')}”"


def summary(results: Sequence[Result]) -> str:
    """The counts, the time, and the tokens if a model counted them."""
    counts = Counter(result.outcome for result in results)
    named = ", ".join(f"{counts[one]} {one}" for one in _OUTCOMES if counts[one] or one != "failed")
    seconds = sum(result.seconds for result in results)
    usages = [result.answer.usage for result in results if result.answer and result.answer.usage]
    tokens = ""
    if usages:
        sent, written = sum(one.input_tokens for one in usages), sum(one.output_tokens for one in usages)
        tokens = f", {sent:,} tokens sent and {written:,} written"
    return f"{named} of {len(results)}; {seconds:.1f} s{tokens}"


def _tokens(result: Result) -> str:
    usage = result.answer.usage if result.answer else None
    return str(usage.input_tokens + usage.output_tokens) if usage else ""


def _sources(result: Result) -> str:
    return ", ".join(_titles(result)) if result.answer else ""


def _titles(result: Result) -> Iterable[str]:
    return (source.title for source in result.answer.sources) if result.answer else ()
