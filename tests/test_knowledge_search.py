"""Knowledge in D1: pushing it, and finding what fits a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bench.knowledge import BUSINESSES, load
from clock import SystemClock
from errors import ConfigurationError, KnowledgeUnavailable
from knowledge.bm25 import Index
from knowledge.passages import split
from knowledge.query import Synonyms, weights
from knowledge.retrieval import SearchedKnowledge, WholeKnowledge, get_knowledge, size_of
from local.knowledge_plan import STATE, Plan, plan, push, rows_of
from local.knowledge_targets import DatabaseTarget
from models import ConversationMessage
from stores.d1_faults import D1Faults
from stores.d1_sqlite import Query
from stores.fake_d1 import FakeD1
from tests.d1 import migrated

if TYPE_CHECKING:
    from stores.d1_sqlite import SqliteDatabase

DOCUMENTS = {
    "a.md": "# Prices\n\nA haircut is 25 dollars.\n\n## Colour\n\nFrom 60 dollars.\n\n## Kids\n\nHalf.",
    "b.md": "---\nurl: https://a.example/b\n---\n# Opening hours\n\nTuesday to Saturday, 9 am to 6 pm.",
    "c.md": "# 料金\n\n入場料は千円です。\n\n# الأسعار\n\nتذكرة الدخول بعشرة يورو.",
}


@pytest.fixture
def database() -> SqliteDatabase:
    return migrated()


def knowledge(database: SqliteDatabase, faults: D1Faults | None = None) -> SearchedKnowledge:
    return SearchedKnowledge(FakeD1(database, SystemClock(), faults), Synonyms(), timeout=5)


async def found(database: SqliteDatabase, question: str) -> list[str]:
    return [passage.text for passage in (await knowledge(database).find(question, [])).passages.values()]


async def test_passages_that_fit_are_sent_with_their_neighbours(database: SqliteDatabase) -> None:
    push(DOCUMENTS, DatabaseTarget(database))
    sent = await knowledge(database).find("What does colour cost?", [])
    assert [passage.path[-1] for passage in sent.passages.values()] == ["Prices", "Colour", "Kids"]
    assert sent.text.startswith("\n# Passages\n\n[[")
    assert "Opening hours" not in sent.text
    (hours,) = (await knowledge(database).find("When do you open on Tuesday?", [])).passages.values()
    assert (hours.url, hours.title) == ("https://a.example/b", "B")
    assert {**sent.passages, hours.id: hours}.items() <= {one.id: one for one in split(DOCUMENTS)}.items()


@pytest.mark.parametrize("question", ["料金はいくらですか", "入場料", "ما هي الأسعار؟"])
async def test_languages_without_spaces_or_latin_letters(database: SqliteDatabase, question: str) -> None:
    push(DOCUMENTS, DatabaseTarget(database))
    assert len(await found(database, question)) == 2  # with its neighbour


@pytest.mark.parametrize("question", ["", "???", "the", '"', "a OR b", "NEAR(x y)", "' OR 1=1 --", "xyzzy"])
async def test_any_question_can_be_searched(database: SqliteDatabase, question: str) -> None:
    push(DOCUMENTS, DatabaseTarget(database))
    sent = await knowledge(database).find(question, [])
    assert len(sent.passages) <= 9


@pytest.mark.parametrize("name", ["bicycles", "dentist", "guesthouse"])
async def test_ranking_is_that_of_the_memory_for_rare_words(database: SqliteDatabase, name: str) -> None:
    business = load(BUSINESSES / name)
    push(business.documents, DatabaseTarget(database))
    passages, searched = split(business.documents), knowledge(database)
    index, synonyms = Index(passages), Synonyms()
    best = same = 0
    for case in business.cases:
        ranked = index.search(weights(synonyms.asked(case.questions[-1])))
        if ranked:
            best += 1
            same += passages[ranked[0][1]].id in (await searched.find(case.questions[-1], [])).passages
    assert same >= 0.97 * best


async def test_one_query_for_each_question(database: SqliteDatabase) -> None:
    push(DOCUMENTS, DatabaseTarget(database))
    d1 = FakeD1(database, SystemClock())
    await SearchedKnowledge(d1, Synonyms(), timeout=5).find("What does colour cost?", [])
    assert d1.calls == {"all": 1}


async def test_follow_up_is_searched_with_the_last_exchange(database: SqliteDatabase) -> None:
    push(DOCUMENTS, DatabaseTarget(database))
    at = SystemClock().now()
    history = [
        ConversationMessage(role="user", content="What does colour cost?", timestamp=at),
        ConversationMessage(role="assistant", content="From 60 dollars.", timestamp=at),
    ]
    sent = await knowledge(database).find("And for her?", history)
    assert "From 60 dollars." in sent.text


def contents(database: SqliteDatabase) -> list[tuple[Any, ...]]:
    (outcome,) = database.run([Query("SELECT hash, added, removed FROM passages ORDER BY number")])
    return [tuple(row) for row in outcome.rows]


def test_second_push_of_the_same_does_nothing(database: SqliteDatabase) -> None:
    target = DatabaseTarget(database)
    assert push(DOCUMENTS, target) == Plan(6, 0, 0, push(DOCUMENTS, DatabaseTarget(migrated())).statements)
    assert push(DOCUMENTS, target) == Plan(0, 0, 6, ())


def test_only_what_has_changed_is_written(database: SqliteDatabase) -> None:
    target = DatabaseTarget(database)
    push(DOCUMENTS, target)
    before = contents(database)
    changed = DOCUMENTS | {"b.md": "# Opening hours\n\nNever."}
    made = push(changed, target)
    assert (made.added, made.removed, made.kept) == (1, 1, 5)
    assert len(set(before) & set(contents(database))) == 5
    assert [row[2] for row in contents(database)] == [None] * 6


async def test_push_is_visible_only_when_complete(database: SqliteDatabase) -> None:
    target = DatabaseTarget(database)
    push(DOCUMENTS, target)
    changed = {"a.md": "# Prices\n\nA haircut costs 30 dollars."}
    statements = plan(rows_of(changed), target.query(STATE)).statements
    last = next(at for at, one in enumerate(statements) if one.startswith("UPDATE knowledge"))
    target.run(statements[:last])
    assert any("25 dollars" in text for text in await found(database, "haircut"))
    assert not any("30 dollars" in text for text in await found(database, "haircut"))
    target.run(statements[last:])
    assert await found(database, "haircut") == ["A haircut costs 30 dollars."]


@pytest.mark.parametrize("done", range(1, 12, 2))
async def test_interrupted_push_is_continued_or_replaced(database: SqliteDatabase, done: int) -> None:
    target = DatabaseTarget(database)
    push({"z.md": "# Old\n\nGone haircut.", "b.md": DOCUMENTS["b.md"]}, target)
    target.run(plan(rows_of(DOCUMENTS), target.query(STATE)).statements[:done])
    other = {"b.md": DOCUMENTS["b.md"], "z.md": "# Old\n\nGone haircut.", "n.md": "# New\n\nNew haircut."}
    for documents in (other, DOCUMENTS):
        push(documents, target)
        texts = {passage.text for passage in split(documents)}
        (outcome,) = database.run([Query("SELECT text FROM passages WHERE removed IS NULL")])
        assert sorted(row[0] for row in outcome.rows) == sorted(texts)
        (count,) = database.run([Query("SELECT count(*) FROM passage_terms")])
        assert count.rows[0][0] == len(texts)


async def test_empty_database_is_the_owners_fault(
    database: SqliteDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ConfigurationError):
        await knowledge(database).find("haircut", [])
    assert "voice-agent knowledge push" in caplog.text


async def test_failing_database(database: SqliteDatabase) -> None:
    faults = D1Faults()
    faults.fail("all", "D1 DB is overloaded. Too many requests queued.")
    with pytest.raises(KnowledgeUnavailable):
        await knowledge(database, faults).find("haircut", [])


def chosen(budget: int, *, bound: bool) -> object:
    database = FakeD1(migrated(), SystemClock()) if bound else None
    return get_knowledge(DOCUMENTS, database, budget=budget, size=size_of(DOCUMENTS), timeout=5)


def test_whole_knowledge_up_to_the_budget_and_a_search_above() -> None:
    assert isinstance(chosen(1000, bound=True), WholeKnowledge)
    assert isinstance(chosen(1000, bound=False), WholeKnowledge)
    assert isinstance(chosen(50, bound=True), SearchedKnowledge)


def test_too_much_knowledge_without_a_database_names_both_ways_out() -> None:
    with pytest.raises(ConfigurationError, match=r"(?s)KNOWLEDGE_TOKENS.*VOICE_DB.*knowledge push"):
        chosen(50, bound=False)
