"""Frequent questions in the forms in which owners write them."""

from __future__ import annotations

import pytest

from knowledge.passages import split
from knowledge.questions import with_question_headings
from responders.offline.answers import AnswerFinder

SHIP, CARDS = "Do you ship abroad?", "Which cards do you take?"
NO, VISA = "No, only within Portugal.", "Visa and Mastercard, but no cheques."

FORMS = {
    "bold": f"**{SHIP}**\n\n{NO}\n\n**{CARDS}**\n\n{VISA}",
    "bold, answer on the next line": f"**{SHIP}**\n{NO}\n\n__{CARDS}__\n{VISA}",
    "bold, answer on the same line": f"**{SHIP}** {NO}\n\n**{CARDS}**: {VISA}",
    "question mark outside": f"**{SHIP[:-1]}**? {NO}\n\n**{CARDS[:-1]}**?\n{VISA}",
    "bold items": f"- **{SHIP}** {NO}\n- **{CARDS}** {VISA}",
    "numbered": f"1. **{SHIP}**\n   {NO}\n2. **{CARDS}**\n   {VISA}",
    "letters": f"Q: {SHIP}\nA: {NO}\n\nQ: {CARDS}\nA: {VISA}",
    "numbered letters": f"Q1. {SHIP}\nA1. {NO}\n\nQ2. {CARDS}\nA2. {VISA}",
    "bold letters": f"**Q:** {SHIP}\n\n**A:** {NO}\n\n**Q: {CARDS}**\n\nA: {VISA}",
    "words": f"Question: {SHIP}\nAnswer: {NO}\nFrage: {CARDS}\nAntwort: {VISA}",
    "headings": f"### {SHIP}\n{NO}\n### {CARDS}\n{VISA}",
    "folded": (
        f"<details><summary>{SHIP}</summary>\n\n{NO}\n</details>\n"
        f"<details>\n<summary>{CARDS}</summary>{VISA}</details>"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_question_is_a_passage_with_its_answer(form: str) -> None:
    passages = split({"a.md": f"# Questions\n\nWhat people ask.\n\n{FORMS[form]}"})
    assert [(passage.path, passage.text) for passage in passages] == [
        (("Questions",), "What people ask."),
        (("Questions", SHIP), NO),
        (("Questions", CARDS), VISA),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_offline_demo_answers_each_question(form: str) -> None:
    documents = {"a.md": "# Ovenbird\n\nWe bake bread.", "b.md": f"# Questions\n\n{FORMS[form]}"}
    finder = AnswerFinder(split(documents))
    assert finder.find("Do you ship abroad?", []).text == NO
    assert finder.find("Can I pay by card?", []).text == VISA


@pytest.mark.parametrize(
    "text",
    [
        "**Almond cake:** 24 euros, without gluten.",
        "- **Carrot cake:** 28 euros",
        "**Important**\n\nClosed in May.",
        "Are you ready? Then call us.",
        "P: 503 555 0142\nF: 503 555 0143",
        "A. Starter\nB. Growth",
        "```\n**Is this code?**\nQ: Is it?\n<details>\n```",
        "Why **us**? Because.",
        "***\n\n**",
        "** Not bold? **",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert with_question_headings(text) == text


def test_label_of_an_answer_is_removed_only_after_a_question() -> None:
    assert with_question_headings("A: One\n\nQ: Two?\n\nA: Three\nA: Four") == (
        "A: One\n\n###### Two?\n\n\n\nThree\nA: Four"
    )
