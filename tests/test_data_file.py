"""The file of `--data`: what it keeps, and what is said about one that cannot be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from errors import ConfigurationError
from local.data_file import open_database
from local.migrations import read_migrations
from stores.d1_sqlite import Query

if TYPE_CHECKING:
    from pathlib import Path

NAMES = Query("SELECT name FROM d1_migrations ORDER BY name")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "agent.db"


def message_for(path: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        open_database(path)
    return caught.value.message


@pytest.mark.parametrize("times", [1, 2])
def test_new_file_has_all_migrations(path: Path, times: int) -> None:
    for _ in range(times):
        database = open_database(path)
        (found,) = database.run([NAMES])
        database.close()
    assert [name for (name,) in found.rows] == sorted(read_migrations())


def test_database_in_memory_has_all_migrations() -> None:
    (found,) = open_database(None).run([NAMES])
    assert [name for (name,) in found.rows] == sorted(read_migrations())


def test_file_keeps_what_is_stored(path: Path) -> None:
    database = open_database(path)
    database.run([Query("CREATE TABLE t (a)"), Query("INSERT INTO t VALUES (?)", ("kept",))])
    database.close()
    (found,) = open_database(path).run([Query("SELECT a FROM t")])
    assert found.rows == [["kept"]]


def test_new_file_is_private(path: Path) -> None:
    open_database(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_missing_folder(tmp_path: Path) -> None:
    path = tmp_path / "none" / "agent.db"
    assert message_for(path) == f"Cannot create {path}: there is no folder {path.parent}."


def test_file_in_place_of_a_folder(path: Path) -> None:
    path.write_text("")
    below = path / "agent.db"
    assert message_for(below) == f"Cannot use {below}: Not a directory."


def test_folder(tmp_path: Path) -> None:
    assert message_for(tmp_path).startswith(
        f"Cannot use {tmp_path}: it cannot be opened. Check that it is a file"
    )


def test_text_file_is_left_as_it_was(path: Path) -> None:
    path.write_text("Our opening hours, and much more than that.\n" * 100)
    assert message_for(path).startswith(f"Cannot use {path}: it is not a database. Choose another file")
    assert path.read_text().startswith("Our opening hours")


def test_truncated_file(path: Path) -> None:
    open_database(path).close()
    path.write_bytes(path.read_bytes()[:5000])
    assert message_for(path).startswith(f"Cannot use {path}: it is damaged. Choose another file")


def test_database_of_another_program_is_left_as_it_was(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    before = path.read_bytes()
    assert message_for(path).startswith(
        f"Cannot use {path}: it belongs to another program. Choose another file"
    )
    assert path.read_bytes() == before


def test_file_of_a_later_version(path: Path) -> None:
    database = open_database(path)
    database.run([Query("INSERT INTO d1_migrations (name) VALUES ('9999_later.sql')")])
    database.close()
    assert message_for(path) == (
        f"Cannot use {path}: a later version of voice-agent has changed it (9999_later.sql). "
        "Update voice-agent."
    )


def test_file_that_another_program_is_writing_to(path: Path) -> None:
    open_database(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert message_for(path) == f"Cannot use {path}: another program is writing to it."
    open_database(path).close()
