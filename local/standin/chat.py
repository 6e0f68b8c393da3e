"""`POST /v1/chat/completions`, as JSON and as a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.standin.planned_response import event, event_stream, json_response
from local.standin.tokens import in_pieces, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.standin.behaviour import Behaviour
    from local.standin.chat_request import ChatRequest
    from local.standin.planned_response import PlannedResponse

# Tokens of overhead for each message and for the reply, as in OpenAI's cookbook on counting tokens.
_OVERHEAD_TOKENS = 3


def completion(
    request: ChatRequest, behaviour: Behaviour, answer: str, *, number: int, created: int
) -> PlannedResponse:
    """The response to `request` with `answer`, cut to the tokens that the request allows.

    `number` makes its id unique; `created` is in seconds since 1970.
    """
    found = tokens(answer)
    text = "".join(found[: request.max_tokens])
    usual = "length" if len(text) < len(answer) else "stop"
    reason = behaviour.finish_reason or usual
    finish_reason = None if reason == "missing" else reason
    return Completion(
        request, behaviour, f"chatcmpl-standin-{number}", created, text, finish_reason
    ).response()


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer, which can be sent as JSON or as a stream."""

    request: ChatRequest
    behaviour: Behaviour
    completion_id: str
    created: int
    text: str
    finish_reason: str | None

    def response(self) -> PlannedResponse:
        """The response, as JSON or as a stream, as the request asks."""
        deltas = in_pieces(self.text, self.behaviour.piece_tokens)
        if not self.request.stream:
            return json_response(self._body(), thinking_pieces=max(1, len(deltas)))
        kind = "content" if self.behaviour.refusal is None else "refusal"
        return event_stream(
            self._chunk({"role": "assistant", "content": ""}),
            [self._chunk({kind: delta}) for delta in deltas],
            self._closing(),
        )

    def _body(self) -> dict[str, Any]:
        refused = self.behaviour.refusal is not None
        message: dict[str, Any] = {
            "role": "assistant",
            "content": None if refused else self.text,
            "refusal": self.text if refused else None,
            "annotations": [],
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        body = {**self._envelope("chat.completion"), "choices": [choice]}
        return {**body, "usage": self._usage()} if self.behaviour.usage else body

    def _closing(self) -> bytes:
        events = [self._chunk({}, self.finish_reason)] if self.finish_reason else []
        if self.request.include_usage and self.behaviour.usage:
            envelope = self._envelope("chat.completion.chunk")
            events.append(event({**envelope, "choices": [], "usage": self._usage()}))
        return b"".join([*events, b"data: [DONE]\n\n" if self.behaviour.done else b""])

    def _chunk(self, delta: Mapping[str, str], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        usage = {"usage": None} if self.request.include_usage else {}
        return event({**self._envelope("chat.completion.chunk"), "choices": [choice], **usage})

    def _envelope(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.completion_id,
            "object": kind,
            "created": self.created,
            "model": self.request.model,
        }

    def _usage(self) -> dict[str, int]:
        messages = sum(_OVERHEAD_TOKENS + len(tokens(m.content)) for m in self.request.messages)
        prompt, answer = messages + _OVERHEAD_TOKENS, len(tokens(self.text))
        return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
