"""The agent that answers a request: the Worker knows its bindings, and so its agent, only then."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Annotated, Any

from fastapi import Depends, Request

from services import Agent

AgentProvider = Callable[[MutableMapping[str, Any]], Agent]


async def current_agent(request: Request) -> Agent:
    """The agent for this request; raises `ConfigurationError` where it cannot be built."""
    agent_for: AgentProvider = request.app.state.agent_for
    return agent_for(request.scope)


CurrentAgent = Annotated[Agent, Depends(current_agent)]
