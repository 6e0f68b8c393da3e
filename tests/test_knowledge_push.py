"""`voice-agent knowledge push`: to the database of a local run, and through a stand-in for wrangler."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from local.cli import cli
from local.data_file import open_database
from local.knowledge_plan import push
from local.knowledge_targets import DatabaseTarget, WranglerError, WranglerTarget

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = {"a.md": '# Tea\n\nGreen tea costs 4 euros; it\'s "hot".\n\n# Milk\n\nNone.'}
# Runs the statements it is given on an SQLite database; prints rows as `wrangler d1 execute --json` does.
WRANGLER = """
import json, sqlite3, sys
database, options = sys.argv[1], sys.argv[2:]
assert options[:6] == ["d1", "execute", "VOICE_DB", "--local", "--yes", "--json"], options
kind, given = options[6:]
connection = sqlite3.connect(database)
print("a notice")
if kind == "--file":
    connection.executescript(open(given).read())
    print(json.dumps([{"results": [], "success": True}]))
else:
    cursor = connection.execute(given)
    names = [name for name, *_ in cursor.description]
    print(json.dumps([{"results": [dict(zip(names, row)) for row in cursor], "success": True}]))
"""


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["knowledge", "push", *arguments])
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "knowledge").mkdir()
    for name, text in DOCUMENTS.items():
        (tmp_path / "knowledge" / name).write_text(text, encoding="utf-8")
    return tmp_path / "knowledge"


def test_push_to_the_file_of_a_local_run(folder: Path, tmp_path: Path) -> None:
    arguments = ("--knowledge", str(folder), "--data", str(tmp_path / "voice.db"))
    assert run(*arguments) == (0, "2 passages added, 0 removed, 0 unchanged.\n")
    assert run(*arguments) == (0, "Nothing has changed: 2 passages.\n")


@pytest.mark.parametrize("arguments", [(), ("--remote", "--local"), ("--local", "--data", "x.db")])
def test_exactly_one_target_is_needed(folder: Path, arguments: tuple[str, ...]) -> None:
    code, output = run("--knowledge", str(folder), *arguments)
    assert code != 0
    assert "--remote, --local or --data FILE" in output


def test_push_through_wrangler(tmp_path: Path) -> None:
    path = tmp_path / "d1.sqlite"
    open_database(path).close()
    target = WranglerTarget("--local", command=(sys.executable, "-c", WRANGLER, str(path)))
    assert (push(DOCUMENTS, target).added, push(DOCUMENTS, target).kept) == (2, 2)
    (row,) = DatabaseTarget(open_database(path)).query("SELECT count(*) AS terms FROM passage_terms")
    assert row == {"terms": 2}


def test_what_wrangler_says_is_shown() -> None:
    failing = (sys.executable, "-c", "import sys; sys.exit('no such database')")
    with pytest.raises(WranglerError, match="no such database"):
        push(DOCUMENTS, WranglerTarget("--remote", command=failing))
