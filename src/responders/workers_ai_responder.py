"""Answers from a chat model of Cloudflare's Workers AI, which needs no key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from responders.openai_responder import OpenAIResponder

if TYPE_CHECKING:
    from prompt import Prompt
    from responders.openai_connection import Body
    from responders.workers_ai_connection import WorkersAIConnection


class WorkersAIResponder(OpenAIResponder):
    """Answers by chat completions, in the fields that Workers AI documents.

    They are those of `ChatCompletionsInput` in Cloudflare's package `@cloudflare/workers-types` (5.20261117).
    The usage comes without being asked for. Models that think do so by default, at the expense of
    `max_tokens` and of the visitor's time, so they are told not to.
    """

    name = "workers-ai"

    def __init__(
        self,
        connection: WorkersAIConnection,
        *,
        model: str,
        max_output_tokens: int,
        max_seconds: float,
        batch_seconds: float,
    ) -> None:
        """The arguments are those of `OpenAIResponder`."""
        super().__init__(
            connection,
            model=model,
            max_output_tokens=max_output_tokens,
            max_seconds=max_seconds,
            batch_seconds=batch_seconds,
        )
        self._options: Body = {
            "model": model,
            "max_tokens": max_output_tokens,
            "chat_template_kwargs": {"enable_thinking": False},
        }
        self._streaming: Body = {"stream": True}

    def _body(self, prompt: Prompt) -> Body:
        body = super()._body(prompt)
        del body["safety_identifier"]
        return body
