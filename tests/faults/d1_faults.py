"""How the faults of D1 in docs/faults.md are reproduced; the conversation is kept in the shim."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from stores.d1_faults import FULL, NETWORK_LOST, OVERLOADED, RESET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from stores.d1_faults import Operation
    from tests.faults.scenario import Scenario

    Start: TypeAlias = Callable[[Scenario], Awaitable[None] | None]

ALWAYS = 1000


def fails(operation: Operation, reason: str, times: int = 1) -> Start:
    """D1 fails for this reason."""
    return lambda scenario: scenario.d1_faults.fail(operation, reason, times)


def loses_reply(scenario: Scenario) -> None:
    """D1 carries out a batch, and its reply is lost."""
    scenario.d1_faults.lose_reply("batch")


def hangs(operation: Operation) -> Start:
    """D1 never returns. The timeout may be short, as the shim's other calls return without suspending."""

    def start(scenario: Scenario) -> None:
        scenario.restart(STORAGE_TIMEOUT_SECONDS=0.05)
        scenario.d1_faults.hanging.add(operation)

    return start


def runs(sql: str) -> Start:
    """Somebody has changed the database."""

    async def start(scenario: Scenario) -> None:
        await scenario.d1.prepare(sql).run()

    return start


def searched(sql: str) -> Start:
    """The knowledge is too large for prompts, and somebody has changed the database."""

    def start(scenario: Scenario) -> Awaitable[None] | None:
        scenario.restart(KNOWLEDGE_TOKENS="0")
        return runs(sql)(scenario)

    return start


def closing(fault: Start) -> Start:
    """The visitor closes the conversation while D1 misbehaves."""

    def start(scenario: Scenario) -> Awaitable[None] | None:
        scenario.method, scenario.path, scenario.content = "DELETE", "/session", b""
        scenario.headers = {"x-session-id": scenario.session_id}
        return fault(scenario)

    return start


D1_FAULTS: dict[str, Start] = {
    "a query fails": fails("all", NETWORK_LOST),
    "a query hangs": hangs("all"),
    "D1 is overloaded when the answer is stored": fails("batch", OVERLOADED),
    "D1 is reset while the answer is stored": fails("batch", RESET),
    "the answer is stored, and D1's reply is lost": loses_reply,
    "a batch hangs": hangs("batch"),
    "every batch fails": fails("batch", NETWORK_LOST, ALWAYS),
    "the database is full": fails("batch", FULL, ALWAYS),
    "the tables are missing": runs(
        "DROP TABLE turns; DROP TABLE pairings; DROP TABLE sessions; DROP TABLE conversations"
    ),
    "a stored turn is unreadable": runs("UPDATE turns SET record = '{\"usage\": 5}'"),
    "large knowledge: the search fails": searched("DROP TABLE passage_vocabulary"),
    "large knowledge: it was never put into D1": searched("UPDATE knowledge SET version = 0"),
    "large knowledge: none of it fits the question": searched("UPDATE knowledge SET version = 1"),
    "closing: D1 fails once": closing(fails("batch", NETWORK_LOST)),
    "closing: the reply of D1 is lost": closing(loses_reply),
    "closing: D1 hangs": closing(hangs("batch")),
}
