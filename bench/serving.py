"""`python -m bench.serving ours|bare|model [MODEL_URL]`: run a server to measure until it is terminated."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from fastapi import Body, FastAPI
from openai import AsyncOpenAI

from bench.local_agent import KEY, agent_for
from clock import SystemClock
from knowledge.passages import render, split
from local.background import BackgroundTasks
from local.bundle_knowledge import KNOWLEDGE, load_directory
from local.data_file import local_bindings
from local.server import local_app, serve
from local.standin import run_standin
from prompt import system_prompt

if TYPE_CHECKING:
    from starlette.types import ASGIApp

MODEL = "gpt-6-luna"


def ours(model_url: str) -> ASGIApp:
    """Return the local server that `voice-agent dev` runs."""
    env = local_bindings(None, SystemClock())
    return local_app(agent_for(model_url, load_directory(KNOWLEDGE), env=env), BackgroundTasks())


def bare(model_url: str) -> FastAPI:
    """Return a server with one route that asks the model, without sessions, history or checks."""
    app = FastAPI()
    client = AsyncOpenAI(api_key=KEY, base_url=model_url)
    system = system_prompt(render(split(load_directory(KNOWLEDGE))))

    @app.post("/api/voice-agent/chat")
    async def chat(question: Annotated[str, Body(embed=True)]) -> dict[str, str | None]:
        completion = await client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": question}],
        )
        return {"response": completion.choices[0].message.content}

    return app


def main(kind: str, model_url: str = "") -> None:
    """Serve on a free port and print the URL."""

    def ready(port: int) -> None:
        sys.stdout.write(f"http://127.0.0.1:{port}\n")
        sys.stdout.flush()

    if kind == "model":
        run_standin(port=0)
    else:
        app = ours(model_url) if kind == "ours" else bare(model_url)
        serve(app, host="127.0.0.1", port=0, ready=ready)


if __name__ == "__main__":
    main(*sys.argv[1:])
