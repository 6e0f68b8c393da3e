"""What the stand-in answers from knowledge of several shapes."""

from __future__ import annotations

import pytest

from local.standin.answers import NOTHING_SENT, Message, answer
from local.standin.protocol import tokens
from tests.openai_standin.asking import KNOWLEDGE, SAID

BULLETS = """\
# Bakery

## Pricing

- **Seed**: 1 dollar a month,
  for one person.
- **Tree**: 5 dollars a month.
- **Forest**: 50 dollars a month. It has [shade](https://example.com).

## Hours

Nine to five.
"""
TABLE = """\
# Boats

## Plans

| Plan | Price | Seats |
|------|-------|-------|
| Raft | $1    | 2     |
| Sloop | $5   | 9     |
| Liner | $9   | 900   |

## Hours

Nine to five.
"""


class Conversation:
    """Asks one question after the other and keeps what was said."""

    def __init__(self, knowledge: str) -> None:
        """Begin with the knowledge."""
        self.messages = [Message("system", knowledge)]

    def ask(self, question: str) -> str:
        """The answer to `question`."""
        self.messages.append(Message("user", question))
        self.messages.append(Message("assistant", answer(self.messages)))
        return self.messages[-1].content


def test_list_items_are_named_and_told_apart() -> None:
    conversation = Conversation(BULLETS)
    first = conversation.ask("What is your pricing?")
    assert first == (
        "Seed: 1 dollar a month, for one person. Tree: 5 dollars a month. Forest: 50 dollars a month."
    )
    assert conversation.ask("What about the middle tier?") == "Tree: 5 dollars a month."
    assert conversation.ask("And the last one?") == "Forest: 50 dollars a month. It has shade."


def test_table_rows_are_read_with_their_columns() -> None:
    conversation = Conversation(TABLE)
    assert conversation.ask("Which plans are there?") == (
        "Raft: Price $1, Seats 2. Sloop: Price $5, Seats 9. Liner: Price $9, Seats 900."
    )
    assert conversation.ask("Tell me more about the middle tier") == "Sloop: Price $5, Seats 9."


def test_the_history_settles_what_the_question_leaves_open() -> None:
    conversation = Conversation(KNOWLEDGE)
    conversation.ask("What is Sun?")
    assert conversation.ask("How much does it cost?") == "Sun is for a school and costs 27 dollars."
    assert "3 dollars" in answer([Message("system", KNOWLEDGE), Message("user", "What does Spark cost?")])


def test_order_is_that_of_the_answer_not_of_the_knowledge() -> None:
    said = "There are Sun, Beam and Spark."
    asked = [Message("system", KNOWLEDGE), Message("assistant", said), Message("user", "What is the first?")]
    assert answer(asked).startswith("Sun is for a school")


def test_instructions_before_the_first_heading_are_not_recited() -> None:
    asked = [Message("system", KNOWLEDGE), Message("user", "Are you kind to everyone?")]
    assert answer(asked) == "I was sent nothing about that. Ask me about: Lighthouse, Pricing, Spark."


def test_a_system_message_without_headings_is_all_knowledge() -> None:
    asked = [Message("system", "We sell kites. We mend umbrellas."), Message("user", "Do you mend things?")]
    assert answer(asked) == "We sell kites. We mend umbrellas."


@pytest.mark.parametrize(
    "messages", [[Message("user", "Hello?")], [Message("system", KNOWLEDGE)], [Message("system", "")] * 2]
)
def test_nothing_to_go_by(messages: list[Message]) -> None:
    assert answer(messages) == NOTHING_SENT


@pytest.mark.parametrize("text", [SAID, "", " ", "a\n\nb ", "naïve café", "🙂🙂", "hyphen-ated words"])
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


def test_tokens_are_about_four_characters() -> None:
    assert tokens("Telescopes, rented.") == ["Tele", "scop", "es", ",", " rent", "ed", "."]
