"""How the stand-in behaves on demand: slow, failing, breaking off, malformed, or answering word for word."""

from __future__ import annotations

import threading
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Endpoint = Literal["chat", "transcriptions", "speech", "models"]
Seconds = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]


class Behaviour(BaseModel):
    """What to do with the next request, the next few, or all; every field may be left out.

    A *piece* is one content delta of a stream, one word of speech, or half of a JSON body. `*_after` counts
    the pieces that go out before; a number past the end means just before the closing, that is after all
    content but before what marks the end.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    on: Endpoint | None = None
    """The call that is meant; None for every call."""
    times: Annotated[int, Field(ge=1)] | None = 1
    """How many requests; None for all from now on, beneath what counted behaviours say."""

    headers_delay: Seconds = 0
    """Seconds before the status line."""
    first_delay: Seconds = 0
    """Seconds between the headers and the first piece."""
    piece_delay: Seconds = 0
    """Seconds between two pieces."""
    piece_tokens: Annotated[int, Field(ge=1)] = 1
    """Tokens in one content delta."""
    write_size: Annotated[int, Field(ge=1)] | None = None
    """Bytes in one write to the connection, wherever that splits an event or a character."""

    status: Annotated[int, Field(ge=400, le=599)] | None = None
    """Refuse with this status and OpenAI's own kind of error."""
    retry_after: str | None = None
    """The Retry-After header of a refusal: seconds or an HTTP date."""
    error_code: str | None = None
    """The error's code where OpenAI's usual one for the status is not meant, such as insufficient_quota."""
    unknown_fields: tuple[str, ...] = ()
    """Refuse a chat request that has one of these fields, as servers with an older protocol do."""
    not_json: bool = False
    """Answer with a page of HTML, as a proxy in between would; with status 200 unless `status` is set."""

    cut_before_headers: bool = False
    """Close the connection without an answer."""
    cut_after: Count | None = None
    """Close the connection in the middle."""
    stall_after: Count | None = None
    """Send nothing more and keep the connection open."""
    malformed_after: Count | None = None
    """Send broken JSON, or for speech bytes that are no audio, in place of a piece."""
    error_after: Count | None = None
    """End a stream with an error event, as OpenAI does when it fails half-way."""

    reply: str | None = None
    """The exact answer or transcript; '' for an empty one."""
    refusal: str | None = None
    """Refuse to answer, in these words."""
    finish_reason: Literal["stop", "length", "content_filter", "tool_calls", "missing"] | None = None
    """Why the answer ends; 'missing' leaves the reason out."""
    usage: bool = True
    """Whether token counts are given (a stream gives them only when asked)."""
    done: bool = True
    """Whether a stream ends with [DONE]."""

    def over(self, other: Behaviour) -> Behaviour:
        """`other` with everything that is set here in its place."""
        return other.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


class Behaviours:
    """What was asked for so far. Safe to use from another thread than the server's."""

    def __init__(self) -> None:
        """Begin with nothing special."""
        self._lock = threading.Lock()
        self._standing: list[Behaviour] = []
        self._counted: list[tuple[Behaviour, int]] = []

    def add(self, behaviour: Behaviour) -> None:
        """Keep `behaviour`: of those with a count the first one added is used up first."""
        with self._lock:
            if behaviour.times is None:
                self._standing.append(behaviour)
            else:
                self._counted.append((behaviour, behaviour.times))

    def take(self, endpoint: Endpoint | None) -> Behaviour:
        """What holds for a request to `endpoint`: the standing ones, later over earlier, then one counted."""
        with self._lock:
            taken = Behaviour()
            for standing in self._standing:
                taken = standing.over(taken) if standing.on in {None, endpoint} else taken
            for place, (counted, left) in enumerate(self._counted):
                if counted.on in {None, endpoint}:
                    self._counted[place : place + 1] = [(counted, left - 1)] if left > 1 else []
                    return counted.over(taken)
            return taken

    def waiting(self) -> list[Behaviour]:
        """All that is still in force, with the counts that are left."""
        with self._lock:
            counted = [b.model_copy(update={"times": left}) for b, left in self._counted]
            return [*self._standing, *counted]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._standing.clear()
            self._counted.clear()
