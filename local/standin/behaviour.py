"""How the stand-in behaves on demand: slow, failing, breaking off, malformed, or with a given reply."""

from __future__ import annotations

import threading
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Endpoint = Literal["chat", "transcriptions", "speech", "models"]
Seconds = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]


class Behaviour(BaseModel):
    """What to do with the next request, the next few, or all. Every field is optional.

    A *piece* is one content delta of a stream, one word of speech, or half of a JSON body. `*_after` is the
    number of pieces sent before; a number past the end means just before the closing: after all content, but
    before what marks the end.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    on: Endpoint | None = None
    """The endpoint; None for all of them."""
    times: Annotated[int, Field(ge=1)] | None = 1
    """How many requests; None for all from now on. Counted behaviours override these."""

    headers_delay: Seconds = 0
    """Seconds before the status line."""
    first_delay: Seconds = 0
    """Seconds between the headers and the first piece."""
    piece_delay: Seconds = 0
    """Seconds between pieces."""
    piece_tokens: Annotated[int, Field(ge=1)] = 1
    """Tokens in a content delta."""
    write_size: Annotated[int, Field(ge=1)] | None = None
    """Bytes in a write to the connection, even if that splits an event or a character."""

    status: Annotated[int, Field(ge=400, le=599)] | None = None
    """Refuse with this status and OpenAI's error body for it."""
    retry_after: str | None = None
    """The Retry-After header of a refusal: seconds or an HTTP date."""
    error_code: str | None = None
    """The code in the error body, such as insufficient_quota, if it is not the usual one for the status."""
    error_message: str | None = None
    """The message in the error body, if it is not the usual one for the status."""
    error_param: str | None = None
    """The parameter that the error body names."""
    redirect: str | None = None
    """Redirect the request (307) to this address."""
    unknown_fields: tuple[str, ...] = ()
    """Refuse chat requests with any of these fields, as servers with an older protocol do."""
    no_system_role: bool = False
    """Refuse chat requests with a system or developer message, as models with a simple template do."""
    max_prompt_tokens: Count | None = None
    """Refuse longer chat prompts with context_length_exceeded, as a model with a small window does."""
    not_json: bool = False
    """Respond with an HTML page, as a proxy in between might; with status 200 unless `status` is set."""

    cut_before_headers: bool = False
    """Close the connection without a response."""
    cut_after: Count | None = None
    """Close the connection halfway."""
    stall_after: Count | None = None
    """Stop sending, but keep the connection open."""
    keep_alive: Annotated[float, Field(gt=0)] | None = None
    """Seconds between the comments that are sent while a stream stalls; None for silence."""
    malformed_after: Count | None = None
    """Send broken JSON (for speech, bytes that are not audio) in place of a piece."""
    error_after: Count | None = None
    """End a stream with an error event, as OpenAI does when it fails halfway."""

    reply: str | None = None
    """The exact answer or transcript; '' for an empty one."""
    refusal: str | None = None
    """Have the model refuse to answer, in these words."""
    finish_reason: Literal["stop", "length", "content_filter", "tool_calls", "missing"] | None = None
    """Why the answer ended; 'missing' leaves the reason out."""
    reasoning: str | None = None
    """What the model thinks before it answers; `reasoning_in` is where it says so."""
    reasoning_in: Literal["tags", "field", "parts"] = "tags"
    """Within `<think>` tags in the text, in the field reasoning_content, or in a part of the content."""
    content_parts: bool = False
    """Whether the content is a list of parts instead of a string."""
    ignore_max_tokens: bool = False
    """Whether to write the whole answer, however few tokens the request allows."""
    exact_body: str | None = None
    """The exact body of a chat response, on one line; a stream sends it as its only event."""
    usage: bool = True
    """Whether to report token counts (a stream reports them only if asked to)."""
    done: bool = True
    """Whether a stream ends with [DONE]."""
    bom: bool = False
    """Whether the body begins with a byte-order mark."""
    line_end: Literal["\n", "\r\n", "\r"] = "\n"
    """How the lines of a stream end."""

    def over(self, other: Behaviour) -> Behaviour:
        """`other`, overridden by every field that is set explicitly here."""
        return other.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


class Behaviours:
    """The behaviours still in force. They may be changed from another thread than the server's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing: list[Behaviour] = []
        self._counted: list[tuple[Behaviour, int]] = []

    def add(self, behaviour: Behaviour) -> None:
        """Add `behaviour`. Counted behaviours are used up in the order in which they were added."""
        with self._lock:
            if behaviour.times is None:
                self._standing.append(behaviour)
            else:
                self._counted.append((behaviour, behaviour.times))

    def take(self, endpoint: Endpoint | None) -> Behaviour:
        """The behaviour for one request to `endpoint`, which uses up one of a counted behaviour.

        It combines all standing behaviours that apply, later ones overriding earlier ones, with the first
        counted one that applies on top.
        """
        with self._lock:
            taken = Behaviour()
            for standing in self._standing:
                taken = standing.over(taken) if standing.on in {None, endpoint} else taken
            for index, (counted, left) in enumerate(self._counted):
                if counted.on in {None, endpoint}:
                    self._counted[index : index + 1] = [(counted, left - 1)] if left > 1 else []
                    return counted.over(taken)
            return taken

    def waiting(self) -> list[Behaviour]:
        """All behaviours still in force, with their remaining counts."""
        with self._lock:
            counted = [b.model_copy(update={"times": left}) for b, left in self._counted]
            return [*self._standing, *counted]

    def clear(self) -> None:
        """Drop all behaviours."""
        with self._lock:
            self._standing.clear()
            self._counted.clear()
