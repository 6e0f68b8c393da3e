"""Applying migrations to the shim's databases, with the record that `wrangler d1 migrations apply` keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stores.d1_sqlite import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stores.d1_sqlite import SqliteDatabase

# wrangler's own table, so that a file can be used with either.
RECORD = """
CREATE TABLE IF NOT EXISTS d1_migrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT UNIQUE,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)
"""


class UnknownMigrations(Exception):
    """The database has migrations that this version does not know: a later version has used it."""


def migrate(database: SqliteDatabase, migrations: Mapping[str, str]) -> list[str]:
    """Apply the `migrations`, SQL by name, that the database has not had yet; return their names.

    They are applied in the order of their names, each in a transaction of its own. Raises `D1Error` if one
    fails, `UnknownMigrations`, and `sqlite3.Error` if the file is not a database.
    """
    database.run([Query(RECORD)])
    (recorded,) = database.run([Query("SELECT name FROM d1_migrations")])
    applied = {name for (name,) in recorded.rows}
    if unknown := sorted(applied - migrations.keys()):
        raise UnknownMigrations(", ".join(unknown))
    missing = sorted(migrations.keys() - applied)
    for name in missing:
        record = Query("INSERT INTO d1_migrations (name) VALUES (?)", (name,))
        database.run([Query(migrations[name]), record])
    return missing
