"""Migrations of the shim's databases: which are applied, in which order, and the record of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.migrations import read_migrations
from stores.d1_errors import D1Error
from stores.d1_migrations import UnknownMigrations, UnrelatedDatabase, migrate
from stores.d1_sqlite import Query, SqliteDatabase
from tests.clocks import ManualClock
from tests.d1 import fake_d1

if TYPE_CHECKING:
    from pathlib import Path

FIRST = {"0001_one.sql": "-- The first.\nCREATE TABLE one (a);\nCREATE TABLE two (a);\n"}
SECOND = {"0002_two.sql": "ALTER TABLE one ADD COLUMN b; INSERT INTO one VALUES (1, 2);"}
BROKEN = {"0003_three.sql": "CREATE TABLE three (a); SELEC 1;"}


@pytest.fixture
def database() -> SqliteDatabase:
    return SqliteDatabase()


def rows(database: SqliteDatabase, sql: str) -> list[list[object]]:
    (outcome,) = database.run([Query(sql)])
    return outcome.rows


def test_migrations_are_applied_once_and_in_order(database: SqliteDatabase) -> None:
    assert migrate(database, FIRST) == ["0001_one.sql"]
    assert migrate(database, {**SECOND, **FIRST}) == ["0002_two.sql"]
    assert migrate(database, {**SECOND, **FIRST}) == []
    assert rows(database, "SELECT * FROM one") == [[1, 2]]
    assert rows(database, "SELECT id, name FROM d1_migrations") == [[1, "0001_one.sql"], [2, "0002_two.sql"]]


def test_failed_migration_is_undone_and_not_recorded(database: SqliteDatabase) -> None:
    with pytest.raises(D1Error, match='near "SELEC"'):
        migrate(database, {**FIRST, **BROKEN, **SECOND})
    assert rows(database, "SELECT name FROM d1_migrations") == [["0001_one.sql"], ["0002_two.sql"]]
    assert rows(database, "SELECT name FROM sqlite_schema WHERE name = 'three'") == []


def test_unknown_migration_is_reported(database: SqliteDatabase) -> None:
    migrate(database, {**FIRST, **SECOND})
    with pytest.raises(UnknownMigrations, match=r"^0002_two\.sql$"):
        migrate(database, FIRST)


def test_database_of_another_program_is_reported(database: SqliteDatabase) -> None:
    database.run([Query("CREATE TABLE bookmarks (url)")])
    with pytest.raises(UnrelatedDatabase):
        migrate(database, FIRST)
    assert rows(database, "SELECT name FROM sqlite_schema") == [["bookmarks"]]


def test_migrations_are_read_by_name(tmp_path: Path) -> None:
    (tmp_path / "0001_one.sql").write_text("SELECT 'ä'", "utf-8")
    (tmp_path / "notes.md").write_text("not SQL")
    assert read_migrations(tmp_path) == {"0001_one.sql": "SELECT 'ä'"}


async def test_database_of_a_test_has_all_migrations() -> None:
    found = await fake_d1(ManualClock()).prepare("SELECT name FROM d1_migrations ORDER BY name").raw()
    assert [name for (name,) in found] == sorted(read_migrations()) != []
