"""What is spoken of answers: a table of texts in six scripts, however they arrive, and what servers allow."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest

from local.environment import ROOT
from speech.said import is_said_in
from tests.spoken.speaking import HERE, TABLE, Answer, Expected, Part, speak, wordings

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 20261129
# Marks and words at which the parts of an answer begin and end, or nearly do.
FRAGMENTS = (HERE / "fragments.txt").read_text("utf-8").split()
LONGEST = 300


def texts(parts: list[Part]) -> list[str]:
    return [part.text for part in parts]


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_table_is_complete() -> None:
    assert len(TABLE) >= 200
    everything = "".join(row.answer for row in TABLE)
    for script in (
        "[a-z]",
        "[\u0600-\u06ff]",
        "[\u3040-\u30ff]",
        "[\u4e00-\u9fff]",
        "[\u0e00-\u0e7f]",
        "[\u0400-\u04ff]",
    ):
        assert len(re.findall(script, everything)) > 20


def test_table() -> None:
    spoken = speak([Answer(row.language, [row.answer]) for row in TABLE])
    wrong = [
        (row.answer, texts(parts))
        for row, parts in zip(TABLE, spoken, strict=True)
        if texts(parts) != row.spoken
    ]
    assert wrong == []


def test_documented_examples() -> None:
    document = (ROOT / "docs" / "spoken-text.md").read_text("utf-8").replace("\\[", "[")
    rows = re.findall(r"^\| (.+) \| (.+) \|$", document, re.MULTILINE)[1:]
    assert len(rows) > 8
    for written, said in rows:
        in_each = speak([Answer(language, [written]) for language in ("en", "de", "ar")])
        assert said in [" ".join(texts(parts)) for parts in in_each]


def in_pieces(size: int) -> Callable[[str], list[str]]:
    return lambda text: [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 4, 9])
def test_pieces_make_no_difference(size: int) -> None:
    whole = speak([Answer(row.language, [row.answer]) for row in TABLE])
    assert speak([Answer(row.language, in_pieces(size)(row.answer)) for row in TABLE]) == whole


def test_first_piece_of_any_length_makes_no_difference() -> None:
    """Every place where a text may be broken in two."""
    whole = speak([Answer(row.language, [row.answer]) for row in TABLE])
    broken = [(row, at) for row in range(len(TABLE)) for at in range(1, len(TABLE[row].answer))]
    pieces = speak(
        [Answer(TABLE[row].language, [TABLE[row].answer[:at], TABLE[row].answer[at:]]) for row, at in broken]
    )
    different = [
        TABLE[row].answer[:at] for (row, at), parts in zip(broken, pieces, strict=True) if parts != whole[row]
    ]
    assert different == []


def random_answers(count: int) -> list[Expected]:
    chance = random.Random(SEED)  # noqa: S311 - reproducible
    return [
        Expected(
            chance.choice(["en", "de", "ar", "ja", "zh", "th", "fr", "en-GB"]),
            "".join(
                chance.choice(FRAGMENTS) + chance.choice([" ", " ", " ", " ", "", "\n", "\n\n"])
                for _ in range(chance.randrange(1, 60))
            ),
            [],
        )
        for _ in range(count)
    ]


def random_pieces(text: str, chance: random.Random) -> list[str]:
    cuts = sorted(chance.sample(range(len(text) + 1), min(len(text), chance.randrange(1, 12))))
    return [text[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def test_random_answers_in_random_pieces() -> None:
    chance = random.Random(SEED)  # noqa: S311 - reproducible
    answers = random_answers(600)
    limits = [chance.choice([None, None, 40, 120]) for _ in answers]
    whole = speak(
        [Answer(each.language, [each.answer], limit) for each, limit in zip(answers, limits, strict=True)]
    )
    for size in (random_pieces, lambda text, _: list(text)):
        pieces = [size(each.answer, chance) for each in answers]
        streamed = speak(
            [
                Answer(each.language, cut, limit)
                for each, cut, limit in zip(answers, pieces, limits, strict=True)
            ]
        )
        different = [
            (each.language, each.answer, texts(one), texts(other))
            for each, one, other in zip(answers, whole, streamed, strict=True)
            if one != other
        ]
        assert different[:1] == []


@pytest.mark.parametrize("limit", [None, 60, 7])
def test_no_part_is_longer_than_what_is_spoken_at_a_time(limit: int | None) -> None:
    answers = [*TABLE, *random_answers(60)]
    for parts in speak([Answer(each.language, [each.answer * 3], limit) for each in answers]):
        assert all(utf16_length(part.text) <= (limit or LONGEST) for part in parts)


def test_parts_cover_the_answer_in_order() -> None:
    for row, parts in zip(TABLE, speak([Answer(row.language, [row.answer]) for row in TABLE]), strict=True):
        shown = [part.shown for part in parts]
        assert shown == sorted(set(shown))
        assert all(0 < end <= utf16_length(row.answer) for end in shown)
        # What follows the last part is only for the eye.
        rest = row.answer.encode("utf-16-le")[2 * shown[-1] if shown else 0 :].decode("utf-16-le")
        assert not re.search(r"\w", re.sub(r"```.*?```|```.*", "", rest, flags=re.DOTALL))


def test_server_speaks_what_is_spoken() -> None:
    answers = [*TABLE, *random_answers(500)]
    spoken = speak([Answer(each.language, [each.answer]) for each in answers])
    refused = [
        (part.text, each.answer)
        for each, parts in zip(answers, spoken, strict=True)
        for part in parts
        if not is_said_in(part.text, each.answer)
    ]
    assert refused == []


def test_server_speaks_hardly_anything_of_other_answers() -> None:
    """A few short sentences consist of words that other answers have, too, and a few that may differ."""
    long = [row for row in TABLE if len(row.answer.split()) > 8]
    pairs = [
        (part, other.answer)
        for row in long
        for part in row.spoken
        for other in long
        if len(part.split()) > 4 and other is not row
    ]
    accepted = [part for part, answer in pairs if is_said_in(part, answer)]
    assert len(pairs) > 10_000
    assert len(accepted) < len(pairs) / 100


def test_wordings_without_what_is_written_are_other_words() -> None:
    words = [word for _, spoken in wordings() for word in spoken.split()]
    answer = "We open at nine and close at five, every day."
    chance = random.Random(SEED)  # noqa: S311 - reproducible
    texts = [" ".join(chance.sample(words, 6)) for _ in range(200)]
    assert not [text for text in texts if is_said_in(text, answer)]


def test_server_knows_every_wording() -> None:
    unknown = [
        (written, word)
        for written, spoken in wordings()
        for word in re.findall(r"[^\W\d_]+", spoken)
        if not is_said_in(word, written)
    ]
    assert unknown == []
