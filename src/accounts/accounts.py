"""Everything about known visitors that the routes work with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts.errors import IdentityRequired
from accounts.export import everything_about
from accounts.history import History
from accounts.identity import Identity
from errors import ConfigurationError
from stores.d1_client import D1Client
from stores.d1_store import closed_for
from stores.expiring import ExpiringValues

if TYPE_CHECKING:
    from accounts.visitor import Visitor
    from clock import Clock
    from settings import Settings
    from stores.d1 import D1Database

NEEDS_DATABASE = (
    "IDENTITY_SECRET needs the binding VOICE_DB, because the history of known visitors is kept in D1: create "
    "a database and put its id in wrangler.toml, or remove IDENTITY_SECRET."
)
_SCHEME = "bearer "
# A visitor's conversations are looked for under the keys of former secrets this often.
MOVED_FOR = timedelta(minutes=10)


class Accounts:
    """The visitors of one deployment, and the history of each."""

    def __init__(self, identity: Identity, client: D1Client, clock: Clock, closed: timedelta) -> None:
        """`closed` is how long the sessions of a deleted conversation are refused."""
        self.history = History(client, clock, closed)
        self.identity = identity
        self._client = client
        self._clock = clock
        self._moved: ExpiringValues[bool] = ExpiringValues(clock)

    async def find(self, authorization: str) -> Visitor | None:
        """The visitor whom the header `Authorization` names; None without an identity token.

        Other schemes than `Bearer` are a website's own business. While a secret is being replaced, the
        visitor's conversations are moved to the new one. Raises what `Identity.visitor` and `D1Client` raise.
        """
        if authorization[: len(_SCHEME)].lower() != _SCHEME:
            return None
        visitor = self.identity.visitor(authorization[len(_SCHEME) :].strip())
        if visitor.former and not self._moved.get(visitor.owner):
            await self._move(visitor)
            self._moved.put(visitor.owner, True, MOVED_FOR)  # noqa: FBT003 - a set whose members expire
        return visitor

    async def require(self, authorization: str) -> Visitor:
        """The same, for what is only for known visitors; raises `IdentityRequired` without a token."""
        visitor = await self.find(authorization)
        if visitor is None:
            raise IdentityRequired
        return visitor

    async def delete_everything(self, visitor: Visitor) -> None:
        """Delete all that is stored about the visitor, also under the keys of former secrets."""
        await self._move(visitor)
        await self.history.delete_all(visitor.owner)

    async def export(self, visitor: Visitor) -> bytes:
        """Everything that is stored about the visitor, as JSON."""
        await self._move(visitor)
        return await everything_about(visitor.owner, self._client, self._clock.now())

    async def _move(self, visitor: Visitor) -> None:
        """An isolate that does not know the new secret yet may have stored something since the last time."""
        if visitor.former:
            await self.history.move(visitor.owner, visitor.former)


def get_accounts(settings: Settings, database: D1Database | None, clock: Clock) -> Accounts | None:
    """The accounts that `settings` ask for; None without IDENTITY_SECRET.

    Raises `ConfigurationError` if there is no database.
    """
    secrets = [secret.get_secret_value() for secret in settings.identity_secret]
    if not secrets:
        return None
    if database is None:
        raise ConfigurationError(NEEDS_DATABASE)
    client = D1Client(database, settings.storage_timeout_seconds)
    identity = Identity(secrets, settings.identity_audience, clock)
    return Accounts(identity, client, clock, closed_for(settings))
