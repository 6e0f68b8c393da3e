"""Which sources an answer gets, and the words by which a browser finds the place."""

from __future__ import annotations

from citations.sources import cited, overlapping, source_of
from evidence import Source
from knowledge.passages import Passage

PRICES = Passage(
    "k3f9a1",
    ("Prices", "Growth"),
    "Growth costs **49 dollars** a month.\n\n| Plan | Seats |\n|---|---|\n| Growth for small firms | 10 |",
    "https://example.com/prices",
    "Prices",
)
YEARLY = Passage("p2k8s0", ("Prices", "Yearly"), "Twelve for ten.", "https://example.com/prices", "Prices")
HOURS = Passage("h7h7h7", ("Hours",), "We are open on weekdays from nine until five.", None, "Hours")
PASSAGES = {one.id: one for one in (PRICES, YEARLY, HOURS)}


def test_cited_passages_become_one_source_for_each_document() -> None:
    found = cited(["k3f9a1", "p2k8s0", "h7h7h7"], PASSAGES, "Growth costs 49 dollars.")
    assert [source.title for source in found] == ["Prices", "Hours"]
    assert found[1] == Source("Hours")


def test_quote_has_the_words_closest_to_the_answer_without_marks() -> None:
    assert source_of(PRICES, "It costs 49 dollars a month.").quote == "Growth costs 49 dollars a month."
    assert source_of(PRICES, "It is for small firms.").quote == "Growth for small firms"


def test_short_passage_is_quoted_by_its_heading() -> None:
    short = Passage("s1s1s1", ("Prices", "Free"), "Yes.", "https://example.com", "Prices")
    assert source_of(short, "Yes.").quote == "Free"


def test_without_a_citation_the_passage_with_the_same_words_is_the_source() -> None:
    assert overlapping("On weekdays, we are open from nine until five.", PASSAGES) == (Source("Hours"),)


def test_without_enough_of_the_same_words_there_is_no_source() -> None:
    assert overlapping("Hello! What would you like to know about our company?", PASSAGES) == ()
    assert overlapping("Open.", PASSAGES) == ()
    assert overlapping("On weekdays, we are open from nine until five.", {}) == ()
