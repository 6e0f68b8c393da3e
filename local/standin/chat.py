"""`POST /v1/chat/completions`, as JSON and as a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.standin.planned_response import event, event_stream, json_response, whole_response
from local.standin.tokens import in_pieces, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.standin.behaviour import Behaviour
    from local.standin.chat_request import ChatRequest
    from local.standin.planned_response import PlannedResponse

DONE = b"data: [DONE]\n\n"


def completion(
    request: ChatRequest, behaviour: Behaviour, answer: str, *, number: int, created: int
) -> PlannedResponse:
    """The response to `request` with `answer`, cut to the tokens that the request allows.

    `number` makes its id unique; `created` is in seconds since 1970.
    """
    allowed = None if behaviour.ignore_max_tokens else request.max_tokens
    text = "".join(tokens(answer)[:allowed])
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
        exact = self.behaviour.exact_body
        if exact is not None:
            return self._exactly(exact.encode())
        deltas = list(self._deltas())
        if not self.request.stream:
            return json_response(self._body(), thinking_pieces=max(1, len(deltas)))
        return event_stream(
            self._chunk({"role": "assistant", "content": ""}), list(map(self._chunk, deltas)), self._closing()
        )

    def _exactly(self, body: bytes) -> PlannedResponse:
        if not self.request.stream:
            return whole_response(body, "application/json")
        return event_stream(b"", [b"data: %b\n\n" % body], DONE if self.behaviour.done else b"")

    def _deltas(self) -> Iterator[dict[str, Any]]:
        behaviour, size = self.behaviour, self.behaviour.piece_tokens
        if behaviour.reasoning and behaviour.reasoning_in != "tags":
            for piece in in_pieces(behaviour.reasoning, size):
                yield self._thought(piece)
        for piece in in_pieces(self._text(), size):
            yield {"content": self._content(piece)} if behaviour.refusal is None else {"refusal": piece}

    def _body(self) -> dict[str, Any]:
        behaviour = self.behaviour
        refused = behaviour.refusal is not None
        message: dict[str, Any] = {
            "role": "assistant",
            "content": None if refused else self._content(self._text()),
            "refusal": self.text if refused else None,
            "annotations": [],
        }
        if behaviour.reasoning and behaviour.reasoning_in == "field":
            message |= self._thought(behaviour.reasoning)
        elif behaviour.reasoning and behaviour.reasoning_in == "parts":
            message["content"] = [*self._thought(behaviour.reasoning)["content"], *_parts(self.text)]
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        body = {**self._envelope("chat.completion"), "choices": [choice]}
        return {**body, "usage": self._usage()} if behaviour.usage else body

    def _text(self) -> str:
        behaviour = self.behaviour
        if behaviour.reasoning and behaviour.reasoning_in == "tags":
            return f"<think>{behaviour.reasoning}</think>\n\n{self.text}"
        return self.text

    def _content(self, text: str) -> str | list[dict[str, Any]]:
        return _parts(text) if self.behaviour.content_parts else text

    def _thought(self, text: str) -> dict[str, Any]:
        """A delta or part of a message with a thought."""
        if self.behaviour.reasoning_in == "field":
            return {"reasoning_content": text}
        return {"content": [{"type": "thinking", "thinking": _parts(text)}]}

    def _closing(self) -> bytes:
        events = [self._chunk({}, self.finish_reason)] if self.finish_reason else []
        if self.request.include_usage and self.behaviour.usage:
            envelope = self._envelope("chat.completion.chunk")
            events.append(event({**envelope, "choices": [], "usage": self._usage()}))
        return b"".join([*events, DONE if self.behaviour.done else b""])

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
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
        prompt, answer = self.request.prompt_tokens, len(tokens(self.text))
        return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def _parts(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text}]
