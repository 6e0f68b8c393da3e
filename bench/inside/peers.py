"""Workers that only make the same completion, with `openai` or with `fetch`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import js
from openai import AsyncOpenAI
from workers import Response, WorkerEntrypoint

from bench.inside.scene import plain

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

URL = "https://api.openai.com/v1/chat/completions"


class Completes(Protocol):
    """Makes completions."""

    async def complete(self, body: Mapping[str, Any]) -> str:
        """Return the text of the answer to `body`, an OpenAI request."""
        ...


class BarePackage:
    """Completions with the `openai` package, made as its documentation does."""

    def __init__(self) -> None:
        self._client = AsyncOpenAI(api_key="sk-bench", max_retries=1)

    async def complete(self, body: Mapping[str, Any]) -> str:
        completion = await self._client.chat.completions.create(**body)
        return str(completion.choices[0].message.content)

    async def stream(self, body: Mapping[str, Any]) -> AsyncGenerator[str]:
        """Yield the pieces of the answer."""
        async for chunk in await self._client.chat.completions.create(**body):
            for choice in chunk.choices:
                if choice.delta.content:
                    yield choice.delta.content


class BareFetch:
    """Completions with nothing but JavaScript's `fetch`."""

    async def complete(self, body: Mapping[str, Any]) -> str:
        headers = {"authorization": "Bearer sk-bench", "content-type": "application/json"}
        options = {"method": "POST", "headers": headers, "body": json.dumps(body)}
        completion = json.loads(await (await js.fetch(URL, plain(options))).text())
        return str(completion["choices"][0]["message"]["content"])


def bare_worker(completes: Completes) -> type[WorkerEntrypoint]:
    """Return a Worker that passes the request body to the model and responds with the text, unchecked."""

    class Bare(WorkerEntrypoint):
        async def fetch(self, request: Any) -> Any:
            text = await completes.complete(await request.json())
            return Response(json.dumps({"response": text}), headers={"content-type": "application/json"})

    return Bare
