"""A D1 for a test: the shim, in memory, with the tables that the migrations make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.migrations import read_migrations
from stores.d1_migrations import migrate
from stores.d1_sqlite import SqliteDatabase
from stores.fake_d1 import FakeD1

if TYPE_CHECKING:
    from clock import Clock
    from stores.d1_faults import NoFaults


def fake_d1(clock: Clock, faults: NoFaults | None = None) -> FakeD1:
    """A new database, as empty as a new deployment's."""
    return FakeD1(migrated(), clock, faults)


def migrated() -> SqliteDatabase:
    """The database behind one, which several isolates may share."""
    database = SqliteDatabase()
    migrate(database, read_migrations())
    return database
