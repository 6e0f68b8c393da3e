"""A visitor's history: listing, searching, reading, renaming, going on with and deleting conversations."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from accounts.errors import ConversationNotFound, SessionInUse
from accounts.history import History
from accounts.history_sql import MAX_SESSIONS
from errors import InvalidRequest, StorageError
from session_id import fingerprint, generate_session_id
from stores.d1_client import D1Client
from stores.d1_faults import OVERLOADED, D1Faults
from stores.d1_sqlite import SqliteDatabase
from stores.fake_d1 import FakeD1
from tests.clocks import AutoClock
from tests.d1 import fake_d1
from tests.histories import OTHER, OWNER, dump, store

HOUR = timedelta(hours=1)


class Site:
    """A history over a database, with the clock and the faults within reach."""

    def __init__(self) -> None:
        self.clock, self.faults = AutoClock(), D1Faults()
        self.d1 = fake_d1(self.clock, self.faults)
        self.history = History(D1Client(self.d1, timeout=5), self.clock, HOUR)

    async def store(self, *texts: str, owner: str | None = OWNER, session_id: str = "one") -> str:
        """A conversation, a minute after the previous one."""
        self.clock.advance(60)
        return await store(self.d1, self.clock.now(), *texts, owner=owner, session_id=session_id)

    async def titles(self, text: str) -> list[str]:
        """The titles that a search finds."""
        found = await self.history.search(OWNER, text, limit=20)
        return [conversation.title for conversation in found.conversations]


@pytest.fixture
def site() -> Site:
    return Site()


async def test_list_has_the_visitors_own_conversations_newest_first(site: Site) -> None:
    first = await site.store("What do you sell?", "And oaks?", session_id="1")
    await site.store("Somebody else's", owner=OTHER, session_id="2")
    await site.store("Nobody's", owner=None, session_id="3")
    last = await site.store("Do you deliver?", session_id="4")
    page = await site.history.list(OWNER, limit=20)
    assert [(one.id, one.title, one.turns) for one in page.conversations] == [
        (last, "Do you deliver?", 1),
        (first, "What do you sell?", 2),
    ]
    assert page.next is None
    assert page.conversations[0].updated_at == site.clock.now()
    assert page.conversations[0].expires_at == site.clock.now() + timedelta(days=30)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 10])
async def test_pages_have_each_conversation_once(site: Site, count: int) -> None:
    """Also of those that were used in the same millisecond."""
    at = site.clock.now()
    for number in range(count):
        await store(site.d1, at + (number // 4) * HOUR, "?", session_id=str(number))
    handles, cursor, pages = list[str](), None, 0
    while pages == 0 or cursor:
        page = await site.history.list(OWNER, limit=3, cursor=cursor)
        handles += [one.id for one in page.conversations]
        cursor, pages = page.next, pages + 1
    assert len(handles) == len(set(handles)) == count
    assert pages == max(1, -(-count // 3))


async def test_page_is_stable_while_conversations_are_used_and_deleted(site: Site) -> None:
    handles = [await site.store("?", session_id=str(number)) for number in range(6)][::-1]
    first = await site.history.list(OWNER, limit=2)
    await site.history.delete(OWNER, handles[1])  # where the page ended
    site.clock.advance(60)
    await site.store("?", session_id="new")
    second = await site.history.list(OWNER, limit=2, cursor=first.next)
    assert [one.id for one in second.conversations] == handles[2:4]


@pytest.mark.parametrize(
    "cursor", ["", "x", "1", "1.", f"1.{'A' * 64}", f"-1.{'a' * 64}", f"{'9' * 16}.{'a' * 64}"]
)
async def test_invalid_cursor_is_rejected(site: Site, cursor: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        await site.history.list(OWNER, limit=3, cursor=cursor)
    assert error.value.code == "invalid_cursor"


async def test_expired_conversations_count_as_none(site: Site) -> None:
    handle = await site.store("What do you sell?")
    site.clock.advance(30 * 86_400)
    assert (await site.history.list(OWNER, limit=9)).conversations == []
    assert await site.titles("sell") == []
    with pytest.raises(ConversationNotFound):
        await site.history.read(OWNER, handle, limit=9)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Do you sell OAKS?", "oaks"),
        ("do you sell oaks?", "OAKS sell"),
        ("Größe der Eichen", "GRÖSSE"),
        ("GRÖSSE DER EICHEN", "größe"),
        ("gRöße", "grösse"),
        ("Сколько стоит ДУБ?", "дуб СТОИТ"),
        ("Πόσο κοστίζει ΣΤΟΥΣ;", "στους"),
        ("στους", "ΣΤΟΥΣ"),
        ("料金はいくらですか", "料金"),
        ("كم السعر؟", "السعر"),
        ("a con\ufb01guration", "CONFIG"),
        ('it\'s 100% "free" \\ _', '100% "FREE" \\ _'),
        ("a' OR 1=1 --", "' OR 1=1 --"),
        ("{}", "{}"),
    ],
)
async def test_search_ignores_letter_case_in_every_script(site: Site, text: str, typed: str) -> None:
    await site.store(text, session_id="1")
    await site.store("Something else", session_id="2")
    assert await site.titles(typed) == [text]


async def test_search_looks_in_titles_questions_and_answers(site: Site) -> None:
    handle = await site.store("What do you sell?", "Oaks", session_id="1")
    await site.history.rename(OWNER, handle, "Trees")
    await site.store("Trees, but of somebody else", owner=OTHER, session_id="2")
    for found in ("trees", "oaks", "on oaks", "TREES oaks sell"):
        assert await site.titles(found) == ["Trees"]
    for missing in ("elms", "trees elms", "oaksx"):
        assert await site.titles(missing) == []


async def test_search_has_pages(site: Site) -> None:
    for number in range(5):
        await site.store("Oaks" if number % 2 else "Elms", session_id=str(number))
    first = await site.history.search(OWNER, "oaks", limit=1)
    second = await site.history.search(OWNER, "oaks", limit=1, cursor=first.next)
    assert [len(first.conversations), len(second.conversations), second.next] == [1, 1, None]
    assert first.conversations != second.conversations


@pytest.mark.parametrize(
    "typed",
    ["x" * 200, "ä ö ü é ñ ç", "абвгдежзийклмнопрстуфхцчшщъыьэюя " * 3, "αβγδεζηθικλμνξοπρστυφχψω" * 5],
)
async def test_no_search_is_too_much_for_d1(site: Site, typed: str) -> None:
    await site.store(typed)
    assert await site.titles(typed) == [typed]


async def test_messages_are_read_in_pages_from_the_end(site: Site) -> None:
    handle = await site.store("1", "2", "3", "4", "5")
    last = await site.history.read(OWNER, handle, limit=2)
    assert [message.content for message in last.messages] == ["4", "On 4", "5", "On 5"]
    assert last.before == 4
    middle = await site.history.read(OWNER, handle, limit=3, before=last.before)
    assert [message.content for message in middle.messages] == ["1", "On 1", "2", "On 2", "3", "On 3"]
    assert middle.before is None


async def test_turns_that_are_no_longer_kept_are_not_read(site: Site) -> None:
    handle = await store(site.d1, site.clock.now(), "1", "2", "3", kept=2)
    found = await site.history.read(OWNER, handle, limit=9)
    assert [message.content for message in found.messages] == ["2", "On 2", "3", "On 3"]
    assert (found.summary.turns, found.before) == (3, None)


async def test_another_visitors_handle_does_not_exist(site: Site) -> None:
    handle = await site.store("What do you sell?")
    before = await dump(site.d1)
    history = site.history
    for unknown in (handle, "c3" * 32, fingerprint(generate_session_id()), "", "\ud800", handle.upper()):
        for call in (
            history.read(OTHER, unknown, limit=9),
            history.rename(OTHER, unknown, "Mine"),
            history.delete(OTHER, unknown),
            history.go_on(OTHER, unknown, generate_session_id(), limit=9),
        ):
            with pytest.raises(ConversationNotFound):
                await call
    await history.delete_all(OTHER)
    assert await dump(site.d1) == before


async def test_title_is_changed(site: Site) -> None:
    handle = await site.store("What do you sell?")
    assert (await site.history.rename(OWNER, handle, "Trees")).title == "Trees"
    assert (await site.history.list(OWNER, limit=9)).conversations[0].title == "Trees"


async def test_another_session_goes_on(site: Site) -> None:
    handle = await site.store("What do you sell?")
    session_id = generate_session_id()
    for _ in range(2):  # repeated, because the first response was lost
        found = await site.history.go_on(OWNER, handle, session_id, limit=9)
        assert [message.content for message in found.messages] == [
            "What do you sell?",
            "On What do you sell?",
        ]
    assert (await dump(site.d1))["sessions"] == [{"id": fingerprint(session_id), "conversation": handle}]


async def test_session_with_a_conversation_cannot_go_on_with_another(site: Site) -> None:
    one, other = await site.store("1", session_id="1"), await site.store("2", session_id="2")
    with pytest.raises(SessionInUse):
        await site.history.go_on(OWNER, one, "2", limit=9)
    await site.history.go_on(OWNER, one, "3", limit=9)
    with pytest.raises(SessionInUse):
        await site.history.go_on(OWNER, other, "3", limit=9)
    assert (await site.history.go_on(OWNER, one, "1", limit=9)).summary.id == one
    assert [row["id"] for row in (await dump(site.d1))["sessions"]] == [fingerprint("3")]


async def test_sessions_of_a_conversation_do_not_pile_up(site: Site) -> None:
    handle = await site.store("What do you sell?")
    for number in range(MAX_SESSIONS + 10):
        await site.history.go_on(OWNER, handle, f"device {number}", limit=1)
    assert len((await dump(site.d1))["sessions"]) == 10


async def test_full_conversation_keeps_its_sessions_if_none_is_added(site: Site) -> None:
    handle = await site.store("What do you sell?")
    await site.store("Do you deliver?", session_id="another")
    for number in range(MAX_SESSIONS):
        await site.history.go_on(OWNER, handle, f"device {number}", limit=1)
    await site.history.go_on(OWNER, handle, "device 7", limit=1)
    with pytest.raises(SessionInUse):
        await site.history.go_on(OWNER, handle, "another", limit=1)
    assert len((await dump(site.d1))["sessions"]) == MAX_SESSIONS


async def test_deleting_one_leaves_a_mark_that_says_nothing(site: Site) -> None:
    handle = await site.store("What do you sell?", session_id="1")
    kept = await site.store("Do you deliver?", session_id="2")
    await site.history.delete(OWNER, handle)
    rows = await dump(site.d1)
    assert [row["conversation"] for row in rows["turns"]] == [kept]
    (mark,) = [row for row in rows["conversations"] if row["closed"]]
    assert (mark["id"], mark["owner"], mark["title"], mark["turn"]) == (handle, None, "", 0)
    with pytest.raises(ConversationNotFound):
        await site.history.delete(OWNER, handle)


async def test_deleting_everything_leaves_neither_the_visitor_nor_the_text(site: Site) -> None:
    for number in range(3):
        handle = await site.store(f"My secret {number}", session_id=str(number))
        await site.history.go_on(OWNER, handle, f"device {number}", limit=1)
    expired = await store(site.d1, site.clock.now(), "My secret", session_id="expired", days=-1)
    kept = await site.store("Another visitor's", owner=OTHER, session_id="other")
    await site.history.delete_all(OWNER)
    rows = await dump(site.d1)
    assert not any(word in str(rows).lower() for word in ("secret", OWNER))
    assert [row["conversation"] for row in rows["turns"]] == [kept]
    marks = [row for row in rows["conversations"] if row["id"] != kept]
    assert {row["closed"] for row in marks} == {1}
    assert expired in {row["id"] for row in marks}


async def test_conversations_move_to_the_key_of_a_new_secret(site: Site) -> None:
    one = await site.store("1", owner="c3" * 32, session_id="1")
    two = await site.store("2", owner="d4" * 32, session_id="2")
    await site.store("3", owner=OTHER, session_id="3")
    await site.history.move(OWNER, ("c3" * 32, "d4" * 32))
    assert [found.id for found in (await site.history.list(OWNER, limit=9)).conversations] == [two, one]
    assert len((await site.history.list(OTHER, limit=9)).conversations) == 1


async def test_guessed_handles_find_nothing(site: Site) -> None:
    for number in range(200):
        await site.store("?", owner=OTHER, session_id=str(number))
    guesses = random.Random(7)  # noqa: S311 - reproducible
    for _ in range(10_000):
        with pytest.raises(ConversationNotFound):
            await site.history.rename(OWNER, f"{guesses.getrandbits(256):064x}", "Mine")


async def test_failing_database_is_a_storage_error(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.faults.fail("all", OVERLOADED)
    with pytest.raises(StorageError):
        await site.history.list(OWNER, limit=9)
    assert caplog.messages == ["D1_ERROR: D1 DB is overloaded. Too many requests queued."]


async def test_hanging_database_is_a_storage_error(caplog: pytest.LogCaptureFixture) -> None:
    clock, faults = AutoClock(), D1Faults(hanging={"batch"})
    history = History(D1Client(fake_d1(clock, faults), timeout=0.01), clock, HOUR)
    with pytest.raises(StorageError):
        await history.delete_all(OWNER)
    assert caplog.messages == ["D1 batch took longer than 0.01 s"]


async def test_owner_is_told_how_to_create_the_tables(caplog: pytest.LogCaptureFixture) -> None:
    clock = AutoClock()
    history = History(D1Client(FakeD1(SqliteDatabase(), clock), timeout=5), clock, HOUR)
    with pytest.raises(StorageError):
        await history.list(OWNER, limit=9)
    assert "d1 migrations apply VOICE_DB" in caplog.text
