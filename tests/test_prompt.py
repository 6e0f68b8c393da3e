"""The prompt: the part that is the same for every question."""

from __future__ import annotations

from prompt import INSTRUCTIONS, system_prompt


def test_system_prompt_has_instructions_and_knowledge() -> None:
    prompt = system_prompt("# Tea\n\nGreen tea costs 4 euros.\n")
    assert prompt.startswith(INSTRUCTIONS)
    assert "Green tea costs 4 euros." in prompt
