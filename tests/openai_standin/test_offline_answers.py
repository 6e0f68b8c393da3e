"""Answers from the knowledge in the prompt."""

from __future__ import annotations

import pytest

from local.standin.chat_request import Message
from local.standin.offline_answers import NOTHING_SENT, OfflineAnswers
from prompt import system_prompt
from tests.openai_standin.asking import KNOWLEDGE

PRICING = "What's your pricing?"
TIERS = "We have three tiers: Spark for 3 dollars, Beam for 9 dollars and Sun for 27 dollars."


async def answer(*messages: tuple[str, str]) -> str:
    return await OfflineAnswers().answer([Message(*message) for message in messages])


async def test_answers_from_system_message() -> None:
    assert await answer(("system", KNOWLEDGE), ("user", PRICING)) == TIERS


async def test_instructions_of_the_agents_prompt_are_not_knowledge() -> None:
    prompt = system_prompt("# Lighthouse\n\nWe rent out telescopes.\n\n# Opening hours\n\nOnly on Mondays.\n")
    assert (
        await answer(("system", prompt), ("user", "Do you rent out telescopes?")) == "We rent out telescopes."
    )
    assert await answer(("system", prompt), ("user", "Do you invent prices, names or promises?")) == (
        "I'm sorry, I don't know that. I can tell you about Lighthouse or Opening hours."
    )


async def test_follow_up_uses_history() -> None:
    follow_up = ("user", "What about the middle one?")
    said = [("user", PRICING), ("assistant", TIERS)]
    assert await answer(("system", KNOWLEDGE), *said, follow_up) == (
        "Beam is for a family and costs 9 dollars. It comes with a tripod."
    )
    assert "Beam" not in await answer(("system", KNOWLEDGE), follow_up)


async def test_system_message_without_headings_is_all_knowledge() -> None:
    asked = await answer(("system", "We sell kites. We mend umbrellas."), ("user", "Do you mend things?"))
    assert asked == "We sell kites. We mend umbrellas."


async def test_text_before_the_first_heading_is_not_knowledge() -> None:
    asked = await answer(("system", KNOWLEDGE), ("user", "Are you kind to everyone?"))
    assert "kind" not in asked


@pytest.mark.parametrize("messages", [[("user", "Hello?")], [("system", KNOWLEDGE)], [("system", "")] * 2])
async def test_nothing_to_answer_from(messages: list[tuple[str, str]]) -> None:
    assert await answer(*messages) == NOTHING_SENT
