"""Questions are read with useful errors, answers are judged, and a table says what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from evidence import Source
from local.check.judging import judge
from local.check.questions import Expected, QuestionsError, read_questions
from local.cli import cli
from local.environment import ROOT
from models import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from evidence import Verdict

SAMPLE = ROOT / "knowledge" / "_questions.yaml"


def answer(text: str, verdict: Verdict | None = "answered") -> Answer:
    return Answer(
        response=text,
        session_id="x",
        turn=1,
        expires_at=None,
        model="m",
        usage=None,
        saved=True,
        verdict=verdict,
        sources=(Source("Prices"),),
    )


@pytest.mark.parametrize(
    ("expected", "said", "outcome"),
    [
        ({"says": ["49"]}, "It costs **49** dollars.", "right"),
        ({"says": 49}, "It costs 149 dollars.", "wrong"),
        ({"says": "9 am|9:00"}, "From 9:00 on.", "right"),
        ({"says": ["9", "17"]}, "From 9 on.", "wrong"),
        ({"says": "don't"}, "We don\u2019t  KNOW.", "right"),
        ({"says": "49", "says_not": "129"}, "49 or 129.", "wrong"),
        ({"says_not": "129"}, "49.", "right"),
        ({"says": "20%"}, "You save 20%.", "right"),
    ],
)
def test_answer_is_judged_by_what_it_says(expected: dict[str, object], said: str, outcome: str) -> None:
    question = Expected.model_validate({"question": "?", **expected})
    assert judge(question, answer(said))[0] == outcome


def test_not_knowing_is_right_only_where_it_is_expected() -> None:
    needed, absent = Expected(question="?", says=("49",)), Expected(question="?", unknown=True)
    unknown = answer("I do not know.", "unknown")
    assert judge(needed, unknown) == ("unknown", "does not say ‘49’")  # noqa: RUF001 - quotation marks
    assert judge(absent, unknown) == ("right", "")
    assert judge(absent, answer("Yes!"))[0] == "wrong"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- question: Why?\n  says: [a\n", "questions.yaml, line 3, is not YAML"),
        ("", "must be a list of questions"),
        ("question: Why?", "must be a list of questions"),
        ("- Why?", "question 1 must begin with '- question: '"),
        ("- question: Why?", "question 1: needs says, says_not or unknown: true"),
        ("- question: Why?\n  says: a\n  unknown: true", "question 1: has both says and unknown"),
        ("- question: Why?\n  say: a", "question 1: say is no field of a question"),
        ("- says: a", "question 1: question is missing"),
        ("- question: Why?\n  says: a\n- question: 7\n  says: b", "question 2: question must be text"),
        ("- question: Why?\n  says: a\n  follow_up: true", "is the first, so it cannot be a follow_up"),
    ],
)
def test_bad_file_is_explained(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(QuestionsError, match=r".+") as raised:
        read_questions(file)
    assert message in str(raised.value)


def test_missing_file_and_other_encodings_are_explained(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    with pytest.raises(QuestionsError, match="There is no file"):
        read_questions(file)
    file.write_bytes("- question: Warum?\n  says: für".encode("utf-16"))
    with pytest.raises(QuestionsError, match="not UTF-8"):
        read_questions(file)


def test_sample_has_sixty_questions() -> None:
    assert len(read_questions(SAMPLE)) == 60


def run(file: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["check", str(file), "--offline", *options])
    return done.exit_code, done.output


def test_table_and_exit_status(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(
        "- question: How much is the Growth tier?\n  says: 49\n"
        "- question: And the Scale tier?\n  follow_up: true\n  says: 129\n"
        "- question: Can I pay with Bitcoin?\n  unknown: true\n",
        "utf-8",
    )
    status, output = run(file)
    assert (status, "3 right, 0 wrong, 0 unknown of 3" in output) == (0, True)
    assert "Pricing" in output


def test_wrong_and_unknown_answers_fail(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text("- question: Can I pay with Bitcoin?\n  says: Bitcoin\n", "utf-8")
    status, output = run(file)
    assert (status, "0 right, 0 wrong, 1 unknown of 1" in output) == (1, True)
    assert "does not say ‘Bitcoin’" in output  # noqa: RUF001 - quotation marks
    assert run(file, "--accept-unknown")[0] == 0
    file.write_text("- question: How much is the Growth tier?\n  says_not: 49\n", "utf-8")
    assert run(file, "--accept-unknown")[0] == 1


def test_bad_file_has_its_own_exit_status(tmp_path: Path) -> None:
    status, output = run(tmp_path / "none.yaml")
    assert (status, "There is no file" in output) == (2, True)
