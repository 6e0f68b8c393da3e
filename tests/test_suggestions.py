"""The questions that the widget suggests if the owner has set none."""

from __future__ import annotations

import pytest

from knowledge.passages import split
from knowledge.suggestions import suggest
from local.bundle_knowledge import KNOWLEDGE, load_directory

HAIRDRESSER = """# Salon Mia

## Opening hours

Tuesday to Saturday, 9 to 18.

## Our prices

A cut is 40 euros.

## Do you cut children's hair?

Yes, from the age of three.
"""
TAGE = "# Praxis\n\n**Haben Sie samstags offen?**\n\nNein.\n\n**Kann ich mit Karte zahlen?**\n\nJa.\n"
LONG = "# Law\n\n## Which of the documents that you list do I have to bring, and which only copies?\n\nAll.\n"


@pytest.mark.parametrize(
    ("documents", "questions"),
    [
        (
            load_directory(KNOWLEDGE),
            ("What's your pricing?", "How do I get started?", "How can I reach you?"),
        ),
        (
            {"salon.md": HAIRDRESSER},
            ("What's your pricing?", "When are you open?", "Do you cut children's hair?"),
        ),
        ({"praxis.md": TAGE}, ("Haben Sie samstags offen?", "Kann ich mit Karte zahlen?")),
        ({"law.md": LONG}, ()),
        ({"plain.md": "We sell opened boxes at a priceless place."}, ()),
    ],
    ids=["the example", "a hairdresser", "another language", "too long", "nothing"],
)
def test_questions_follow_the_knowledge(documents: dict[str, str], questions: tuple[str, ...]) -> None:
    assert suggest(split(documents)) == questions
