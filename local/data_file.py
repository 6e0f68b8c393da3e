"""The database of a local run, in a file or in memory, as a binding."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from errors import ConfigurationError
from local.migrations import read_migrations
from stores.d1_errors import D1Error
from stores.d1_migrations import UnknownMigrations, UnrelatedDatabase, migrate
from stores.d1_sqlite import SqliteDatabase
from stores.fake_d1 import FakeD1

if TYPE_CHECKING:
    from pathlib import Path

    from clock import Clock

ANOTHER_FILE = "Choose another file; it is created if it does not exist."
EXPLANATIONS = {
    "SQLITE_NOTADB": f"it is not a database. {ANOTHER_FILE}",
    "SQLITE_CORRUPT": f"it is damaged. {ANOTHER_FILE}",
    "SQLITE_CANTOPEN": "it cannot be opened. Check that it is a file, and who may read it.",
    "SQLITE_READONLY": "it cannot be written to. Check its permissions.",
    "SQLITE_BUSY": "another program is writing to it.",
    "SQLITE_FULL": "the disk is full.",
}


@dataclass(frozen=True, slots=True)
class LocalBindings:
    """What a local run has of the bindings of a Worker."""

    VOICE_DB: FakeD1


def local_bindings(path: Path | None, clock: Clock) -> LocalBindings:
    """D1 on the database that `open_database` opens at `path`."""
    return LocalBindings(FakeD1(open_database(path), clock))


def open_database(path: Path | None) -> SqliteDatabase:
    """Open the database in the file at `path`, which is created if it does not exist, or one in memory.

    Its tables are brought up to date. A new file can be read by its owner only. Raises `ConfigurationError`,
    which says what to do, if the file cannot be used, or if another program or a later version of this one
    made it.
    """
    if path is None:
        return _migrated(SqliteDatabase())
    try:
        path.touch(mode=0o600)
        return _migrated(SqliteDatabase(str(path)))
    except FileNotFoundError as error:
        raise ConfigurationError(f"Cannot create {path}: there is no folder {path.parent}.") from error
    except (OSError, D1Error, sqlite3.Error, UnrelatedDatabase, UnknownMigrations) as error:
        raise ConfigurationError(f"Cannot use {path}: {_explanation(error)}") from error


def _migrated(database: SqliteDatabase) -> SqliteDatabase:
    try:
        migrate(database, read_migrations())
    except BaseException:
        database.close()
        raise
    return database


def _explanation(error: Exception) -> str:
    if isinstance(error, UnrelatedDatabase):
        return f"it belongs to another program. {ANOTHER_FILE}"
    if isinstance(error, UnknownMigrations):
        return f"a later version of voice-agent has changed it ({error}). Update voice-agent."
    if isinstance(error, OSError):
        return f"{error.strerror}."
    sqlite_error = error if isinstance(error, sqlite3.Error) else error.__cause__
    name = "_".join(getattr(sqlite_error, "sqlite_errorname", "").split("_")[:2])
    return EXPLANATIONS.get(name, f"{error}.")
