"""What an answer rests on: whether the knowledge has it, where, and what of it the knowledge lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

# `chat` is what needs no knowledge, such as a greeting.
Verdict = Literal["answered", "partly", "unknown", "chat"]


@dataclass(frozen=True, slots=True)
class Source:
    """A document that an answer is from.

    `url` is where visitors can read it; None if nowhere. `quote` are words of it, as they stand on that page,
    by which a browser finds the place.
    """

    title: str
    url: str | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer rests on.

    `verdict` says whether the knowledge has the answer; None if the model has not said. `unsupported` are
    numbers and addresses of the answer that the model was sent nowhere.
    """

    verdict: Verdict | None = None
    sources: tuple[Source, ...] = ()
    unsupported: tuple[str, ...] = ()


NO_EVIDENCE = Evidence()

# The same as fields of a response.
VerdictField = Annotated[
    Verdict | None,
    Field(
        description="Whether the knowledge has the answer: all of it (`answered`), a part (`partly`) or "
        "nothing (`unknown`); `chat` if the question needs none. Null if the model has not said."
    ),
]
SourcesField = Annotated[tuple[Source, ...], Field(description="The documents that the answer is from.")]
UnsupportedField = Annotated[
    tuple[str, ...],
    Field(description="Numbers and addresses in the answer that the model was sent nowhere."),
]
