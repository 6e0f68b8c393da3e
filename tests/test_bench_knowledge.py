"""The answers of the offline demo about three businesses, and the passages found for the questions."""

from __future__ import annotations

import pytest

from bench.knowledge import BUSINESSES, Business, answers, load, retrieved

NAMES = ("bicycles", "dentist", "guesthouse")
# Of a hundred questions about a business. The bench prints the exact figures.
MIN_RIGHT, MAX_WRONG, MIN_FOUND = 0.88, 0.04, 0.95


@pytest.fixture(scope="module", params=NAMES)
def business(request: pytest.FixtureRequest) -> Business:
    return load(BUSINESSES / request.param)


def test_a_third_of_a_hundred_questions_has_no_answer(business: Business) -> None:
    assert len(business.cases) == 100
    assert 31 <= sum(not case.heading for case in business.cases) <= 34


def test_answers_are_right_or_say_that_they_are_not(business: Business) -> None:
    outcomes = [(outcome, case.questions[-1], found.text) for case, found, outcome in answers(business)]
    wrong = [one for one in outcomes if one[0] == "wrong"]
    assert len(wrong) <= MAX_WRONG * len(outcomes), wrong
    assert sum(one[0] == "right" for one in outcomes) >= MIN_RIGHT * len(outcomes)


def test_answers_can_be_spoken(business: Business) -> None:
    for _, found, _ in answers(business):
        assert len(found.text) <= 440
        assert not set("*#|`_<>") & set(found.text)


def test_passage_with_the_answer_is_among_the_five(business: Business) -> None:
    missed = [case.questions for case, is_found in retrieved(business) if not is_found]
    assert len(missed) <= (1 - MIN_FOUND) * sum(bool(case.heading) for case in business.cases), missed
