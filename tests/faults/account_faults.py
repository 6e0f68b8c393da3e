"""How the faults of known visitors in docs/faults.md are reproduced; the conversation is kept in the shim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from session_id import generate_session_id
from tests.clocks import START
from tests.identity_tokens import SECRET, bearer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias

    from tests.faults.scenario import Scenario

    Start: TypeAlias = Callable[[Scenario], Awaitable[None] | None]

ANOTHER_SECRET = "the-secret-of-another-website-0123456789"  # noqa: S105 - made up


def identified(headers: dict[str, str]) -> Start:
    """The website says who visitors are, and the question comes with this token."""

    def start(scenario: Scenario) -> None:
        scenario.restart(IDENTITY_SECRET=SECRET)
        scenario.headers = headers

    return start


def owned(headers: dict[str, str]) -> Start:
    """The same, and the conversation belongs to another visitor."""

    async def start(scenario: Scenario) -> None:
        await scenario.d1.prepare("UPDATE conversations SET owner = ?").bind("a1" * 32).run()
        identified(headers)(scenario)

    return start


async def taken_over(scenario: Scenario) -> None:
    """Another device has redeemed a code for the conversation."""
    pairing = scenario.services().pairing
    assert pairing is not None
    offered = await pairing.offer(scenario.session_id)
    await pairing.redeem(offered.code, generate_session_id(), "another client")


ACCOUNT_FAULTS: dict[str, Start] = {
    "an identity token that has expired": identified(bearer(exp=int(START.timestamp()) - 120)),
    "an identity token that another website signed": identified(bearer(ANOTHER_SECRET)),
    "an identity token for longer than a day": identified(bearer(exp=int(START.timestamp()) + 100_000)),
    "the conversation of another visitor": owned(bearer()),
    "the conversation of a visitor who has signed out": owned({}),
    "a conversation that another device has taken over": taken_over,
}
