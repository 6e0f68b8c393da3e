"""The contract of every session store about turns that later ones replace or interrupt.

`CHECKS` is like that of `storage_contract`, and run wherever that is.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING, TypeAlias

from amendments import INTERRUPTED, REPLACED
from errors import TurnReplaced
from models import Exchange

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.contracts.storage_contract import OpenStore, Store

Check: TypeAlias = "Callable[[OpenStore], Awaitable[None]]"
CHECKS: dict[str, Check] = {}
WHOLE = "0123456789"


def register(check: Check) -> Check:
    """Add a check to `CHECKS` by its name without the leading `check_`."""
    CHECKS[getattr(check, "__name__").removeprefix("check_")] = check  # noqa: B009 - Callable has no __name__
    return check


def turn(store: Store, name: str, amends: dict[str, int] | None = None) -> Exchange:
    """The exchange of a turn with this id and question."""
    now = store.clock.now()
    return Exchange(turn_id=name, question=name, answer=WHOLE, timestamp=now, tokens=5, amends=amends or {})


async def save(store: Store, *exchanges: Exchange) -> bool:
    """Save `exchanges` at once, as an isolate that has just read does; whether the last of them was taken."""
    try:
        await store.storage.append(await store.storage.open_session(store.id), exchanges)
    except TurnReplaced:
        return False
    return True


async def said(store: Store) -> list[tuple[str, str, bool]]:
    """The question and the answer of each stored turn, and whether it is marked as interrupted."""
    session = await store.storage.get_session(store.id)
    assert session is not None
    assert session.turn == len(session.messages) // 2
    pairs = zip(session.messages[::2], session.messages[1::2], strict=True)
    return [(asked.content, told.content, told.cut_off == INTERRUPTED) for asked, told in pairs]


@register
async def check_replaced_turn_disappears_in_any_order(open_store: OpenStore) -> None:
    """Whichever of three turns, each of which goes on from the one before, is saved first or last."""
    for order in permutations(range(3)):
        store = open_store()
        await save(store, turn(store, "before"))
        turns = [
            turn(store, "one"),
            turn(store, "two", {"one": REPLACED}),
            turn(store, "three", {"two": REPLACED}),
        ]
        for number in order:
            assert await save(store, turns[number]) or number < 2
        assert await said(store) == [("before", WHOLE, False), ("three", WHOLE, False)]


@register
async def check_replaced_turns_that_are_saved_together(open_store: OpenStore) -> None:
    """A turn whose write failed may be saved together with the one that replaces it."""
    store = open_store()
    await save(store, turn(store, "one"), turn(store, "two", {"one": REPLACED}), turn(store, "other"))
    assert [question for question, *_ in await said(store)] == ["two", "other"]
    assert not await save(store, turn(store, "one"))


@register
async def check_replaced_turn_that_is_saved_again(open_store: OpenStore) -> None:
    """A retried request saves neither of the two turns a second time."""
    store = open_store()
    two = turn(store, "two", {"one": REPLACED})
    for exchange in (turn(store, "one"), two, turn(store, "one"), two):
        await save(store, exchange)
    assert await said(store) == [("two", WHOLE, False)]


@register
async def check_turns_after_a_replaced_one_move_up(open_store: OpenStore) -> None:
    """What another tab has asked meanwhile stays, in order, and so do the numbers that are counted on."""
    store = open_store()
    await save(store, *(turn(store, name) for name in ("a", "b", "c", "d")))
    await save(store, turn(store, "e", {"a": REPLACED, "c": REPLACED}))
    assert [question for question, *_ in await said(store)] == ["b", "d", "e"]
    saved = await store.storage.append(await store.storage.open_session(store.id), [turn(store, "f")])
    assert (saved.number, saved.kept) == (4, 8)
    session = await store.storage.get_session(store.id)
    assert session is not None
    assert [found and found.number for found in map(session.find, "bdef")] == [1, 2, 3, 4]
    assert session.has("a")
    assert session.has_had(6, "c")
    assert session.tokens == 30


@register
async def check_replaced_turn_that_is_no_longer_kept(open_store: OpenStore) -> None:
    """It is not counted any more either."""
    store = open_store()
    for number in range(8):
        await save(store, turn(store, f"turn {number}"))
    await save(store, turn(store, "last", {"turn 1": REPLACED}))
    session = await store.storage.get_session(store.id)
    assert session is not None
    assert (session.turn, len(session.messages)) == (8, 10)
    assert "turn 1" not in session.earlier


@register
async def check_interrupted_answer_in_any_order(open_store: OpenStore) -> None:
    """What was heard is kept and marked, also if that is nothing; more than there is changes nothing."""
    for heard, kept in ((4, "0123"), (0, ""), (10, WHOLE), (99, WHOLE)):
        for order in ((0, 1), (1, 0)):
            store = open_store()
            turns = [turn(store, "one"), turn(store, "two", {"one": heard})]
            for number in order:
                await save(store, turns[number])
            expected = [("one", kept, kept != WHOLE), ("two", WHOLE, False)]
            assert sorted(await said(store)) == expected


@register
async def check_answer_that_is_interrupted_and_then_replaced(open_store: OpenStore) -> None:
    """Of two amendments, the one that leaves less counts, whichever is saved first."""
    for first, second in ((6, 2), (2, 6), (REPLACED, 3), (3, REPLACED)):
        store = open_store()
        await save(store, turn(store, "two", {"one": first}))
        await save(store, turn(store, "three", {"one": second}))
        await save(store, turn(store, "one"))
        kept = [answer for question, answer, _ in await said(store) if question == "one"]
        assert kept == ([] if REPLACED in {first, second} else ["01"])


@register
async def check_amended_characters_are_code_points(open_store: OpenStore) -> None:
    """No character is cut in half, and one beyond the BMP counts once."""
    store = open_store()
    await save(store, replace(turn(store, "one"), answer="Yes 🙂🙂 ok"))
    await save(store, turn(store, "two", {"one": 5}))
    assert (await said(store))[0] == ("one", "Yes 🙂", True)


@register
async def check_unknown_turns_are_ignored(open_store: OpenStore) -> None:
    """Neither another session's turn nor one that never was changes anything."""
    store, other = open_store(), open_store()
    await save(other, turn(other, "theirs"))
    await save(store, turn(store, "one"))
    await save(store, turn(store, "two", {"theirs": REPLACED, "never": 0}))
    assert [question for question, *_ in await said(store)] == ["one", "two"]
    assert await said(other) == [("theirs", WHOLE, False)]


@register
async def check_amendments_of_a_closed_session(open_store: OpenStore) -> None:
    """Closing forgets them too."""
    store = open_store()
    await save(store, turn(store, "two", {"one": REPLACED}))
    await store.storage.close_session(store.id)
    assert await store.storage.get_session(store.id) is None
