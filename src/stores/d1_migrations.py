"""Applying migrations to the shim's databases, with the record that `wrangler d1 migrations apply` keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stores.d1_sqlite import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stores.d1_sqlite import SqliteDatabase

# wrangler's own table.
RECORD = """
CREATE TABLE d1_migrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT UNIQUE,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)
"""


class UnrelatedDatabase(Exception):
    """The database has tables, but no record of migrations: another program made it."""


class UnknownMigrations(Exception):
    """The database has had migrations that this version does not know: a later version has used it."""


def migrate(database: SqliteDatabase, migrations: Mapping[str, str]) -> list[str]:
    """Apply the `migrations`, SQL by name, that the database has not had yet; return their names.

    They are applied in the order of their names, each in a transaction of its own. Raises `D1Error` if one
    fails or the database cannot be used, `UnrelatedDatabase` and `UnknownMigrations`.
    """
    applied = _applied(database)
    if unknown := sorted(applied - migrations.keys()):
        raise UnknownMigrations(", ".join(unknown))
    missing = sorted(migrations.keys() - applied)
    for name in missing:
        record = Query("INSERT INTO d1_migrations (name) VALUES (?)", (name,))
        database.run([Query(migrations[name]), record])
    return missing


def _applied(database: SqliteDatabase) -> set[str]:
    tables = _names(database, "SELECT name FROM sqlite_schema WHERE type = 'table'")
    if not tables:
        database.run([Query(RECORD)])
    elif "d1_migrations" not in tables:
        raise UnrelatedDatabase
    return _names(database, "SELECT name FROM d1_migrations")


def _names(database: SqliteDatabase, sql: str) -> set[str]:
    (outcome,) = database.run([Query(sql)])
    return {name for (name,) in outcome.rows}
